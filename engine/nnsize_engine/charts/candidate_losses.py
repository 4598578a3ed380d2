"""Losses by epoch of the selected candidate as a chart."""

from collections.abc import Sequence

from nnsize_engine.charts.axis import round_end
from nnsize_engine.charts.description import Chart
from nnsize_engine.charts.learning_curves import LossLine, learning_chart
from nnsize_engine.charts.score_lines import MOST
from nnsize_engine.charts.thinned_curves import MOST_BUCKETS, Course
from nnsize_engine.results.candidates import candidate_text
from nnsize_engine.results.records import Candidate
from nnsize_engine.runs.loss_curves import LossCurve
from nnsize_engine.settings.search import SizeSettings


def learning_curve(curves: Sequence[LossCurve], candidate: Candidate, settings: SizeSettings) -> Chart:
    """The chart of these losses; without any it says why there are none."""
    title = f"training loss of {candidate_text(candidate)}"
    if not curves:
        is_without = dict(candidate.parameters).get("solver", settings.network.solver) == "lbfgs"
        reason = "lbfgs tells no loss by epoch" if is_without else "no losses by epoch yet"
        return learning_chart((), title=f"{title}: {reason}")
    stride = max(1, max(curve.epochs[-1] for curve in curves) // MOST_BUCKETS)
    lines = [_line(curve, settings, stride=None if len(curves) <= MOST else stride) for curve in curves]
    longest = int(max(line.epochs[-1] for line in lines))
    is_live = any(line.is_live for line in lines)
    # While a fit goes on, the axis ends at a number that seldom moves: a still axis is a still picture.
    most = dict(candidate.parameters).get("max_iter", settings.network.max_iter)
    end = round_end(longest, max(longest, int(most))) if is_live else None
    return learning_chart(lines, title=title, end=end)


def _line(curve: LossCurve, settings: SizeSettings, *, stride: int | None) -> LossLine:
    """Thinned out to what a screen can show; with a stride to epochs that all fits have, for their mean."""
    label = f"fold {curve.fold % settings.cv + 1}"
    if settings.repeats > 1:
        label += f" seed {settings.seed + curve.fold // settings.cv}"
    epochs: tuple[float, ...] = tuple(map(float, curve.epochs))
    losses = curve.losses
    if stride is not None and curve.is_finished:
        epochs, losses = epochs[::stride], losses[::stride]
    elif len(epochs) > 2 * MOST_BUCKETS:
        course = Course(("loss",))
        course.take(epochs, [list(losses)])
        epochs, losses = course.points("loss")
    return LossLine(
        label=label if curve.is_finished else f"{label} (training)",
        epochs=epochs,
        losses=losses,
        is_live=not curve.is_finished,
    )

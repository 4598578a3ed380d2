"""The learning curves of a candidate: training loss by epoch, one curve per fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnsize_engine.charts.axis import is_wide, round_end
from nnsize_engine.charts.description import LINE_ROLES, LINE_SHAPES, MAX_LINES, Band, Chart, Line, Series
from nnsize_engine.charts.thinned_curves import MAX_BUCKETS, ThinnedCurves
from nnsize_engine.results.candidates import candidate_text
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.runs.loss_curves import LossCurve
from nnsize_engine.settings.search import SizeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class LossLine:
    """The losses of one fit."""

    label: str
    epochs: tuple[float, ...]
    losses: tuple[float, ...]
    is_live: bool = False
    """True if the fit is still under way."""


def learning_curve(curves: Sequence[LossCurve], candidate: Candidate, settings: SizeSettings) -> Chart:
    """Describe the chart of losses; without losses its title says why there are none."""
    title = f"training loss of {candidate_text(candidate)}"
    if not curves:
        is_without = dict(candidate.parameters).get("solver", settings.network.solver) == "lbfgs"
        reason = "lbfgs tells no loss by epoch" if is_without else "no losses by epoch yet"
        return learning_chart((), title=f"{title}: {reason}")
    stride = max(1, max(curve.epochs[-1] for curve in curves) // MAX_BUCKETS)
    lines = [_line(curve, settings, stride=None if len(curves) <= MAX_LINES else stride) for curve in curves]
    longest = int(max(line.epochs[-1] for line in lines))
    is_live = any(line.is_live for line in lines)
    # While a fit is under way, the axis ends at a round number, so that it seldom moves.
    most = dict(candidate.parameters).get("max_iter", settings.network.max_iter)
    end = round_end(longest, max(longest, int(most))) if is_live else None
    return learning_chart(lines, title=title, end=end)


def _line(curve: LossCurve, settings: SizeSettings, *, stride: int | None) -> LossLine:
    """Return the losses of one fit, thinned to the points that a screen can show.

    A stride keeps the same epochs of all fits, so that their mean can be computed.
    """
    label = f"fold {curve.fold % settings.cv + 1}"
    if settings.fold_rounds > 1:
        label += f" round {settings.fold_of(curve.fold) // settings.cv + 1}"
    if settings.repeats > 1:
        label += f" seed {settings.seed + settings.repeat_of(curve.fold)}"
    epochs: tuple[float, ...] = tuple(map(float, curve.epochs))
    losses = curve.losses
    if stride is not None and curve.is_finished:
        epochs, losses = epochs[::stride], losses[::stride]
    elif len(epochs) > 2 * MAX_BUCKETS:
        thinned = ThinnedCurves(("loss",))
        thinned.take(epochs, [list(losses)])
        epochs, losses = thinned.points("loss")
    return LossLine(
        label=label if curve.is_finished else f"{label} (training)",
        epochs=epochs,
        losses=losses,
        is_live=not curve.is_finished,
    )


def learning_chart(lines: Sequence[LossLine], *, title: str, end: float | None = None) -> Chart:
    """Describe the chart of fits: one line per fit, or mean and range of more than :data:`MAX_LINES` fits.

    ``end`` is the end of the x axis; None ends it with the longest fit.
    """
    drawn = _each(lines) if len(lines) <= MAX_LINES else _together(lines)
    is_log = is_wide(loss for line in lines for loss in line.losses)
    longest = max((line.epochs[-1] for line in lines), default=1.0)
    return Chart(
        series=tuple(drawn),
        title=f"{title} (log)" if is_log else title,
        x_label="epoch",
        x_is_whole=True,
        x_limits=(0.0, float(end or max(longest, 2.0))),
        y_log=is_log,
        legend_rows=3,
    )


def _each(lines: Sequence[LossLine]) -> list[Series]:
    return [
        Line(x=line.epochs, y=line.losses, label=line.label, role=LINE_ROLES[place], shape=LINE_SHAPES[place])
        for place, line in enumerate(lines)
    ]


def _together(lines: Sequence[LossLine]) -> list[Series]:
    """Return the mean and the range of the finished fits at each epoch, and one line per fit under way."""
    ended, live = [line for line in lines if not line.is_live], [line for line in lines if line.is_live]
    by_epoch: dict[float, list[float]] = {}
    for line in ended:
        for epoch, loss in zip(line.epochs, line.losses, strict=True):
            by_epoch.setdefault(epoch, []).append(loss)
    found = [
        Line(x=line.epochs, y=line.losses, label=line.label, role=role, dotted=True, plain=plain)
        for line, role, plain in zip(live, LINE_ROLES[1:], "x+o*#", strict=False)
    ]
    if not ended:
        return [*found]
    epochs = tuple(sorted(by_epoch))
    rows = [by_epoch[epoch] for epoch in epochs]
    lower, upper = tuple(min(row) for row in rows), tuple(max(row) for row in rows)
    mean = tuple(sum(row) / len(row) for row in rows)
    label = f"mean of {len(ended)} fits, as far as each was trained"
    return [
        Band(x=epochs, lower=lower, upper=upper, label="lowest to highest", around=label, spread="range"),
        Line(x=epochs, y=mean, label=label),
        *found,
    ]

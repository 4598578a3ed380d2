"""The chart of learning: training loss by epoch, of the fits of one candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnsize_engine.charts.axis import LOG_FROM
from nnsize_engine.charts.description import LINE_ROLES, Band, Chart, Line, Series
from nnsize_engine.charts.finite import finite
from nnsize_engine.charts.score_lines import MOST, SHAPES


@dataclass(frozen=True, slots=True, kw_only=True)
class LossLine:
    """One fit."""

    label: str
    epochs: tuple[float, ...]
    losses: tuple[float, ...]
    is_live: bool = False
    """Whether it is still being trained."""


def learning_chart(lines: Sequence[LossLine], *, title: str, end: float | None = None) -> Chart:
    """The chart. As many fits as can be told apart are a line each; of more, their mean and the range of all.

    ``end`` is where x ends; None ends it with the longest fit.
    """
    drawn = _each(lines) if len(lines) <= MOST else _together(lines)
    losses = [loss for line in lines for loss in line.losses if finite(loss) is not None]
    is_log = bool(losses) and min(losses) > 0 and max(losses) / min(losses) >= LOG_FROM
    longest = max((line.epochs[-1] for line in lines), default=1.0)
    return Chart(
        series=tuple(drawn),
        title=f"{title} (log)" if is_log else title,
        x_label="epoch",
        x_limits=(0.0, float(end or max(longest, 2.0))),
        y_log=is_log,
        legend_rows=3,
    )


def _each(lines: Sequence[LossLine]) -> list[Series]:
    return [
        Line(x=line.epochs, y=line.losses, label=line.label, role=LINE_ROLES[place], shape=SHAPES[place])
        for place, line in enumerate(lines)
    ]


def _together(lines: Sequence[LossLine]) -> list[Series]:
    """Of the fits that ended, the mean and the range at each epoch that was reached; those under way as lines."""
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
        Band(x=epochs, lower=lower, upper=upper, label="lowest to highest"),
        Line(x=epochs, y=mean, label=label),
        *found,
    ]

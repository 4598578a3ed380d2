"""A run that compares strategies, as text: its columns, its progress and its answer.

The screen and the commands share them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.series import (
    StrategySummary,
    fraction_of_series,
)
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.text import NONE, count_text, rate_text, score_text, seconds_text


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyColumn:
    """A column of the table of strategies."""

    key: str
    title: str
    text: Callable[[StrategySummary], str]
    value: Callable[[StrategySummary], float | str | None]
    """The value that rows are sorted by."""


def _quartile(name: str) -> Callable[[StrategySummary], float | None]:
    return lambda one: None if one.best is None else getattr(one.best, name)


def _score(key: str, title: str, value: Callable[[StrategySummary], float | None]) -> StrategyColumn:
    return StrategyColumn(key=key, title=title, text=lambda one: score_text(value(one)), value=value)


def _count(value: float | None) -> str:
    return NONE if value is None else count_text(value)


HELD_OUT = "held_out"

STRATEGY_COLUMNS = (
    StrategyColumn(key="strategy", title="strategy", text=lambda one: one.name, value=lambda one: one.name),
    StrategyColumn(
        key="repeats",
        title="seeds",
        text=lambda one: f"{one.done}/{one.repeats}",
        value=lambda one: one.done,
    ),
    _score("best", "best", _quartile("middle")),
    _score("low", "25%", _quartile("low")),
    _score("high", "75%", _quartile("high")),
    _score(HELD_OUT, "held-out", lambda one: one.held_out),
    _score("test", "test", lambda one: one.test_score),
    StrategyColumn(
        key="evaluations", title="evals", text=lambda one: _count(one.evaluations), value=lambda one: one.evaluations
    ),
    StrategyColumn(key="rate", title="evals/s", text=lambda one: rate_text(one.rate), value=lambda one: one.rate),
    StrategyColumn(key="time", title="time", text=lambda one: seconds_text(one.seconds), value=lambda one: one.seconds),
)
"""All columns in order: the fitness with weight decay, test score, evaluations and time are medians over seeds."""


def columns_of(view: EvolutionView) -> Sequence[StrategyColumn]:
    """Return the columns that a run has."""
    return [one for one in STRATEGY_COLUMNS if one.key != HELD_OUT or view.settings.validation_fraction]


def reference_texts(view: EvolutionView) -> list[Mapping[str, str]]:
    """Return the texts of the network trained by gradient, by the key of their column, and of that as it is rounded."""
    return [
        {
            "strategy": name,
            "best": "failed" if scores.error is not None else score_text(scores.objective),
            "test": score_text(scores.test_score),
            "time": seconds_text(scores.seconds),
        }
        for name, scores in (("gradient", view.gradient), ("quantized", view.quantized))
        if scores is not None
    ]


def under_way(view: EvolutionView) -> str:
    """Return the series that is being computed, such as ``shade, seed 2``; empty if none is."""
    if view.state not in LIVE_STATES:
        return ""
    one = next((one for one in view.series if one.result is None), None)
    return "" if one is None else f"{one.series.name}, seed {one.series.settings.seed}"


def fraction(view: EvolutionView) -> float:
    """Return the finished share, from 0 to 1."""
    return 1.0 if view.state == "finished" else fraction_of_series(view.series)


def done_text(view: EvolutionView, width: int) -> str:
    """Return the number of evolutions that are over, and the one under way if there is room."""
    over = sum(one.result is not None for one in view.series)
    words = f"{over}/{len(view.series)} evolutions {int(100 * fraction(view)):3d}%"
    now = under_way(view)
    return f"{words}  {now}" if now and width >= 100 else words


def speed_text(view: EvolutionView) -> str:
    """Return the evaluations of all series and their rate; empty before the first one."""
    last = [one.generations[-1] for one in view.series if one.generations]
    if not last:
        return ""
    evaluations, seconds = sum(one.evaluations for one in last), sum(one.elapsed for one in last)
    rate = evaluations / seconds if seconds > 0 else None
    return f"{count_text(evaluations)} evaluations {rate_text(rate)}/s"


def best(view: EvolutionView, room: int) -> tuple[str, float | None]:
    """Return the strategy of the run's network, in at most ``room`` columns, and its fitness."""
    if view.best_series is None:
        return NONE, None
    one = view.series[view.best_series]
    score = one.scores.fitness if one.scores is not None else one.generations[-1].best if one.generations else None
    return one.series.name[:room], score

"""A run that compares strategies, as text: its columns, its progress and its answer.

The screen and the commands share them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.series import (
    StrategySummary,
    fraction_of_series,
    full_name,
    ranked,
    summarise_strategies,
)
from nnsize_engine.results.verdict import quantized_words, verdict_words
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.fitness import default_loss
from nnsize_engine.settings.strategies import AUTO
from nnsize_engine.text import NONE, score_text, seconds_text
from nnsize_tui.text.evolution_numbers import count_text, rate_text

MAX_NAMED = 4
"""Strategies that the answer names, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyColumn:
    """A column of the table of strategies."""

    key: str
    title: str
    text: Callable[[StrategySummary], str]
    value: Callable[[StrategySummary], float | str | None]
    """What rows are sorted by."""


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


def measure_text(view: EvolutionView) -> str:
    """Return what strategies are compared by: ``log_loss with weight decay``."""
    return f"{view.settings.measure} with weight decay" if view.settings.weight_decay else view.settings.measure


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


def answer(view: EvolutionView) -> str:
    """Return the answer: the best strategies with their quartiles, and gradient training."""
    summaries = _named(view)
    if not summaries:
        if view.state in ("failed", "refused"):
            return f"No answer: {(view.header.reason or 'it failed').rstrip('.')}."
        return "No answer yet: waiting for the first population."
    lead = "" if view.state == "finished" else "So far "
    if view.state in ("failed", "refused") and view.header.reason:
        lead = f"The run {view.state}: {view.header.reason.rstrip('.')}. "
    reaches = f" reaches a {measure_text(view)} of "
    parts = [f"{_name(one)}{' ' if number else reaches}{_spread_text(one)}" for number, one in enumerate(summaries)]
    parts = parts[:MAX_NAMED]
    if len(summaries) > MAX_NAMED:
        parts.append(f"{len(summaries) - MAX_NAMED} more are behind")
    return " ".join([lead + ", ".join(parts) + _by_gradient(view) + ".", *_network(view)])


def short_answers(view: EvolutionView) -> list[str]:
    """Return shorter answers: without the network, and the best strategy alone."""
    summaries = _named(view)
    if not summaries or view.state in ("failed", "refused"):
        return []
    lead = "" if view.state == "finished" else "So far "
    named = ", ".join(f"{_name(one)} {score_text(one.best.middle)}" for one in summaries[:MAX_NAMED] if one.best)
    best = f"{_name(summaries[0])} {_spread_text(summaries[0])}"
    return [f"{lead}{words}{_by_gradient(view)}." for words in (named, best)]


def _named(view: EvolutionView) -> list[StrategySummary]:
    """Return the strategies that the answer names, the best first; auto stands for the strategy that it is."""
    found = [one for one in ranked(summarise_strategies(view.series), view.settings.fitness) if one.best]
    auto = next((one for one in found if one.name == AUTO), None)
    return [one for one in found if auto in (None, one) or (one.name, one.best) != (auto.strategy, auto.best)]


def _name(one: StrategySummary) -> str:
    return full_name(one.name, one.strategy)


def _spread_text(one: StrategySummary) -> str:
    """Return the median, and the quartiles of several seeds."""
    spread = one.best
    if spread is None:
        return NONE
    if one.done < 2:
        return score_text(spread.middle)
    return f"{score_text(spread.middle)} (quartiles {score_text(spread.low)} to {score_text(spread.high)})"


def _by_gradient(view: EvolutionView) -> str:
    gradient = view.gradient
    if gradient is None:
        return ""
    if gradient.error is not None:
        return f"; gradient training failed: {gradient.error.rstrip('.')}"
    if gradient.objective is None:
        return ""
    words = f"; gradient training {score_text(gradient.objective)}"
    if view.quantized is None:
        return words
    return f"{words}, {quantized_words(view.settings)} {score_text(view.quantized.objective)}"


def _network(view: EvolutionView) -> list[str]:
    """Return a sentence on the network of the run; empty until it is tested."""
    if view.state != "finished" or view.best_series is None:
        return []
    one, scores = view.series[view.best_series].series, view.series[view.best_series].scores
    if scores is None:
        return []
    seed = f", seed {one.settings.seed}" if view.settings.repeats > 1 else ""
    words = f"The network of the run is that of {one.name}{seed}: {view.settings.final_scoring}"
    words += f" {score_text(scores.train_score)} on training rows"
    words += f", {score_text(scores.test_score)} on test rows" if view.settings.test_size else ""
    gradient = view.gradient
    if gradient is not None and gradient.test_score is not None:
        words += f" (by gradient {score_text(gradient.test_score)})"
    if gradient is None or gradient.error is not None or view.settings.fitness == default_loss(view.settings.task):
        return [f"{words}."]
    who_wins = verdict_words(view.settings, scores, gradient, view.quantized)
    return [f"{words}.", *([who_wins] if who_wins else [])]

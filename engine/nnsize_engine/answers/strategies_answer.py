"""The answer of a run that compares strategies as it stands, and shorter ones."""

from nnsize_engine.results.series import StrategySummary, full_name, ranked, summarise_strategies
from nnsize_engine.results.verdict import quantized_words, verdict_words
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.fitness import default_loss
from nnsize_engine.settings.strategies import AUTO
from nnsize_engine.text import NONE, score_text

MAX_NAMED = 4
"""Strategies that the answer names, the best first."""


def measure_text(view: EvolutionView) -> str:
    """Return what strategies are compared by: ``log_loss with weight decay``."""
    return f"{view.settings.measure} with weight decay" if view.settings.weight_decay else view.settings.measure


def strategies_answer(view: EvolutionView) -> str:
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

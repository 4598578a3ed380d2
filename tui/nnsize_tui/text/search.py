"""A search's settings and progress as text. Pure functions; the screens and the commands share them."""

from collections.abc import Sequence
from math import prod

from nnsize_engine.results.candidates import neurons_text
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.splitters import splitter_words
from nnsize_engine.text import NONE
from nnsize_tui.text import numbers

_PLURALS = {
    "activation": "activations",
    "solver": "solvers",
    "alpha": "alphas",
    "batch_size": "batch sizes",
    "learning_rate": "schedules",
    "learning_rate_init": "learning rates",
    "loss": "losses",
    "momentum": "momenta",
}
"""Plurals of parameters that are often searched; other parameters keep their names."""


def facts(settings: SizeSettings) -> list[str]:
    """Return the facts about a search, the most important first."""
    return _facts(settings, searched(settings))


def short_facts(settings: SizeSettings) -> list[str]:
    """Return the same facts, with what is searched in short."""
    return _facts(settings, searched_short(settings))


def named_facts(settings: SizeSettings) -> list[str]:
    """Return the same facts, with the word for what is searched."""
    return _facts(settings, f"neurons {searched(settings)}")


def _facts(settings: SizeSettings, what: str) -> list[str]:
    known = [settings.data, what, settings.scoring, splits_text(settings), f"seed {settings.seed}"]
    return known + [fact for fact in numbers.unusual(settings) if fact != f"{settings.repeats} repeats"]


def searched(settings: SizeSettings) -> str:
    """Return what is searched: ``5:100:2``, or ``5:100:2 × 2 activations × 5 alphas``."""
    counts = [f"{len(values)} {_PLURALS.get(name, name.replace('_', ' '))}" for name, values in settings.grid]
    return " × ".join([settings.neurons, *counts])


def searched_short(settings: SizeSettings) -> str:
    """Return the same in short: ``5:100:2 ×10`` with ten combinations of other parameters."""
    return settings.neurons.replace(" ", "") + (f" ×{_combinations(settings)}" if settings.grid else "")


def _combinations(settings: SizeSettings) -> int:
    return prod(len(values) for _, values in settings.grid)


def splits_text(settings: SizeSettings) -> str:
    """Return how each candidate is scored: ``5 folds``, or ``5 folds × 2 rounds × 3 repeats``."""
    rounds = f" × {settings.fold_rounds} rounds" if settings.fold_rounds > 1 else ""
    folds = splitter_words(settings.splitter).format(settings.cv)
    return f"{folds}{rounds}" + (f" × {settings.repeats} repeats" if settings.repeats > 1 else "")


def splits_short(settings: SizeSettings) -> str:
    """Return the same in short: ``5 folds``, or ``5×3 fits`` with three repeats."""
    return f"{settings.folds} folds" if settings.repeats == 1 else f"{settings.folds}×{settings.repeats} fits"


def summary(settings: SizeSettings) -> str:
    """Return the sizes that are searched."""
    return settings.neurons


def fraction(view: SizeView) -> float:
    """Return the finished share, from 0 to 1."""
    return view.header.done / max(1, view.header.total)


def done_text(view: SizeView, width: int) -> str:
    """Return the number of finished fits, in a text of constant length, so that nothing moves.

    Of a race under way, the total is the most there can be.
    """
    del width
    done, total = view.header.done, view.header.total
    between = " of at most " if may_end_early(view) else "/"
    return f"{done:>{len(str(total))}}{between}{total} fits {100 * done // total:3d}%"


def may_end_early(view: SizeView) -> bool:
    """Return whether the run is a race under way, which may drop what is planned."""
    return view.race is not None and bool(view.race.wanted)


def standing(view: SizeView) -> list[str]:
    """Return where a race stands: what is in and out, and which sizes are undecided; nothing of other searches."""
    if view.race is None:
        return []
    race = view.race.race
    counts = f"{len(race.active)}{'' if view.settings.grid else ' sizes'} in, {len(race.dropped)} out"
    if race.decision is None:
        return [counts, "all undecided"]
    left = race.decision.combinations_left
    combinations = [f"{left} of {_combinations(view.settings)} combinations"] if view.settings.grid else []
    if left > 1:
        return [counts, *combinations]
    sizes = [view.summaries[number].candidate for number in race.decision.undecided]
    return [counts, *combinations, _undecided(sizes)]


def _undecided(candidates: Sequence[Candidate]) -> str:
    """Return the sizes that may still be best or recommended, in words."""
    if len(candidates) == 1:
        return f"{neurons_text(candidates[0])} is clear"
    if any(len(candidate.hidden_layer_sizes) > 1 for candidate in candidates):
        return f"{len(candidates)} sizes undecided"
    return f"{neurons_text(candidates[0])} to {neurons_text(candidates[-1])} undecided"


def speed_text(view: SizeView) -> str:
    """Return nothing: the speed of fits depends on their sizes."""
    del view
    return ""


def steps_under_way(view: SizeView) -> int:
    """Return the number of fits that are being trained, as far as they are stored."""
    return len(view.under_way)


def best(view: SizeView, room: int) -> tuple[str, float | None]:
    """Return the best size and its mean score."""
    del room
    if view.choice is None:
        return NONE, None
    return neurons_text(view.choice.best), view.choice.best_mean


def best_number(view: SizeView) -> float | None:
    """Return the neurons of the best size, summed over its layers."""
    return float(sum(view.choice.best.hidden_layer_sizes)) if view.choice is not None else None

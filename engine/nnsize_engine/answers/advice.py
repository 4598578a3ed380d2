"""The extension of a run that is asked for, or that its results advise."""

from collections.abc import Callable, Mapping
from typing import Any

from nnsize_engine.answers.search_answer import results_of
from nnsize_engine.errors import RunError
from nnsize_engine.results.evolution_end import refusal_to_extend
from nnsize_engine.results.larger_sizes import advised_extension
from nnsize_engine.results.longer_evolution import advised_limits
from nnsize_engine.results.trend import Trend
from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView, WatchedView
from nnsize_engine.settings.evolution_extension import LIMITS, EvolutionExtension
from nnsize_engine.settings.extension import Extension
from nnsize_engine.settings.run import KIND_WORDS, RunExtension
from nnsize_engine.settings.watched import NO_CONTROL


def search_advice(view: SizeView) -> Extension | None:
    """Return the larger sizes that the answer advises, if its curve still rises."""
    results = results_of(view)
    return None if results is None else advised_extension(results)


def evolution_advice(view: EvolutionView, trend: Trend | None = None) -> EvolutionExtension | None:
    """Return twice the limits of an evolution, if it still improves and they ended it."""
    if evolution_refusal(view) is not None:
        return None
    return advised_limits(view.settings, view.generations, trend)


def evolution_refusal(view: EvolutionView) -> str | None:
    """Return why an evolution cannot be extended; None if it can."""
    return refusal_to_extend(view.folder.name, view.settings, view.state, view.log)


def chosen_extension(view: AnyView, given: Mapping[str, Any], named: Callable[[str], str]) -> RunExtension:
    """Return the extension that is asked for, or the advised one where nothing is.

    Args:
        view: a look at the run.
        given: the fields of extensions of every kind; None where one is not given. A field of another kind of run is
            left to be refused when the run is extended.
        named: returns the name of a field in messages.

    Raises:
        RunError: nothing is given, and nothing is advised.
    """
    fits = Extension(**{name: value for name, value in given.items() if name not in LIMITS})
    generations = EvolutionExtension(**{name: given.get(name) for name in LIMITS})
    extensions: list[RunExtension] = [generations, fits] if isinstance(view, SizeView) else [fits, generations]
    asked = next((one for one in extensions if one != type(one)()), None)
    return asked if asked is not None else _advised(view, named)


def _advised(view: AnyView, named: Callable[[str], str]) -> RunExtension:
    if isinstance(view, WatchedView):
        raise RunError(
            f"run {view.folder.name} is {KIND_WORDS[view.kind]}: {NO_CONTROL.format('start another search')}"
        )
    advised = evolution_advice(view) if isinstance(view, EvolutionView) else search_advice(view)
    if advised is not None:
        return advised
    if isinstance(view, EvolutionView):
        first, second, last = map(named, LIMITS)
        raise RunError(
            evolution_refusal(view)
            or f"run {view.folder.name} does not improve any more, so that no limits are advised; say what to add with "
            f"{first}, {second} or {last}"
        )
    first = named("max_neurons" if view.settings.finds_sizes else "neurons")
    raise RunError(
        f"the curve of run {view.folder.name} does not rise at its largest size, so that no sizes are advised; say "
        f"what to add with {first}, {named('repeats')} or {named('fold_rounds')}"
    )

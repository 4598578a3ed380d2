"""An extension of an evolution as text, and its cost."""

from nnsize_engine.results.time_left import remaining_of_generations
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.evolution_extension import (
    EvolutionExtension,
    evolution_extension_words,
    extended_evolution,
)
from nnsize_engine.text import seconds_text


def seconds_more(view: EvolutionView, after: EvolutionSettings) -> float | None:
    """Return the expected seconds of the generations that an extension adds, at most; None if nothing tells them."""
    return remaining_of_generations(view.generations, after.total_steps, after.seconds)


def extended_words(view: EvolutionView, extension: EvolutionExtension) -> str:
    """Return what an extension adds, and its time: ``80 generations in all (40 before); about 12s more``."""
    after = extended_evolution(view.settings, extension)
    seconds = seconds_more(view, after)
    time = "" if seconds is None else f"; about {seconds_text(seconds)} more"
    return f"{evolution_extension_words(view.settings, after)}{time}"

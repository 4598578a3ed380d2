"""An extension of a search as text, and its cost."""

from nnsize_engine.results.extension_cost import ExtensionCost, extension_cost
from nnsize_engine.runs.extend import extensions_in
from nnsize_engine.runs.view import RunView, SizeView
from nnsize_engine.settings.extension import Extension, extended, extension_words
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import seconds_text


def cost_of(view: SizeView, after: SizeSettings) -> ExtensionCost:
    """Return the fits and the time that a search needs once it is extended."""
    race = view.race
    active = None if race is None else [number for number in race.tried if number not in race.dropped]
    return extension_cost(view.settings, after, view.summaries, view.header.workers or 1, active)


def cost_words(cost: ExtensionCost) -> str:
    """Return the fits and the time in words: ``245 fits more, about 12s``."""
    bound = "at most " if cost.is_upper_bound else ""
    plural = "" if cost.fits == 1 else "s"
    time = "" if cost.seconds is None else f", about {seconds_text(cost.seconds)}"
    return f"{bound}{cost.fits:,} fit{plural} more{time}"


def extended_words(view: SizeView, extension: Extension) -> str:
    """Return what an extension adds, and its cost: ``+ 8 sizes; 24 fits more, about 12s``."""
    after = extended(view.settings, extension)
    return f"{extension_words(view.settings, after)}; {cost_words(cost_of(view, after))}"


def extended_fact(view: RunView) -> list[str]:
    """Return the fact that a run was extended; nothing for a run that was not."""
    added = extensions_in(view.log)
    return [f"extended: {'; '.join(added)}"] if added else []

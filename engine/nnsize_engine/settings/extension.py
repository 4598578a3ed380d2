"""An extension of a search: more sizes, repeats or rounds of folds, added to those that it has.

All fits of the search are fits of the extended search, too: sizes are only added, repeats and rounds only grow.
"""

from dataclasses import dataclass, replace

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.layer_sizes import AUTO, auto_sizes, finds_sizes, parse_neurons
from nnsize_engine.settings.search import SizeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """Additions to a search; None leaves a setting as it is."""

    neurons: str | None = None
    """Sizes to add, written like those of a search."""

    max_neurons: int | None = None
    """The new largest size of a search that finds its sizes."""

    repeats: int | None = None
    """The new number of repeats in all."""

    fold_rounds: int | None = None
    """The new number of rounds of folds in all."""


def extended(settings: SizeSettings, extension: Extension) -> SizeSettings:
    """Return the settings of the extended search.

    Raises:
        SettingsError: the extension adds nothing, takes something away, or does not fit the search.
    """
    changed: dict[str, str | int] = {}
    if extension.neurons is not None:
        changed["neurons"] = _with_sizes(settings, extension.neurons)
    if extension.max_neurons is not None:
        changed["max_neurons"] = _with_limit(settings, extension.max_neurons)
    for name in ("repeats", "fold_rounds"):
        total, present = getattr(extension, name), getattr(settings, name)
        if total is not None:
            changed[name] = _not_below(name, total, present)
    new = replace(settings, **changed)  # type: ignore[arg-type]  # each value has the type of its field
    if new.candidate_count == settings.candidate_count and new.splits == settings.splits:
        raise SettingsError("that adds nothing to the run; name further sizes, more repeats or more rounds of folds")
    return new


def _with_sizes(settings: SizeSettings, more: str) -> str:
    """Return the sizes of a search with further ones."""
    if settings.finds_sizes:
        raise SettingsError(
            "the run finds its sizes itself; give it a larger max-neurons instead of sizes", field="neurons"
        )
    if finds_sizes(more):
        raise SettingsError(
            f"{AUTO} cannot be added to the sizes {settings.neurons}; name further sizes, or start a new run "
            f"with neurons {AUTO}",
            field="neurons",
        )
    if not set(parse_neurons(more)) - set(settings.candidates):
        raise SettingsError(f"the run has the sizes {more} already; name further ones", field="neurons")
    return f"{settings.neurons},{more.strip()}"


def _with_limit(settings: SizeSettings, most: int) -> int:
    """Return the new largest size of a search that finds its sizes."""
    if not settings.finds_sizes:
        raise SettingsError(
            f"the run has the sizes {settings.neurons}; add some with neurons, because max-neurons is for "
            "runs that find their sizes",
            field="max_neurons",
        )
    largest = settings.candidates[-1][0]
    if len(auto_sizes(most)) <= len(settings.candidates):
        larger = next(size for size in auto_sizes(4 * largest) if size > largest)
        raise SettingsError(
            f"max-neurons is {most}; the run tries sizes up to {largest} already, and the next one is {larger}",
            field="max_neurons",
        )
    return most


def _not_below(name: str, total: int, present: int) -> int:
    option = name.replace("_", "-")
    if total < present:
        raise SettingsError(
            f"{option} is {total}, but the run has {present}; it is the number in all, and fits are never taken away",
            field=name,
        )
    return total


def extension_words(before: SizeSettings, after: SizeSettings) -> str:
    """Return what was added, in words: ``+ 49 sizes, + 2 repeats, + 1 round of folds``."""
    words = []
    sizes = len(after.candidates) - len(before.candidates)
    if sizes and after.finds_sizes:
        words.append(f"sizes up to {after.candidates[-1][0]}")
    elif sizes:
        words.append(f"+ {_count(sizes, 'size')}")
    if after.repeats > before.repeats:
        words.append(f"+ {_count(after.repeats - before.repeats, 'repeat')}")
    if after.fold_rounds > before.fold_rounds:
        words.append(f"+ {_count(after.fold_rounds - before.fold_rounds, 'round')} of folds")
    return ", ".join(words)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"

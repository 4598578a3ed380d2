"""Number of fits that an extension adds to a search, and their time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.renumbering import Renumbering
from nnsize_engine.results.statistics import CandidateSummary, summarise
from nnsize_engine.results.time_left import remaining_seconds
from nnsize_engine.settings.search import SizeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionCost:
    """The fits that an extension adds, and their time."""

    fits: int
    """Fits that are not done yet; of a race, the most there can be."""

    seconds: float | None
    """Expected seconds; None where no fit tells them."""

    is_upper_bound: bool
    """True if a race may need less."""


def extension_cost(
    before: SizeSettings,
    after: SizeSettings,
    summaries: Sequence[CandidateSummary],
    workers: int,
    active: Collection[int] | None = None,
) -> ExtensionCost:
    """Return the fits and the time that are left of a search once it is extended.

    ``summaries`` are those of the search before. ``active`` are the candidates that a race fits on every fold; None
    for all of them.
    """
    renumbering = Renumbering.between(before, after)
    known = {renumbering.candidates[summary.candidate.number]: summary for summary in summaries}
    left_out = {
        renumbering.candidates[summary.candidate.number]
        for summary in summaries
        if active is not None and summary.candidate.number not in active
    }
    found = []
    for candidate in list_candidates(after):
        if candidate.number in left_out:
            continue
        summary = known.get(candidate.number)
        done = [fit for fit in summary.fits if fit is not None] if summary is not None else []
        found.append(summarise(candidate, renumbering.fits(done), after.splits))
    return ExtensionCost(
        fits=sum(len(summary.fits) - summary.folds_done for summary in found),
        seconds=remaining_seconds(found, workers),
        is_upper_bound=after.is_race,
    )

"""The best and the recommended candidate of any search: of a race, its own recommendation counts."""

from collections.abc import Iterable, Sequence

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.choice import Choice, choose
from nnsize_engine.results.search_race import RaceView, SearchRace, recommend_by_race
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics, shared_statistics, summarise_all
from nnsize_engine.settings.search import SizeSettings


def choose_of_search(
    summaries: Sequence[CandidateSummary], shared: Sequence[SharedStatistics], race: RaceView | None
) -> Choice | None:
    """Choose among all candidates, or among those that a race compares; see :func:`choose`."""
    if race is None:
        return choose(summaries, shared)
    choice = choose([summaries[number] for number in race.compared], [shared[number] for number in race.compared])
    return recommend_by_race(choice, race, [summary.candidate for summary in summaries], shared)


def choose_from_fits(settings: SizeSettings, fits: Iterable[FitResult]) -> Choice | None:
    """Choose from the fits of a search that are done; see :func:`choose`."""
    fits, candidates = list(fits), list_candidates(settings)
    summaries = summarise_all(candidates, fits, settings.splits)
    race = None
    if settings.is_race:
        followed = SearchRace(settings, candidates)
        followed.take(fits)
        race = followed.view()
    shared = shared_statistics(summaries, settings.repeats, None if race is None else frozenset(race.compared))
    return choose_of_search(summaries, shared, race)

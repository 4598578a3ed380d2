"""The candidates of a search whose parameters are compared, and the folds that all of them have."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from nnsize_engine.charts.search_space import Place, SearchSpace, space_of, space_of_parameters
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics, numpy_mean
from nnsize_engine.results.watched_words import short_names
from nnsize_engine.runs.view import SizeView, WatchedView
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.watched import WatchedSettings

MIN_PARAMETERS = 2
"""Parameters that must vary: one alone explains everything."""

MIN_FOLDS_OF_RACES = 2  # finished fits of a candidate that a race has just added


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportanceData:
    """The data of a search from which importances are computed."""

    space: SearchSpace
    dimensions: tuple[int, ...]
    """The dimensions of the space that vary among the compared candidates."""

    values: tuple[tuple[int, ...], ...]
    """For each of these, the indices of the values that candidates have."""

    places: tuple[Place, ...]
    """The place of each compared candidate among these values."""

    scores: tuple[tuple[float, ...], ...]
    """Its score on each fold, the mean over repeats."""

    shared: tuple[SharedStatistics, ...]
    """The statistics of all candidates of the search."""

    best: int | None
    """Number of the best candidate."""

    scoring: str
    tried: int
    """Number of candidates that the search has tried."""

    def beside_best(self, dimension: int, value: int) -> float | None:
        """Return the mean score of the best candidate with another value of one dimension; None if there is none."""
        if self.best is None:
            return None
        place = list(self.space.places[self.best])
        place[dimension] = value
        number = self.space.numbers.get(tuple(place))
        return None if number is None else self.shared[number].mean


def has_importances(space: SearchSpace) -> bool:
    """Return whether a search varies enough parameters to compare them."""
    return len(space.dimensions) >= MIN_PARAMETERS


def varies_parameters(settings: SizeSettings | WatchedSettings) -> bool:
    """Return whether a search may have importances, from its settings alone."""
    match settings:
        case SizeSettings():
            return has_importances(space_of(settings, list_candidates(settings)))
        case WatchedSettings():
            return len(settings.searched) >= MIN_PARAMETERS


def space_of_view(view: SizeView | WatchedView) -> SearchSpace:
    """Return the dimensions of a search as it is now."""
    candidates = [summary.candidate for summary in view.summaries]
    match view:
        case SizeView():
            return space_of(view.settings, candidates)
        case WatchedView():
            names = short_names(view.settings.searched)
            return space_of_parameters(
                {short: [dict(one.parameters)[name] for one in candidates] for name, short in names.items()}
            )


def data_of(view: SizeView | WatchedView, space: SearchSpace) -> ImportanceData:
    """Return the candidates that are compared, and their scores on the folds that all of them have.

    Left out are candidates with a failed fit, those without any fit, and in a race those with fewer than two while
    others have two. Of a watched search those that are complete are compared, and of one that halves its candidates
    those of the first iteration, because later ones have more of the resource.
    """
    match view:
        case SizeView():
            kept, splits = _of_search(view)
            folds, scoring, tried = view.settings.folds, view.settings.scoring, len(view.tried)
            best = None if view.choice is None else view.choice.best.number
        case WatchedView():
            kept = _of_watched(view)
            splits = list(range(view.settings.splits))
            folds, scoring, tried, best = view.settings.splits, view.settings.measure, len(view.candidates), view.best
    # A random search may draw a combination twice.
    first = {space.places[number]: number for number in reversed(kept)}
    numbers = sorted(first.values())
    columns = [sorted({space.places[number][one] for number in numbers}) for one in range(len(space.dimensions))]
    varied = tuple(one for one, values in enumerate(columns) if len(values) > 1)
    indices = {one: {value: index for index, value in enumerate(columns[one])} for one in varied}
    return ImportanceData(
        space=space,
        dimensions=varied,
        values=tuple(tuple(columns[one]) for one in varied),
        places=tuple(tuple(indices[one][space.places[number][one]] for one in varied) for number in numbers),
        scores=tuple(_fold_scores(view.summaries[number], splits, folds) for number in numbers),
        shared=tuple(view.shared),
        best=best,
        scoring=scoring,
        tried=tried,
    )


def _of_search(view: SizeView) -> tuple[list[int], list[int]]:
    """Return the numbers of the compared candidates, and the splits that all of them have."""
    summaries = [view.summaries[number] for number in view.tried if _has_scores(view.summaries[number])]
    # A race adds candidates when others have several folds; they are compared once their noise can be told.
    most = max((summary.folds_done for summary in summaries), default=0)
    least = MIN_FOLDS_OF_RACES if view.race is not None and most >= MIN_FOLDS_OF_RACES else 1
    kept = [summary for summary in summaries if summary.folds_done >= least]
    splits = [split for split in range(view.settings.splits) if all(one.fits[split] is not None for one in kept)]
    if not splits:  # candidates began with different folds
        counts = [sum(one.fits[split] is not None for one in kept) for split in range(view.settings.splits)]
        splits = [counts.index(max(counts))]
        kept = [one for one in kept if one.fits[splits[0]] is not None]
    return [summary.candidate.number for summary in kept], splits


def _of_watched(view: WatchedView) -> list[int]:
    """Return the places of the compared candidates."""
    return [
        place
        for place, (one, summary) in enumerate(zip(view.candidates, view.summaries, strict=True))
        if not one.iteration and summary.folds_done == view.settings.splits and _has_scores(summary)
    ]


def _has_scores(summary: CandidateSummary) -> bool:
    """Return whether every finished fit of a candidate has a finite score."""
    return all(
        fit is None or (fit.error is None and fit.test_score is not None and isfinite(fit.test_score))
        for fit in summary.fits
    )


def _fold_scores(summary: CandidateSummary, splits: Sequence[int], folds: int) -> tuple[float, ...]:
    """Return the mean score over repeats of each fold."""
    by_fold: dict[int, list[float]] = {}
    for split in splits:
        score = summary.scores[split]
        assert score is not None
        by_fold.setdefault(split % folds, []).append(score)
    return tuple(numpy_mean(by_fold[fold]) for fold in sorted(by_fold))

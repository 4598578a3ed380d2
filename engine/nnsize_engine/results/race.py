"""Which fits a search still needs, when it drops sizes that can no longer matter and finds its sizes by itself.

A race goes in rounds. A round needs some fits, a size on a fold each; when all of them have ended, it decides what to
drop, where to look more closely and whether to go on upwards, and the next round follows. Everything is a function of
the scores alone. So the order in which fits end, the number of workers and interruptions change nothing, and whoever
reads a run sees the same decisions as the runner that made them.

The test that drops a size compares it with the best one on the folds that both have, fold by fold; the variance of the
difference is shrunk towards the median over sizes, because a few folds tell little about it.
"""

import math
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from nnsize_engine.results.decision import Decision, decide

Cell = tuple[int, int]
"""A size, by its number of neurons, and a fold."""

MIN_NEURONS = 2
"""The smallest size that is tried."""

FIRST_LARGEST = 32
"""The largest size of the first round; larger ones follow where the curve still rises."""

ERRORS_TO_DROP = 1.0
"""Standard errors of the difference that a size has to be behind, where sizes are found."""

ERRORS_TO_DROP_OF_GRID = 1.5
"""The same for an explicit grid, where nothing is tried again nearby."""

MIN_STEP = 1.7
"""Factor between two neighbours from which on a size between them is worth its fits; octaves are 2."""

PRIOR_FOLDS = 4
"""Folds that the median variance counts for, beside a size's own."""

NEAR_PERFECT = 0.95
"""Mean score from which on two folds are too few to drop a size: scores near 1 differ by single rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceSettings:
    """What a race may do."""

    folds: int
    max_neurons: int
    sizes: tuple[int, ...] = ()
    """An explicit grid, which is neither refined nor extended; empty: sizes are found."""

    errors_to_drop: float = ERRORS_TO_DROP
    is_bounded: bool = True
    """Whether 1 is the best possible score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A size that is out, when and why."""

    folds: int
    """Folds after which it was dropped."""

    behind: float
    """Score that it is behind the best smoothed one at least: the difference less two standard errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """Where a race stands."""

    sizes: tuple[int, ...]
    """Every size tried so far, in rising order."""

    wanted: tuple[Cell, ...]
    """Fits that the present round still needs, fold by fold; empty when the race is over."""

    dropped: Mapping[int, Dropped]
    decision: Decision | None
    """The newest decision, over `sizes`; None in the first round."""

    folds: int
    """Folds that every size which is not dropped has in the present round."""

    @property
    def recommended(self) -> int | None:
        """The size that the newest decision recommends."""
        return None if self.decision is None else self.sizes[self.decision.recommended]


@dataclass(slots=True)
class _State:
    """What the rounds so far amount to."""

    sizes: list[int]
    dropped: dict[int, Dropped] = field(default_factory=dict)
    decision: Decision | None = None

    def active(self) -> list[int]:
        return [size for size in self.sizes if size not in self.dropped]


def race(settings: RaceSettings, scores: Mapping[Cell, float | None]) -> Race:
    """Say where a race stands after these fits; a failed one has None as its score.

    A size with a failed fit is out of the decisions.
    """
    state = _State(sizes=list(settings.sizes) or _octaves(settings))
    folds = min(2, settings.folds)
    while True:
        wanted = _missing(state.active(), range(folds), scores)
        if wanted:
            return _race(state, wanted, folds)
        if not _usable(state.sizes, scores, folds):
            return _race(state, (), folds)  # nothing can be scored: every size failed
        state.decision = _decide(state, scores, folds)
        new = () if settings.sizes else _new_sizes(settings, state, is_last=folds == settings.folds)
        if new:
            state.sizes = sorted({*state.sizes, *new})
            continue
        if folds == settings.folds:
            return _race(state, (), folds)
        if folds > 2 or settings.folds == 2 or not _is_near_perfect(settings, state):
            _drop(settings, state, scores, folds)
        folds += 1


def _race(state: _State, wanted: Sequence[Cell], folds: int) -> Race:
    decision = state.decision
    if decision is not None and len(decision.smoothed) != len(state.sizes):
        decision = None
    return Race(
        sizes=tuple(state.sizes), wanted=tuple(wanted), dropped=dict(state.dropped), decision=decision, folds=folds
    )


def _octaves(settings: RaceSettings) -> list[int]:
    sizes = [min(MIN_NEURONS, settings.max_neurons)]
    while 2 * sizes[-1] <= min(FIRST_LARGEST, settings.max_neurons):
        sizes.append(2 * sizes[-1])
    return sizes


def _missing(sizes: Sequence[int], folds: range, scores: Mapping[Cell, float | None]) -> list[Cell]:
    return [(size, fold) for fold in folds for size in sizes if (size, fold) not in scores]


def _usable(sizes: Sequence[int], scores: Mapping[Cell, float | None], folds: int) -> list[int]:
    """Return the sizes none of whose fits failed."""
    return [s for s in sizes if all(scores.get((s, fold), 0.0) is not None for fold in range(folds))]


def _table(state: _State, scores: Mapping[Cell, float | None], folds: int) -> tuple[list[int], list[list[float]]]:
    """Return the usable sizes and their scores by fold; what a dropped size lacks is filled in.

    A missing score is the size's mean plus the fold's effect, both on the folds that the size has.
    """
    sizes = _usable(state.sizes, scores, folds)
    whole = [s for s in sizes if all((s, fold) in scores for fold in range(folds))]
    effects = [statistics.fmean(_score(scores, s, fold) for s in whole) for fold in range(folds)]
    columns = []
    for size in sizes:
        known = [fold for fold in range(folds) if (size, fold) in scores]
        mean = statistics.fmean(_score(scores, size, fold) for fold in known)
        level = mean - statistics.fmean(effects[fold] for fold in known)
        columns.append([_score(scores, size, f) if f in known else level + effects[f] for f in range(folds)])
    return sizes, [list(row) for row in zip(*columns, strict=True)]


def _score(scores: Mapping[Cell, float | None], size: int, fold: int) -> float:
    score = scores[size, fold]
    assert score is not None
    return score


def _decide(state: _State, scores: Mapping[Cell, float | None], folds: int) -> Decision:
    """Decide among the usable sizes; indices of the decision are those of all sizes."""
    sizes, table = _table(state, scores, folds)
    decision = decide([(size,) for size in sizes], sizes, table)
    places = {size: place for place, size in enumerate(sizes)}
    smoothed = tuple(decision.smoothed[places[s]] if s in places else -math.inf for s in state.sizes)
    return Decision(
        best=state.sizes.index(sizes[decision.best]),
        recommended=state.sizes.index(sizes[decision.recommended]),
        smoothed=smoothed,
        standard_error=decision.standard_error,
        slack=decision.slack,
    )


def _new_sizes(settings: RaceSettings, state: _State, *, is_last: bool) -> Collection[int]:
    """Sizes to add now: the next octave where the largest one is best; at the end, one just below the recommended."""
    decision = state.decision
    assert decision is not None
    largest = state.sizes[-1]
    if state.sizes[decision.best] == largest and decision.recommended == decision.best:
        higher = min(2 * largest, settings.max_neurons)
        if higher > largest:
            return (higher,)
    place = decision.recommended
    if not is_last or place == 0:
        return ()
    low, high = state.sizes[place - 1], state.sizes[place]
    middle = round(math.sqrt(low * high))
    return (middle,) if low < middle < high and high / low > MIN_STEP else ()


def _is_near_perfect(settings: RaceSettings, state: _State) -> bool:
    assert state.decision is not None
    return settings.is_bounded and max(state.decision.smoothed) > NEAR_PERFECT


def _drop(settings: RaceSettings, state: _State, scores: Mapping[Cell, float | None], folds: int) -> None:
    """Drop the sizes that are clearly behind."""
    decision = state.decision
    assert decision is not None
    sizes, table = _table(state, scores, folds)
    best = sizes.index(state.sizes[decision.best])
    variances = {
        size: statistics.variance([row[best] - row[place] for row in table])
        for place, size in enumerate(sizes)
        if place != best
    }
    typical = statistics.median(variances.values()) if variances else 0.0
    kept = _protected(state, sizes, table)
    for place, size in enumerate(state.sizes):
        if size in state.dropped or size in kept or size not in variances:
            continue
        variance = (PRIOR_FOLDS * typical + (folds - 1) * variances[size]) / (folds - 1 + PRIOR_FOLDS)
        behind = decision.smoothed[decision.best] - decision.smoothed[place]
        behind -= settings.errors_to_drop * math.sqrt(variance / folds)
        if behind > (0.0 if place > decision.recommended else decision.slack):
            state.dropped[size] = Dropped(folds=folds, behind=behind)


def _protected(state: _State, sizes: Sequence[int], table: Sequence[Sequence[float]]) -> set[int]:
    """Return the sizes that stay: the best mean, the best smoothed mean, the recommended, and the neighbours of all."""
    decision = state.decision
    assert decision is not None
    means = [statistics.fmean(column) for column in zip(*table, strict=True)]
    places = {decision.best, decision.recommended, state.sizes.index(sizes[means.index(max(means))])}
    active = state.active()
    kept = set()
    for place in places:
        size = state.sizes[place]
        kept.add(size)
        below, above = [s for s in active if s < size], [s for s in active if s > size]
        kept |= {*below[-1:], *above[:1]}
    return kept

"""Drop sizes that can no longer matter while a search runs, and find new ones.

A race goes in rounds. A round wants some fits, each a size on a fold. When all of them have ended, the race decides
which sizes to drop, where to look more closely, and whether to go on upwards; the next round follows. Everything is a
function of the scores alone. So the order in which fits end, the number of workers, and interruptions change nothing,
and a reader of a run sees the same decisions as the runner that made them.

A size is dropped when it is behind the best smoothed score by more than the error of the difference. The error comes
from the differences on single folds. Few folds say little about a variance, so it is shrunk towards the median over all
sizes.

The constants were chosen on the study in ``engine/benchmarks/decision``.
"""

import math
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from nnsize_engine.results.decision import ROUNDING, Decision, decide
from nnsize_engine.settings.layer_sizes import auto_sizes

Cell = tuple[int, int]
"""A size, by its number of neurons, and a fold."""

FIRST_LARGEST = 64
"""The largest size of the first round; larger ones follow while the curve may still rise."""

OCTAVE = 2
"""Steps between two sizes of the first round; the sizes that may be tried are half an octave apart."""

ERRORS_TO_DROP = 1.0
"""Standard errors of the difference that a size has to be behind, where sizes are found."""

ERRORS_TO_DROP_OF_GRID = 1.5
"""The same for an explicit grid, where no size nearby is tried later."""

SLACK_OF_FOUND = 0.1
"""Share of the usual slack where sizes are found: they are an octave apart, so a whole slack is worth two octaves."""

PRIOR_FOLDS = 4
"""Folds that the median variance counts for, next to the folds of a size's own variance."""

NEAR_PERFECT = 0.95
"""Mean score from which two folds are too few to drop a size: scores near 1 differ by single rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceSettings:
    """The limits of a race."""

    folds: int
    max_neurons: int
    sizes: tuple[int, ...] = ()
    """An explicit grid in rising order, which is neither refined nor extended; empty where sizes are found."""

    errors_to_drop: float = ERRORS_TO_DROP
    slack_share: float = SLACK_OF_FOUND
    """Share of the usual slack that the recommended size may lose; 1 for an explicit grid, as without a race."""

    is_bounded: bool = True
    """Whether 1 is the best possible score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """When and why a size was dropped."""

    folds: int
    """Folds after which it was dropped."""

    behind: float
    """Score that it is behind the best smoothed one at least: the difference less some standard errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """The state of a race after some fits."""

    sizes: tuple[int, ...]
    """Every size tried so far, in rising order."""

    wanted: tuple[Cell, ...]
    """Fits that the present round still needs, fold by fold; empty when the race is over."""

    dropped: Mapping[int, Dropped]
    decided: tuple[int, ...]
    """The sizes that the newest decision is about, in rising order; empty in the first round."""

    decision: Decision | None
    """The newest decision, by place in `decided`; None in the first round."""

    folds: int
    """Folds that every size which is not dropped has at the end of the present round."""

    @property
    def active(self) -> tuple[int, ...]:
        """The sizes that are not dropped."""
        return tuple(size for size in self.sizes if size not in self.dropped)

    @property
    def recommended(self) -> int | None:
        """The size that the newest decision recommends."""
        return None if self.decision is None else self.decided[self.decision.recommended]


@dataclass(slots=True)
class _State:
    """The result of the rounds so far."""

    sizes: list[int]
    dropped: dict[int, Dropped] = field(default_factory=dict)
    decided: tuple[int, ...] = ()
    decision: Decision | None = None

    def active(self) -> list[int]:
        return [size for size in self.sizes if size not in self.dropped]


def race(settings: RaceSettings, scores: Mapping[Cell, float | None]) -> Race:
    """Return the state of a race after these fits; a failed one has None as its score.

    A size with a failed fit is left out of the decisions. Fits that no round wanted yet change nothing.
    """
    universe = settings.sizes or auto_sizes(settings.max_neurons)
    state = _State(sizes=list(settings.sizes) or _first_sizes(universe))
    folds = min(2, settings.folds)
    while True:
        wanted = _missing(state.active(), range(folds), scores)
        if wanted:
            return _race(state, wanted, folds)
        if not _usable(state.active(), scores, folds):
            state.decision, state.decided = None, ()
            return _race(state, (), folds)
        state.decision, state.decided = _decide(settings, state, scores, folds), tuple(state.sizes)
        new = () if settings.sizes else _new_sizes(universe, state, is_last=folds == settings.folds)
        if new:
            state.sizes = sorted({*state.sizes, *new})
            continue
        if folds == settings.folds:
            return _race(state, (), folds)
        if folds > 2 or settings.folds == 2 or not _is_near_perfect(settings, state):
            _drop(settings, state, scores, folds)
        folds += 1


def _race(state: _State, wanted: Sequence[Cell], folds: int) -> Race:
    return Race(
        sizes=tuple(state.sizes),
        wanted=tuple(wanted),
        dropped=dict(state.dropped),
        decided=state.decided,
        decision=state.decision,
        folds=folds,
    )


def _first_sizes(universe: Sequence[int]) -> list[int]:
    """Return the sizes of the first round, an octave apart."""
    return [size for size in universe[::OCTAVE] if size <= FIRST_LARGEST]


def _missing(sizes: Sequence[int], folds: range, scores: Mapping[Cell, float | None]) -> list[Cell]:
    return [(size, fold) for fold in folds for size in sizes if (size, fold) not in scores]


def _usable(sizes: Sequence[int], scores: Mapping[Cell, float | None], folds: int) -> list[int]:
    """Return the sizes none of whose fits failed."""
    return [s for s in sizes if all(scores.get((s, fold), 0.0) is not None for fold in range(folds))]


def _compared_scores(state: _State, scores: Mapping[Cell, float | None]) -> Mapping[Cell, float | None]:
    """Return the scores without those of dropped sizes on later folds, which a run has if it was extended."""
    last = {size: dropped.folds for size, dropped in state.dropped.items()}
    if not any(fold >= last.get(size, fold + 1) for size, fold in scores):
        return scores
    return {(size, fold): score for (size, fold), score in scores.items() if fold < last.get(size, fold + 1)}


def _table(state: _State, scores: Mapping[Cell, float | None], folds: int) -> tuple[list[int], list[list[float]]]:
    """Return the usable sizes and their scores by fold; the missing scores of a dropped size are filled in.

    A missing score is the size's mean plus the fold's effect, both on the folds that the size has.
    """
    scores = _compared_scores(state, scores)
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


def _decide(settings: RaceSettings, state: _State, scores: Mapping[Cell, float | None], folds: int) -> Decision:
    """Decide among the usable sizes that are not dropped; places in the decision are those in ``state.sizes``.

    Dropped sizes stay on the smoothed curve, but are never chosen: their later folds are only guessed.
    """
    sizes, table = _table(state, scores, folds)
    decision = decide([(size,) for size in sizes], sizes, table)
    places = {size: place for place, size in enumerate(sizes)}
    smoothed = tuple(decision.smoothed[places[s]] if s in places else -math.inf for s in state.sizes)
    choosable = [place for place, size in enumerate(state.sizes) if size in places and size not in state.dropped]
    rounding = ROUNDING * max(map(abs, decision.smoothed))
    top = max(smoothed[place] for place in choosable)
    slack = settings.slack_share * decision.slack
    return Decision(
        best=next(place for place in choosable if smoothed[place] >= top - rounding),
        recommended=next(place for place in choosable if smoothed[place] >= top - slack - rounding),
        smoothed=smoothed,
        standard_error=decision.standard_error,
        slack=slack,
    )


def _new_sizes(universe: Sequence[int], state: _State, *, is_last: bool) -> Collection[int]:
    """Return the sizes to add now.

    The next octave follows while the recommended size is within an octave of the largest one, because the smoothed
    curve is least certain at its end. On the last fold, the size just below the recommended one follows, unless the
    recommended one is the largest that may be tried: the curve still rises there, and large sizes take longest.
    """
    decision = state.decision
    assert decision is not None
    places = {size: place for place, size in enumerate(universe)}
    largest, recommended = places[state.sizes[-1]], places[state.sizes[decision.recommended]]
    if recommended >= largest - OCTAVE and largest < len(universe) - 1:
        return (universe[min(largest + OCTAVE, len(universe) - 1)],)
    if recommended == len(universe) - 1:
        return ()
    below = universe[max(0, recommended - 1)]
    return (below,) if is_last and below not in state.sizes else ()


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

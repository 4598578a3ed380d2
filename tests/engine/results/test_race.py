"""A race decides from scores alone, whatever the order in which fits end, and never drops what may still matter."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.grid_race import Cell, Race, race
from nnsize_engine.results.race import RaceSettings
from nnsize_engine.results.search_race import RaceView, SearchRace, dropped_words
from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.settings.layer_sizes import auto_sizes
from nnsize_engine.settings.search import SizeSettings
from support.made_candidates import made_fit

Score = float | None
Scorer = Callable[[int, int], Score]


@dataclass(frozen=True, kw_only=True)
class Raced:
    """What a race is about: its limits, and the sizes that may be tried, by the numbers of neurons."""

    settings: RaceSettings
    sizes: tuple[int, ...]

    @property
    def candidates(self) -> list[Candidate]:
        """One for each size. Its number is its number of neurons."""
        return [Candidate(number=size, hidden_layer_sizes=(size,), weights=size) for size in self.sizes]


def found(folds: int, max_neurons: int) -> Raced:
    return Raced(settings=RaceSettings(folds=folds, finds_sizes=True), sizes=auto_sizes(max_neurons))


def given_sizes(folds: int, sizes: set[int]) -> Raced:
    settings = RaceSettings(folds=folds, finds_sizes=False, is_bounded=False)
    return Raced(settings=settings, sizes=tuple(sorted(sizes)))


SETTINGS = st.one_of(
    st.builds(found, st.integers(2, 6), st.integers(2, 600)),
    st.builds(given_sizes, st.integers(2, 6), st.sets(st.integers(1, 300), min_size=1, max_size=12)),
)


@st.composite
def scorers(draw: st.DrawFn) -> Scorer:
    """A curve over sizes, noisy or not, on folds of different difficulty; with ties and failed fits."""
    seed, rate = draw(st.integers(0, 10_000)), draw(st.sampled_from([0.0, 0.0, 0.05, 0.5, 1.0]))
    rise, noise = draw(st.floats(-0.5, 0.5)), draw(st.sampled_from([0.0, 0.01, 0.3]))
    digits = draw(st.sampled_from([1, 3, 12]))

    def score(size: int, fold: int) -> Score:
        luck = random.Random(f"{seed} {size} {fold}")
        if luck.random() < rate:
            return None
        hardness = random.Random(f"{seed} {fold}").gauss(0, 0.1)
        return round(0.9 - rise / size + hardness + luck.gauss(0, noise), digits)

    return score


def state_of(raced: Raced, cells: Mapping[Cell, Score]) -> Race:
    return race(raced.settings, raced.candidates, cells)


def steps(raced: Raced, score: Scorer) -> list[Race]:
    """The race after each of its rounds."""
    cells: dict[Cell, Score] = {}
    rounds = [state_of(raced, cells)]
    while rounds[-1].wanted:
        cells |= {cell: score(*cell) for cell in rounds[-1].wanted}
        rounds.append(state_of(raced, cells))
    return rounds


@given(SETTINGS, scorers())
@settings(max_examples=150, deadline=None)
def test_a_race_tries_sizes_that_it_may_and_ends(raced: Raced, score: Scorer) -> None:
    rounds = steps(raced, score)
    asked: set[Cell] = set()
    for now in rounds:
        assert set(now.tried) <= set(raced.sizes)
        assert now.tried == tuple(sorted(now.tried))
        assert asked.isdisjoint(now.wanted)
        assert all(size not in now.dropped for size, _ in now.wanted)
        folds = [fold for _, fold in now.wanted]
        assert folds == sorted(folds)
        asked |= set(now.wanted)
    assert len(asked) <= len(raced.sizes) * raced.settings.folds
    last = rounds[-1]
    active = [size for size in last.tried if size not in last.dropped]
    if not raced.settings.finds_sizes:
        assert last.tried == raced.sizes
    if last.decision is None:  # no size that is still in was trained on every fold
        assert all(any(score(s, fold) is None for fold in range(last.folds)) for s in active)
        return
    assert list(last.active) == active
    assert all((size, fold) in asked for size in active for fold in range(raced.settings.folds))
    assert all(score(last.decision.recommended, fold) is not None for fold in range(raced.settings.folds))


@given(SETTINGS, scorers())
@settings(max_examples=150, deadline=None)
def test_the_best_the_recommended_and_their_neighbours_are_never_dropped(raced: Raced, score: Scorer) -> None:
    rounds = steps(raced, score)
    for before, now in pairwise(rounds):
        assert before.dropped.items() <= now.dropped.items()  # what is out stays out, for the same reason
        new = now.dropped.keys() - before.dropped.keys()
        if now.decision is None:
            assert not new
            continue
        active = [size for size in now.tried if size not in before.dropped]
        for size in (now.decision.best, now.decision.recommended):
            at = active.index(size)
            assert new.isdisjoint(active[max(0, at - 1) : at + 2])
        assert all(now.dropped[size].behind > 0 for size in new)


@given(SETTINGS, scorers(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_neither_the_order_of_fits_nor_interruptions_change_a_decision(
    raced: Raced, score: Scorer, chance: random.Random
) -> None:
    expected = steps(raced, score)[-1]
    cells: dict[Cell, Score] = {}
    while wanted := list(state_of(raced, cells).wanted):
        # Some of the fits end, in any order; a new runner asks again.
        chance.shuffle(wanted)
        for cell in wanted[: chance.randrange(1, len(wanted) + 1)]:
            cells[cell] = score(*cell)
    assert state_of(raced, cells) == expected
    shuffled = list(cells.items())
    chance.shuffle(shuffled)
    assert state_of(raced, dict(shuffled)) == expected


def fit(candidate: int, fold: int, score: Score) -> FitResult:
    return made_fit(candidate, fold, score, error=None if score is not None else "it failed")


def run_in_order(given_settings: SizeSettings, score: Scorer, chance: random.Random | None) -> tuple[RaceView, int]:
    """The end of a search's race, and its number of fits; by chance in any order and with new runners."""
    sizes = {one.number: one.hidden_layer_sizes[0] for one in list_candidates(given_settings)}
    ended: list[FitResult] = []
    runner = SearchRace(given_settings, list_candidates(given_settings))
    while wanted := list(runner.view().wanted):
        if chance is not None:
            chance.shuffle(wanted)
        for number, fold in wanted[: None if chance is None else 1 + chance.randrange(3)]:
            ended.append(fit(number, fold, score(sizes[number], fold)))
            runner.take(ended[-1:])
        if chance is not None and chance.random() < 0.2:
            runner = SearchRace(given_settings, list_candidates(given_settings))
            runner.take(chance.sample(ended, len(ended)))
    return runner.view(), len(ended)


@given(scorers(), st.randoms(use_true_random=False), st.sampled_from(["auto", "64,2,8:20:3", "7"]))
@settings(max_examples=60, deadline=None)
def test_runners_and_readers_see_the_same_race(score: Scorer, chance: random.Random, neurons: str) -> None:
    given_settings = SizeSettings(neurons=neurons, race=True)
    expected, fits = run_in_order(given_settings, score, None)
    found, others = run_in_order(given_settings, score, chance)
    assert found == expected
    assert fits == others == found.total
    numbers = {one.number: one.hidden_layer_sizes[0] for one in list_candidates(given_settings)}
    assert {numbers[number] for number in found.tried} == {numbers[number] for number in found.race.tried}
    assert set(found.compared) == set(found.tried) - set(found.dropped)
    assert list(found.tried) == sorted(found.tried)


def test_a_clear_curve_is_found_with_few_fits() -> None:
    def score(size: int, fold: int) -> float:
        return 0.8 - 0.5 / size + 0.01 * fold + 0.0001 * ((size * 7 + fold * 3) % 5)

    ended = steps(found(5, 512), score)[-1]
    assert 2 in ended.dropped
    assert ended.decision is not None
    assert ended.decision.recommended >= 32


def test_the_size_below_the_recommended_is_tried_unless_the_curve_still_rises_at_the_largest() -> None:
    def score(size: int, fold: int) -> float:
        return 0.8 - 0.5 / size + 0.01 * fold

    for most, best, is_tried in ((512, 16, True), (64, 64, False)):
        ended = steps(
            found(5, most),
            lambda size, fold, top=best: score(min(size, top), fold) - 0.01 * max(0, size - top) / top,  # type: ignore[misc]
        )[-1]
        assert ended.decision is not None
        universe, recommended = auto_sizes(most), ended.decision.recommended
        below = universe[universe.index(recommended) - 1]
        assert (below in ended.tried) is is_tried, (recommended, ended.tried)


def test_two_folds_near_a_perfect_score_drop_nothing() -> None:
    def rises_to(top: float) -> Scorer:
        return lambda size, fold: top - 0.3 / size + 0.001 * fold

    for top, folds in ((0.999, 3), (0.8, 2)):
        ended = steps(found(5, 64), rises_to(top))[-1]
        assert min(reason.folds for reason in ended.dropped.values()) == folds


def test_a_race_of_failed_fits_ends_without_a_decision() -> None:
    ended = steps(found(5, 64), lambda size, fold: None)[-1]  # noqa: ARG005
    assert (ended.wanted, ended.decision) == ((), None)


def test_a_dropped_size_says_when_and_why() -> None:
    ended = steps(found(5, 64), lambda size, fold: 0.8 - 0.3 / size + 0.001 * fold)[-1]
    reason = ended.dropped[2]
    assert dropped_words(reason) == f"after 2 folds: at least {reason.behind:.4f} behind"


@pytest.mark.parametrize("most", [2, 3, 5, 8, 512, 1000])
def test_sizes_that_may_be_tried_are_half_an_octave_apart(most: int) -> None:
    sizes = auto_sizes(most)
    assert sizes == tuple(
        size for size in (2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256, 362, 512, 724) if size <= most
    )

"""Every decision of a race equals that of a slow version written straight from the formulas."""

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.search_race import SearchRace
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.settings.parameter_grid import Grid
from nnsize_engine.settings.search import SizeSettings
from support.obvious_race import ObviousRace

Fits = dict[tuple[int, int], float | None]


class MadeScores:
    """Scores by candidate and split: a curve for each combination, on folds of different difficulty, with ties."""

    def __init__(self, given_settings: SizeSettings, seed: int) -> None:
        self.settings, self.seed = given_settings, seed
        self.candidates = list_candidates(given_settings)
        chance = random.Random(seed)
        self.rise, self.noise = chance.uniform(-0.3, 0.5), chance.choice([0.0, 0.003, 0.02, 0.1])
        self.levels = {one.parameters: chance.gauss(0, chance.choice([0.0, 0.02, 0.1])) for one in self.candidates}
        self.top, self.digits = chance.choice([0.7, 0.9, 0.97]), chance.choice([1, 2, 3, 12])
        self.failures = chance.choice([0.0, 0.0, 0.0, 0.03, 0.3])

    def __call__(self, number: int, split: int) -> float | None:
        one, luck = self.candidates[number], random.Random(f"{self.seed} {number} {split}")
        if luck.random() < self.failures:
            return None
        hardness = random.Random(f"{self.seed} {split % self.settings.cv}").gauss(0, 0.03)
        size = sum(one.hidden_layer_sizes)
        score = self.top + self.levels[one.parameters] - self.rise / size + hardness + luck.gauss(0, self.noise)
        return round(score, self.digits)


@st.composite
def searches(draw: st.DrawFn) -> SizeSettings:
    """Searches of found and of given sizes, with and without other parameters, repeats and second layers."""
    neurons = draw(
        st.sampled_from(
            ["auto", "auto", "2:30:3", "64,2,8,4,100,16,5", "7", "log:2:300:9", "4,9,16x4,8x8,8x16,32x2,16x16"]
        )
    )
    grids: list[Grid] = [
        (),
        (("alpha", (0.1, 0.01, 0.001)),),
        (("activation", ("relu", "tanh")), ("alpha", (1.0, 0.1))),
    ]
    return SizeSettings(
        neurons=neurons,
        race=neurons != "auto" or draw(st.booleans()),
        max_neurons=draw(st.sampled_from([None, 2, 20, 150])),
        cv=draw(st.integers(2, 6)),
        repeats=draw(st.sampled_from([1, 1, 2, 3])),
        grid=draw(st.sampled_from(grids)),
        scoring=draw(st.sampled_from(["roc_auc", "neg_log_loss"])),
    )


def ended(key: tuple[int, int], score: float | None) -> FitResult:
    return FitResult(
        candidate=key[0], fold=key[1], test_score=score, train_score=score, fit_seconds=1.0, score_seconds=0.0,
        iterations=1, has_converged=True, error=None if score is not None else "it failed",
    )  # fmt: skip


@given(searches(), st.integers(0, 1_000_000))
@settings(max_examples=200, deadline=None)
def test_every_decision_equals_the_formulas(given_settings: SizeSettings, seed: int) -> None:
    score, fits = MadeScores(given_settings, seed), Fits()
    runner = SearchRace(given_settings, list_candidates(given_settings))
    while True:
        now, expected = runner.view(), ObviousRace(given_settings, fits).run()
        assert set(now.wanted) == expected.wanted
        assert set(now.tried) == expected.tried
        assert {number: out.folds for number, out in now.dropped.items()} == {
            number: folds for number, (folds, _) in expected.out.items()
        }
        for number, (_, behind) in expected.out.items():
            assert now.dropped[number].behind == pytest.approx(behind, rel=1e-7, abs=1e-10)
        assert now.recommended == expected.recommended
        if not now.wanted:
            break
        new = {key: score(*key) for key in now.wanted}
        fits |= new
        runner.take([ended(key, value) for key, value in new.items()])
    assert now.total == len(fits)


@given(searches(), st.integers(0, 1_000_000), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_missing_fits_any_order_and_new_runners_change_no_decision(
    given_settings: SizeSettings, seed: int, chance: random.Random
) -> None:
    score, candidates = MadeScores(given_settings, seed), list_candidates(given_settings)
    whole = SearchRace(given_settings, candidates)
    while not whole.is_over:
        whole.take([ended(key, score(*key)) for key in whole.view().wanted])
    fits: list[FitResult] = []
    runner = SearchRace(given_settings, candidates)
    while not runner.is_over:
        wanted = list(runner.view().wanted)
        chance.shuffle(wanted)
        new = [ended(key, score(*key)) for key in wanted[: 1 + chance.randrange(len(wanted))]]
        runner.take(new)
        fits += new
        if chance.random() < 0.3:
            runner = SearchRace(given_settings, candidates)
            runner.take(chance.sample(fits, len(fits)))
    assert runner.view() == whole.view()
    reader = SearchRace(given_settings, candidates)
    for fit in chance.sample(fits, len(fits)):
        reader.take([fit])
    assert reader.view() == whole.view()


def test_fits_that_no_round_wanted_change_nothing() -> None:
    given_settings = SizeSettings(neurons="auto", cv=5, grid=(("alpha", (0.1, 0.01)),), repeats=2)
    candidates, score = list_candidates(given_settings), MadeScores(given_settings, 3)
    wanted_alone, all_fits = SearchRace(given_settings, candidates), SearchRace(given_settings, candidates)
    while wanted := wanted_alone.view().wanted:
        wanted_alone.take([ended(key, score(*key)) for key in wanted])
    keys = [(one.number, split) for one in candidates for split in range(given_settings.splits)]
    all_fits.take([ended(key, score(*key)) for key in keys])
    assert all_fits.view().race == wanted_alone.view().race


def clear_scores(given_settings: SizeSettings, good: float) -> Fits:
    """Scores of a grid of alphas, of which one is better; every fold is a bit different."""
    return {
        (one.number, split): 0.9 - 0.1 / sum(one.hidden_layer_sizes) - 0.05 * (dict(one.parameters)["alpha"] != good)
        + 0.002 * (split % given_settings.cv) + 0.0005 * ((one.number * 7 + split * 3) % 5)
        for one in list_candidates(given_settings)
        for split in range(given_settings.splits)
    }  # fmt: skip


@pytest.mark.parametrize("neurons", ["auto", "2,4,8,16,32,64"])
def test_a_combination_that_is_clearly_behind_is_dropped_as_a_whole(neurons: str) -> None:
    given_settings = SizeSettings(neurons=neurons, race=True, grid=(("alpha", (1.0, 0.1, 0.01)),))
    candidates, scores = list_candidates(given_settings), clear_scores(given_settings, 0.1)
    runner = SearchRace(given_settings, candidates)
    while wanted := runner.view().wanted:
        runner.take([ended(key, scores[key]) for key in wanted])
    view = runner.view()
    assert view.recommended is not None
    assert candidates[view.recommended].parameters == (("alpha", 0.1),)
    assert view.race.decision is not None
    assert view.race.decision.combinations_left == 1
    of_others = [number for number in view.tried if candidates[number].parameters != (("alpha", 0.1),)]
    assert all(view.dropped[number].folds == 2 for number in of_others)
    assert not set(of_others) & set(view.compared)
    assert view.total < given_settings.total_steps / 2


def test_repeats_count_as_one_score_by_their_mean() -> None:
    given_settings = SizeSettings(neurons="2,4,8,16", race=True, cv=3, repeats=2)
    once = replace(given_settings, repeats=1)
    candidates, score = list_candidates(once), MadeScores(once, 1)
    apart, alike = SearchRace(given_settings, candidates), SearchRace(once, candidates)
    while wanted := apart.view().wanted:
        fits = {key: 0.5 * round(128 * (score(key[0], key[1] % 3) or 0.0)) / 64 for key in wanted}
        apart.take([ended(key, value + (0.125 if key[1] >= 3 else -0.125)) for key, value in fits.items()])
        alike.take([ended(key, value) for key, value in fits.items() if key[1] < 3])
    assert apart.view().race == alike.view().race
    assert apart.view().total == 2 * alike.view().total


def test_a_race_over_many_candidates_is_followed_in_little_time() -> None:
    def seconds(sizes: int) -> float:
        given_settings = SizeSettings(neurons=f"1:{sizes + 1}", race=True)
        candidates = list_candidates(given_settings)
        fits = [
            ended((one.number, split), 0.9 - 0.1 / one.hidden_layer_sizes[0] + 0.001 * (one.number * 7 % 13) * split)
            for one in candidates
            for split in range(given_settings.splits)
        ]
        began = time.process_time()
        runner = SearchRace(given_settings, candidates)
        for fit in fits:
            runner.take([fit])
        assert runner.is_over
        return time.process_time() - began

    seconds(300)  # loads NumPy
    # Four times the sizes need about four times as long; sixteen times would be the square.
    assert seconds(4000) < 10 * min(seconds(1000) for _ in range(3))

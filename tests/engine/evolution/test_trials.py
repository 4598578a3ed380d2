"""Trials: every mutation, crossover and repair against slow reference code, and the chances behind them."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chisquare

from nnsize_engine.evolution.ask_tell import Population, ask, empty_trials, fill_trials, first_population, propose
from nnsize_engine.evolution.bounds import Bounds
from nnsize_engine.evolution.population import fill_part
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import DIFFERENTIAL_STRATEGIES, min_members
from nnsize_engine.settings.validate import MAX_SEED
from support.minimise import box
from support.reference_evolution import FIRST, SAMPLES, WEIGHTS, Situation, Stream, output, split_mix

Floats = NDArray[Any]

ORDERED_AS_IN_SCIPY = ("best1", "rand1", "currenttobest1")
"""Mutations whose sums are in SciPy's order, so that every bit is equal."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A generation to make trials for."""

    settings: EvolutionSettings
    population: Population
    space: Bounds

    def __repr__(self) -> str:
        return f"Case({self.settings}, {self.population}, {self.space})"

    @property
    def situation(self) -> Situation:
        """The same for the reference."""
        given, now = self.settings, self.population
        return Situation(
            strategy=given.strategy,
            seed=given.seed,
            generation=now.generation + 1,
            parents=now.members,
            losses=now.losses,
            archive=now.archive[: now.archived],
            low=self.space.low,
            high=self.space.high,
            means=now.means,
            mutation=given.mutation_range,
            recombination=0.7 if given.recombination is None else given.recombination,
            p_best=given.p_best,
        )


@st.composite
def cases(draw: st.DrawFn, names: tuple[str, ...] = DIFFERENTIAL_STRATEGIES) -> Case:
    strategy = draw(st.sampled_from(names))
    count = draw(st.integers(min_members(strategy), 25))
    weights = draw(st.integers(1, 12))
    least, most = sorted(draw(st.tuples(st.floats(0, 1.99), st.floats(0, 1.99))))
    is_adaptive = strategy in ("jade", "shade", "lshade")
    given = EvolutionSettings(
        strategy=strategy,
        members=count,
        mutation=None if is_adaptive else (least, most),
        recombination=None if is_adaptive else draw(st.sampled_from([0.0, 1.0]) | st.floats(0, 1)),
        p_best=draw(st.none() | st.floats(0.01, 1)),
        archive=draw(st.sampled_from([0.0, 0.5, 2.0])),
        memory=draw(st.integers(1, 6)),
        seed=draw(st.integers(0, MAX_SEED)),
        precision=draw(st.sampled_from(["float64", "float32"])),
    )
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    middle, reach = random.normal(scale=3, size=weights), random.lognormal(size=weights)
    space = box(middle - reach, middle + reach, given.precision)
    places = random.beta(draw(st.sampled_from([0.2, 1.0])), 1.0, size=(count, weights))
    members = np.clip((space.low + (space.high - space.low) * places).astype(given.precision), space.low, space.high)
    population = first_population(members, given)
    room = len(population.archive)
    population.archive[:] = members[random.integers(0, count, room)] * noise(random, room, members)
    return Case(
        settings=given,
        space=space,
        population=replace(
            population,
            generation=draw(st.integers(0, 10**6)),
            losses=random.choice([0.1, 0.2, 0.3, np.inf], size=count),
            archived=draw(st.integers(0, room)),
            means=random.uniform(0.01, 1, size=population.means.shape),
        ),
    )


def noise(random: np.random.Generator, rows: int, members: Floats) -> Floats:
    """Noise that makes archived parents differ from members."""
    return random.uniform(0.5, 1, size=(rows, members.shape[1])).astype(members.dtype)


# Random numbers ------------------------------------------------------------------------------------------------------


def test_the_reference_generator_is_split_mix_as_published() -> None:
    """Numbers of Rosetta Code's task "Pseudo-random numbers/Splitmix64", and the well-known first ones of seed 0."""
    state, found = 1234567, []
    for _ in range(5):
        state, word = split_mix(state)
        found.append(word)
    assert found == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [output(0, place) for place in range(3)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    state, counts = 987654321, [0] * 5
    for _ in range(100_000):
        state, word = split_mix(state)
        counts[word * 5 >> 64] += 1
    assert counts == [20027, 19892, 20073, 19978, 20030]


@given(st.integers(0, MAX_SEED), st.integers(0, 10_000), st.integers(0, 10_000))
@settings(max_examples=50, deadline=None)
def test_compiled_streams_are_those_of_whole_numbers_in_python(seed: int, restart: int, first: int) -> None:
    given = EvolutionSettings(seed=seed, init="random", precision="float64")
    members = np.empty((first + 3, 4))
    fill_part(given, box(np.zeros(4), np.ones(4)), restart, (first, first + 3), members)
    for member in range(first, first + 3):
        stream = Stream(seed, FIRST, restart, member)
        assert members[member].tolist() == [stream.uniform(weight) for weight in range(4)]


# Trials --------------------------------------------------------------------------------------------------------------


@given(cases())
@settings(max_examples=250, deadline=None)
def test_every_trial_is_the_references_and_within_its_bounds(case: Case) -> None:
    """To the last bit where the order of operations is SciPy's; otherwise to a few roundings of its terms.

    Adaptive strategies draw with logarithms and tangents, whose last bit is the mathematical library's.
    """
    trials = ask(case.population, case.space, case.settings)
    situation, low, high = case.situation, case.space.low, case.space.high
    is_exact = case.settings.strategy[:-3] in ORDERED_AS_IN_SCIPY
    terms = 40 * max(np.abs(low).max(), np.abs(high).max())
    tolerance = 0.0 if is_exact else float(np.finfo(trials.members.dtype).eps * terms)
    assert (trials.members >= low).all()
    assert (trials.members <= high).all()
    for member, found in enumerate(trials.members):
        expected, mutant, scale, rate = situation.trial(member)
        if situation.is_adaptive:
            np.testing.assert_allclose(trials.factors[member], (scale, rate), rtol=1e-13, atol=1e-15)
        else:
            assert trials.factors[member].tolist() == [scale, rate]
        # So near a bound, rounding decides whether a weight has left it.
        is_doubtful = np.minimum(np.abs(mutant - low), np.abs(mutant - high)) < tolerance
        is_equal = np.abs(found - expected) <= tolerance
        assert (is_equal | is_doubtful).all(), (member, found, expected)


@given(cases(), st.data())
@settings(max_examples=60, deadline=None)
def test_trials_made_in_any_parts_and_order_are_the_same(case: Case, data: st.DataObject) -> None:
    whole = ask(case.population, case.space, case.settings)
    count = len(case.population.members)
    cuts = sorted({0, count, *data.draw(st.lists(st.integers(0, count)))})
    parts = data.draw(st.permutations(list(pairwise(cuts))))
    trials = empty_trials(case.population.members)
    for begin, end in parts:
        proposal = propose(case.population, case.space, case.settings)
        fill_trials(proposal, begin, trials.members[begin:end], trials.factors[begin:end])
    assert trials.members.tobytes() == whole.members.tobytes()
    assert trials.factors.tobytes() == whole.factors.tobytes()


def one_hot(strategy: str, count: int, **given: Any) -> Case:
    """Members that are unit vectors: where a mutant has which number tells what it was made of."""
    values = EvolutionSettings(strategy=strategy, members=count, precision="float64", **given)
    population = first_population(np.eye(count), values)
    losses = np.arange(count, 0, -1.0)  # the last is the best
    space = box(np.full(count, -9.0), np.full(count, 9.0))
    return Case(settings=values, population=replace(population, losses=losses), space=space)


@pytest.mark.parametrize("mutation", SAMPLES)
def test_samples_are_distinct_never_the_parent_and_each_as_likely(mutation: str) -> None:
    count, drawn, scale = 7, SAMPLES[mutation], 0.3
    case = one_hot(f"{mutation}bin", count, mutation=scale, recombination=1.0)
    offset = {"best1": np.eye(count)[-1], "best2": np.eye(count)[-1], "randtobest1": scale * np.eye(count)[-1]}
    counts: dict[float, NDArray[np.int64]] = {}
    for generation in range(400):
        population = replace(case.population, generation=generation)
        for member, trial in enumerate(ask(population, case.space, case.settings).members):
            rest = trial - offset.get(mutation, 0)
            if mutation == "currenttobest1":
                rest -= np.eye(count)[member] * (1 - scale) + scale * np.eye(count)[-1]
            is_sample = np.abs(rest) > 1e-9
            assert is_sample.sum() == drawn  # a member drawn twice would leave a gap
            assert not is_sample[member]
            for sample in np.flatnonzero(is_sample):
                factor = round(float(rest[sample]), 6)
                counts.setdefault(factor, np.zeros((count, count), dtype=np.int64))[member, sample] += 1
    for of_factor in counts.values():
        assert chisquare(of_factor[~np.eye(count, dtype=bool)]).pvalue > 1e-3


def test_current_to_pbest_samples_the_best_any_other_member_and_the_archive_alike() -> None:
    count, scale = 8, 0.3
    case = one_hot("currenttopbest1bin", count, mutation=scale, recombination=1.0, p_best=0.4)
    # Archived parents are unit vectors too, in weights that no member has.
    space = box(np.full(count + 3, -9.0), np.full(count + 3, 9.0))
    archive = np.eye(count + 3)[count:]
    best, near, away = np.zeros(count), np.zeros((count, count)), np.zeros((count, count + 3))
    for generation in range(600):
        population = replace(
            case.population,
            generation=generation,
            members=np.eye(count + 3)[:count],
            archive=archive,
            archived=2,
        )
        for member, trial in enumerate(ask(population, space, case.settings).members):
            rest = (trial - np.eye(count + 3)[member]) / scale
            rest[member] += 1
            negative = np.flatnonzero(rest < -0.5)
            assert len(negative) <= 1
            # The best and the near one may be the same member, or the best one and that which is taken off.
            for number in range(count):
                near[member, number] += np.isclose(rest[number], 1) and number < 5
            if len(negative):
                away[member, negative[0]] += 1
            if rest[5:8].max() > 1.5:
                best[np.argmax(rest[:8])] += 1
    others = ~np.eye(count, dtype=bool)
    assert not near[~others].any()
    assert not away[:, :count][~others].any()
    assert not away[:, -1].any()  # there is room for it, but nothing in it
    assert set(np.flatnonzero(best)) == {5, 6, 7}  # three of eight are 0.4
    assert chisquare(best[5:8]).pvalue > 1e-3
    never_best = away[:5, [0, 1, 2, 3, 4, 8, 9]][np.column_stack([others[:5, :5], np.ones((5, 2), dtype=bool)])]
    assert chisquare(never_best).pvalue > 1e-3
    assert chisquare(near[:5, :5][others[:5, :5]]).pvalue > 1e-3


# Crossover and repair ------------------------------------------------------------------------------------------------


def many(strategy: str, **given: Any) -> tuple[Case, NDArray[np.bool_], Floats]:
    """20,000 trials, which of their weights differ from the parents', and the trials."""
    random = np.random.default_rng(0)
    values = EvolutionSettings(strategy=strategy, members=20_000, precision="float64", seed=1, **given)
    space = box(np.full(9, -1.0), np.full(9, 1.0))
    case = Case(
        settings=values, population=first_population(random.uniform(-1, 1, size=(20_000, 9)), values), space=space
    )
    trials = ask(case.population, space, values).members
    return case, trials != case.population.members, trials


@pytest.mark.parametrize("rate", [0.3, 0.7, 0.95])
def test_exponential_crossover_takes_runs_of_geometric_length_from_anywhere(rate: float) -> None:
    _, is_mutant, _ = many("best1exp", recombination=rate)
    weights = is_mutant.shape[1]
    lengths = is_mutant.sum(axis=1)
    starts = is_mutant & ~np.roll(is_mutant, 1, axis=1)
    assert (starts.sum(axis=1)[lengths < weights] == 1).all()  # one run each, around the end
    chances = rate ** np.arange(weights) * np.append(np.full(weights - 1, 1 - rate), 1.0)
    assert chisquare(np.bincount(lengths, minlength=weights + 1)[1:], chances * len(lengths)).pvalue > 1e-3
    assert chisquare(starts[lengths < weights].sum(axis=0)).pvalue > 1e-3


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.7, 1.0])
def test_binomial_crossover_takes_every_weight_with_the_same_chance_and_one_surely(rate: float) -> None:
    from scipy.stats import binom

    _, is_mutant, _ = many("best1bin", recombination=rate)
    weights = is_mutant.shape[1]
    taken = np.bincount(is_mutant.sum(axis=1), minlength=weights + 1)
    chances = np.append(0.0, binom.pmf(np.arange(weights), weights - 1, rate))
    is_possible = chances > 0
    assert not taken[~is_possible].any()
    if 0 < rate < 1:
        assert chisquare(taken[is_possible], chances[is_possible] * taken.sum()).pvalue > 1e-3
        assert chisquare(is_mutant.sum(axis=0)).pvalue > 1e-3


@pytest.mark.parametrize("strategy", ["rand1bin", "rand1exp"])
def test_weights_that_left_their_bounds_are_drawn_anew_uniformly(strategy: str) -> None:
    case, is_mutant, trials = many(strategy, mutation=1.9, recombination=0.9)
    situation = case.situation
    redrawn: list[float] = []
    for member in range(1000):
        _, mutant, _, _ = situation.trial(member)
        redrawn.extend(trials[member][is_mutant[member] & (np.abs(mutant) > 1)])
    counts, _ = np.histogram(redrawn, bins=20, range=(-1, 1))
    assert counts.sum() > 3000
    assert chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize(("strategy", "seed", "member"), [("rand1bin", 2238, 62), ("rand1exp", 22440, 27)])
def test_bounds_hold_also_where_the_largest_number_is_drawn_between_them(strategy: str, seed: int, member: int) -> None:
    """This trial draws almost 1, and in float32 the width of this box is rounded up by half its upper bound."""
    given = EvolutionSettings(strategy=strategy, members=64, seed=seed, mutation=1.99, recombination=1.0)
    space = box(np.full(100, -1000.0), np.full(100, 4e-5), "float32")
    # At the bounds, so that most mutants leave them; with this seed the one concerned does.
    places = np.random.default_rng(3).integers(0, 2, size=(64, 100))
    trials = ask(first_population(np.where(places == 0, space.low, space.high), given), space, given).members
    assert (trials <= space.high).all()
    width = space.high - space.low
    numbers = [Stream(seed, WEIGHTS, 1, member).word(weight) for weight in range(100)]
    drawn = [word % 2**32 / 2**32 if strategy == "rand1bin" else (word >> 11) / 2**53 for word in numbers]
    assert np.float32(space.low[0] + width[0] * max(drawn)) > space.high[0]

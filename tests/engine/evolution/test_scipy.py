"""Acceptance: with SciPy's strategies the algorithm is that of ``scipy.optimize.differential_evolution``.

Random numbers differ, so results are compared as samples. Functions of 10 dimensions, every strategy, 30 seeds each,
20 members: the smallest value, the spread of the last population and, where populations converge, the generation in
which they do. Each of these comparisons is a two-sided Mann-Whitney test; Holm's correction keeps the chance of one
false alarm among all of them at 1 %. Fisher's method puts together what is too small to show in one of them.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import combine_pvalues, mannwhitneyu

from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import SCIPY_STRATEGIES
from support.minimise import box, minimise
from support.reference_evolution import FUNCTIONS, evolve_with_scipy

Sample = NDArray[np.float64]
"""Smallest value, spread and generations of each seed, shape (seeds, 3)."""

DIMENSIONS, SEEDS, POPSIZE = 10, 30, 2
GENERATIONS = {"rosenbrock": 50, "rastrigin": 30, "ackley": 30}
TOLERANCES = {"rosenbrock": 0.3, "rastrigin": 0.0, "ackley": 0.0}
LEVEL = 0.01


def seeds_of(function: str, strategy: str, count: int) -> range:
    """Others for each pair: with the same ones first populations would be alike, and their samples not independent."""
    first = 1000 * (SCIPY_STRATEGIES.index(strategy) + 100 * list(FUNCTIONS).index(function))
    return range(first, first + count)


def ours(function: str, strategy: str, *, seeds: int = SEEDS, popsize: int = POPSIZE, **given: Any) -> Sample:
    """With SciPy's defaults but for what is given."""
    minimised, reach = FUNCTIONS[function]
    values = EvolutionSettings(
        strategy=strategy,
        members=popsize * DIMENSIONS,
        **{"generations": GENERATIONS[function], "tol": TOLERANCES[function], "precision": "float64", **given},
    )
    space = box(np.full(DIMENSIONS, -reach), np.full(DIMENSIONS, reach))
    found = [minimise(minimised, space, replace(values, seed=seed)) for seed in seeds_of(function, strategy, seeds)]
    return np.array([(last.losses.min(), last.losses.std(), last.generation) for last in found])


def theirs(function: str, strategy: str, *, seeds: int = SEEDS, popsize: int = POPSIZE, **given: Any) -> Sample:
    minimised, reach = FUNCTIONS[function]
    values = {"maxiter": GENERATIONS[function], "tol": TOLERANCES[function], **given}
    found = [
        evolve_with_scipy(minimised, reach, DIMENSIONS, strategy=strategy, popsize=popsize, rng=seed, **values)
        for seed in seeds_of(function, strategy, seeds)
    ]
    return np.array([(last.fun, np.std(last.population_energies), last.nit) for last in found])


Samples = dict[tuple[str, str], Sample]


def chances(one: Samples, other: Samples, aspect: int) -> list[float]:
    """For each strategy and function the chance of such a difference, or a larger one, between equal algorithms."""
    return [
        float(mannwhitneyu(sample[:, aspect], other[pair][:, aspect]).pvalue)
        for pair, sample in one.items()
        if np.ptp(np.concatenate([sample[:, aspect], other[pair][:, aspect]])) > 0
    ]


def survives_holm(found: list[float]) -> bool:
    """Whether no chance is too small, at the level of all of them together."""
    return all(chance * (len(found) - rank) > LEVEL for rank, chance in enumerate(sorted(found)))


@pytest.fixture(scope="module")
def samples() -> tuple[Samples, Samples]:
    pairs = [(function, strategy) for function in FUNCTIONS for strategy in SCIPY_STRATEGIES]
    return {pair: ours(*pair) for pair in pairs}, {pair: theirs(*pair) for pair in pairs}


def test_in_the_compatible_mode_the_algorithm_is_scipys(samples: tuple[Samples, Samples]) -> None:
    values, spreads, generations = (chances(*samples, aspect) for aspect in range(3))
    assert (len(values), len(spreads)) == (36, 36)
    assert len(generations) >= 9  # some strategies never converge so early
    assert survives_holm([*values, *spreads, *generations])
    for independent in (values, spreads, generations):
        assert combine_pvalues(independent).pvalue > LEVEL / 3


WRONG = [
    (wrong, f"{right}{crossover}")
    for wrong, right in (("rand1", "best1"), ("best2", "best1"), ("rand1", "currenttobest1"))
    for crossover in ("bin", "exp")
]


@pytest.mark.parametrize(("mutation", "strategy"), [*WRONG, ("rand2", "best2bin")])
def test_another_mutation_would_be_noticed(mutation: str, strategy: str, samples: tuple[Samples, Samples]) -> None:
    """Even in one pair of samples and after the correction for all of them."""
    us, them = samples
    wrong = {("ackley", strategy): us["ackley", f"{mutation}{strategy[-3:]}"]}
    assert not survives_holm([*chances(wrong, them, 0), *chances(wrong, them, 1), *[1.0] * 82])


@pytest.mark.parametrize("wrong", [{"mutation": 0.75}, {"recombination": 0.55}])
def test_no_dithering_or_a_lower_crossover_rate_would_be_noticed(
    wrong: dict[str, Any], samples: tuple[Samples, Samples]
) -> None:
    them = {pair: sample for pair, sample in samples[1].items() if pair[0] == "rosenbrock"}
    us = {pair: ours(*pair, **wrong) for pair in them}
    assert combine_pvalues(chances(us, them, 1)).pvalue < LEVEL / 3

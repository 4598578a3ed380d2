"""How long an evolution takes, expected from generations computed for a moment."""

from dataclasses import replace
from math import floor, log

import pytest

from nnsize_engine.errors import DataError
from nnsize_engine.evolution.estimate import measure_evolution
from nnsize_engine.preflight.client import estimate
from nnsize_engine.results.estimates import EvolutionEstimate
from nnsize_engine.settings.budget import MAX_GENERATIONS, Plan
from nnsize_engine.settings.evolution import EvolutionSettings

IRIS = EvolutionSettings(data="iris", layers="2", members=12, generations=9)
MEASURED = EvolutionEstimate(
    members=12, first_seconds=0.5, member_seconds=0.25, load_seconds=3.0, gradient_seconds=1.0, workers=2
)


def test_an_evolution_costs_its_start_its_first_population_and_its_trials() -> None:
    assert MEASURED.seconds(IRIS) == pytest.approx(3.0 + 1.0 + 12 * 0.5 + 12 * 9 * 0.25)
    assert MEASURED.seconds(replace(IRIS, generations=0)) == pytest.approx(10.0)


def test_a_shrinking_population_costs_less() -> None:
    shrinking = replace(IRIS, strategy="lshade")
    # 12, then trials of 12, 10, 9, ... members, down to 4 for the last of nine generations.
    counts, evaluations = [12], 12
    while len(counts) < 10:
        evaluations += counts[-1]
        counts.append(max(4, floor(12 - 8 * evaluations / (10 * 8 / log(3)) + 0.5)))
    assert counts[-2:] == [4, 4]
    assert shrinking.plan(12) == Plan(generations=9, evaluations=evaluations)
    assert IRIS.plan(12) == Plan(generations=9, evaluations=120)


def test_evaluations_that_are_not_exceeded_limit_the_generations() -> None:
    assert replace(IRIS, evaluations=119).plan(12) == Plan(generations=8, evaluations=108)
    assert replace(IRIS, generations=None, evaluations=5999).plan(12) == Plan(generations=498, evaluations=5988)
    batches = replace(IRIS, generations=None, evaluations=1000, batch_size=10, batch_generations=4)
    # Parents are evaluated again for generations 5, 9, 13 and so on: five times in four generations.
    assert batches.plan(12).generations == next(
        count - 1 for count in range(1, 99) if 12 * (count + 1 + (count - 1) // 4) > 1000
    )
    assert replace(IRIS, generations=None, seconds=2.0).plan(12).generations == MAX_GENERATIONS
    assert replace(IRIS, generations=None).plan(12).generations == 10


def test_seconds_limit_the_estimate() -> None:
    assert MEASURED.seconds(replace(IRIS, seconds=5.0)) == pytest.approx(3.0 + 1.0 + 5.0)


def test_generations_are_measured_with_as_many_members_as_there_will_be() -> None:
    found = measure_evolution(IRIS)
    assert found.members == 12
    assert min(found.first_seconds, found.member_seconds, found.load_seconds, found.gradient_seconds) > 0


def test_a_large_population_is_judged_by_a_smaller_one() -> None:
    found = measure_evolution(replace(IRIS, members=50_000_000, reference=False))
    assert 64 <= found.members < 50_000_000
    assert found.gradient_seconds == 0


def test_the_answer_comes_from_another_process() -> None:
    found = estimate(replace(IRIS, reference=False))
    assert isinstance(found, EvolutionEstimate)
    assert found.members == 12


def test_settings_that_the_data_does_not_allow_are_refused() -> None:
    with pytest.raises(DataError, match="validation-fraction"):
        measure_evolution(replace(IRIS, validation_fraction=0.01))

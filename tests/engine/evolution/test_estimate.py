"""How long an evolution takes, expected from generations computed for a moment."""

from dataclasses import replace

import pytest

from nnsize_engine.errors import DataError
from nnsize_engine.evolution.estimate import measure_evolution
from nnsize_engine.preflight.client import estimate
from nnsize_engine.results.estimates import EvolutionEstimate
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
    # 12, then trials of 12, 11, 10, 9, ... members, down to 4 after the last of nine generations.
    assert shrinking.evaluations(12) == 12 + 12 * 9 - 8 * 8 // 2
    assert IRIS.evaluations(12) == 120


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

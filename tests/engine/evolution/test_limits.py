"""What ends an evolution: generations, evaluations or seconds, whichever comes first."""

import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from nnsize_engine.data.split import load_split
from nnsize_engine.evolution.evolve import Evolution, EvolutionState
from nnsize_engine.evolution.problem import make_problem
from nnsize_engine.processes.parallel import ThreadPool
from nnsize_engine.results.records import GenerationResult
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import FAMILIES

STRATEGIES = ("best1bin", "shade", "lshade", *FAMILIES)


def settings_of(**given: Any) -> EvolutionSettings:
    usual: dict[str, Any] = {"data": "iris", "layers": "3", "tol": 0.0, "init": "glorot", "fitness": "log_loss"}
    if given.get("strategy") not in FAMILIES:
        usual["members"] = 12
    return EvolutionSettings(**(usual | given))


def evolved(
    settings: EvolutionSettings, state: EvolutionState | None = None
) -> tuple[Evolution, list[GenerationResult]]:
    evolution, found = Evolution(make_problem(settings, load_split(settings)), state, lambda _: None), []
    with ThreadPool(1) as pool:
        while evolution.reason_to_end is None:
            found.append(evolution.next_generation(pool, threading.Event()))
    return evolution, found


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("more", [{}, {"batch_size": 40, "batch_generations": 2}, {"restart_after": 2}])
def test_evaluations_are_used_up_and_not_exceeded(strategy: str, more: dict[str, Any]) -> None:
    settings = settings_of(strategy=strategy, evaluations=500, **more)
    evolution, found = evolved(settings)
    assert evolution.reason_to_end == "another generation would exceed 500 evaluations"
    spent = found[-1].evaluations - found[-2].evaluations
    assert 498 - 2 * max(spent, found[-1].members) <= found[-1].evaluations <= 500
    if not more:
        assert found[-1].number == settings.total_steps
        assert found[-1].evaluations == settings.plan(settings.member_count).evaluations


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_comes_first_ends_it(strategy: str) -> None:
    evolution, found = evolved(settings_of(strategy=strategy, evaluations=100_000, generations=3, seconds=1e6))
    assert (len(found), evolution.reason_to_end) == (4, "all 3 generations are done")
    evolution, found = evolved(settings_of(strategy=strategy, evaluations=10**9, seconds=0.05))
    assert evolution.reason_to_end == "0.05 seconds of computing are over"
    assert found[-2].elapsed < 0.05 <= found[-1].elapsed if len(found) > 1 else found[-1].elapsed >= 0.05


def test_seconds_count_computing_also_before_a_pause() -> None:
    settings = settings_of(strategy="best1bin", seconds=0.3)
    evolution, found = evolved(replace(settings, seconds=0.1))
    time.sleep(0.4)
    again, more = evolved(settings, evolution.state)
    assert more, "the pause does not count"
    assert more[0].elapsed < 0.3
    assert again.state is not None
    assert again.state.elapsed >= 0.3 > more[-2].elapsed
    assert more[0].elapsed > found[-1].elapsed


def test_generations_that_are_not_given_are_ten_or_as_many_as_the_other_limits_allow() -> None:
    assert EvolutionSettings().generations == 10
    assert settings_of(evaluations=120).total_steps == 9
    assert settings_of(evaluations=120).generations is None
    assert settings_of(evaluations=12).total_steps == 0

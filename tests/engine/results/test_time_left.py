"""How long it still takes."""

from dataclasses import replace

import pytest

from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.results.statistics import CandidateSummary, summarise_all
from nnsize_engine.results.time_left import remaining_of_generations, remaining_seconds
from support.made_runs import made_generation


def _summaries(seconds: dict[int, list[float]], candidates: int, folds: int) -> list[CandidateSummary]:
    networks = [Candidate(number=i, hidden_layer_sizes=(i + 1,), weights=100 * (i + 1)) for i in range(candidates)]
    fits = [
        FitResult(
            candidate=number, fold=fold, test_score=0.5, train_score=0.5, fit_seconds=time, score_seconds=0,
            iterations=1, has_converged=True,
        )
        for number, times in seconds.items()
        for fold, time in enumerate(times)
    ]  # fmt: skip
    return summarise_all(networks, fits, folds)


def test_nothing_is_promised_before_the_first_fit() -> None:
    assert remaining_seconds(_summaries({}, 3, 2), 2) is None


def test_larger_networks_are_expected_to_take_longer_along_a_line() -> None:
    # 1 s and 2 s for 100 and 200 weights: 3 s for 300. Left: 1 + 2 + 2 x 3 seconds, on two workers.
    assert remaining_seconds(_summaries({0: [1.0], 1: [2.0]}, 3, 2), 2) == pytest.approx(4.5)


def test_after_the_last_fit_there_is_nothing_to_expect() -> None:
    assert remaining_seconds(_summaries({0: [1.0, 1.0]}, 1, 2), 2) is None


def test_generations_to_come_take_as_long_as_the_last_ones() -> None:
    slow = [replace(made_generation(number), seconds=9.0) for number in range(20)]
    recent = [replace(made_generation(number), seconds=2.0) for number in range(20, 40)]
    assert remaining_of_generations([], 100) is None
    assert remaining_of_generations(slow, 100) == pytest.approx(81 * 9.0)
    assert remaining_of_generations(slow + recent, 100) == pytest.approx(61 * 2.0)
    assert remaining_of_generations(slow + recent, 39) is None

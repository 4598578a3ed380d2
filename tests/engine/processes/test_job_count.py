"""The number of workers that a number of jobs means equals joblib's."""

from typing import Any

import joblib
import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.processes.job_count import job_count
from nnsize_engine.processes.parallel import worker_count
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.population_memory import needed_bytes
from nnsize_engine.settings.search import SizeSettings


@pytest.mark.parametrize("jobs", [1, 2, 7, -1, -2, -3, -100])
def test_jobs_count_as_in_joblib(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert worker_count(jobs) == joblib.effective_n_jobs(jobs)
    monkeypatch.setattr("joblib.cpu_count", lambda: 8)
    assert worker_count(jobs) == job_count(jobs, 8) == (jobs if jobs > 0 else max(1, 9 + jobs))
    assert worker_count(None) == 8


@pytest.mark.parametrize("make", [SizeSettings, EvolutionSettings])
@pytest.mark.parametrize("jobs", [0, -1025, 1025, True, 1.0, "2"])
def test_other_numbers_of_jobs_are_refused(make: Any, jobs: object) -> None:
    with pytest.raises(SettingsError, match="or -1 for all processors, -2 for all but one") as caught:
        make(jobs=jobs)
    assert caught.value.field == "jobs"


def test_the_memory_of_an_evolution_counts_the_threads_that_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    all_but_one, seven = (needed_bytes(EvolutionSettings(jobs=jobs)) for jobs in (-2, 7))
    assert all_but_one == seven
    assert needed_bytes(EvolutionSettings(jobs=-1)) == needed_bytes(EvolutionSettings())

"""Whole runs whose workers and scheduler are killed at random moments: the rows of one machine, each computed once."""

import random
from pathlib import Path

import pytest

from campaign import cluster_kills
from campaign.cluster_kills import kill_parts
from campaign.whole_runs import FOLDER_VARIABLE
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.search import SizeSettings

SEARCH = SizeSettings(
    data="breast_cancer",
    neurons="20:30",
    cv=2,
    references=False,
    network=NetworkParameters(max_iter=1000, tol=0, n_iter_no_change=1000),
)

EVOLUTION = EvolutionSettings(
    data="breast_cancer",
    layers="16",
    strategy="shade",
    members=60,
    generations=120,
    tol=0,
    batch_size=200,
    batch_generations=7,
    reference=False,
)


@pytest.mark.parametrize("settings", [SEARCH, EVOLUTION], ids=["search", "evolution"])
def test_kills_at_random_moments_change_no_bit_and_repeat_nothing_finished(
    settings: StartedSettings, run_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    del run_home
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(cluster_kills, "MAX_WORK_SECONDS", 0.5)
    found = kill_parts(random.Random(1), tmp_path, settings, 3)
    assert found.failures == ()
    assert found.workers + found.schedulers >= 1

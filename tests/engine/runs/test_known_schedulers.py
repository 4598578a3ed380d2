"""A scheduler that only a run folder or a settings file names is not connected to."""

from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.errors import RunError
from nnsize_engine.runs import launch
from nnsize_engine.runs.change_cluster import change_cluster
from nnsize_engine.runs.known_schedulers import is_known, remember_scheduler
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.search import SizeSettings
from support.commands import nnsize_here
from support.made_runs import SMALL, made_run

THEIRS = ClusterSettings(where="tcp://192.0.2.7:8786")

OURS = ClusterSettings(where="tcp://127.0.0.1:8786")


def test_a_run_of_somebody_else_does_not_connect_to_their_scheduler(run_home: Path) -> None:
    folder = made_run(run_home, "bagote", replace(SMALL, cluster=THEIRS), state="stopped", fits=3)
    remember_scheduler(OURS)
    with pytest.raises(RunError, match=r"which you have not named before .* nnsize resume bagote --cluster none"):
        launch.resume(folder)
    change_cluster(folder, THEIRS)
    assert is_known(THEIRS)
    assert (run_home / ".schedulers").stat().st_mode & 0o077 == 0


def test_a_settings_file_of_somebody_else_does_not_either(run_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "theirs.toml"
    file.write_text('cluster = "tcp://192.0.2.7:8786"\n')
    ended = nnsize_here("size", "--config", str(file))
    assert (ended.returncode, "if it is yours add --cluster tcp://192.0.2.7:8786" in ended.stderr) == (2, True)
    assert not run_home.exists() or not [path for path in run_home.iterdir() if path.is_dir()]


@pytest.mark.parametrize("where", ["local:2", "slurm"])
def test_clusters_that_this_user_starts_need_no_name(run_home: Path, where: str) -> None:
    del run_home
    assert is_known(ClusterSettings(where=where))
    assert is_known(SizeSettings().cluster)

"""``--cluster`` on the command line: completed by the shell, refused without Dask, taken from the user's file."""

import importlib.util
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.runs import launch
from nnsize_engine.settings.cluster import QUEUES
from nnsize_engine.settings.run import RunSettings
from nnsize_tui.commands import cli
from support.commands import nnsize_here
from support.made_runs import made_run


def completions(command: str, typed: str) -> list[tuple[str, str]]:
    """Return the type and the text of each completion of ``--cluster`` in a command."""
    found = BashComplete(cli, {}, "nnsize", "_NNSIZE_COMPLETE").get_completions([*command.split(), "--cluster"], typed)
    return [(item.type, item.value) for item in found]


@pytest.mark.parametrize("command", ["size iris", "evolve iris", "resume last"])
@pytest.mark.parametrize(
    ("typed", "names"),
    [("", ["none", "local:2", *QUEUES, "tcp://", "tls://"]), ("s", ["slurm", "sge"]), ("t", ["tcp://", "tls://"])],
)
def test_the_shell_completes_clusters(command: str, typed: str, names: list[str]) -> None:
    assert completions(command, typed) == [("plain", name) for name in names]


def test_the_shell_completes_scheduler_files_else() -> None:
    assert completions("size iris", "~/sched") == [("file", "~/sched")]


@pytest.mark.parametrize("command", ["size iris --neurons 4", "evolve iris --layers 4", "resume bagote"])
def test_without_the_extra_one_sentence_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, home: Path, command: str
) -> None:
    made_run(home, "bagote", state="stopped", fits=3)
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "distributed" else found(name, *more)
    )
    ended = nnsize_here(*command.split(), "--cluster", "local:2")
    assert ended.returncode == 2
    assert f"a cluster needs Dask, which is not installed; {install_hint('cluster')}" in ended.stderr
    assert ended.stderr.strip().endswith("[cluster]'")
    assert "cluster" not in nnsize_here("show", "bagote").stdout, "the run is as it was"
    assert len(list(home.iterdir())) == 1


@pytest.mark.parametrize(
    ("options", "where"),
    [([], "slurm, 2:40 workers"), (["--cluster", "none"], None), (["--cluster", "local:2"], "local:2")],
)
@pytest.mark.parametrize("command", ["size iris --neurons 4", "evolve iris --layers 4"])
def test_the_users_file_names_the_cluster_unless_the_command_line_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path, command: str, options: list[str], where: str | None
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[cluster]\nwhere = "slurm"\nworkers = "2:40"\n')
    monkeypatch.setenv("NNSIZE_CONFIG", str(path))
    started: list[RunSettings] = []

    def start(settings: RunSettings, folder: Path, **_: object) -> Path:
        started.append(settings)
        return made_run(folder, "bagote")

    monkeypatch.setattr(launch, "start", start)
    del home
    assert nnsize_here(*command.split(), *options, "--detach").returncode == 0
    cluster = started[0].cluster
    assert (
        cluster and ", ".join(filter(None, (cluster.where, cluster.workers_text and f"{cluster.workers_text} workers")))
    ) == where

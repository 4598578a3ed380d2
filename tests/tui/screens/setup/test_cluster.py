"""The cluster in the setup screen: read, refused, started, and taken from a user's defaults or a run."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.runs import launch
from nnsize_engine.settings.cluster import QUEUE_WAIT_SECONDS, ClusterSettings
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.screens.setup.default_draft import draft_of, usual_draft
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.plan import Plan, make_plan
from nnsize_tui.screens.setup.read_draft import read_draft
from support.made_runs import made_run
from support.pilots import shown, until, until_shown
from support.setup_pilots import Asked, set_up, write

SLURM = ClusterSettings(where="slurm", workers=(2, 40), wait_seconds=QUEUE_WAIT_SECONDS)


def planned(draft: Draft) -> Plan:
    return make_plan(draft, read_draft(draft), None)


def draft(**texts: str) -> Draft:
    return Draft(values=MappingProxyType(texts))


def without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Dask seem to be missing, in an installation by pip."""
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "distributed" else found(name))


@pytest.mark.parametrize(
    ("texts", "cluster"),
    [
        ({}, None),
        ({"cluster": "none", "workers": "40", "cluster_wait": "x"}, None),  # both mean nothing then
        ({"cluster": " local:2 ", "workers": "3"}, ClusterSettings(where="local:2")),
        ({"cluster": "slurm", "workers": "2:40"}, SLURM),
        ({"cluster": "tcp://host:8786", "cluster_wait": "5"}, ClusterSettings(where="tcp://host:8786", wait_seconds=5)),
    ],
)
def test_a_cluster_is_read_from_its_fields(texts: dict[str, str], cluster: ClusterSettings | None) -> None:
    plan = planned(draft(**texts))
    assert not plan.problems
    assert plan.settings is not None
    assert plan.settings.cluster == cluster


@pytest.mark.parametrize(
    ("texts", "key", "words"),
    [
        ({"cluster": "slurmm"}, "cluster", "cluster is 'slurmm'; did you mean 'slurm'?"),
        ({"cluster": "host:8786"}, "cluster", "cluster is 'host:8786'; it must be tcp://HOST:8786"),
        ({"cluster": "tcp://host"}, "cluster", "the address of a scheduler is tcp://HOST:PORT or tls://HOST:PORT"),
        ({"cluster": "local"}, "cluster", "it must be local:N with 1 to 256 worker processes"),
        ({"cluster": "/no/scheduler.json"}, "cluster", "there is no such scheduler file; start a scheduler with"),
        ({"cluster": "slurm", "workers": "40:2"}, "workers", "workers is '40:2'; it must be a number such as 40"),
        ({"cluster": "slurm", "cluster_wait": "0"}, "cluster_wait", "it must be a number of seconds above 0"),
    ],
)
def test_a_wrong_cluster_is_refused_at_its_field(texts: dict[str, str], key: str, words: str) -> None:
    plan = planned(draft(**texts))
    assert list(plan.problems) == [key]
    assert words in plan.problems[key]
    assert plan.settings is None


@pytest.mark.parametrize(
    ("receipt", "command"),
    [
        ("", "pip install "),
        ("uv-receipt.toml", "install it: uv tool install "),
        ("pipx_metadata.json", "install it: pipx install --force "),
    ],
)
def test_without_the_extra_its_field_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, receipt: str, command: str
) -> None:
    without_dask(monkeypatch)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    if receipt:
        (tmp_path / receipt).touch()
    said = f"a cluster needs Dask, which is not installed; {install_hint('cluster')}"
    assert command in said
    assert said.endswith("[cluster]'")
    assert planned(draft(cluster="local:2")).problems == {"cluster": said}
    assert not planned(draft()).problems


def test_fields_that_mean_nothing_without_a_cluster_are_skipped() -> None:
    assert {"workers", "cluster_wait"} <= draft().idle
    assert draft(cluster="local:2").idle & {"workers", "cluster_wait"} == {"workers"}
    assert not draft(cluster="slurm").idle & {"workers", "cluster_wait"}
    assert {"workers", "cluster_wait"} <= Draft(kind="evolution").idle


@pytest.mark.parametrize(
    "settings",
    [
        SizeSettings(cluster=SLURM),
        SizeSettings(cluster=replace(SLURM, workers=(7, 7), wait_seconds=90)),
        EvolutionSettings(data="iris", layers="3", cluster=SLURM),
    ],
)
def test_the_settings_of_a_run_are_set_up_again_with_its_cluster(settings: RunSettings) -> None:
    plan = planned(draft_of(settings))
    assert plan.settings is not None
    assert plan.settings.cluster == settings.cluster


@pytest.mark.parametrize("kind", ["size", "evolution"])
def test_the_cluster_of_the_users_file_stands_in_the_fields(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[cluster]\nwhere = "slurm"\nworkers = "2:40"\nwait = 90\n')
    monkeypatch.setenv("NNSIZE_CONFIG", str(path))
    usual = usual_draft("size" if kind == "size" else "evolution")
    assert (usual["cluster"], usual["workers"], usual["cluster_wait"]) == ("slurm", "2:40", "90.0")
    here = planned(usual.changed("cluster", "none"))
    assert not here.problems
    assert here.settings is not None
    assert here.settings.cluster is None


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_a_cluster_is_typed_mended_and_started(
    explorer: ExplorerApp, asked: Asked, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    started: list[RunSettings] = []

    def start(settings: RunSettings, folder: Path, **_: object) -> Path:
        started.append(settings)
        return made_run(folder, "brandnew", state="running", fits=2)

    monkeypatch.setattr(launch, "start", start)
    async with explorer.run_test(size=size) as pilot:
        await set_up(pilot)
        await pilot.press("ctrl+n")
        await until_shown(pilot, "› activation")
        await write(pilot, "cluster", "slurmm")
        await until_shown(
            pilot, "where it computes", "› cluster", "✗ cluster is 'slurmm'; did you mean", "has to be mended first"
        )
        await pilot.press("backspace")
        await until_shown(pilot, "on this machine alone")
        assert "✗" not in shown(pilot)
        await pilot.press("down")
        await until_shown(pilot, "› workers", "40, or the fewest and the most,")
        await pilot.press(*"2:40")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
    assert started[0].cluster == SLURM
    assert asked.measurements

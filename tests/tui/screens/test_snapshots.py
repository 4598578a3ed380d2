"""Pictures of the main screens; ``pytest --snapshot-update`` renews them after a look at the report."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.results.records import State
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.dialogs.help_text import HelpText
from nnsize_tui.screens.export.dialog import ExportDialog
from support.made_clusters import made_cluster, show_cluster
from support.made_comparisons import make_comparison
from support.made_runs import EVOLUTION, GRID, LAYERED, MANY, made_corrupt, made_run, make_evolution
from support.made_watched import CURVE, made_watched
from support.pilots import shown, until

SnapCompare = Callable[..., bool]
SIZES = [(80, 24), (160, 48)]
SEARCH = SizeSettings(data="breast_cancer", neurons="5:100:5", cv=5)


@pytest.fixture
def several(home: Path) -> Path:
    """Make a home with a run in each state."""
    made_run(home, "rakoti", SEARCH, state="running", fits=70)
    made_run(home, "zibiro", SEARCH, age=1)
    wine = SizeSettings(data="wine", scoring="accuracy", neurons="4:20:4", cv=3)
    made_run(home, "gadepu", wine, state="paused", fits=6, age=2)
    made_run(home, "fomule", SizeSettings(data="diabetes", scoring="r2", neurons="8,16,64x32", cv=3), age=3)
    made_run(home, "tinabo", SEARCH, state="interrupted", fits=31, age=4)
    made_run(home, "pevuka", SEARCH, state="stopped", fits=3, age=30)
    made_run(home, "lorige", SEARCH, state="failed", fits=40, reason="the disk is full", age=31)
    made_corrupt(home, "damage")
    make_evolution(home, "zelodo", age=5)
    return home


def opened(home: Path, *, unicode: bool = True) -> ExplorerApp:
    return ExplorerApp(
        home, unicode=unicode, first=RunFollower(made_run(home, "zibiro", SEARCH, failed=((3, 1),))).look()
    )


def _is_drawn(chart: ChartView, word: str) -> bool:
    """Return whether the newest picture is drawn, with this word in its heading."""
    return chart._pending is None and word in "".join(chart.render_line(row).text for row in range(3))


async def _drawn(pilot: Pilot[None], word: str = "best") -> None:
    """Wait until all parts are drawn, with this word in the chart's heading."""
    await pilot.pause()
    for chart in pilot.app.screen.query(ChartView):
        if chart.display:
            await until(pilot, lambda chart=chart: _is_drawn(chart, word))  # type: ignore[misc]
    shown(pilot)
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
def test_home(several: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(ExplorerApp(several, unicode=True), terminal_size=size, run_before=_home_drawn)


async def _home_drawn(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: "damage" in shown(pilot))
    await _drawn(pilot)


async def _chosen(pilot: Pilot[None]) -> None:
    await _drawn(pilot)
    await pilot.press("down", "down", "down")
    await _drawn(pilot, "│ 20")


@pytest.mark.parametrize("size", SIZES)
def test_run(home: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(opened(home), terminal_size=size, run_before=_chosen)


def test_run_at_60_by_20(home: Path, snap_compare: SnapCompare) -> None:
    assert snap_compare(opened(home), terminal_size=(60, 20), run_before=_drawn)


def evolved(home: Path, *, unicode: bool = True) -> ExplorerApp:
    folder = make_evolution(home, "zelodo", EVOLUTION, state="running", generations=31)
    return ExplorerApp(home, unicode=unicode, first=RunFollower(folder).look())


@pytest.mark.parametrize("size", SIZES)
def test_evolution(home: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(evolved(home), terminal_size=size, run_before=_drawn)


def searched(home: Path, settings: SizeSettings, *, unicode: bool = True, fits: int | None = None) -> ExplorerApp:
    """Return the explorer on a search over several parameters; with a number of fits it is still running."""
    state: State = "finished" if fits is None else "running"
    folder = made_run(home, "zibiro", settings, is_surface=True, state=state, fits=fits, failed=((5, 0),))
    return ExplorerApp(home, unicode=unicode, first=RunFollower(folder).look())


def _after(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Return a function that presses these keys and waits for the drawing."""

    async def run_before(pilot: Pilot[None]) -> None:
        await _drawn(pilot)
        await pilot.press(*keys)
        await _drawn(pilot)

    return run_before


@pytest.mark.parametrize("size", SIZES)
def test_lines(home: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(searched(home, GRID), terminal_size=size, run_before=_after("down", "down"))


@pytest.mark.parametrize("size", SIZES)
def test_many_lines_and_both_spreads(home: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(searched(home, MANY), terminal_size=size, run_before=_after("down", "down"))


@pytest.mark.parametrize("size", SIZES)
def test_a_map_of_two_layers(home: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(searched(home, LAYERED, fits=60), terminal_size=size, run_before=_after("down", "down"))


def test_a_map_of_a_parameter(home: Path, snap_compare: SnapCompare) -> None:
    assert snap_compare(searched(home, GRID), terminal_size=(80, 24), run_before=_after("m", "down"))


def test_a_map_in_ascii(home: Path, snap_compare: SnapCompare) -> None:
    app = searched(home, LAYERED, unicode=False, fits=60)
    assert snap_compare(app, terminal_size=(80, 24), run_before=_after("down"))


def test_home_in_ascii(several: Path, snap_compare: SnapCompare) -> None:
    assert snap_compare(ExplorerApp(several, unicode=False), terminal_size=(80, 24), run_before=_home_drawn)


def test_run_in_ascii(home: Path, snap_compare: SnapCompare) -> None:
    assert snap_compare(opened(home, unicode=False), terminal_size=(80, 24), run_before=_drawn)


def test_empty_home(home: Path, snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch) -> None:
    del home
    monkeypatch.chdir("/")

    async def run_before(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "an answer: demo-1" in shown(pilot))
        await _drawn(pilot, "recommended")

    assert snap_compare(ExplorerApp(Path("nowhere"), unicode=True), terminal_size=(80, 24), run_before=run_before)


def test_export_dialog(home: Path, snap_compare: SnapCompare) -> None:
    async def run_before(pilot: Pilot[None]) -> None:
        await _drawn(pilot)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExportDialog))
        await until(pilot, lambda: " rows of " in shown(pilot))
        await _drawn(pilot)

    assert snap_compare(opened(home), terminal_size=(80, 24), run_before=run_before)


def test_help(home: Path, snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNSIZE_CONFIG", "/home/me/config.toml")  # it is named, and the lines of all that are counted

    async def run_before(pilot: Pilot[None]) -> None:
        await _drawn(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help))
        # They are counted in the title.
        await until(
            pilot, lambda: any("An open evolution" in text.section_titles for text in pilot.app.screen.query(HelpText))
        )
        await _drawn(pilot)

    assert snap_compare(opened(home), terminal_size=(80, 24), run_before=run_before)


@pytest.mark.parametrize("size", SIZES)
def test_strategies(home: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    app = ExplorerApp(home, unicode=True, first=RunFollower(make_comparison(home, "zelodo")).look())
    assert snap_compare(app, terminal_size=size, run_before=lambda pilot: _drawn(pilot, "sep-cma-es"))


def on_cluster(home: Path, workers: int = 34, waits_for: str = "", *, unicode: bool = True) -> ExplorerApp:
    """Return the explorer on a search that the workers of a cluster compute."""
    settings = replace(SEARCH, cluster=ClusterSettings(where="slurm", workers=(2, 40)))
    folder = made_run(home, "zibiro", settings, state="running", fits=40)
    show_cluster(folder, made_cluster(workers, waits_for=waits_for))
    return ExplorerApp(home, unicode=unicode, first=RunFollower(folder).look())


async def _workers(pilot: Pilot[None]) -> None:
    await pilot.press("c")
    await until(pilot, lambda: "SLURMCluster-0 " in shown(pilot))
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
def test_workers_of_a_cluster(home: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    assert snap_compare(on_cluster(home), terminal_size=size, run_before=_workers)


def test_workers_of_a_cluster_in_ascii(home: Path, snap_compare: SnapCompare) -> None:
    assert snap_compare(on_cluster(home, unicode=False), terminal_size=(80, 24), run_before=_workers)


def test_waiting_for_workers(home: Path, snap_compare: SnapCompare) -> None:
    app = on_cluster(home, 0, "a worker (slurm: 2 jobs waiting (Priority))")
    assert snap_compare(app, terminal_size=(80, 24), run_before=_drawn)


@pytest.mark.parametrize("size", SIZES)
def test_watched(home: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    folder = made_watched(home, "zibiro", CURVE, state="running", fits=7)
    app = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    assert snap_compare(app, terminal_size=size, run_before=_drawn)

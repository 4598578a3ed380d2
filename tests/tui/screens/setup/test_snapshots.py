"""Pictures of the screens on which a search is set up."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.preflight import client
from nnsize_engine.preflight.__main__ import answer_builtin_inspection
from nnsize_engine.results.estimates import EvolutionEstimate
from nnsize_engine.results.table_summary import DataSummary, summary_from_json
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.data.screen import DataScreen
from nnsize_tui.screens.dialogs.pick_file import PickFile
from nnsize_tui.screens.setup import background_preflight
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.layout import WIDE
from nnsize_tui.screens.setup.screen import SetupScreen
from support.made_summaries import made_estimate, made_summary
from support.pilots import shown, until, until_shown

SnapCompare = Callable[..., bool]
SIZES = [(80, 24), (160, 48)]
SUMMARY = made_summary(TableChoice(source="/data/passengers.csv", ignore=("crew",)))


@pytest.fixture(autouse=True)
def answered(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Replace preflight processes by answers; work in a folder with files, which is the home."""
    monkeypatch.setattr(client, "look_at_table", lambda choice, **_: made_summary(choice))
    monkeypatch.setattr(client, "inspect_builtin", lambda name, *_: builtin_summary(name))
    monkeypatch.setattr(client, "estimate", lambda *_: made_estimate())
    monkeypatch.setattr(background_preflight, "PAUSE_SECONDS", 0.001)
    for number, name in enumerate(("passengers.csv", "prices.parquet", "e\x1b[31mvil.tsv")):
        Path(name).write_text("a,b\n" * (9 + number) ** 3)
        os.utime(name, (1.7e9, 1.7e9))
    Path("archive").mkdir()
    os.utime("archive", (1.7e9, 1.7e9))
    monkeypatch.setenv("HOME", str(Path.cwd()))
    return home


@cache
def builtin_summary(name: str) -> DataSummary:
    """Return the summary that a preflight process would return."""
    return summary_from_json(answer_builtin_inspection({"name": name}))


def beside(size: tuple[int, int]) -> tuple[str, ...]:
    """Return words that stand beside the settings where there is room."""
    return ("worst fractal dimension",) if size[0] >= WIDE else ()


async def drawn(pilot: Pilot[None]) -> None:
    await pilot.pause()
    shown(pilot)
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
def test_setup(answered: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    async def run_before(pilot: Pilot[None]) -> None:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, SetupScreen))
        await until_shown(pilot, "about 2m01s", *beside(size))
        await drawn(pilot)

    assert snap_compare(ExplorerApp(answered, unicode=True), terminal_size=size, run_before=run_before)


@pytest.mark.parametrize(("size", "unicode"), [((60, 20), False), ((80, 24), True), ((160, 48), True)])
def test_setup_of_an_evolution(
    answered: Path, snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], unicode: bool
) -> None:
    measured = EvolutionEstimate(
        members=512, first_seconds=1e-4, member_seconds=1e-4, load_seconds=1.0, gradient_seconds=0.5, workers=2
    )
    monkeypatch.setattr(client, "estimate", lambda *_: measured)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)  # memory depends on it

    async def run_before(pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, SetupScreen))
        await until_shown(pilot, "as measured here", *beside(size))
        await drawn(pilot)

    assert snap_compare(ExplorerApp(answered, unicode=unicode), terminal_size=size, run_before=run_before)


@pytest.mark.parametrize(("size", "unicode"), [((80, 24), True), ((160, 48), True), ((60, 20), False)])
def test_setup_of_a_file_with_something_wrong(
    answered: Path, snap_compare: SnapCompare, size: tuple[int, int], unicode: bool
) -> None:
    draft = Draft().at("passengers.csv").changed("cv", "1").changed("activation", "relu,tanh")

    async def run_before(pilot: Pilot[None]) -> None:
        pilot.app.push_screen(SetupScreen(answered, draft))
        await until(pilot, lambda: isinstance(pilot.app.screen, SetupScreen))
        await until_shown(pilot, "891 rows", "has to be mended first")
        await pilot.press(*["down"] * (6 if size == (60, 20) else 1))  # on a small screen, to what is wrong
        await until_shown(pilot, "cv is 1")
        await drawn(pilot)

    assert snap_compare(ExplorerApp(answered, unicode=unicode), terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("size", SIZES)
def test_data(answered: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    async def run_before(pilot: Pilot[None]) -> None:
        pilot.app.push_screen(DataScreen(SUMMARY))
        await until_shown(pilot, "an id?")
        await pilot.press("down", "down", "down")
        await drawn(pilot)

    assert snap_compare(ExplorerApp(answered, unicode=True), terminal_size=size, run_before=run_before)


@pytest.mark.parametrize("size", SIZES)
def test_pick_file(answered: Path, snap_compare: SnapCompare, size: tuple[int, int]) -> None:
    async def run_before(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, ExplorerApp)
        app.push_screen(PickFile(app.glyphs, ""))
        await until_shown(pilot, "prices.parquet")
        await pilot.press("p")
        await drawn(pilot)

    assert snap_compare(ExplorerApp(answered, unicode=True), terminal_size=size, run_before=run_before)

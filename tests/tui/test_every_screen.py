"""Every screen at every size: nothing overlaps, nothing is outside, no label is cut."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Button, Static

from nnsize_engine import inquiry
from nnsize_engine.settings import SizeSettings
from nnsize_engine.table_settings import TableChoice
from nnsize_tui.app import ExplorerApp
from nnsize_tui.screens import setup_asking
from nnsize_tui.screens.data import DataScreen
from nnsize_tui.screens.pick_file import PickFile
from nnsize_tui.widgets.key_bar import GAP, KeyBar
from nnsize_tui.widgets.live_table import LEFT, RIGHT, LiveTable
from support.made_runs import GRID, LAYERED, MANY, made_corrupt, made_run, make_evolution
from support.made_summaries import made_estimate, made_summary
from support.pilots import shown, until_shown

SIZES = [(60, 20), (80, 24), (160, 48), (200, 60)]
KEYS = "Quit"

SCREENS: dict[str, list[str]] = {
    # What is waited for stands after its key, in parentheses.
    "home": [],
    "a search": ["enter", "(3/3)"],
    "a search's chart": ["enter", "(3/3)", "z"],
    "a search's table": ["enter", "(3/3)", "z", "z"],
    "a search's log": ["enter", "(3/3)", "l", "(made up)"],
    "a search's other picture": ["enter", "(3/3)", "m"],
    "an evolution": ["end", "k", "enter", "(40/40)"],
    "an evolution's chart": ["end", "k", "enter", "(40/40)", "z"],
    "an evolution's log": ["end", "k", "enter", "(40/40)", "l", "(made up)"],
    "a live search of many": ["down", "enter", "(running)"],
    "layers": ["down", "down", "enter", "(paused)"],
    "filtered": ["slash", "z"],
    "setup": ["n", "(A new search)"],
    "setup, more": ["n", "(A new search)", "ctrl+n"],
    "setup of an evolution": ["e", "(evolution)"],
    "comparison": ["space", "space", "c", "(2 runs compared)"],
    "comparison, as a table": ["space", "space", "c", "(2 runs compared)", "x", "(File)"],
    "export": ["x", "(Export run)"],
    "help": ["question_mark", "(This screen)"],
    "help in an open run": ["enter", "(3/3)", "question_mark", "(This screen)"],
    "confirm": ["d", "(Delete run)"],
    "commands": ["ctrl+p"],
}


@pytest.fixture
def runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs of both kinds in several states, the newest first; answers instead of processes."""
    monkeypatch.setattr(inquiry, "look_at", lambda choice, **_: made_summary(choice))
    monkeypatch.setattr(inquiry, "estimate", lambda *_: made_estimate())
    monkeypatch.setattr(setup_asking, "PAUSE", 0.001)
    made_run(home, "zibiro", SizeSettings(data="breast_cancer", neurons="5:100:5", cv=3), failed=((3, 1),))
    made_run(home, "rakoti", MANY, is_surface=True, state="running", fits=600, age=1)
    made_run(home, "gadepu", LAYERED, is_surface=True, state="paused", fits=150, age=2)
    made_run(home, "fomule", GRID, state="failed", fits=40, reason="the disk is full", age=3)
    make_evolution(home, "bagote", age=4)
    made_corrupt(home, "damage")
    return home


async def at_every_size(app: ExplorerApp, steps: list[str], *first: str) -> None:
    """Go there, and look at it at every size."""
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, KEYS, *first)
        for step in steps:
            if step.startswith("("):
                await until_shown(pilot, step[1:-1])
            else:
                await pilot.press(step)
        await look(pilot)


async def look(pilot: Pilot[None]) -> None:
    """Look at the screen in front, at every size."""
    for width, height in SIZES:
        await pilot.resize_terminal(width, height)
        await pilot.pause()
        shown(pilot)
        problems = list(problems_of(pilot, width, height))
        assert not problems, f"at {width} x {height}: {problems}\n{shown(pilot)}"


@pytest.mark.parametrize("name", SCREENS)
async def test_nothing_overlaps_and_no_label_is_cut(runs: Path, name: str) -> None:
    await at_every_size(ExplorerApp(runs, unicode=True), SCREENS[name], "zibiro", "damage")


@pytest.mark.parametrize("name", ["home", "setup", "setup, more", "help", "commands"])
async def test_nothing_overlaps_without_any_run(home: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inquiry, "estimate", lambda *_: made_estimate())
    await at_every_size(ExplorerApp(home, unicode=False), SCREENS[name], "0 runs")


async def test_nothing_overlaps_where_data_is_chosen(home: Path, explorer: ExplorerApp) -> None:
    del home
    Path("passengers.csv").write_text("a,b\n1,2\n")
    summary = made_summary(TableChoice(source="/data/passengers.csv"))
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        explorer.push_screen(DataScreen(summary))
        await until_shown(pilot, "an id?")
        await look(pilot)
        explorer.push_screen(PickFile(explorer.glyphs, ""))
        await until_shown(pilot, "passengers.csv")
        await look(pilot)


def problems_of(pilot: Pilot[None], width: int, height: int) -> Iterator[str]:
    """What is wrong with the screen in front, as far as its widgets tell."""
    parts = [widget for widget in _leaves(pilot.app.screen) if widget.region]
    assert len(parts) > 1
    window = Region(0, 0, width, height)
    for part in parts:
        if not window.contains_region(part.region):
            yield f"{part} is outside: {part.region}"
    for one, other in combinations(parts, 2):
        if one.layer == other.layer and one.region.overlaps(other.region):
            yield f"{one} {one.region} and {other} {other.region} overlap"
    for part in parts:
        if isinstance(part, KeyBar):
            yield from _cut_keys(part)
        elif isinstance(part, LiveTable):
            yield from _cut_titles(part)
        elif isinstance(part, Button | Static):
            needed = max((cell_len(line) for line in str(part.render()).splitlines()), default=0)
            if needed > part.region.width and (part.region.height == 1 or isinstance(part, Button)):
                yield f"{part} needs {needed} columns and has {part.region.width}: {part.render()}"


def _leaves(screen: Widget) -> Iterator[Widget]:
    """The widgets in sight that hold no others; of what lies above, one asks elsewhere."""
    for widget in screen.walk_children(Widget):
        if widget.is_on_screen and widget.display and not widget.children and widget.layer[:1] != "_":
            if widget.id in ("textual-tooltip", "textual-toastrack"):
                continue
            yield widget


def _cut_keys(bar: KeyBar) -> Iterator[str]:
    entries = bar.entries(bar.size.width)
    needed = sum(cell_len(key + words) + 1 + len(GAP) for key, words, _ in entries) + 1 - len(GAP)
    if needed > bar.size.width:
        yield f"the keys need {needed} columns and have {bar.size.width}"
    if not entries:
        yield "no key is named"
    if bar.region.bottom != bar.screen.size.height:
        yield f"the keys are not in the bottom line: {bar.region}"


def _cut_titles(table: LiveTable[object]) -> Iterator[str]:
    columns = table.columns_for(table.size.width - LEFT - RIGHT)
    for column in columns:
        if cell_len(column.title) > column.width:
            yield f"the title {column.title!r} has {column.width} columns"
    if sum(column.width + 1 for column in columns) > table.size.width - LEFT - RIGHT + 1:
        yield f"{table} has more columns than room"

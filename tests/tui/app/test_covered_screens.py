"""What lies under a dialog is not redrawn while its run goes on, and fits again when the terminal changes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen
from textual.widget import Widget

from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.commands import commands_of
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.dialogs.help import Help, sections_of
from nnsize_tui.screens.dialogs.help_sections import words_of
from nnsize_tui.screens.dialogs.palette import Palette
from nnsize_tui.screens.dialogs.pick_names import PickNames
from nnsize_tui.screens.export.dialog import ExportDialog
from nnsize_tui.screens.export.offer import RunOffer
from nnsize_tui.widgets.canvas import Canvas
from support.made_runs import made_run, make_evolution
from support.pilots import until

Opens = Callable[[ExplorerApp, Path], Screen[Any]]

DIALOGS: dict[str, Opens] = {
    "help": lambda app, _: Help(app.glyphs, sections_of(app, app.screen), words_of(app.glyphs, ()), {}),
    "palette": lambda app, _: Palette(app.glyphs, commands_of(app, ())),
    "export": lambda app, folder: ExportDialog(app.glyphs, RunOffer(folder)),
    "confirm": lambda app, _: Confirm(app.glyphs, "Really?", yes="Do", no="Keep"),
    "names": lambda app, _: PickNames(app.glyphs, "Copy", [("one", ""), ("two", "")], (), many=False),
}
REFRESHES = 20


def opened(home: Path, kind: str) -> tuple[ExplorerApp, Path]:
    """Return an explorer on a run of a kind, or on all runs, and the folder of the run."""
    folder = make_evolution(home, "bagote") if kind == "evolution" else made_run(home, "zibiro")
    first = None if kind == "runs" else RunFollower(folder).look()
    return ExplorerApp(home, unicode=True, first=first), folder


def drawn_parts(screen: Screen[Any]) -> list[Widget]:
    """Return the parts of a screen that draw for themselves."""
    return [widget for widget in screen.walk_children() if isinstance(widget, Canvas | ChartView)]


@pytest.mark.parametrize("dialog", DIALOGS)
@pytest.mark.parametrize("kind", ["runs", "search", "evolution"])
async def test_nothing_is_sent_for_what_changes_under_a_dialog(
    home: Path, monkeypatch: pytest.MonkeyPatch, kind: str, dialog: str
) -> None:
    sent: list[object] = []
    show = ExplorerApp._display

    def count(self: ExplorerApp, screen: Screen[object], renderable: Any) -> None:
        sent.append(renderable)
        show(self, screen, renderable)

    app, folder = opened(home, kind)
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: any(chart._strips for chart in app.screen.query(ChartView)))
        below = app.screen
        await app.push_screen(DIALOGS[dialog](app, folder))
        await until(pilot, lambda: app.screen is not below and app.screen.is_mounted)
        await pilot.pause(0.5)
        monkeypatch.setattr(ExplorerApp, "_display", count)
        for _ in range(REFRESHES):
            for widget in below.walk_children(with_self=True):
                widget.refresh()
            await pilot.pause(0.02)
        assert not [one for one in sent if one is not None]
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is below)
        assert [one for one in sent if one is not None]


async def test_what_lies_under_a_dialog_fits_when_the_terminal_changes(home: Path) -> None:
    app, _ = opened(home, "search")
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: any(chart._strips for chart in app.screen.query(ChartView)))
        below = app.screen
        await app.push_screen(Confirm(app.glyphs, "Really?", yes="Do", no="Keep"))
        await pilot.resize_terminal(100, 40)
        await until(
            pilot,
            lambda: (
                below.size.width == 100
                and all(
                    strip.cell_length == part.size.width
                    for part in drawn_parts(below)
                    if part.display and part.size.width
                    for strip in part._strips  # type: ignore[attr-defined]
                )
            ),
        )
        assert app.screen is not below

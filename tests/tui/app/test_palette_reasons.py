"""The list of commands: why a grey one is grey, and what it says when nothing fits."""

from pathlib import Path

import pytest

from nnsize_tui.app.commands import commands_of
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.compare.screen import CompareScreen
from nnsize_tui.screens.dialogs.palette import CommandTable
from nnsize_tui.screens.home.screen import HomeScreen
from support.made_comparisons import make_comparison
from support.made_runs import made_corrupt, made_run, make_evolution
from support.made_watched import made_watched
from support.pilots import until, until_shown
from support.setup_pilots import there

SIZES = [(80, 24), (160, 48)]
REFUSALS = {
    "p": "Not now: the run is finished: only a running one can be paused.",
    "c": "Not now: no two runs are marked.",
}

NO_REASON = "there is nothing here that it could act on"


@pytest.mark.parametrize("size", SIZES)
async def test_a_grey_command_says_why(home: Path, explorer: ExplorerApp, size: tuple[int, int]) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("ctrl+p", *"pause the run")
        await until_shown(pilot, "Not now: the run is finished: only a running one can be paused.")
        await pilot.press("ctrl+u", *"side by side")
        await until_shown(pilot, "Not now: no two runs are marked.")


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_that_does_nothing_says_why(home: Path, explorer: ExplorerApp, size: tuple[int, int]) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=size, notifications=True) as pilot:
        await until_shown(pilot, "zibiro", "neurons are recommended")
        for key, words in REFUSALS.items():
            await pilot.press(key)
            await until(pilot, lambda: [one.message for one in explorer.notices] == [words])  # noqa: B023
        assert len(explorer.notices) == 1
        await pilot.press("down", "up")  # keys that do something withdraw nothing and add nothing
        assert len(explorer.notices) == 1


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_says_when_nothing_fits_and_what_is_near(
    home: Path, explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("ctrl+p", *"recomended")
        await until_shown(pilot, "Nothing fits 'recomended'", "recommended")
        assert not explorer.screen.query_one(CommandTable).items
        await pilot.press("ctrl+u", *"qqqq")
        await until_shown(pilot, "Nothing fits 'qqqq'", "try fewer letters")
        await pilot.press("enter")
        assert not isinstance(explorer.screen, HomeScreen)


async def test_every_grey_command_of_every_screen_has_a_reason_of_its_own(home: Path, explorer: ExplorerApp) -> None:
    made_corrupt(home, "damage")
    folders = [
        (made_run(home, "zibiro"), "size"),
        (make_evolution(home, "bagote", age=1), "evolution"),
        (make_comparison(home, "zelodo"), "evolution"),
        (made_watched(home, "tinabo"), "watched"),
        (made_run(home, "rakoti", state="running", fits=3, age=2), "size"),
    ]
    async with explorer.run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "zibiro", "zelodo", "damage", "rakoti")
        bare = _without_reason(explorer)
        await pilot.press("end")
        bare += _without_reason(explorer)
        for folder, kind in folders:
            explorer.open_run(folder, kind)  # type: ignore[arg-type]
            await until_shown(pilot, "Quit", folder.name)
            bare += _without_reason(explorer)
            explorer.pop_screen()
            await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        explorer.push_screen(CompareScreen(tuple(folder for folder, _ in folders[:2])))
        await until_shown(pilot, "2 runs compared")
        bare += _without_reason(explorer)
        explorer.pop_screen()
        for key in ("n", "e"):
            await pilot.press(key)
            await there(pilot)
            bare += _without_reason(explorer)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        assert not bare


def _without_reason(app: ExplorerApp) -> list[tuple[str, str]]:
    """Return the grey commands of the screen without a reason, or with one that tells nothing."""
    commands = commands_of(app, ())
    assert all(not command.why_not for command in commands if command.is_possible)
    return [
        (type(app.screen).__name__, command.name)
        for command in commands
        if not command.is_possible and command.why_not in ("", NO_REASON)
    ]

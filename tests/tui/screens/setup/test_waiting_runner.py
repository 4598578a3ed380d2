"""The runner that loads its libraries while a run is set up."""

from pathlib import Path

import pytest

from nnsize_engine.errors import RunError
from nnsize_engine.runs import launch
from nnsize_engine.settings.run import Kind, StartedSettings
from nnsize_tui.app import explorer as app
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.screens.setup import starting
from support.made_runs import made_run
from support.pilots import until, until_shown
from support.setup_pilots import there


class Waiting:
    """Stands for the runner that waits; it takes no run."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def start(self, kind: Kind) -> None:
        self.events.append(kind)

    def end(self) -> None:
        self.events.append("end")


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """Return what stands for the runner, in an explorer that has a terminal."""
    one = Waiting()
    monkeypatch.setattr(starting, "WaitingRunner", lambda: one)
    monkeypatch.setattr(ExplorerApp, "is_headless", False)
    monkeypatch.setattr(app, "compile_ahead", lambda: None)
    return one


@pytest.mark.parametrize(("key", "kind"), [("n", "size"), ("e", "evolution")])
async def test_a_runner_waits_as_long_as_the_setup_is_open(
    explorer: ExplorerApp, waiting: Waiting, key: str, kind: Kind
) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await pilot.press(key)
        await there(pilot)
        await until(pilot, lambda: waiting.events == [kind])
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen) and waiting.events == [kind, "end"])


@pytest.mark.usefixtures("asked")
async def test_a_start_is_given_the_runner_that_waits_and_a_failed_one_lets_another_wait(
    explorer: ExplorerApp, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []

    def start(_: StartedSettings, folder: Path, *, waiting: object) -> Path:
        given.append(waiting)
        if len(given) == 1:
            raise RunError("there is no room")
        return made_run(folder, "brandnew", state="running", fits=2)

    monkeypatch.setattr(launch, "start", start)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("n")
        await there(pilot)
        await pilot.press("ctrl+s")
        await until_shown(pilot, "there is no room")
        await until(pilot, lambda: waiting.events == ["size", "size"])
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
        await until(pilot, lambda: waiting.events == ["size", "size", "end"])
    assert given == [waiting, waiting]


async def test_no_runner_waits_for_an_explorer_without_a_terminal(
    explorer: ExplorerApp, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExplorerApp, "is_headless", True)
    async with explorer.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        await there(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
    assert waiting.events == ["end"]

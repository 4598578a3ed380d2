from textual.pilot import Pilot

from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.home.screen import HomeScreen
from support.pilots import until, until_shown


async def test_help_may_be_closed_before_all_of_it_is_there(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "0 runs")
        for _ in range(5):
            await pilot.press("question_mark", "escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await _settled(pilot)
        assert isinstance(explorer.screen, HomeScreen)
        assert explorer.is_running


async def _settled(pilot: Pilot[None]) -> None:
    """Wait until the screen's workers have ended."""
    await until(pilot, lambda: all(worker.is_finished or worker.group == "follow" for worker in pilot.app.workers))

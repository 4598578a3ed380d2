"""The pictures of compared runs: side by side, chosen, read, and moved by their borders."""

from dataclasses import replace
from pathlib import Path

from textual.geometry import Region
from textual.pilot import Pilot

from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.compare.screen import CompareScreen
from nnsize_tui.widgets.explored_chart import ExploredChart
from support.made_runs import SMALL, made_run
from support.pilots import until, until_shown


def charts(pilot: Pilot[None]) -> list[ExploredChart]:
    """Return the pictures in sight."""
    return [chart for chart in pilot.app.screen.query(ExploredChart) if chart.display]


def headings(pilot: Pilot[None]) -> list[str]:
    return [chart.render_line(0).text for chart in charts(pilot)]


def region(pilot: Pilot[None], name: str) -> Region:
    return pilot.app.screen.query_one(f"#{name}").region


async def test_compared_runs_have_pictures_side_by_side_and_borders_like_a_run(home: Path) -> None:
    folders = [made_run(home, "zibiro", SMALL), made_run(home, "fomule", replace(SMALL, seed=42), age=1)]
    app = ExplorerApp(home, unicode=True)
    async with app.run_test(size=(160, 48)) as pilot:
        app.push_screen(CompareScreen(folders))
        await until_shown(pilot, "2 runs compared", "# Grid", "scores by size")
        edge = region(pilot, "table").right
        await pilot.mouse_down(offset=(edge, 20))
        await pilot.hover(offset=(edge + 8, 20))
        await pilot.mouse_up(offset=(edge + 8, 20))
        await until(pilot, lambda: region(pilot, "table").right == edge + 8)
        await pilot.press("]")
        await until(pilot, lambda: region(pilot, "table").right == edge + 12)
        await pilot.press("z", "number_sign")
        await until_shown(pilot, "tab Next picture", "training accuracy")
        assert len(charts(pilot)) == 2
        await pilot.press("tab", "8")
        await until_shown(pilot, "training scores by size")
        await until(pilot, lambda: headings(pilot)[1].startswith("8 neurons: zibiro 0."))
        assert headings(pilot)[0].startswith("accuracy")
        await pilot.press("shift+tab", "6")
        await until(pilot, lambda: headings(pilot)[0].startswith("6 neurons: zibiro 0."))
        assert " ± " in headings(pilot)[0]
        assert headings(pilot)[1].startswith("8 neurons: ")
        await pilot.press("plus", "L")
        assert charts(pilot)[1].how.x.is_whole
        await pilot.press("z")
        await until(pilot, lambda: len(charts(pilot)) == 1 and charts(pilot)[0].size.width == 160)
        assert not charts(pilot)[0].how.x.is_whole
        await pilot.press("z")
        await until(pilot, lambda: not charts(pilot))
        await pilot.press("z")
        await until(pilot, lambda: region(pilot, "table").right == edge + 12)

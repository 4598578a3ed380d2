"""The chart on a screen: it is drawn late and seldom, sends changed parts only, and never ends the app."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.app import ComposeResult
from textual.color import Color
from textual.geometry import Region
from textual.pilot import Pilot

from nnsize_engine.charts.description import Band, Chart, Cursor, Line
from nnsize_tui.app.slow_link_app import SlowLinkApp
from nnsize_tui.chart import widget
from nnsize_tui.chart.palette import Palette
from nnsize_tui.chart.theme import palette_of
from nnsize_tui.chart.widget import ChartView
from support.pilots import until

X = tuple(float(step) for step in range(50))
LINE = Line(x=X, y=X)


class ChartApp(SlowLinkApp):
    """An app with one chart on the whole screen."""

    def __init__(self, *, unicode: bool = True) -> None:
        super().__init__()
        self.view = ChartView(unicode=unicode)

    def compose(self) -> ComposeResult:
        yield self.view


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw at once, so that tests need not wait."""
    monkeypatch.setattr(widget, "MAX_SECONDS_BETWEEN", 0.0)


@pytest.fixture
def refreshed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Region, ...]]:
    """Collect the regions of every refresh; an empty tuple is the whole widget."""
    calls: list[tuple[Region, ...]] = []
    original = ChartView.refresh

    def spy(self: ChartView, *regions: Region, **options: Any) -> Any:
        calls.append(regions)
        return original(self, *regions, **options)

    monkeypatch.setattr(ChartView, "refresh", spy)
    return calls


async def _loaded(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def _text(app: ChartApp) -> str:
    return "\n".join(app.view.render_line(row).text for row in range(app.view.size.height))


async def test_it_waits_for_plotext_and_then_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChartView, "_load", lambda _: None)
    app = ChartApp(unicode=False)
    app.view.show(Chart(series=(LINE,), y_label="score"))
    async with app.run_test(size=(60, 16)) as pilot:
        assert app.view.render_line(0).text.startswith("...")
        app.view.post_message(ChartView.Loaded())
        await pilot.pause()
        assert "score" in _text(app)
        assert "*" in _text(app)
        assert _text(app).isascii()


@pytest.mark.usefixtures("quick")
async def test_only_changed_columns_are_sent(refreshed: list[tuple[Region, ...]]) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        app.view.show(Chart(series=(LINE, Cursor(x=20)), x_limits=(0, 49), y_limits=(0, 49)))
        await _loaded(pilot)
        before = _text(app).split("\n")
        refreshed.clear()
        app.view.show(Chart(series=(LINE, Cursor(x=22)), x_limits=(0, 49), y_limits=(0, 49)))
        await pilot.pause()
        after = _text(app).split("\n")
        [regions] = refreshed
        assert {region.y for region in regions} == {row for row in range(20) if before[row] != after[row]}
        for region in regions:
            assert region.height == 1
            columns = [column for column in range(80) if before[region.y][column] != after[region.y][column]]
            assert region.x <= columns[0]
            assert columns[-1] < region.right
            assert region.width <= 5


@pytest.mark.usefixtures("quick")
async def test_an_equal_chart_sends_nothing(refreshed: list[tuple[Region, ...]]) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        app.view.show(Chart(series=(LINE,)))
        await _loaded(pilot)
        refreshed.clear()
        app.view.show(Chart(series=(Line(x=X, y=X),)))
        app.view.show(Chart(series=(LINE, LINE)))  # another chart that looks the same
        await pilot.pause()
        assert refreshed == []


async def test_many_charts_in_a_moment_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        app.view.show(Chart(series=(LINE,)))
        await _loaded(pilot)
        drawn: list[Chart] = []
        original = ChartView._picture

        def spy(self: ChartView, chart: Chart, width: int, height: int) -> list[str]:
            drawn.append(chart)
            return original(self, chart, width, height)

        monkeypatch.setattr(ChartView, "_picture", spy)
        for step in range(30):
            app.view.show(Chart(series=(LINE, Cursor(x=step))))
        await until(pilot, lambda: Chart(series=(LINE, Cursor(x=29))) in drawn)
        assert len(drawn) <= 2


@pytest.mark.usefixtures("quick")
async def test_it_does_not_wait_for_ever_while_other_parts_keep_the_line_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget, "wait_to_send", lambda _, owed: 0.2 - owed)  # a fifth of a second is always owed
    app = ChartApp()
    async with app.run_test(size=(60, 16)) as pilot:
        app.view.show(Chart(series=(LINE,), title="the first"))
        await until(pilot, lambda: "the first" in _text(app))
        app.view.show(Chart(series=(LINE,), title="the second"))
        await until(pilot, lambda: "the second" in _text(app))


@pytest.mark.usefixtures("quick")
async def test_it_fills_its_new_size() -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        app.view.show(Chart(series=(LINE,), x_label="neurons"))
        await _loaded(pilot)
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        assert [len(line) for line in _text(app).split("\n")] == [50] * 12
        assert "neurons" in _text(app).split("\n")[-1]


@pytest.mark.usefixtures("quick")
async def test_a_failing_plot_is_one_line_of_text(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        await _loaded(pilot)

        def fail(*_: object, **__: object) -> list[str]:
            raise RuntimeError("no")

        monkeypatch.setattr(sys.modules["nnsize_tui.chart.figure"], "render", fail)
        app.view.show(Chart(series=(LINE,)))
        await pilot.pause()
        assert _text(app).strip() == "The chart can't be drawn: RuntimeError"


@pytest.mark.usefixtures("quick")
async def test_the_apps_background_is_kept_and_its_theme_gives_the_colours() -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        app.view.show(Chart(series=(LINE,)))
        await _loaded(pilot)
        segments = list(app.view.render_line(5))
        assert {segment.style.bgcolor for segment in segments if segment.style} == {app.view.rich_style.bgcolor}
        before = list(app.view.render_line(19))
        app.theme = "textual-light"
        await until(pilot, lambda: list(app.view.render_line(19)) != before)


async def test_every_builtin_theme_gives_a_palette() -> None:
    app = ChartApp()
    async with app.run_test() as pilot:
        for theme in app.available_themes:
            app.theme = theme
            await pilot.pause()
            palette = palette_of(app.get_css_variables())
            assert palette != Palette()
            assert palette.line != palette.best


async def test_a_band_is_seen_in_256_colours_and_the_curve_on_it() -> None:
    app = ChartApp()
    async with app.run_test() as pilot:
        for theme in app.available_themes:
            app.theme = theme
            await pilot.pause()
            variables = app.get_css_variables()
            palette = palette_of(variables)
            if isinstance(palette.band, tuple) and isinstance(palette.line, tuple):
                background = Color.parse(variables["background"]).rgb
                shown = [
                    RichColor.from_rgb(*rgb).downgrade(ColorSystem.EIGHT_BIT) for rgb in (background, palette.band)
                ]
                assert shown[0] != shown[1], theme
                assert shown[1] != RichColor.from_rgb(*palette.line).downgrade(ColorSystem.EIGHT_BIT), theme


@pytest.mark.usefixtures("quick")
async def test_a_band_that_grows_is_sent_and_the_rest_is_not(refreshed: list[tuple[Region, ...]]) -> None:
    app = ChartApp()
    async with app.run_test(size=(80, 20)) as pilot:
        ends: list[tuple[float | None, ...]] = [tuple(10.0 if x < end else None for x in X) for end in (20, 30)]
        low = tuple(0.0 for _ in X)
        charts = [
            Chart(series=(Band(x=X, lower=low, upper=upper),), x_limits=(0, 49), y_limits=(0, 40)) for upper in ends
        ]
        app.view.show(charts[0])
        await _loaded(pilot)
        refreshed.clear()
        app.view.show(charts[1])
        await pilot.pause()
        [regions] = refreshed
        assert {region.height for region in regions} == {1}
        assert all(region.x > 25 and region.width < 20 for region in regions)
        assert len(regions) == 5


def test_importing_the_widget_loads_neither_plotext_nor_numpy() -> None:
    names = "nnsize_tui.chart.widget, nnsize_engine.charts.size_chart, sys"
    code = f"import {names}; sys.exit(bool({{'plotext', 'numpy'}} & set(sys.modules)))"
    assert (
        subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path}; {code}"], check=False).returncode
        == 0
    )

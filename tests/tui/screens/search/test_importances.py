"""The importances of parameters on the screen of a search."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from support.made_runs import GRID, SMALL, add_made_fits, enter_state, made_fit, made_run
from support.made_watched import made_watched
from support.pilots import shown, until, until_shown

SIZES = [(80, 24), (160, 48)]


def opened(home: Path, settings: SizeSettings = GRID, *, unicode: bool = True, **made: object) -> ExplorerApp:
    folder = made_run(home, "zibiro", settings, is_surface=True, **made)  # type: ignore[arg-type]
    return ExplorerApp(home, unicode=unicode, first=RunFollower(folder).look())


def chart_text(pilot: Pilot[None]) -> str:
    chart = pilot.app.screen.query_one(ChartView)
    return "\n".join(chart.render_line(row).text for row in range(chart.size.height))


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_shows_what_matters_then_each_effect_then_the_curve_again(
    home: Path, size: tuple[int, int]
) -> None:
    async with opened(home).run_test(size=size) as pilot:
        await until(pilot, lambda: "neurons" in chart_text(pilot))
        await pilot.press("i")
        await until(pilot, lambda: "neurons matters most: 82 % (81–83)" in chart_text(pilot))
        assert "noise" in chart_text(pilot)
        assert "i Effect" in shown(pilot)
        assert "alpha" in chart_text(pilot)
        for name in ("neurons", "alpha", "activation"):
            await pilot.press("i")
            await until(pilot, lambda name=name: f"effect of {name}" in chart_text(pilot))  # type: ignore[misc]
        assert "relu" in chart_text(pilot).splitlines()[-2]
        await pilot.press("i")
        await until(pilot, lambda: "effect" not in chart_text(pilot) and "relu 1e-05" in chart_text(pilot))
        await pilot.press("i")
        await until(pilot, lambda: "matters most" in chart_text(pilot))
        await pilot.press("down")
        assert "matters most" in chart_text(pilot)
        await pilot.press("m")
        await until(pilot, lambda: "effect" not in chart_text(pilot) and "relu 1e-05" in chart_text(pilot))


@pytest.mark.parametrize("size", SIZES)
async def test_the_bars_alone_and_in_ascii(home: Path, size: tuple[int, int]) -> None:
    async with opened(home, unicode=False).run_test(size=size) as pilot:
        await pilot.press("i", "z")
        await until(pilot, lambda: "neurons x activation" in chart_text(pilot))
        assert chart_text(pilot).isascii()
        assert "####" in chart_text(pilot)
        await pilot.press("i")
        await until(pilot, lambda: "effect of neurons" in chart_text(pilot))


@pytest.mark.parametrize("size", SIZES)
async def test_a_watched_search_has_the_same_key(home: Path, size: tuple[int, int]) -> None:
    folder = made_watched(home, "watched")
    async with ExplorerApp(home, unicode=True, first=RunFollower(folder).look()).run_test(size=size) as pilot:
        await until(pilot, lambda: "mean" in chart_text(pilot) or "0." in chart_text(pilot))
        await pilot.press("i")
        await until(pilot, lambda: "C × kernel" in chart_text(pilot))
        for _ in range(2):
            await pilot.press("i")
            await until(pilot, lambda: "effect of" in chart_text(pilot))
        await pilot.press("i")
        await until(pilot, lambda: "effect of" not in chart_text(pilot) and "noise" not in chart_text(pilot))


async def test_there_is_no_such_key_with_one_parameter(home: Path) -> None:
    async with opened(home, SMALL).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "Sort")
        assert "Importance" not in shown(pilot)
        before = chart_text(pilot)
        await pilot.press("i")
        assert chart_text(pilot) == before


async def test_before_the_first_score_a_sentence_says_what_to_wait_for(home: Path) -> None:
    async with opened(home, state="running", fits=0).run_test(size=(80, 24)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "no importances yet" in chart_text(pilot))
        assert "wait for more fits" in " ".join(chart_text(pilot).split())


async def test_importances_follow_a_live_run(home: Path) -> None:
    settings = replace(GRID, neurons="4:16:6")
    folder = made_run(home, "zibiro", settings, is_surface=True, state="running", fits=12)
    async with ExplorerApp(home, unicode=True, first=RunFollower(folder).look()).run_test(size=(160, 48)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "matters most" in chart_text(pilot))
        assert "(" not in chart_text(pilot)  # one fold: no interval
        add_made_fits(folder, [made_fit(number, fold, score=0.5 + 0.1 * (number % 2)) for number in range(12)
                               for fold in (1, 2)])  # fmt: skip
        enter_state(folder, "finished")
        await until(pilot, lambda: "neurons" in chart_text(pilot) and "(" in chart_text(pilot))

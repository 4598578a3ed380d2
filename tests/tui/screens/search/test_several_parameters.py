"""The screen of a search over several parameters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.search.candidate_table import CandidateTable
from nnsize_tui.screens.search.fold_pane import FoldPane
from support.made_runs import GRID, LAYERED, MANY, add_made_fits, made_fit, made_run
from support.pilots import shown, until, until_shown

REPEATED = SizeSettings(data="iris", scoring="accuracy", neurons="4:40:12", cv=3, repeats=2, seed=7)


def opened(home: Path, settings: SizeSettings, *, unicode: bool = True, **made: object) -> ExplorerApp:
    folder = made_run(home, "zibiro", settings, is_surface=True, **made)  # type: ignore[arg-type]
    return ExplorerApp(home, unicode=unicode, first=RunFollower(folder).look())


def table_of(pilot: Pilot[None]) -> CandidateTable:
    return pilot.app.screen.query_one(CandidateTable)


def chart_text(pilot: Pilot[None]) -> str:
    chart = pilot.app.screen.query_one(ChartView)
    return "\n".join(chart.render_line(row).text for row in range(chart.size.height))


async def test_the_table_has_a_column_for_each_parameter_sorted_by_its_values(home: Path) -> None:
    async with opened(home, GRID).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "▴neurons activation alpha folds", "4       relu 1e-05  3/3")
        await pilot.press("o", "o")
        assert "▴alpha" in shown(pilot)
        values = [dict(item.summary.candidate.parameters)["alpha"] for item in table_of(pilot).items]
        assert values == sorted(values, key=float)
        await pilot.press("O", "less_than_sign")
        words = [str(dict(item.summary.candidate.parameters)["activation"]) for item in table_of(pilot).items]
        assert words == sorted(words)


async def test_the_header_says_what_is_searched(home: Path) -> None:
    async with opened(home, MANY).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "4:40:6 × 2 activations × 3 alphas × 4 learning rates", "3 folds × 3 repeats")
        await pilot.press("escape")
        await until_shown(pilot, "4:40:6 ×24", "3×3 fits")


async def test_one_key_shows_the_best_of_each_size_and_back(home: Path) -> None:
    async with opened(home, GRID).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "b Best")
        await pilot.press("down", "down")
        await pilot.press("b")
        items = table_of(pilot).items
        assert [item.summary.candidate.hidden_layer_sizes[0] for item in items] == [4, 10, 16, 22, 28, 34]
        assert {item.summary.candidate.parameters for item in items} == {(("activation", "tanh"), ("alpha", 0.001))}
        chosen = table_of(pilot).highlighted
        assert chosen is not None
        assert chosen.summary.candidate.hidden_layer_sizes == (4,)
        await until(pilot, lambda: "● best of each size" in chart_text(pilot))
        assert "b All" in shown(pilot)
        await pilot.press("b")
        assert len(table_of(pilot).items) == 36
        assert table_of(pilot).highlighted == chosen
        await until(pilot, lambda: "● relu 1e-05" in chart_text(pilot))


async def test_a_size_without_a_score_keeps_its_row_among_the_best(home: Path) -> None:
    async with opened(home, GRID, state="running", fits=0).run_test(size=(160, 48)) as pilot:
        await pilot.press("b")
        await until(pilot, lambda: len(table_of(pilot).items) == 6)


@pytest.mark.parametrize("settings", [SizeSettings(data="iris", scoring="accuracy", neurons="2:10:2", cv=3), LAYERED])
async def test_there_is_no_such_key_where_each_size_has_one_candidate(home: Path, settings: SizeSettings) -> None:
    async with opened(home, settings).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "Sort")
        assert "b Best" not in shown(pilot)
        assert ("m Curve" in shown(pilot)) == (settings is LAYERED)
        count = len(table_of(pilot).items)
        await pilot.press("b", "m", "M")
        assert len(table_of(pilot).items) == count


async def test_a_key_goes_through_curve_and_maps(home: Path) -> None:
    async with opened(home, GRID).run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: "neurons" in chart_text(pilot).splitlines()[-1])
        for axes in ("↑ alpha  → neurons  relu", "↑ activation  → neurons  alpha 1e-05", "↑ alpha  → activation  4"):
            assert "m Map" in shown(pilot)
            await pilot.press("m")
            await until(pilot, lambda axes=axes: axes in chart_text(pilot))  # type: ignore[misc]
        assert "m Learning" in shown(pilot)
        await pilot.press("m")
        await until(pilot, lambda: "no losses by epoch yet" in chart_text(pilot))
        assert "m Curve" in shown(pilot)
        await pilot.press("m")
        await until(pilot, lambda: "● relu 1e-05" in chart_text(pilot))
        await pilot.press("M", "M")
        await until(pilot, lambda: "→ activation" in chart_text(pilot))


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_grid_of_two_layers_is_a_map_whose_mark_follows_the_table(home: Path, size: tuple[int, int]) -> None:
    async with opened(home, LAYERED).run_test(size=size) as pilot:
        await until(pilot, lambda: "↑ layer 2  → layer 1" in chart_text(pilot))
        rows = chart_text(pilot).splitlines()
        labels = [row.split()[0] for row in rows if row[:2].strip().isdigit()]
        assert labels[:9] == [str(8 * number) for number in range(8, -1, -1)]
        assert rows[[row[:2] for row in rows].index(" 0")].count("0.9") == 8
        assert "★0.9693" in chart_text(pilot)
        before = chart_text(pilot)
        await pilot.press("end")
        await until(pilot, lambda: chart_text(pilot) != before)
        table, chart = table_of(pilot), pilot.app.screen.query_one(ChartView)
        assert table.size.height >= 6
        assert chart.size.height >= 12


async def test_more_values_than_cells_are_folded_and_it_is_said(home: Path) -> None:
    many = replace(LAYERED, neurons="1:121 x 0:31")
    async with opened(home, many, state="paused", fits=3000).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "each cell: best of 2 × 3" in chart_text(pilot))


async def test_failed_and_waiting_cells_are_seen(home: Path) -> None:
    app = opened(home, LAYERED, state="running", fits=40, failed=((5, 0),))
    async with app.run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: "✗ failed" in chart_text(pilot) and "· not done" in chart_text(pilot))
        add_made_fits(home / "zibiro", [made_fit(number, 0) for number in range(40, 72)])
        await until(pilot, lambda: "not done" not in chart_text(pilot))


async def test_both_spreads_are_shown_by_seed_and_fold(home: Path) -> None:
    async with opened(home, REPEATED).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "6/6", "std fold", "std seed", "seed 7  mean 0.", "seed 8  mean 0.")
        await until_shown(pilot, "std over folds 0.00", "std over seeds 0.00")
        pane, chosen = pilot.app.screen.query_one(FoldPane), table_of(pilot).highlighted
        assert chosen is not None
        assert len(pane.content(60)) == 9
        await until_shown(pilot, "Recommended with each of 2 seeds alone: ")
        assert f"{chosen.shared.std_over_folds:.6f}" in shown(pilot)
        assert f"{chosen.shared.std_over_seeds:.6f}" in shown(pilot)


async def test_spreads_wait_until_they_can_be(home: Path) -> None:
    async with opened(home, REPEATED, state="running", fits=4).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "std over folds", "std over seeds -", "seed 8")
        assert "seed 8  mean" not in shown(pilot)


@pytest.mark.parametrize("settings", [GRID, MANY, LAYERED])
async def test_everything_is_ascii_without_unicode(home: Path, settings: SizeSettings) -> None:
    async with opened(home, settings, unicode=False, failed=((3, 1),)).run_test(size=(100, 40)) as pilot:
        await until(pilot, lambda: "@ best" in chart_text(pilot))
        for key in ("m", "m", "m", "b"):
            assert shown(pilot).isascii()
            await pilot.press(key)
            await pilot.pause()
        await until(pilot, lambda: chart_text(pilot).isascii())


async def test_folds_stay_beside_a_table_that_can_do_with_less(home: Path) -> None:
    async with opened(home, GRID).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "activation", "alpha", "rank", "folds of 4 relu 1e-05")
        await pilot.press("z", "z")
        await until_shown(pilot, "train", "time", "3/3")

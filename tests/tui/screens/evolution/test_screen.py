from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.results.records import GenerationResult
from nnsize_engine.runs import launch
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow import runs
from nnsize_tui.follow.runs import RunsFollower, first_look
from nnsize_tui.screens.evolution.generation_detail import GenerationDetail
from nnsize_tui.screens.evolution.generation_table import GenerationTable
from nnsize_tui.screens.evolution.screen import EvolutionScreen
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.columns import Column
from nnsize_tui.widgets.histogram import Histogram, fit_bars
from nnsize_tui.widgets.log_pane import LogPane
from support.made_runs import EVOLUTION, add_made_generations, enter_state, made_generation, made_run, make_evolution
from support.pilots import shown, until, until_shown
from support.removal import remove


def opened(folder: Path, *, unicode: bool = True) -> ExplorerApp:
    """Return the explorer as ``nnsize-tui RUN`` starts it."""
    return ExplorerApp(folder.parent, unicode=unicode, first=RunFollower(folder).look())


def table_of(pilot: Pilot[None]) -> GenerationTable:
    return pilot.app.screen.query_one(GenerationTable)


def chosen_of(pilot: Pilot[None]) -> int | None:
    chosen = table_of(pilot).highlighted
    return chosen.number if chosen is not None else None


def chart_text(pilot: Pilot[None]) -> str:
    chart = pilot.app.screen.query_one(ChartView)
    return "\n".join(chart.render_line(row).text for row in range(chart.size.height))


async def test_an_open_evolution_shows_everything_about_it(home: Path) -> None:
    folder = make_evolution(home, "zelodo")
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "zelodo", "4-6-3-3 = 63 weights · best1bin · log_loss · 30 members", "✓ finished")
        await until_shown(
            pilot, "40/40 generations 100%", "1,230 evaluations 60/s", "Evolved 4-6-3-3 for 40 generations"
        )
        await until_shown(pilot, "generation 40", "evolved  gradient", "0.9510    0.9610", "30 members by log_loss")
        await until_shown(pilot, "─ log ─", "an evolution made up for a test")
        await until(pilot, lambda: "gradient 0.0900 in 0.40s" in chart_text(pilot))
        assert chosen_of(pilot) == 40


async def test_generations_appear_as_they_end_and_the_cursor_follows_until_it_is_moved(home: Path) -> None:
    folder = make_evolution(home, "zelodo", state="running", generations=3)
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "3/40 generations", "▶ running", "Best so far (generation 3 of 40)", "left")
        add_made_generations(folder, [made_generation(number) for number in range(4, 30)])
        await until_shown(pilot, "29/40 generations")
        assert chosen_of(pilot) == 29
        await pilot.press("up", "up")
        add_made_generations(folder, [made_generation(number) for number in range(30, 35)])
        await until_shown(pilot, "34/40 generations")
        assert chosen_of(pilot) == 27
        await pilot.press("end")
        add_made_generations(folder, [made_generation(35)])
        await until(pilot, lambda: chosen_of(pilot) == 35)
        enter_state(folder, "stopped")
        await until_shown(pilot, "■ stopped", "Resume")


async def test_numbers_population_and_chart_follow_the_cursor(home: Path) -> None:
    folder = make_evolution(home, "zelodo")
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await pilot.press("home", "down", "right", "right", "left")
        await until_shown(pilot, "─ generation 2 ─")
        generation = made_generation(2)
        assert generation.low is not None
        assert f"{generation.low:.4f}" in shown(pilot)
        await until(pilot, lambda: "│ 2" in chart_text(pilot))


async def test_zoom_shows_chart_table_and_generation_alone(home: Path) -> None:
    folder = make_evolution(home, "zelodo")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        screen, seen = pilot.app.screen, []
        for key in ("z", "z", "z", "escape"):
            await pilot.press(key)
            await pilot.pause()
            parts = (ChartView, GenerationTable, GenerationDetail, Histogram)
            seen.append([screen.query_one(part).display for part in parts])
        assert seen[:3] == [[True, False, False, False], [False, True, False, False], [False, False, True, True]]
        assert seen[3] == [True, True, False, True]
        await pilot.press("up")
        assert chosen_of(pilot) == 39


async def test_the_log_can_be_shown_and_hidden(home: Path) -> None:
    folder = make_evolution(home, "zelodo")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        assert not pilot.app.screen.query_one(LogPane).display
        await pilot.press("l")
        await until_shown(pilot, "─ log ─", "an evolution made up for a test")
        await pilot.press("l")
        await until(pilot, lambda: pilot.app.screen.query_one(ChartView).display)


@pytest.mark.parametrize(("state", "key", "action"), [("running", "p", "pause"), ("paused", "p", "resume")])
async def test_it_is_steered_like_any_run(
    home: Path, monkeypatch: pytest.MonkeyPatch, state: str, key: str, action: str
) -> None:
    folder = make_evolution(home, "zelodo", state=state, generations=4)  # type: ignore[arg-type]
    asked: list[Path] = []
    monkeypatch.setattr(launch, action, asked.append)
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: asked == [folder])


async def test_a_deleted_evolution_leads_back_to_all_runs(home: Path) -> None:
    folder = make_evolution(home, "zelodo")
    app = opened(folder)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("d")
        await until_shown(pilot, "Delete run zelodo? Its 40 finished generations will be lost.")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        assert not folder.exists()


async def test_another_kind_of_run_in_its_place_leads_back(home: Path) -> None:
    folder = make_evolution(home, "zelodo")
    app = opened(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "zelodo")
        remove(folder)
        made_run(home, "zelodo", age=1)
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))


@pytest.mark.parametrize("generations", [-1, 0])
async def test_the_first_population_is_awaited_and_shown(home: Path, generations: int) -> None:
    folder = make_evolution(home, "zelodo", state="running", generations=generations)
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        words = "this one 33%" if generations < 0 else "generation 0 of 40"
        await until_shown(pilot, words, "0/40 generations", "▶ running")


async def test_a_population_without_any_finite_fitness_is_survived(home: Path) -> None:
    folder = make_evolution(home, "zelodo", state="running", generations=-1)
    nothing = replace(
        made_generation(0), best=None, mean=None, std=None, train=None, held_out=None, low=None, high=None, counts=()
    )
    add_made_generations(folder, [nothing])
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "no member has a finite fitness", "log_loss -")


async def test_a_long_evolution_opens_before_it_is_read_and_moves_fast(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "MAX_QUICK_RESULTS", 500)
    long = replace(EVOLUTION, generations=3000)
    folder = make_evolution(home, "zelodo", long)
    (row,) = RunsFollower(home).look(1.0)
    assert row.view is None
    asked: set[int] = set()
    original = GenerationTable.cell

    def cell(self: GenerationTable, item: GenerationResult, column: Column) -> Line:
        asked.add(item.number)
        return original(self, item, column)

    monkeypatch.setattr(GenerationTable, "cell", cell)
    app = ExplorerApp(home, unicode=True, rows=(row,), first=first_look(folder))
    async with app.run_test(size=(80, 24)) as pilot:
        assert isinstance(app.screen, EvolutionScreen)
        await until_shown(pilot, "3000/3000 generations")
        await pilot.press("home", "pagedown", "end", "pageup")
        assert chosen_of(pilot) == 2992
        assert len(asked) < 60


async def test_without_unicode_everything_is_ascii(home: Path) -> None:
    folder = make_evolution(home, "zelodo", replace(EVOLUTION, fitness="accuracy"))
    async with opened(folder, unicode=False).run_test(size=(160, 48)) as pilot:
        await until(pilot, lambda: "best" in chart_text(pilot))
        assert shown(pilot).isascii()
        await pilot.press("question_mark")
        await until_shown(pilot, "Show or hide the log")
        assert shown(pilot).isascii()
        while "trials that replaced their parent" not in shown(pilot):
            before = shown(pilot)
            await pilot.press("pagedown")
            assert shown(pilot) != before
        assert shown(pilot).isascii()


@pytest.mark.parametrize(("width", "missing"), [(60, "spread"), (80, "CR"), (160, None), (220, None)])
async def test_the_most_important_columns_stay(home: Path, width: int, missing: str | None) -> None:
    settings = EvolutionSettings(validation_fraction=0.1)
    folder = make_evolution(home, "zelodo", settings)
    async with opened(folder).run_test(size=(width, 30)) as pilot:
        await pilot.press("z", "z")

        def title() -> set[str]:
            return set(table_of(pilot).render_line(0).text.replace("▴", " ").split())

        await until(pilot, lambda: {"gen", "best", "held-out", "accepted", "mean"} <= title())
        assert missing is None or missing not in title()


def test_bars_take_the_room_there_is_and_lose_no_member() -> None:
    counts = list(range(32))
    for room in (1, 10, 16, 31, 32, 70, 300):
        bars = fit_bars(counts, room)
        assert sum(count for count, _ in bars) == sum(counts)
        assert sum(columns for _, columns in bars) <= max(room, 1)

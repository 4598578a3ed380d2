"""The setup of a search: counts, times, keys, the mouse, sizes of the terminal."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nnsize_engine.errors import NnsizeError
from nnsize_engine.preflight import client
from nnsize_engine.preflight.client import CancelledError, Question
from nnsize_engine.results.estimates import SearchEstimate
from nnsize_engine.runs import launch
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.data.screen import DataScreen
from nnsize_tui.screens.dialogs.pick_file import PickFile
from nnsize_tui.screens.dialogs.pick_names import NameTable, PickNames
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.screens.setup.screen import SetupScreen
from nnsize_tui.screens.setup.setting_list import SettingList
from nnsize_tui.widgets.canvas import Canvas
from nnsize_tui.widgets.text_input import TextInput
from support.made_runs import made_run
from support.made_summaries import made_estimate
from support.pilots import shown, until, until_shown
from support.setup_pilots import Asked, go_to, set_up, write


async def test_the_first_field_has_the_cursor_and_everything_is_counted_and_timed(
    explorer: ExplorerApp, asked: Asked
) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await until_shown(pilot, "› data", "breast_cancer", "569 rows, 30 inputs, two classes")
        await until_shown(pilot, "48 candidates x 5 folds = 240 fits", "about 2m01s, from a measured fit")
        assert asked.measurements == [SizeSettings()]
        assert not asked.inspections


async def test_time_follows_from_the_same_measurement_while_sizes_and_repeats_change(
    explorer: ExplorerApp, asked: Asked
) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await write(pilot, "neurons", "4,8")
        await write(pilot, "repeats", "2")
        await until_shown(pilot, "2 candidates x 5 folds x 2 repeats = 20 fits", "about 11s", "seeds 0 to 1")
        await write(pilot, "seed", "7")
        await until_shown(pilot, "seeds 7 to 8", "about 11s")
        assert len(asked.measurements) == 1
        await write(pilot, "cv", "4")
        await until(pilot, lambda: len(asked.measurements) == 2)
        await write(pilot, "data", "iris")
        await until_shown(pilot, "150 rows, 4 inputs, 3 classes", "accuracy", "about")
        await until(pilot, lambda: asked.measurements[-1].data == "iris")


@pytest.mark.usefixtures("asked")
async def test_a_key_pressed_twice_opens_one_screen(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        home_screen = explorer.screen
        assert isinstance(home_screen, HomeScreen)
        home_screen.new_runs.action_setup("size")
        home_screen.new_runs.action_setup("size")
        await until(pilot, lambda: isinstance(explorer.screen, SetupScreen) and explorer.screen.is_current)
        await pilot.pause()
        setup_screen = explorer.screen
        assert isinstance(setup_screen, SetupScreen)
        setup_screen.action_pick()
        setup_screen.action_pick()
        await until(pilot, lambda: isinstance(explorer.screen, PickFile))
        await pilot.pause()
        assert len(explorer.screen_stack) == 3


async def test_an_upper_bound_is_said_as_one(
    explorer: ExplorerApp, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    del asked
    monkeypatch.setattr(client, "estimate", lambda *_: made_estimate(has_ended=False))
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await until_shown(pilot, "at most 2m01s, from a measured fit")


async def test_while_a_fit_is_measured_it_says_so_and_leaving_takes_the_question_back(
    explorer: ExplorerApp, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    del asked
    questions: list[Question] = []
    let_go = threading.Event()

    def estimate(_: SizeSettings, question: Question) -> SearchEstimate:
        questions.append(question)
        assert let_go.wait(60)
        raise CancelledError("taken back")

    monkeypatch.setattr(client, "estimate", estimate)
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await until(pilot, lambda: questions)
        await until_shown(pilot, "measuring a fit…")
        await write(pilot, "data", "iris")
        await until(pilot, lambda: len(questions) == 2)
        await until(pilot, lambda: questions[0].is_cancelled)
        assert not questions[1].is_cancelled
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen) and questions[1].is_cancelled)
        let_go.set()


async def test_a_measurement_that_fails_does_not_keep_one_from_starting(explorer: ExplorerApp, asked: Asked) -> None:
    asked.no_estimate = NnsizeError("the process ended with code 1")
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await until_shown(pilot, "no estimate: the process ended with code 1", "Start: ctrl+s")
        assert "✗" not in shown(pilot)


async def test_more_shows_every_parameter_and_one_is_searched(
    explorer: ExplorerApp, asked: Asked, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    started: list[SizeSettings] = []

    def start(settings: SizeSettings, folder: Path, **_: object) -> Path:
        started.append(settings)
        return made_run(folder, "brandnew", state="running", fits=2)

    monkeypatch.setattr(launch, "start", start)
    del home
    async with explorer.run_test(size=(80, 24)) as pilot:
        screen = await set_up(pilot)
        await pilot.press("ctrl+n")
        await until_shown(pilot, "› activation", "early-stopping", "network: one value, or several")
        await pilot.press(*",tanh")
        await write(pilot, "alpha", "0.1")
        await until_shown(pilot, "2 values", "96 candidates x 5 folds = 480 fits")
        await until(pilot, lambda: asked.measurements[-1].grid == (("activation", ("relu", "tanh")),))
        await pilot.press("ctrl+n")
        await until_shown(pilot, "› more", "changed: activation, alpha")
        assert screen.field is None
        await pilot.press("enter")
        await until_shown(pilot, "› activation")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
    assert started[0].grid == (("activation", ("relu", "tanh")),)
    assert started[0].network.alpha == 0.1


@pytest.mark.usefixtures("asked")
async def test_the_start_key_goes_to_the_first_field_that_is_wrong(
    explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "start", lambda *_, **__: pytest.fail("it was started"))
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        screen = await set_up(pilot)
        await write(pilot, "cv", "0")
        go_to(pilot, "data")
        await pilot.press("ctrl+s")
        await until_shown(pilot, "Not yet: folds (cv) has to be mended.")
        assert screen.field is not None
        assert screen.field.key == "cv"


@pytest.mark.usefixtures("asked")
async def test_fields_are_chosen_and_the_search_started_by_clicks(
    explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "start", lambda _, folder, **__: made_run(folder, "clicked", state="running", fits=2))
    async with explorer.run_test(size=(80, 24)) as pilot:
        screen = await set_up(pilot)
        await until_shown(pilot, "Start: ctrl+s")
        lines = shown(pilot).split("\n")
        row = next(place for place, line in enumerate(lines) if "precision" in line)
        await pilot.click(SettingList, offset=(5, row - 1))
        await until(pilot, lambda: screen.field is not None and screen.field.key == "precision")
        await pilot.click(SettingList, offset=(5, row - 1))  # again: its list, in which two clicks take a row
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        await pilot.click(NameTable, offset=(5, 2), times=2)
        await until_shown(pilot, "‹ float32 ›")
        row = next(place for place, line in enumerate(lines) if "Start: ctrl+s" in line)
        await pilot.click(offset=(70, row))
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (118, 30), (160, 48), (200, 60)])
async def test_at_every_size_all_parts_have_their_place_and_nothing_overlaps(
    explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    async with explorer.run_test(size=size) as pilot:
        screen = await set_up(pilot)
        await pilot.press("ctrl+n")
        await pilot.pause()
        parts = [widget.region for widget in screen.query(Canvas) if widget.display]
        assert all(not one.overlaps(other) for one in parts for other in parts if one is not other)
        assert sum(part.area for part in parts) <= size[0] * size[1]
        typing = screen.query_one(TextInput).region
        assert screen.query_one(SettingList).region.contains_region(typing)


@pytest.mark.usefixtures("asked")
async def test_without_unicode_only_ascii_is_shown(home: Path, table: Path) -> None:
    app = ExplorerApp(home, unicode=False)
    async with app.run_test(size=(100, 40)) as pilot:
        await set_up(pilot)
        await write(pilot, "data", table.name)
        await write(pilot, "neurons", "x")
        await until_shown(pilot, "891 rows", "x neurons 'x'")
        assert shown(pilot).isascii()
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(app.screen, DataScreen))
        for key in ("v", "v", "z", "v"):
            await until_shown(pilot, "passengers.csv")
            assert shown(pilot).isascii()
            await pilot.press(key)


@pytest.mark.usefixtures("asked")
async def test_defaults_that_cannot_be_read_are_said_and_the_built_in_search_is_set_up(
    explorer: ExplorerApp, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "config.toml").write_text("[size]\nneuron = '5'\n")
    monkeypatch.setenv("NNSIZE_CONFIG", str(home / "config.toml"))
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await set_up(pilot)
        await until_shown(pilot, "did you mean")
        await until_shown(pilot, "neurons", "5:100:2")


FIRST_FRAME = (
    "import sys, nnsize_tui.app.explorer; print([name for name in sys.modules if 'setup' in name or 'inquiry' in name])"
)


def test_the_first_frame_loads_nothing_of_it() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_FRAME], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"


async def test_what_is_typed_first_replaces_the_name_of_the_data(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        screen = await set_up(pilot)
        await pilot.press(*"iris")
        await until(pilot, lambda: screen.state.draft["data"] == "iris")

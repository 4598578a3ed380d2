"""An evolution on the setup screen; presets; saved settings; a start in the background."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.preflight import client
from nnsize_engine.processes.memory import amount_text
from nnsize_engine.runs import launch
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.population_memory import needed_bytes
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.toml import read_config
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.dialogs.pick_names import PickNames
from nnsize_tui.screens.dialogs.save_settings import SaveSettings
from nnsize_tui.screens.evolution.screen import EvolutionScreen
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.screens.setup import background_preflight
from nnsize_tui.screens.setup.default_draft import draft_of
from nnsize_tui.screens.setup.screen import SetupScreen
from nnsize_tui.screens.setup.setting_list import SettingList
from nnsize_tui.widgets.canvas import Canvas
from nnsize_tui.widgets.text_input import TextInput
from support.made_runs import made_run
from support.made_summaries import made_estimate_of
from support.pilots import shown, until, until_shown
from support.setup_pilots import there


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[RunSettings]:
    """Replace preflight processes by answers; return the started settings."""
    settings: list[RunSettings] = []

    def start(given: RunSettings, folder: Path, **_: object) -> Path:
        settings.append(given)
        return made_run(folder, "brandnew", state="running", fits=2)

    monkeypatch.setattr(launch, "start", start)
    monkeypatch.setattr(client, "estimate", made_estimate_of)
    monkeypatch.setattr(background_preflight, "PAUSE_SECONDS", 0.001)
    return settings


async def set_up(pilot: Pilot[None], key: str = "e") -> SetupScreen:
    await pilot.press(key)
    return await there(pilot)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (118, 30), (160, 48), (200, 60)])
async def test_an_evolution_is_counted_and_timed_at_every_size(explorer: ExplorerApp, size: tuple[int, int]) -> None:
    async with explorer.run_test(size=size) as pilot:
        screen = await set_up(pilot)
        await until_shown(pilot, "A new evolution", "30-64-32-1: 4,097 weights")
        await until_shown(pilot, "100 members x 1,000 = 100,000 evaluations", "about 12s, as measured here")
        await pilot.press("ctrl+n")
        await pilot.pause()
        parts = [widget.region for widget in screen.query(Canvas) if widget.display]
        assert all(not one.overlaps(other) for one in parts for other in parts if one is not other)


async def test_without_unicode_an_evolution_is_set_up_in_ascii(home: Path) -> None:
    app = ExplorerApp(home, unicode=False)
    async with app.run_test(size=(160, 48)) as pilot:
        await set_up(pilot)
        await until_shown(pilot, "about 12s")
        assert shown(pilot).isascii()


async def test_what_is_typed_wrong_is_said_beside_it_and_does_not_start(
    explorer: ExplorerApp, started: list[RunSettings]
) -> None:
    async with explorer.run_test(size=(100, 40), notifications=True) as pilot:
        screen = await set_up(pilot)
        screen.query_one(SettingList).choose("layers")
        await pilot.pause()
        await pilot.press(",")
        await until_shown(pilot, "layers '64,32,' does not read as neurons")
        await pilot.press("ctrl+s")
        await until_shown(pilot, "Not yet: layers has to be mended.")
        assert not started


async def test_a_new_evolution_begins_with_strategy_auto(explorer: ExplorerApp, started: list[RunSettings]) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await until_shown(pilot, "strategy            auto", "hill-climbing, with recommended settings")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: bool(started))
        assert started == [recommended()]


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_the_preset_of_article_2_says_its_memory_before_the_start(
    explorer: ExplorerApp, started: list[RunSettings], size: tuple[int, int]
) -> None:
    memory = amount_text(needed_bytes(EvolutionSettings()) or 0)
    async with explorer.run_test(size=size) as pilot:
        await set_up(pilot)
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        await until_shown(pilot, "article 2", f"{memory} of memory")
        await pilot.press(*"built-in evolution", "enter")
        await until_shown(pilot, "20,485 members x 11 = 225,335 evaluations", memory)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: bool(started))
        assert started == [EvolutionSettings()]


async def test_a_reset_evolution_has_strategy_auto_again(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        screen = await set_up(pilot)
        screen.take(draft_of(EvolutionSettings()))
        await until_shown(pilot, "225,335 evaluations")
        await pilot.press("ctrl+r")
        await until_shown(pilot, "strategy            auto", "100,000 evaluations")


async def test_strategy_auto_fills_in_what_is_recommended(explorer: ExplorerApp, started: list[RunSettings]) -> None:
    async with explorer.run_test(size=(100, 40)) as pilot:
        screen = await set_up(pilot)
        screen.query_one(SettingList).choose("strategy")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        await pilot.press(*"auto", "enter")
        await until_shown(pilot, "100,000", "hill-climbing, with recommended", "log_loss")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: bool(started))
        assert isinstance(started[0], EvolutionSettings)
        assert (started[0].strategy, started[0].evaluations) == ("hill-climbing", 100_000)


async def test_ctrl_g_starts_and_goes_back_with_the_cursor_on_the_run(
    explorer: ExplorerApp, started: list[RunSettings]
) -> None:
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await set_up(pilot, "n")
        await pilot.press("ctrl+g")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await until_shown(pilot, "Run brandnew is under way.")
        await until_shown(pilot, "› brandn")
        assert started == [SizeSettings()]


async def test_a_preset_of_the_other_kind_makes_it_the_other_screen(
    home: Path, explorer: ExplorerApp, started: list[RunSettings]
) -> None:
    made_run(home, "zibiro")
    Path("mine.toml").write_text('kind = "evolution"\ndefaults = false\ndata = "iris"\nlayers = "3"\n')
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot, "n")
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        await until_shown(pilot, "built-in search", "strategy auto", "mine.toml", "zibiro")
        await pilot.press(*"mine", "enter")
        await until_shown(pilot, "A new evolution", "4-3-3: 27 weights")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: bool(started))
        assert started == [EvolutionSettings(data="iris", layers="3")]


@pytest.mark.parametrize("is_open", [False, True])
async def test_a_sets_up_the_run_again(
    home: Path, explorer: ExplorerApp, started: list[RunSettings], is_open: bool
) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=(100, 40)) as pilot:
        await until_shown(pilot, "zibiro")
        if is_open:
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(explorer.screen, SearchScreen) and explorer.screen.view is not None)
        screen = await set_up(pilot, "a")
        screen.query_one(SettingList).choose("seed")
        await pilot.pause()
        await pilot.press("7")
        await pilot.press("ctrl+s")
        await until(
            pilot, lambda: isinstance(explorer.screen, SearchScreen) and explorer.screen.folder.name == "brandnew"
        )
        assert len(explorer.screen_stack) == 2
        assert isinstance(started[0], SizeSettings)
        assert str(started[0].seed).endswith("7")


async def test_ctrl_x_saves_the_settings_and_asks_before_it_overwrites(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await set_up(pilot)
        for answer in ("", "n", "y"):
            await pilot.press("ctrl+x")
            await until(pilot, lambda: isinstance(explorer.screen, SaveSettings))
            await until_shown(pilot, "nnsize evolve --config FILE")
            await pilot.press("enter")
            if answer:
                await until(pilot, lambda: isinstance(explorer.screen, Confirm))
                await pilot.press(answer)
            if answer == "n":
                await until(pilot, lambda: isinstance(explorer.screen, SaveSettings))
                await pilot.press("escape")
            await until(pilot, lambda: isinstance(explorer.screen, SetupScreen))
        await until_shown(pilot, "Saved: nnsize evolve --config")
        options, has_defaults = read_config(Path("evolve-breast_cancer.toml"), "evolve")
        assert options["evaluations"] == 100_000
        assert not has_defaults


async def test_an_unwritable_place_is_said(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await pilot.press("ctrl+x")
        await until(
            pilot, lambda: isinstance(explorer.screen, SaveSettings) and isinstance(explorer.focused, TextInput)
        )
        explorer.screen.query_one(TextInput).value = "nowhere/mine.toml"
        await pilot.press("enter")
        await until_shown(pilot, "does not exist")
        assert not isinstance(explorer.screen, EvolutionScreen)
        explorer.screen.query_one(TextInput).value = "mine.toml"
        await until(pilot, lambda: "does not exist" not in shown(pilot))
        await pilot.click("#write")
        await until(pilot, lambda: isinstance(explorer.screen, SetupScreen))
    assert Path("mine.toml").read_text()

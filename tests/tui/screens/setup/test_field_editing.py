"""Editing the fields of a new search: keys, texts, values of a few, lists, problems."""

from pathlib import Path

import pytest

from nnsize_engine.errors import NnsizeError
from nnsize_engine.runs import launch
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.dialogs.pick_names import PickNames
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.setup import background_preflight
from nnsize_tui.screens.setup.fields import BASIC, FIELDS
from nnsize_tui.screens.setup.screen import SetupScreen
from nnsize_tui.widgets.text_input import TextInput
from support.pilots import shown, until, until_shown
from support.setup_pilots import go_to, set_up, write


@pytest.mark.usefixtures("asked")
async def test_every_field_is_reached_by_the_arrow_keys_in_its_order(explorer: ExplorerApp, table: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        screen = await set_up(pilot)
        await write(pilot, "data", table.name)
        await pilot.press("ctrl+n")
        await write(pilot, "cluster", "slurm")  # without one, its other fields mean nothing and are skipped
        await pilot.press(*["pageup"] * 9)
        seen = [screen.field.key if screen.field else "more"]
        for _ in range(len(FIELDS)):
            screen.action_move(1)
            seen.append(screen.field.key if screen.field else "more")
        assert seen == [*(field.key for field in BASIC), "more", *(f.key for f in FIELDS if f not in BASIC)]
        await pilot.press("down", "tab", "pagedown")
        assert screen.field is FIELDS[-1]
        await pilot.press("pageup", "shift+tab")
        assert screen.field is not None
        assert screen.field.key == "is_strict"  # a page of lines, headings and notes among them, and one field up


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("key", ["neurons", "test_size", "alpha", "jobs"])
async def test_what_is_wrong_with_a_field_is_shown_while_one_types_and_goes_when_it_is_mended(
    explorer: ExplorerApp, key: str
) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        screen = await set_up(pilot)
        if key in ("alpha", "max_iter", "jobs"):
            await pilot.press("ctrl+n")
        go_to(pilot, key)
        await pilot.pause()
        await pilot.press("end", "z")
        await until_shown(pilot, "✗", "what is marked ✗ has to be mended first")
        await pilot.press("backspace")
        await until(pilot, lambda: "✗" not in shown(pilot))
        assert screen.query_one(TextInput).has_focus


@pytest.mark.usefixtures("asked")
async def test_what_is_half_typed_is_not_called_wrong_before_a_pause(
    explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await until_shown(pilot, "about 2m01s")
        monkeypatch.setattr(background_preflight, "PAUSE_SECONDS", 600.0)
        await write(pilot, "neurons", "4,")
        await until_shown(pilot, "1 candidate x 5 folds = 5 fits")
        assert "✗" not in shown(pilot)
        await pilot.press("8")
        await until_shown(pilot, "2 candidates x 5 folds = 10 fits")
        await pilot.press(",", "ctrl+s")
        await until_shown(pilot, "✗ neurons '4,8,'", "what is marked ✗")


@pytest.mark.usefixtures("asked")
async def test_a_key_that_overtakes_what_is_typed_loses_nothing(
    explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[SizeSettings] = []

    def start(settings: SizeSettings, _: Path, **__: object) -> Path:
        started.append(settings)
        raise NnsizeError("enough")

    monkeypatch.setattr(launch, "start", start)
    async with explorer.run_test(size=(80, 24)) as pilot:
        screen = await set_up(pilot)
        go_to(pilot, "cv")
        await pilot.pause()
        screen.query_one(TextInput).value = "3"
        screen.action_move(1)
        screen._go_to_field()
        screen.query_one(TextInput).value = "2"
        screen.starting.action_start()
        await until(pilot, lambda: started)
    assert (started[0].cv, started[0].repeats, started[0].seed) == (3, 2, 0)


@pytest.mark.usefixtures("asked")
async def test_a_value_of_a_few_is_chosen_with_the_arrows_and_with_enter(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        go_to(pilot, "precision")
        await until_shown(pilot, "‹ float64 ›")
        await pilot.press("right")
        await until_shown(pilot, "‹ float32 ›")
        await pilot.press("left")
        await until_shown(pilot, "‹ float64 ›")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        await until_shown(pilot, "›●float64", "faster, with half the memory")
        await pilot.press("down", "enter")
        await until_shown(pilot, "‹ float32 ›")
        go_to(pilot, "stratify")
        await pilot.press("space")
        await until_shown(pilot, "‹ yes ›")
        go_to(pilot, "scoring")
        await pilot.press("right")
        await until_shown(pilot, "‹ accuracy ›")


@pytest.mark.usefixtures("asked")
async def test_a_scoring_is_found_in_a_list_of_those_that_fit(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await write(pilot, "data", "diabetes")
        go_to(pilot, "scoring")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        await until_shown(pilot, "neg_mean_squared_error", "›●r2")
        assert "roc_auc" not in shown(pilot)
        await pilot.press(*"mean_abs", "enter")
        await until_shown(pilot, "‹ neg_mean_absolute_error ›")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, SetupScreen))
        await until_shown(pilot, "‹ neg_mean_absolute_error ›")


@pytest.mark.usefixtures("asked")
async def test_back_keeps_what_was_typed_and_reset_undoes_it(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await write(pilot, "neurons", "3,4")
        await write(pilot, "seed", "9")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await set_up(pilot)
        await until_shown(pilot, "3,4", "2 candidates x 5 folds")
        go_to(pilot, "neurons")
        await pilot.pause()
        await pilot.press("ctrl+r")
        await until_shown(pilot, "5:100:2", "48 candidates")
        assert "seed       9" in shown(pilot)
        await pilot.press("ctrl+r")
        await until_shown(pilot, "seed       0")


@pytest.mark.usefixtures("asked")
async def test_a_question_mark_asks_for_help_except_where_it_may_be_meant(explorer: ExplorerApp, table: Path) -> None:
    async with explorer.run_test(size=(100, 44)) as pilot:
        screen = await set_up(pilot)
        go_to(pilot, "neurons")
        await until_shown(pilot, "? Help", "^q Quit")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(explorer.screen, Help))
        for binding in SetupScreen.BINDINGS:
            words = binding.tooltip.split()  # type: ignore[union-attr]
            await until_shown(pilot, " ".join(words[:4]))
        await pilot.press("escape")
        await until(pilot, lambda: explorer.screen is screen)
        await write(pilot, "data", table.name)
        await pilot.press("ctrl+n")
        await write(pilot, "missing", "?")
        await until_shown(pilot, "f1 Explain")
        assert screen.query_one(TextInput).value == "?"
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(explorer.screen, Help))

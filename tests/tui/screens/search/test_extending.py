"""Extending a search from its screen: by a dialog, or at once by the larger sizes that its answer advises."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button

from nnsize_engine.errors import RunError
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.extend import store_extension
from nnsize_engine.runs.view import RunFollower
from nnsize_engine.settings.extension import Extension, extended
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.search.candidate_table import CandidateTable
from nnsize_tui.screens.search.extend_dialog import ExtendDialog
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.screens.shared import extending
from support.made_runs import AUTO, SMALL, enter_state, made_run
from support.pilots import press, shown, until, until_shown
from support.views import size_view

RISING = replace(SMALL, neurons="2:17:2")


@pytest.fixture
def extended_by(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, Extension]]:
    """Store extensions without a runner, and list them."""
    asked: list[tuple[Path, Extension]] = []

    def extend(folder: Path, extension: Extension, *, runs_code: bool) -> None:
        assert not runs_code
        asked.append((folder, extension))
        connection = open_for_writing(folder)
        settings = size_view(folder).settings
        with transaction(connection, folder):
            store_extension(connection, settings, extended(settings, extension))
        connection.close()
        enter_state(folder, "running")

    monkeypatch.setattr(launch, "extend", extend)
    return asked


def opened(folder: Path) -> ExplorerApp:
    return ExplorerApp(folder.parent, unicode=True, first=RunFollower(folder).look())


def rising(home: Path, settings: SizeSettings = RISING) -> Path:
    return made_run(home, "bagote", settings, is_surface=True)


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_one_key_starts_the_larger_sizes_that_the_answer_advises(
    home: Path, extended_by: list[tuple[Path, Extension]], size: tuple[int, int]
) -> None:
    folder = rising(home)
    async with opened(folder).run_test(size=size) as pilot:
        await until_shown(pilot, "still rising at 16: try larger ones", "E Larger")
        await press(pilot, "E")
        await until_shown(pilot, "▶ running", "extended: + 8 sizes")
        assert extended_by == [(folder, Extension(neurons="18:33:2"))]
        assert not isinstance(pilot.app.screen, Confirm)
        assert len(pilot.app.screen.query_one(CandidateTable).items) == 16
        assert "E Larger" not in shown(pilot)  # of a run at work


async def test_many_or_slow_fits_are_asked_for_first(
    home: Path, extended_by: list[tuple[Path, Extension]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extending, "MAX_UNASKED_SECONDS", 0.5)
    folder = rising(home)
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "E Larger")
        await press(pilot, "E")
        await until_shown(pilot, "Extend run bagote? + 8 sizes: 24 fits more, about")
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen))
        assert not extended_by
        await press(pilot, "E")
        await until_shown(pilot, "Extend run bagote?")
        await press(pilot, "y")
        await until(pilot, lambda: len(extended_by) == 1)


async def test_a_curve_that_does_not_rise_and_a_run_at_work_have_no_such_key(home: Path) -> None:
    flat = made_run(home, "bagote", replace(SMALL, neurons="2:60:8"), is_surface=True)
    async with opened(flat).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "e Extend")
        assert "E Larger" not in shown(pilot)
    live = made_run(home, "gopuro", state="running", fits=5)
    async with opened(live).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "gopuro")
        assert "e Extend" not in shown(pilot)
        await press(pilot, "e", "E")
        assert isinstance(pilot.app.screen, SearchScreen)


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_the_dialog_begins_with_the_advice_and_says_what_it_costs(
    home: Path, extended_by: list[tuple[Path, Extension]], size: tuple[int, int]
) -> None:
    folder = rising(home)
    async with opened(folder).run_test(size=size) as pilot:
        await until_shown(pilot, "E Larger")
        await press(pilot, "e")
        await until_shown(pilot, "Extend run bagote", "sizes to add", "18:33:2", "24 fits more, about")
        await press(pilot, "ctrl+u", *"3,200", "down", "ctrl+u", "2", "down", "ctrl+u", "3")
        # 10 sizes x 3 folds x 3 rounds x 2 repeats, of which 24 are done.
        await until_shown(pilot, "156 fits more, about")
        await press(pilot, "enter")
        await until_shown(pilot, "▶ running", "24/180 fits")
        assert extended_by == [(folder, Extension(neurons="3,200", repeats=2, fold_rounds=3))]


async def test_what_cannot_be_added_is_said_and_not_started(
    home: Path, extended_by: list[tuple[Path, Extension]]
) -> None:
    folder = rising(home)
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await press(pilot, "e", "ctrl+u", *"2,4")
        await until_shown(pilot, "the run has the sizes 2,4 already; name further ones")
        await press(pilot, "enter", "ctrl+u")
        await until_shown(pilot, "that adds nothing to the run; name further sizes")
        await press(pilot, "down", "ctrl+u", "x", "enter")
        await until_shown(pilot, "repeats is 'x'; it must be a whole number")
        assert isinstance(pilot.app.screen, ExtendDialog)
        pilot.app.screen.query_one("#cancel", Button).press()
        await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen))
        assert not extended_by


async def test_a_search_that_finds_its_sizes_gets_a_larger_limit(
    home: Path, extended_by: list[tuple[Path, Extension]]
) -> None:
    folder = made_run(home, "zibiro", replace(AUTO, max_neurons=16), is_surface=True)
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await press(pilot, "e")
        await until_shown(pilot, "largest size", "Extend run zibiro")
        await press(pilot, "ctrl+u", *"128")
        await until_shown(pilot, "at most", "fits more")
        await press(pilot, "enter")
        await until(pilot, lambda: extended_by == [(folder, Extension(max_neurons=128, fold_rounds=1))])


async def test_a_refusal_is_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, _: Extension, *, runs_code: bool) -> None:  # noqa: ARG001
        raise RunError(f"another runner is at work on run {folder.name}; stop it first")

    monkeypatch.setattr(launch, "extend", refuse)
    async with opened(rising(home)).run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "E Larger")
        await press(pilot, "E")
        await until_shown(pilot, "another runner is at work")
        await until_shown(pilot, "finished")

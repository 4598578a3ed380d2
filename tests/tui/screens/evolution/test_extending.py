"""Extending an evolution from its screen: by a dialog, or at once to twice its limits."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button

from nnsize_engine.results.evolution_end import converged_words
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.extend_run import extend_stored
from nnsize_engine.runs.reader import read_header
from nnsize_engine.runs.view import RunFollower
from nnsize_engine.runs.writer import add_log
from nnsize_engine.settings.evolution_extension import EvolutionExtension
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.evolution.extend_dialog import ExtendDialog
from nnsize_tui.screens.evolution.generation_table import GenerationTable
from nnsize_tui.screens.evolution.screen import EvolutionScreen
from nnsize_tui.screens.shared import extending
from support.made_runs import EVOLUTION, add_made_generations, enter_state, made_generation, make_evolution
from support.pilots import press, shown, until, until_shown


@pytest.fixture
def extended_by(monkeypatch: pytest.MonkeyPatch) -> list[EvolutionExtension]:
    """Store extensions without a runner, and list them."""
    asked: list[EvolutionExtension] = []

    def extend(folder: Path, extension: EvolutionExtension, *, runs_code: bool) -> None:
        assert not runs_code
        asked.append(extension)
        connection = open_for_writing(folder)
        with transaction(connection, folder):
            extend_stored(connection, folder, read_header(connection), extension)
        connection.close()
        enter_state(folder, "running")

    monkeypatch.setattr(launch, "extend", extend)
    return asked


def opened(folder: Path) -> ExplorerApp:
    return ExplorerApp(folder.parent, unicode=True, first=RunFollower(folder).look())


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_one_key_goes_on_to_twice_the_limits(
    home: Path, extended_by: list[EvolutionExtension], size: tuple[int, int]
) -> None:
    folder = make_evolution(home, "zelodo")
    async with opened(folder).run_test(size=size) as pilot:
        await until_shown(pilot, "40/40 generations", "E Longer")
        await press(pilot, "E")
        await until_shown(pilot, "▶ running", "40/80 generations")
        if size[0] > 80:  # there is no room for it
            await until_shown(pilot, "extended: 80 generations in all (40 before)")
        assert extended_by == [EvolutionExtension(generations=80)]
        assert not isinstance(pilot.app.screen, Confirm)
        assert "E Longer" not in shown(pilot)  # of a run at work
        add_made_generations(folder, [made_generation(number) for number in range(41, 50)])
        await until_shown(pilot, "49/80 generations")
        table = pilot.app.screen.query_one(GenerationTable)
        await until(pilot, lambda: table.highlighted is not None and table.highlighted.number == 49)


async def test_a_long_one_is_asked_for_first(
    home: Path, extended_by: list[EvolutionExtension], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extending, "MAX_UNASKED_SECONDS", 0.5)
    folder = make_evolution(home, "zelodo")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "E Longer")
        await press(pilot, "E")
        await until_shown(pilot, "Extend run zelodo? 80 generations in all")
        await press(pilot, "n")
        await until(pilot, lambda: isinstance(pilot.app.screen, EvolutionScreen))
        assert not extended_by
        await press(pilot, "E")
        await until_shown(pilot, "Extend run zelodo?")
        await press(pilot, "y")
        await until(pilot, lambda: extended_by == [EvolutionExtension(generations=80)])


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_the_dialog_begins_with_twice_the_limits_and_says_how_long_they_take(
    home: Path, extended_by: list[EvolutionExtension], size: tuple[int, int]
) -> None:
    folder = make_evolution(home, "zelodo", replace(EVOLUTION, evaluations=5000))
    async with opened(folder).run_test(size=size) as pilot:
        await until_shown(pilot, "E Longer")
        await press(pilot, "e")
        await until_shown(pilot, "It ends after 40 generations", "10000", "80", "more")
        await press(pilot, "ctrl+u", *"100", "down", "ctrl+u", *"7000", "down", *"900")
        await until_shown(pilot, "100 generations in all (40 before)")
        await press(pilot, "up", "ctrl+u", *"9000")
        await until_shown(pilot, "9,000 evaluations in all")
        await press(pilot, "enter")
        await until_shown(pilot, "▶ running", "40/100 generations")
        assert extended_by == [EvolutionExtension(generations=100, evaluations=9000, seconds=900.0)]


async def test_what_cannot_be_is_said_and_not_started(home: Path, extended_by: list[EvolutionExtension]) -> None:
    folder = make_evolution(home, "zelodo")
    async with opened(folder).run_test(size=(80, 24)) as pilot:
        await press(pilot, "e", "ctrl+u", *"20")
        await until_shown(pilot, "generations is 20, but the run has 40")
        await press(pilot, "enter", "ctrl+u", "x")
        await until_shown(pilot, "generations is 'x'; it must be a whole number")
        await press(pilot, "enter", "ctrl+u", *"40", "enter")
        await until_shown(pilot, "that adds nothing to the run")
        assert isinstance(pilot.app.screen, ExtendDialog)
        pilot.app.screen.query_one("#cancel", Button).press()
        await until(pilot, lambda: isinstance(pilot.app.screen, EvolutionScreen))
        assert not extended_by


async def test_a_run_at_work_has_no_such_key_and_one_that_converged_says_why(
    home: Path, extended_by: list[EvolutionExtension]
) -> None:
    live = make_evolution(home, "gopuro", state="running", generations=3)
    async with opened(live).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "gopuro")
        await press(pilot, "e", "E")
        assert isinstance(pilot.app.screen, EvolutionScreen)
        assert "Extend" not in shown(pilot)
    folder = make_evolution(home, "zelodo", generations=12)
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        add_log(connection, "info", converged_words(12))
    connection.close()
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "e Extend")
        assert "E Longer" not in shown(pilot)
        await press(pilot, "e")
        await until_shown(pilot, "the population converged in generation", "start a new run with", "--tol 0")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ExtendDialog)
        assert not extended_by

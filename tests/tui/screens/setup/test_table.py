"""The setup of a search: its data, chosen and inspected."""

import threading
from pathlib import Path

import pytest

from nnsize_engine.errors import DataError, NnsizeError
from nnsize_engine.preflight import client
from nnsize_engine.preflight.client import Question
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.data.column_table import ColumnTable
from nnsize_tui.screens.data.screen import DataScreen
from nnsize_tui.screens.dialogs.pick_file import PickFile
from nnsize_tui.screens.dialogs.pick_names import PickNames
from support.made_summaries import made_summary
from support.pilots import shown, until, until_shown
from support.setup_pilots import Asked, go_to, set_up, write


async def test_what_only_the_data_can_refuse_stands_beside_its_field(explorer: ExplorerApp, asked: Asked) -> None:
    asked.no_estimate = DataError(
        "cv is 5, but class 1 of breast_cancer has only 2 training rows; use at most 2 folds", field="cv"
    )
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await until_shown(pilot, "✗ cv is 5, but class 1 of breast_cancer", "what is marked ✗")


async def test_a_typed_file_is_looked_at_and_its_fields_are_filled_in(
    explorer: ExplorerApp, asked: Asked, table: Path
) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await write(pilot, "data", table.name)
        await until_shown(pilot, "891 rows, 8 columns, 42 inputs after encoding", "! 1 warning: ctrl+d shows the data")
        await until_shown(pilot, "survived", "two classes: no, yes", "295 of 891 rows", "at most 43s")
        assert asked.inspections[-1].source == str(table)
        assert asked.measurements[-1].table is not None


async def test_a_refused_table_is_one_sentence_beside_data_or_target(
    explorer: ExplorerApp, asked: Asked, table: Path
) -> None:
    asked.refusal = DataError(
        "target 'b' has only one class, 2; two at least are needed: name another target", field="target", column="b"
    )
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await write(pilot, "data", table.name)
        await until_shown(pilot, "✗ target 'b' has only one class, 2")
        lines = shown(pilot).split("\n")
        target = next(place for place, line in enumerate(lines) if line.startswith("   target"))
        assert "✗ target 'b'" in lines[target + 1]
        go_to(pilot, "target")
        await pilot.press("enter")  # the names are those of the file's first line
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        asked.refusal = None
        await until_shown(pilot, "› b")
        await pilot.press("up", "enter")
        await until(pilot, lambda: asked.inspections[-1].target == ("a",))


@pytest.mark.usefixtures("asked")
async def test_several_columns_are_marked_in_a_list(explorer: ExplorerApp, asked: Asked, table: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await write(pilot, "data", table.name)
        await until_shown(pilot, "891 rows")
        go_to(pilot, "ignore")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        await until_shown(pilot, "old\\x1b[31m name", "number, 177 missing", "space Mark")
        await pilot.press(*"id", "space", *["backspace"] * 2, *"crew", "space", "enter")
        await until(pilot, lambda: asked.inspections[-1].ignore == ("id", "crew"))
        await until_shown(pilot, "id,crew")
        go_to(pilot, "target")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, PickNames))
        await pilot.press(*"age", "enter")
        await until(pilot, lambda: asked.inspections[-1].target == ("age",))
        await until_shown(pilot, "a number", "r2")


@pytest.mark.usefixtures("asked")
async def test_enter_on_the_data_opens_the_file_picker(explorer: ExplorerApp, table: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, PickFile))
        await until_shown(pilot, "› passengers.csv")
        await pilot.press("enter")
        await until_shown(pilot, "891 rows", table.name)
        await pilot.press("enter")
        await until_shown(pilot, "› passengers.csv")
        await pilot.press("escape")
        await until_shown(pilot, "891 rows")


async def test_the_data_key_works_once_a_table_was_looked_at(explorer: ExplorerApp, asked: Asked, table: Path) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        screen = await set_up(pilot)
        await write(pilot, "data", "none.csv")
        await until_shown(pilot, "there is no file none.csv")
        await pilot.press("ctrl+d")
        assert explorer.screen is screen
        assert "^d Data" not in shown(pilot)
        await write(pilot, "data", table.name)
        await until_shown(pilot, "891 rows", "^d Data")
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(explorer.screen, DataScreen))
        await pilot.press("escape")
        await until(pilot, lambda: explorer.screen is screen)
        await until_shown(pilot, "891 rows", "none")
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(explorer.focused, ColumnTable))
        await pilot.press("i", "ctrl+d")
        await until(pilot, lambda: explorer.screen is screen and asked.inspections[-1].ignore == ("id",))


async def test_built_in_data_are_looked_at_when_one_asks_for_them(
    explorer: ExplorerApp, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspections: list[str] = []
    let_go = threading.Event()

    def inspect_builtin(name: str, question: Question) -> DataSummary:
        del question
        inspections.append(name)
        assert let_go.wait(60)
        if len(inspections) == 1:
            raise NnsizeError("no process could be started")
        return made_summary(TableChoice(source=name, ignore=("crew",)))

    monkeypatch.setattr(client, "inspect_builtin", inspect_builtin)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        screen = await set_up(pilot)
        await until_shown(pilot, "569 rows", "^d Data")
        await pilot.press("ctrl+d", "ctrl+d")
        await until_shown(pilot, "looking at it…")
        let_go.set()
        await until_shown(pilot, "no process could be started")
        await until_shown(pilot, "569 rows, 30 inputs")
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(explorer.screen, DataScreen))
        await until_shown(pilot, "891 rows", "breast_cancer")
        await pilot.press("i")
        assert "Ignore" not in shown(pilot)
        await pilot.press("ctrl+d")
        await until(pilot, lambda: explorer.screen is screen)
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(explorer.screen, DataScreen))
        assert inspections == ["breast_cancer"] * 2
        assert asked.inspections == []
        assert screen.state.draft["ignore"] == ""


async def test_built_in_data_stand_beside_the_settings_where_there_is_room(
    explorer: ExplorerApp, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspections: list[str] = []

    def inspect_builtin(name: str, question: Question) -> DataSummary:
        del question
        inspections.append(name)
        if name == "wine":
            raise NnsizeError("no process could be started")
        return made_summary(TableChoice(source=name))

    monkeypatch.setattr(client, "inspect_builtin", inspect_builtin)
    async with explorer.run_test(size=(120, 50), notifications=True) as pilot:
        screen = await set_up(pilot)
        await until_shown(pilot, "benign or malignant tumour", "891 rows", "how several sizes and values")
        assert asked.measurements  # first: the run needs that
        await write(pilot, "data", "wine")
        await until_shown(pilot, "Built in: nothing is missing")
        await until(pilot, lambda: inspections == ["breast_cancer", "wine"])
        await until(pilot, lambda: not screen.state.is_awaited)
        assert "no process could be started" not in shown(pilot)  # nobody asked
        assert explorer.screen is screen

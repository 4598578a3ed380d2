"""Tables of generations and of runs in another order, and some of their rows."""

from pathlib import Path

import pytest

from nnsize_engine.results.generations import Generations
from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.evolution.generation_rows import Ordered, ordered, values_of
from nnsize_tui.screens.evolution.generation_table import COLUMNS, GenerationTable
from nnsize_tui.screens.home.run_table import COLUMNS as RUN_COLUMNS
from nnsize_tui.screens.home.run_table import RunTable
from nnsize_tui.screens.shared.sorting import Sorting
from nnsize_tui.terminal.glyphs import UNICODE
from nnsize_tui.widgets.filter_query import Query
from support.made_runs import add_made_generations, made_corrupt, made_generation, made_run, make_evolution
from support.pilots import until, until_shown

MADE = Generations(made_generation(number) for number in range(12))


def numbers(table: GenerationTable) -> list[int]:
    return [item.number for item in table.items]


@pytest.mark.parametrize("column", [column.key for column in COLUMNS])
@pytest.mark.parametrize("is_descending", [False, True])
def test_generations_are_sorted_by_every_column_and_what_has_no_value_comes_last(
    column: str, is_descending: bool
) -> None:
    values = values_of(MADE, column)
    found = [values[item.number] for item in ordered(MADE, column, is_descending=is_descending)]
    known = [value for value in found if value is not None]
    assert len(found) == len(MADE)
    assert known == sorted(known, reverse=is_descending)
    assert found == known + [None] * (len(found) - len(known))


def test_generations_are_found_by_their_number_and_know_their_row() -> None:
    some = ordered(MADE, query=Query(words=("1",)))
    assert [item.number for item in some] == [1, 10, 11]
    newest_first = ordered(MADE, is_descending=True)
    assert isinstance(newest_first, Ordered)
    assert [item.number for item in newest_first[:2]] == [11, 10]
    assert newest_first.row_of(11) == 0
    assert isinstance(some, Ordered)
    assert some.row_of(2) is None
    assert ordered(MADE) is MADE


async def test_generations_are_shown_newest_first_sorted_and_filtered_while_new_ones_come(home: Path) -> None:
    folder = make_evolution(home, "zelodo", state="running", generations=30)
    explorer = ExplorerApp(home, unicode=True, first=RunFollower(folder).look())
    async with explorer.run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "▴gen")
        table = explorer.screen.query_one(GenerationTable)
        await pilot.press("O")
        await until_shown(pilot, "▾gen", "follows the newest")
        assert numbers(table)[:2] == [30, 29]
        add_made_generations(folder, [made_generation(31), made_generation(32)])
        await until(
            pilot, lambda: numbers(table)[0] == 32 and table.highlighted is not None and table.highlighted.number == 32
        )
        await pilot.press("left")
        await until(pilot, lambda: table.highlighted is not None and table.highlighted.number == 31)
        await pilot.press("slash", "3", "2", "enter")
        await until_shown(pilot, "/32", "1 of 33 shown")
        assert numbers(table) == [32]
        await pilot.press("escape", "o")
        await until_shown(pilot, "▴best")
        assert len(table.items) == 33
        await pilot.press("less_than_sign")
        await until_shown(pilot, "▴gen")
        assert numbers(table)[:2] == [0, 1]


async def test_runs_are_sorted_by_every_column_in_sight_and_newest_first_again(home: Path) -> None:
    made_run(home, "bravo")
    made_run(home, "alpha", state="running", fits=3, age=1)
    make_evolution(home, "delta", age=2)
    made_corrupt(home, "broken")
    explorer = ExplorerApp(home, unicode=True)
    async with explorer.run_test(size=(200, 40)) as pilot:
        await until_shown(pilot, "▾started", "› bravo")
        table = explorer.screen.query_one(RunTable)

        def names() -> list[str]:
            return [item.run.folder.name for item in table.items]

        newest_first = names()
        assert newest_first == ["bravo", "alpha", "delta", "broken"]
        await pilot.press("o")
        assert names() == ["alpha", "bravo", "broken", "delta"]
        await until_shown(pilot, "run▴", "› bravo")  # the cursor stays on its run
        await pilot.press("O")
        assert names() == ["delta", "broken", "bravo", "alpha"]
        for column in RUN_COLUMNS[1:]:
            if column.key in ("name", "fitness"):  # no run has a name; scorings stand before the scores
                assert column.key not in table.titles_in_sight
                continue
            await pilot.press("o")
            assert table.sorted_by == column.key
            assert names()[-1] == "broken"  # what has no value comes last
        assert names() == newest_first
        await pilot.press("slash", "a", "l", "p", "enter")
        assert names() == ["alpha"]


def test_a_table_without_a_column_in_sight_is_left_as_it_is() -> None:
    table, shown = GenerationTable(UNICODE), list[bool]()
    sorting = Sorting(lambda: table, columns=list[str], show=lambda: shown.append(True))
    before = table.sorted_by
    sorting.action_sort(1)
    assert table.sorted_by == before
    assert not shown

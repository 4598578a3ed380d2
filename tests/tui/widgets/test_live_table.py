from collections.abc import Hashable, Sequence

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from nnsize_tui.terminal.glyphs import ASCII, UNICODE
from nnsize_tui.terminal.themes import DARK
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.columns import Column, fit_columns
from nnsize_tui.widgets.live_table import LiveTable

COLUMNS = (
    Column(key="name", title="name", width=6, is_left=True),
    Column(key="value", title="value", width=6),
)


class Fruit(LiveTable[tuple[str, int]]):
    """A table of names and numbers."""

    refreshed: list[Region]

    def key_of(self, item: tuple[str, int]) -> Hashable:
        return item[0]

    def columns_for(self, width: int) -> Sequence[Column]:
        return fit_columns(COLUMNS, width)

    def cell(self, item: tuple[str, int], column: Column) -> Line:
        return [(item[0] if column.key == "name" else str(item[1]), "text")]

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> "Fruit":
        self.__dict__.setdefault("refreshed", []).extend(regions)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class FruitApp(App[None]):
    """Shows only the table."""

    def __init__(self, *, unicode: bool = True) -> None:
        super().__init__()
        self.table = Fruit(UNICODE if unicode else ASCII)
        self.moves: list[Hashable] = []
        self.register_theme(DARK)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.styles.height = 6
        self.table.focus()

    def on_live_table_moved(self, message: LiveTable.Moved) -> None:
        self.moves.append(message.key)


def rows_of(table: Fruit) -> list[str]:
    table.redraw()
    return [table.render_line(row).text.rstrip(" │┃:#") for row in range(table.size.height)]


async def test_the_cursor_stays_on_its_row_when_the_order_changes() -> None:
    app = FruitApp()
    async with app.run_test(size=(30, 10)) as pilot:
        app.table.show([("fig", 1), ("plum", 2), ("pear", 3)])
        await pilot.press("down")
        app.table.show([("pear", 3), ("fig", 1), ("kiwi", 9), ("plum", 2)])
        assert app.table.highlighted == ("plum", 2)
        assert rows_of(app.table)[4] == "› plum        2"


async def test_the_cursor_takes_a_neighbour_when_its_row_is_gone() -> None:
    app = FruitApp()
    async with app.run_test(size=(30, 10)) as pilot:
        app.table.show([("fig", 1), ("plum", 2)])
        await pilot.press("end")
        app.table.show([("fig", 1)])
        await pilot.pause()
        assert app.table.highlighted == ("fig", 1)
        assert app.moves == ["fig", "plum", "fig"]


async def test_only_lines_that_changed_are_sent_and_only_up_to_the_change() -> None:
    app = FruitApp()
    async with app.run_test(size=(30, 10)):
        app.table.show([("fig", 1), ("plum", 2), ("pear", 3)], at_once=True)
        app.table.refreshed.clear()
        app.table.show([("fig", 1), ("plum", 4), ("pear", 3)], at_once=True)
        assert [region.y for region in app.table.refreshed] == [2]
        app.table.refreshed.clear()
        app.table.show([("fig", 1), ("plum", 4), ("pear", 3)], at_once=True)
        assert app.table.refreshed == []


async def test_new_data_waits_for_its_turn_and_a_key_does_not() -> None:
    app = FruitApp()
    async with app.run_test(size=(30, 10)) as pilot:
        app.table.show([("fig", 1), ("plum", 2)])
        app.table.show([("fig", 7), ("plum", 2)])
        assert "1" in app.table.render_line(1).text
        await pilot.press("down")
        assert "7" in app.table.render_line(1).text


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["down", "j"], "f02"),
        (["down", "down", "up", "k"], "f00"),
        (["end"], "f19"),
        (["G", "home"], "f00"),
        (["G", "g"], "f00"),
        (["pagedown"], "f05"),
        (["pagedown", "pagedown", "pageup"], "f05"),
        (["up"], "f00"),
    ],
)
async def test_every_key_moves_the_cursor(keys: list[str], expected: str) -> None:
    app = FruitApp()
    async with app.run_test(size=(30, 10)) as pilot:
        app.table.show([(f"f{number:02}", number) for number in range(20)])
        await pilot.press(*keys)
        assert app.table.highlighted is not None
        assert app.table.highlighted[0] == expected
        assert any(line.startswith(f"› {expected}") for line in rows_of(app.table))


async def test_keys_on_an_empty_table_do_nothing() -> None:
    app = FruitApp()
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.press("down", "end", "home", "pagedown")
        assert app.table.highlighted is None


async def test_a_click_chooses_a_row_and_the_wheel_scrolls() -> None:
    app = FruitApp()
    async with app.run_test(size=(30, 10)) as pilot:
        app.table.show([(f"f{number:02}", number) for number in range(20)])
        await pilot.click(Fruit, offset=(4, 3))
        assert app.table.highlighted == ("f02", 2)
        app.table._scroll(3)
        assert rows_of(app.table)[1].startswith("  f03")
        assert app.table.highlighted == ("f02", 2)


@pytest.mark.parametrize("width", [16, 17, 18, 30])
async def test_more_rows_than_room_have_a_scroll_bar_at_every_width(width: int) -> None:
    app = FruitApp()
    async with app.run_test(size=(width, 10)):
        app.table.show([(f"f{number:02}", number) for number in range(20)])
        app.table.redraw()
        assert [app.table.render_line(row).text[-1] for row in range(1, 6)] == ["┃", *"││││"]


@pytest.mark.parametrize("key", ["f00", "f19"])
async def test_the_row_of_the_cursor_is_in_sight_after_sorting(key: str) -> None:
    app = FruitApp()
    async with app.run_test(size=(30, 10)):
        rows = [(f"f{number:02}", number) for number in range(20)]
        app.table.show(rows)
        app.table.choose(key)
        app.table._scroll(7 if key == "f00" else -7)
        app.table.show(rows, at_once=True)
        assert any(line.startswith(f"› {key}") for line in rows_of(app.table))
        app.table.show(rows[::-1], at_once=True)
        assert any(line.startswith(f"› {key}") for line in rows_of(app.table))


async def test_a_table_in_ascii_is_ascii() -> None:
    app = FruitApp(unicode=False)
    async with app.run_test(size=(30, 10)):
        app.table.sorted_by = "value"
        app.table.show([(f"f{number:02}é", number) for number in range(20)])
        rows = rows_of(app.table)
        assert all(row.isascii() for row in rows)
        assert rows[1].startswith("> f00?")
        assert "^value" in rows[0]


def test_the_least_important_columns_leave_first_and_the_others_grow() -> None:
    columns = (
        Column(key="a", title="a", width=4, rank=0),
        Column(key="b", title="b", width=4, rank=2),
        Column(key="c", title="c", width=4, rank=1, grows=3),
    )
    assert [column.key for column in fit_columns(columns, 14)] == ["a", "b", "c"]
    assert [column.key for column in fit_columns(columns, 13)] == ["a", "c"]
    assert [column.width for column in fit_columns(columns, 16)] == [4, 4, 6]
    assert [column.width for column in fit_columns(columns, 40)] == [4, 4, 7]
    for room in range(4, 40):
        assert sum(column.width + 1 for column in fit_columns(columns, room)) - 1 <= room

from collections.abc import Sequence

import pytest
from textual import events

from nnsize_tui.terminal.glyphs import ASCII
from nnsize_tui.widgets.columns import Column
from nnsize_tui.widgets.filter_query import Query
from nnsize_tui.widgets.row_filter import Found, RowFilter, Typed, find_rows

Fruit = tuple[str, float]
COLUMNS = (Column(key="name", title="name", width=8), Column(key="weight", title="weight", width=8))
FRUITS: Sequence[Fruit] = [("Apple", 150.0), ("Apricot", 40.0), ("Plum", 60.0)]


def find(fruits: Sequence[Fruit], query: Query) -> Found[Fruit]:
    return find_rows(
        fruits,
        query,
        value_of=lambda fruit, column: fruit[0] if column == "name" else fruit[1],
        words_of=lambda fruit: fruit[0],
    )


def fruit_filter() -> RowFilter[Fruit]:
    return RowFilter(find, lambda: COLUMNS, example="weight>50")


def names(fruits: Sequence[Fruit]) -> list[str]:
    return [name for name, _ in fruits]


def shown(row_filter: RowFilter[Fruit]) -> list[str]:
    kept = len(row_filter.rows_of(FRUITS))
    lines = row_filter.lines(kept, len(FRUITS), 70, ASCII)
    return ["".join(text for text, _ in line).rstrip() for line in lines]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ["Apple", "Apricot", "Plum"]),
        ("ap", ["Apple", "Apricot"]),
        ("ap weight>50", ["Apple"]),
        ("weight<=60", ["Apricot", "Plum"]),
        ("xy", []),
    ],
)
def test_rows_hold_all_words_and_comparisons(text: str, kept: list[str]) -> None:
    row_filter = fruit_filter()
    row_filter.typed = Typed(text=text)
    assert names(row_filter.rows_of(FRUITS)) == kept


def test_the_name_of_a_column_that_is_being_typed_hides_no_rows() -> None:
    row_filter = fruit_filter()
    row_filter.typed = Typed(text="ap wei", is_typing=True)
    assert names(row_filter.rows_of(FRUITS)) == ["Apple", "Apricot"]
    row_filter.typed = row_filter.typed.kept()
    assert names(row_filter.rows_of(FRUITS)) == []


def test_keys_change_what_is_typed_and_others_are_left_to_the_screen() -> None:
    row_filter = fruit_filter()
    assert row_filter.after_key(events.Key("a", "a")) is None  # nobody types into it yet
    assert row_filter.after_key(events.Key("escape", None)) is None
    row_filter.typed = Typed(text="ap ", is_typing=True)
    assert row_filter.after_key(events.Key("p", "p")) == Typed(text="ap p", is_typing=True)
    assert row_filter.after_key(events.Key("backspace", None)) == Typed(text="ap", is_typing=True)
    assert row_filter.after_key(events.Key("ctrl+u", None)) == Typed(is_typing=True)
    assert row_filter.after_key(events.Key("enter", None)) == Typed(text="ap")
    assert row_filter.after_key(events.Key("escape", None)) == Typed()
    assert row_filter.after_key(events.Key("down", None)) is None
    assert row_filter.takes("p")
    assert not row_filter.takes(None)


def test_the_lines_say_what_is_filtered_and_what_has_no_meaning() -> None:
    row_filter = fruit_filter()
    assert (row_filter.height, shown(row_filter)) == (0, [])
    row_filter.typed = Typed(text="ap", is_typing=True)
    assert shown(row_filter) == [" words, or such as weight>50", " /ap_  2 of 3 shown  enter keep  esc all"]
    row_filter.typed = Typed(text="ap")
    assert shown(row_filter) == [" /ap  2 of 3 shown  / change  esc all"]
    row_filter.typed = Typed(text="weight>heavy")
    assert shown(row_filter)[0] == " 'heavy' is no number"
    assert row_filter.height == 2

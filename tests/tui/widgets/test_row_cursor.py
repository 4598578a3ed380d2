from nnsize_tui.widgets.row_cursor import RowCursor


def test_the_cursor_scrolls_no_further_than_it_must() -> None:
    cursor = RowCursor()
    assert cursor.jump(7, 20)
    cursor.reveal(20, 5)
    assert (cursor.row, cursor.top) == (7, 3)
    assert not cursor.jump(7, 20)
    cursor.jump(5, 20)
    cursor.reveal(20, 5)
    assert cursor.top == 3  # it was in sight already
    cursor.jump(1, 20)
    cursor.reveal(20, 5)
    assert cursor.top == 1


def test_rows_are_counted_from_the_end_below_zero_and_stay_within_the_table() -> None:
    cursor = RowCursor()
    cursor.jump(-1, 20)
    assert cursor.row == 19
    cursor.jump(100, 20)
    assert cursor.row == 19


def test_as_many_rows_as_have_room_stay_in_sight_when_rows_go_or_the_screen_grows() -> None:
    cursor = RowCursor(row=19, top=15)
    assert cursor.is_in_sight(5)
    cursor.clamp(20, 12)
    assert cursor.top == 8
    cursor.clamp(3, 12)
    assert cursor.top == 0
    assert not RowCursor(row=9, top=0).is_in_sight(5)

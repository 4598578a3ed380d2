from dataclasses import replace

import pytest
from textual.pilot import Pilot

from nnsize_engine.results.table_summary import ColumnRole, DataSummary, Level
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.data.column_table import ColumnTable
from nnsize_tui.screens.data.data_panes import RowsPane
from nnsize_tui.screens.data.layout import VIEWS, View, arrange
from nnsize_tui.screens.data.screen import DataScreen
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.terminal.glyphs import ASCII, UNICODE
from nnsize_tui.widgets.frequency_bars import frequency_bars
from support.made_summaries import made_summary
from support.pilots import shown, until, until_shown

SUMMARY = made_summary(TableChoice(source="/data/passengers.csv", ignore=("crew",)))


async def opened(pilot: Pilot[None], summary: DataSummary = SUMMARY) -> DataScreen:
    screen = DataScreen(summary)
    pilot.app.push_screen(screen)
    await until(pilot, lambda: pilot.app.screen is screen and isinstance(pilot.app.focused, ColumnTable))
    return screen


async def test_rows_columns_inputs_target_and_warnings_are_said(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await until_shown(
            pilot, "passengers.csv", "891 rows, 8 columns, 42 inputs after encoding; survived is predicted.",
            "Warning:", "column 'id' looks like an id", "leave it out with ignore", "two classes: no, yes",
        )  # fmt: skip


async def test_every_column_is_a_row_and_a_suspicious_one_is_under_the_cursor(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(160, 48)) as pilot:
        await opened(pilot)
        lines = shown(pilot).split("\n")
        for words in (("id", "number", "891"), ("age", "number", "177 (20%)", "88", "2", "0.42 ... 80"),
                      ("crew", "boolean", "ignored"), ("survived", "category", "target", "male, female")):  # fmt: skip
            assert any(all(word in line for word in words) for line in lines)
        assert any(line.startswith("›!id") for line in lines)
        assert any("●survived" in line for line in lines)
        assert "! an id?" in shown(pilot)


async def test_the_selected_column_is_drawn_as_a_histogram_or_as_bars(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("end", *["up"] * 4)
        await until_shown(pilot, "─ age ─", "177 missing (19.9%)", "mean 29.700, std 14.500", "▲", "0.42", "█")
        await pilot.press("up")
        await until_shown(pilot, "─ sex ─", "male    577  65% ██", "female  314  35% ██")
        await pilot.press("home", "G")
        await until_shown(pilot, "─ survived ─", "the target")


async def test_v_shows_the_first_rows_and_then_everything_about_the_table(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("v")
        await until_shown(pilot, "first 50 rows", "1912-04-10", "id  class  sex   age")
        await pilot.press("v")
        await until_shown(
            pilot, "─ the table ", "classes of survived:", "no   549  62%", "9 of 900 rows have no target"
        )
        assert "--target" not in shown(pilot)
        await pilot.press("v")
        await until_shown(pilot, "─ id ─")


async def test_the_selected_column_is_always_in_sight_among_the_rows(explorer: ExplorerApp) -> None:
    summary = replace(SUMMARY, preview=tuple(tuple("wide value " * 2 for _ in SUMMARY.columns) for _ in range(50)))
    async with explorer.run_test(size=(60, 20)) as pilot:
        await opened(pilot, summary)
        await pilot.press("v", "z")
        await until(pilot, lambda: isinstance(explorer.focused, RowsPane))
        assert "survived" not in shown(pilot).split("\n", 4)[-1]
        await pilot.press("z", "tab", "end")
        await until(pilot, lambda: isinstance(explorer.focused, ColumnTable | RowsPane))
        explorer.screen.query_one(ColumnTable).action_jump(-1)
        await pilot.pause()
        assert "survived" in shown(pilot).split("- first")[-1]


async def test_rows_scroll_when_they_have_the_focus(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(160, 48)) as pilot:
        await opened(pilot)
        await pilot.press("tab")
        await until(pilot, lambda: explorer.focused is not None and explorer.focused.id == "facts")
        await pilot.press("tab")
        await until(pilot, lambda: isinstance(explorer.focused, RowsPane))
        await pilot.press("end")
        lines = shown(pilot).split("\n")
        assert any(line.strip().startswith("49 ") for line in lines)
        await pilot.press("shift+tab", "shift+tab")
        await until(pilot, lambda: isinstance(explorer.focused, ColumnTable))


@pytest.mark.parametrize("view", VIEWS)
async def test_z_shows_one_part_alone_and_then_everything(explorer: ExplorerApp, view: View) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press(*["v"] * VIEWS.index(view), "z")
        await pilot.pause()
        assert not explorer.screen.query_one(ColumnTable).display
        assert explorer.screen.query_one(f"#{view}").size.height > 15
        await pilot.press("z")
        await pilot.pause()
        assert explorer.screen.query_one(ColumnTable).display


async def test_escape_goes_back_and_help_explains_marks(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(100, 50)) as pilot:
        screen = await opened(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(explorer.screen, Help))
        await until_shown(pilot, "Back to the settings of the search", "suspicious", "Moving")
        await pilot.press("escape")
        assert explorer.screen is screen
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))


async def test_i_leaves_a_column_out_and_takes_it_in_again(explorer: ExplorerApp) -> None:
    left: list[tuple[str, ...] | None] = []
    async with explorer.run_test(size=(80, 24)) as pilot:
        explorer.push_screen(DataScreen(SUMMARY), left.append)
        await until(pilot, lambda: isinstance(explorer.focused, ColumnTable))
        await pilot.press("i")
        await until(pilot, lambda: any("id " in line and "ignored" in line for line in shown(pilot).split("\n")))
        await pilot.press(*["down"] * 5, "i", "end", "i")
        await until_shown(pilot, "survived", "target")
        assert "i Ignore" not in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: left)
    assert left == [("id",)]


async def test_the_columns_of_groups_and_of_the_order_say_what_they_are(explorer: ExplorerApp) -> None:
    roles: dict[str, ColumnRole] = {"id": "groups", "age": "order"}
    columns = tuple(replace(one, role=roles.get(one.name, one.role)) for one in SUMMARY.columns)
    left: list[tuple[str, ...] | None] = []
    async with explorer.run_test(size=(80, 24)) as pilot:
        explorer.push_screen(DataScreen(replace(SUMMARY, columns=columns)), left.append)
        await until(pilot, lambda: isinstance(explorer.focused, ColumnTable))
        lines = shown(pilot).split("\n")
        for words in (("id", "groups"), ("age", "order"), ("survived", "target")):
            assert any(all(word in line for word in words) for line in lines)
        await until_shown(pilot, "groups the rows")
        assert "i Ignore" not in shown(pilot)
        await pilot.press("i", "escape")
        await until(pilot, lambda: left)
    assert left == [("crew",)]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("is_alone", [False, True])
def test_parts_never_overlap_and_fill_the_screen(view: View, is_alone: bool) -> None:
    for width in range(40, 240, 7):
        for height in range(10, 80, 3):
            columns = width * height % 100  # few and many
            parts = list(arrange(width, height, said=2, columns=columns, view=view, is_alone=is_alone).values())
            assert all(not one.overlaps(other) for one in parts for other in parts if one is not other)
            assert all(part.right <= width and part.bottom <= height for part in parts)


async def test_a_table_of_many_columns_and_labels_opens_and_only_what_is_in_sight_is_drawn(
    explorer: ExplorerApp,
) -> None:
    columns = tuple(replace(SUMMARY.columns[2], name=f"column {number}") for number in range(2000))
    preview = tuple(("x",) * 2000 for _ in range(50))
    labels = tuple(Level(label=f"class {number}", rows=3) for number in range(300))
    async with explorer.run_test(size=(80, 24)) as pilot:
        await opened(pilot, replace(SUMMARY, columns=columns, preview=preview, classes=labels))
        await pilot.press("end", "v")
        await until_shown(pilot, "› column 1999", "first 50 rows")
        await pilot.press("v")
        await until_shown(pilot, "more ──")


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_bars_are_as_long_as_their_share_and_whoever_is_there_is_seen(glyphs: object) -> None:
    levels = (Level(label="many", rows=1000), Level(label="half", rows=500), Level(label="one", rows=1),
              Level(label="", rows=2))  # fmt: skip
    lines = list(frequency_bars(levels, 2000, 60, glyphs))  # type: ignore[arg-type]
    bars = [len(line[-1][0]) for line in lines]
    assert bars[0] > bars[1] > bars[2] == 1
    assert abs(bars[0] - 2 * bars[1]) <= 1
    assert "(empty)" in lines[3][0][0]
    assert " <1%" in lines[2][2][0]

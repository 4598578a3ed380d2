"""The data screen: columns, warnings and first rows of a data set, and the values of one column."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar, get_args

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region

from nnsize_engine.results.table_summary import ColumnRole, ColumnSummary, DataSummary
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.data.column_detail import ColumnDetail
from nnsize_tui.screens.data.column_table import ColumnTable
from nnsize_tui.screens.data.data_panes import FactsPane, RowsPane
from nnsize_tui.screens.data.layout import VIEWS, Part, View, arrange
from nnsize_tui.text.numbers import inputs_text
from nnsize_tui.text.sentences import class_words, without_dashes
from nnsize_tui.text.table import columns_text
from nnsize_tui.widgets.apply_layout import apply_layout
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.run_header import Answer
from nnsize_tui.widgets.title_bar import TitleBar

MAX_SUMMARY_LINES = 3  # of words above the table; the facts pane has the rest

_FIXED_ROLES: frozenset[ColumnRole] = frozenset(("target", "weight", "groups", "order"))
"""Roles of columns that cannot be left out here."""


class DataScreen(BaseScreen[tuple[str, ...]]):
    """Show a summary, and return the columns to leave out; it reads no file."""

    READABLE: ClassVar[str] = "Answer, KeyBar"
    CSS_PATH = "../../styles/setup.tcss"
    WORDS: ClassVar[Sequence[tuple[str, str]]] = (
        ("!", "suspicious: may spoil the results; the column's remark says how"),
        ("inputs", "numbers that a network sees of a column, after scaling, encoding and marking what is missing"),
        ("missing", "rows without a value; a network sees the mean instead, and a mark"),
        ("-", "in the rows: no value"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+d", "close", "Back", id="data.close", tooltip="Back to the settings of the search"),
        Binding("i", "ignore", "Ignore", id="data.ignore", tooltip="Leave the column out, or take it in again; counted "
                "anew when you go back"),
        Binding("v", "view", "View", id="data.view", tooltip="Below the columns: the selected one, the first rows, all "
                "about the table"),
        Binding("z", "zoom", "Zoom", id="data.zoom", tooltip="What stands below the columns, alone; everything again"),
        Binding("tab", "app.focus_next", "Next pane", id="data.next", show=False, tooltip="The next part that scrolls"),
        Binding("shift+tab", "app.focus_previous", "Pane before", id="data.previous", show=False,
                tooltip="The part before that scrolls"),
    ]  # fmt: skip

    def __init__(self, summary: DataSummary, *, can_ignore: bool = True) -> None:
        super().__init__()
        self._summary = summary
        self._can_ignore = can_ignore
        self._left_out = {name for name, _ in summary.table.left_out}
        """Columns that cannot be used; they are not among those that the user leaves out."""

        self._ignored = {column.name for column in summary.columns if column.role == "ignored"} - self._left_out
        self._view: View = "column"
        self._is_alone = False

    def compose(self) -> ComposeResult:
        glyphs, summary = self.explorer.glyphs, self._summary
        table = summary.table
        words = "not usable yet" if summary.problems else class_words(table.known)
        yield TitleBar(glyphs, table.choice.name, words, id="title")
        yield Answer(glyphs, id="said")
        yield ColumnTable(glyphs, table.rows, id="table")
        yield ColumnDetail(glyphs, id="column")
        yield FactsPane(glyphs, summary, id="facts")
        yield RowsPane(glyphs, summary, id="rows")
        yield KeyBar(glyphs, id="keys")

    def on_mount(self) -> None:
        self._place()
        table = self.query_one(ColumnTable)
        self._show_columns()
        suspicious = next((column.name for column in self._summary.columns if column.remarks), None)
        table.choose(suspicious or self._summary.columns[0].name)
        table.focus()
        self._show_chosen()

    def on_resize(self) -> None:
        self._place()

    def _said(self, parts: Mapping[Part, Region]) -> str:
        """Return a summary: the size first, then the first warning unless the warnings are in sight."""
        summary = self._summary
        if summary.problems:
            return self._faults(parts)
        words = (
            f"{summary.table.rows:,} rows, {columns_text(summary)}, {inputs_text(summary.table.inputs)}; "
            f"{', '.join(summary.table.choice.target)} is predicted."
        )
        if "facts" in parts or not summary.warnings:
            return words
        first, *others = summary.warnings
        more = f" ({len(others)} more: v)" if others else ""
        return without_dashes(f"{words} Warning: {first}{more}.")

    def _faults(self, parts: Mapping[Part, Region]) -> str:
        """Return the size, and the first fault unless the faults are in sight."""
        summary = self._summary
        count = len(summary.problems)
        words = (
            f"{summary.file_rows:,} rows, {columns_text(summary)}; no run can use them yet: "
            f"{count} fault{'s'[: count != 1]}."
        )
        if "facts" in parts:
            return words
        first = summary.problems[0].message.partition("; ")[0]
        return without_dashes(f"{words} {first[0].upper()}{first[1:]}: v shows what helps.")

    def _place(self) -> None:
        width, height = self.app.size
        said = self.query_one(Answer)
        place = partial(
            arrange, width, height, columns=len(self._summary.columns), view=self._view, is_alone=self._is_alone
        )
        parts = place(said=1)
        said.show(self._said(parts))
        parts = place(said=min(MAX_SUMMARY_LINES, said.height_at(width)))
        apply_layout(self, parts, get_args(Part))
        if self.focused is None or not self.focused.display:
            self.query_one(f"#{self._view}" if self._is_alone else "#table").focus()

    def _show_columns(self) -> None:
        """Show the columns with their present roles."""
        columns = [
            column if column.role in _FIXED_ROLES else replace(column, role=self._role(column))
            for column in self._summary.columns
        ]
        self.query_one(ColumnTable).show(columns, at_once=True)

    def _role(self, column: ColumnSummary) -> ColumnRole:
        return "ignored" if column.name in self._ignored | self._left_out else "input"

    def on_live_table_moved(self) -> None:
        self._show_chosen()
        self.refresh_bindings()

    def _show_chosen(self) -> None:
        chosen = self.query_one(ColumnTable).highlighted
        if chosen is not None:
            self.query_one(ColumnDetail).show(chosen, self._summary.table.rows)
            self.query_one(RowsPane).choose(chosen.name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key works now."""
        del parameters
        if action == "ignore":
            if not self._can_ignore:
                return False
            chosen = self.query_one(ColumnTable).highlighted if self.is_mounted else None
            is_free = chosen is not None and chosen.role not in _FIXED_ROLES
            return chosen is not None and is_free and chosen.name not in self._left_out
        return True

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why a key does not work now."""
        if action != "ignore" or self.check_action(action, parameters):
            return super().why_not(action, parameters)
        if not self._can_ignore:
            return "columns of built-in data cannot be left out"
        chosen = self.query_one(ColumnTable).highlighted
        is_left_out = chosen is not None and chosen.name in self._left_out
        return "the column cannot be used, and is left out" if is_left_out else "the run needs the column"

    def action_ignore(self) -> None:
        """Leave the column out, or take it in again."""
        chosen = self.query_one(ColumnTable).highlighted
        if chosen is not None:
            self._ignored ^= {chosen.name}
            self._show_columns()
            self._show_chosen()

    def action_view(self) -> None:
        """Show another part below the columns."""
        self._view = VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]
        self._place()

    def action_zoom(self) -> None:
        """Show the part below the columns alone, or all parts again."""
        self._is_alone = not self._is_alone
        self._place()

    def action_close(self) -> None:
        """Go back to the settings, with the columns to leave out."""
        self.dismiss(tuple(column.name for column in self._summary.columns if column.name in self._ignored))

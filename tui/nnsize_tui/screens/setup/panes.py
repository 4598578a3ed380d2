"""The panes of the setup screen: the help of a field, the plan, and the data."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message

from nnsize_engine.results.left_out import left_out_text
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.datasets import BUILTIN, DatasetFacts
from nnsize_engine.settings.run import Kind, by_started_kind
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text.numbers import inputs_text
from nnsize_tui.text.sentences import classes_title, without_dashes, without_options
from nnsize_tui.text.table import columns_text, missing_text, role_text
from nnsize_tui.widgets.canvas import Canvas, Line, Piece
from nnsize_tui.widgets.frequency_bars import frequency_bars
from nnsize_tui.widgets.lines import cut_text, rule_line, wrapped

START = " Start: ctrl+s "
_EXAMPLE_COLUMNS = 17

MAX_CLASSES = 12  # lines of classes; the data screen shows all

MAX_MISSING_COLUMNS = 10  # of the screen, for missing values: enough for 1,234 (56%)

WRITTEN = (
    ("5:100:2", "5, 7, 9, ... 99: the end is left out"),
    ("8,16,32", "these sizes"),
    ("log:4:512:8", "eight sizes from 4 to 512, evenly by factor"),
    ("64x32", "two hidden layers; parts may be ranges: 8:65:8x16"),
    ("relu,tanh", "both values of a parameter are searched"),
    ("log:1e-5:1e-1:5", "five values from 0.00001 to 0.1, evenly by factor"),
    ("0.1:0.5:0.1", "0.1, 0.2, 0.3, 0.4"),
    ("yes,no", "with and without"),
)
"""Examples of sizes and of values, with their meanings."""

WRITTEN_OF_EVOLUTION = (
    ("64,32", "two hidden layers"),
    ("-1:1", "limits of all weights"),
    ("-2:2,-1:1,-1:1", "one for each layer"),
    ("glorot:3", "three times Glorot's limits"),
    ("0.5:1", "mutation drawn from a range"),
    ("first.npy", "init: members by weights"),
    ("0.2", "test-size: a part of the rows"),
    ("100", "test-size: so many rows"),
)
"""Examples of an evolution's values, with their meanings."""

_WRITTEN: Mapping[Kind, tuple[str, Sequence[tuple[str, str]]]] = by_started_kind(
    size=("how several sizes and values are written", WRITTEN),
    evolution=("how it is written", WRITTEN_OF_EVOLUTION),
)
"""A title and the examples for each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """The size and time of a run, in words."""

    fits: str
    time: str
    time_ink: Ink = "text"
    can_start: bool = False


class PlanPane(Canvas):
    """Show the help of one field, and below it the fits, their time, and the start."""

    class StartClicked(Message):
        """The start was clicked."""

    _title = _help = ""
    _amount = Amount(fits="", time="")

    def explain(self, title: str, help_text: str) -> None:
        """Show the help of a field."""
        self._title, self._help = title, help_text
        self.redraw()

    def show(self, amount: Amount) -> None:
        """Show the size and time of the run."""
        self._amount = amount
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        yield rule_line(self._title, width, self.glyphs, "title")
        room = max(0, height - 3)
        amount, beside = self._amount, width - len(START) - 3
        above, time = self._time(beside, width)
        words = above[:room] or [[(f" {line}", "dim")] for line in textwrap.wrap(self._help, max(20, width - 2))[:room]]
        yield from words
        for _ in range(room - len(words)):
            yield []
        fits = cut_text(amount.fits, width - 2, self.glyphs)
        yield [(f" {fits}", "strong" if amount.can_start else "dim")]
        blank = " " * (beside + 1 - cell_len(time))
        yield [(f" {time}{blank}", amount.time_ink), (START, "title" if amount.can_start else "dim")]

    def _time(self, beside: int, width: int) -> tuple[list[Line], str]:
        """Return what is said of the time: lines that replace the help, and the words beside the start."""
        time, ink = self._amount.time, self._amount.time_ink
        if cell_len(time) <= beside:
            return [], time
        if ink == "text":  # how the time was measured matters least
            while ", " in time and cell_len(time) > beside:
                time = time.rpartition(", ")[0]
            return [], cut_text(time, beside, self.glyphs)
        return list(wrapped(time, width, ink)), ""

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if event.y == self.size.height - 1 and event.x >= self.size.width - len(START) - 1:
            self.post_message(self.StartClicked())


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The known facts about the data."""

    known: DatasetFacts | None = None
    summary: DataSummary | None = None
    word: str = ""
    """The line that is shown without a summary."""

    kind: Kind = "size"
    """The kind of run that uses the data."""


class DataOverview(Canvas):
    """Show the data in short; the data screen shows all of it."""

    _overview = Overview()

    def show(self, glance: Overview) -> None:
        """Show this data."""
        self._overview = glance
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        known, summary = self._overview.known, self._overview.summary
        yield rule_line(known.name if known is not None else "data", width, self.glyphs)
        if known is None and summary is not None:
            yield from self._looked_at(summary, width, height - 1)
        elif known is None:
            yield [(f" {self._overview.word}", "dim")]
        elif summary is None:
            yield from wrapped(known.title, width, "text")
            yield [(f" {known.rows:,} rows, {known.inputs} inputs", "dim")]
            word = self._overview.word or "Built in: nothing is missing, all columns are numbers."
            yield from wrapped(word, width, "dim")
            yield from _how_to_write(width, height - 5, self.glyphs, self._overview.kind)
        else:
            yield from self._looked_at(summary, width, height - 1)

    def _looked_at(self, summary: DataSummary, width: int, height: int) -> Iterable[Line]:
        known = self._overview.known
        is_builtin = known is not None and BUILTIN.get(known.name) is known
        title = wrapped(known.title, width, "text") if known is not None and is_builtin else ()
        lines = [*title, *_facts(summary, width, self.glyphs)]
        if len(lines) > height:
            lines[height - 1 :] = [[(" ctrl+d shows the rest", "dim")]]
        room = height - len(lines) - 2
        if room >= 3:
            lines += [[], *column_lines(summary, width, room)]
        yield from lines
        yield from _how_to_write(width, height - len(lines), self.glyphs, self._overview.kind)


def _how_to_write(width: int, height: int, glyphs: Glyphs, kind: Kind) -> Iterable[Line]:
    """Yield examples of values, where there is room for all of them."""
    title, examples = _WRITTEN[kind]
    lines: list[Line] = [[], rule_line(title, width, glyphs)]
    for example, words in examples:
        first, *others = textwrap.wrap(words, max(10, width - _EXAMPLE_COLUMNS - 2))
        lines.append([(f" {example:<{_EXAMPLE_COLUMNS}}", "text"), (first, "dim")])
        lines += ([(" " * (_EXAMPLE_COLUMNS + 1), "text"), (line, "dim")] for line in others)
    if len(lines) <= height:
        yield from lines


def _facts(summary: DataSummary, width: int, glyphs: Glyphs) -> Iterable[Line]:
    table = summary.table
    dropped = f", {summary.without_target:,} without a target are left out" if summary.without_target else ""
    values = left_out_text(table, has_rows=False)
    left_out = f"{dropped}{f' ({values})' if values else ''}"
    inputs = "" if summary.problems else f", {inputs_text(table.inputs)}"
    yield from wrapped(f"{table.rows:,} rows{left_out}; {columns_text(summary)}{inputs}", width, "text")
    for problem in summary.problems:
        yield from wrapped(f"! {without_dashes(problem.message)}", width, "bad")
    if summary.classes:
        yield [(f" {classes_title(table)}", "dim")]
        yield from frequency_bars(summary.classes[:MAX_CLASSES], table.rows, width, glyphs)
        if len(summary.classes) > MAX_CLASSES:
            yield [(f" and {len(summary.classes) - MAX_CLASSES} more", "dim")]
    for warning in summary.warnings:
        yield from wrapped(f"! {without_dashes(warning)}", width, "warn")
    for note in summary.notes:
        yield from wrapped(without_options(note), width, "dim")


def column_lines(summary: DataSummary, width: int, room: int) -> Sequence[Line]:
    """Return a line for each column, with the inputs that it becomes, as far as there is room."""
    names = min(30, max(cell_len(column.name) for column in summary.columns), max(8, width - 42))
    lines: list[Line] = [
        [(f" {'column':<{names}}  {'type':<9}{'missing':>{MAX_MISSING_COLUMNS + 1}}{'inputs':>8}", "dim")]
    ]
    for column in summary.columns[: room - 1]:
        name = column.name if len(column.name) <= names else column.name[: names - 1] + "~"
        missing = missing_text(column.missing, summary.table.rows, MAX_MISSING_COLUMNS)
        inks: dict[str, Ink] = {"target": "accent", "weight": "accent", "input": "text"}
        ink = inks.get(column.role, "dim")
        mark: Piece = (" ! ", "warn") if column.remarks else ("", "text")
        lines.append(
            [
                (f" {name:<{names}}  {column.kind:<9}{missing:>{MAX_MISSING_COLUMNS + 1}}{role_text(column):>8}", ink),
                mark,
            ]
        )
    hidden = len(summary.columns) - room + 1
    if hidden > 0:
        lines[-1] = [(f" and {hidden + 1} more: ctrl+d shows everything", "dim")]
    return lines

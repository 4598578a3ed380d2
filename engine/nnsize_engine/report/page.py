"""The description of a report, as frozen values: sections of words, facts, tables, charts and code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from nnsize_engine.charts.bar_chart import BarChart
from nnsize_engine.charts.description import Chart
from nnsize_engine.charts.heat_map import HeatMap
from nnsize_engine.results.records import State

Mark: TypeAlias = Literal["", "best", "recommended", "failed", "muted"]
"""What is special about a row or a cell, which decides its colour; words say it, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table."""

    text: str
    value: float | str | None = None
    """What rows are sorted by; None stands last in either order."""

    mark: Mark = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table."""

    cells: tuple[Cell, ...]
    mark: Mark = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The heading of a column."""

    title: str
    is_number: bool = True
    """True if its cells stand at the right."""

    meaning: str = ""
    """A few words that the page shows where the mouse points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBlock:
    """A table, whose rows a reader can sort by any column."""

    name: str
    """Words for those who do not see the table."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    sorted_by: int | None = None
    """The column by which the rows are sorted, smallest first; None if by none."""


def without_empty_columns(table: TableBlock) -> TableBlock:
    """Return the table without columns in which no row has a value; the first column stays."""
    kept = [
        place
        for place in range(len(table.columns))
        if place == 0 or any(row.cells[place].value not in (None, "") or row.cells[place].mark for row in table.rows)
    ]
    rows = tuple(replace(row, cells=tuple(row.cells[place] for place in kept)) for row in table.rows)
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartBlock:
    """A chart whose values can be read by mouse, finger and keys."""

    name: str
    """Words for those who do not see the chart."""

    chart: Chart
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatBlock:
    """A heat map."""

    name: str
    heat: HeatMap
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarBlock:
    """Bars of shares."""

    name: str
    bars: BarChart
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsBlock:
    """Names, each with a value."""

    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsBlock:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBlock:
    """Lines of a program."""

    text: str
    note: str = ""


Block: TypeAlias = TableBlock | ChartBlock | HeatBlock | BarBlock | FactsBlock | WordsBlock | CodeBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a report with a heading."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What must be known before anything else: a run goes on, failed, or is not whole."""

    state: State | Literal["broken"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole report."""

    title: str
    kicker: str
    """A few words above the title: what kind of run it is, and of which data."""

    answer: str
    details: Sequence[str]
    figures: Sequence[tuple[str, str]]
    """The few numbers that matter most, each with its name."""

    notices: Sequence[Notice]
    sections: Sequence[Section]
    made: str
    """When and by which release, in a sentence."""

"""The report of ``nnsize data``: lines about a table, in the width of a terminal."""

import json
import math
import textwrap
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size

from nnsize_engine.results.left_out import left_out_text
from nnsize_engine.results.table_summary import ColumnSummary, DataSummary, Level, summary_from_json, summary_to_json
from nnsize_tui.text.numbers import plus_minus
from nnsize_tui.text.table import columns_text, missing_text, missing_words, role_text

_MAX_PREVIEW_ROWS = 5
_MAX_CLASSES = 12
_MIN_NAME_WIDTH, _MAX_NAME_WIDTH = 8, 24
_MAX_CELL_WIDTH = 18
_MAX_MISSING_WIDTH = 12
_MIN_VALUES_WIDTH = 10
"""Widths in columns of the terminal: of names, of cells in the first rows, of missing values, of typical values."""

_HISTOGRAM_LINES = 6

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_PLAIN_EIGHTHS = "  ..::###"


def summary_lines(summary: DataSummary, width: int, *, unicode: bool) -> list[str]:
    """Return the lines about a whole table: size, target, columns, first rows, notes and warnings."""
    summary = summary if unicode else in_ascii(summary)
    table = summary.table
    problems = [
        f"{'fault' if len(summary.problems) == 1 else f'fault {number}'}: {problem.message}"
        for number, problem in enumerate(summary.problems, start=1)
    ]
    size = size_text(summary)
    lines = [size, ""]
    if problems:
        lines += [*problems, ""]
    else:
        lines += [*_target_lines(summary, width, unicode=unicode), ""]
    lines += _column_table(summary, width, unicode=unicode)
    if not problems:
        inputs = sum(column.role == "input" for column in summary.columns)
        makes = "makes" if inputs == 1 else "make"
        lines += ["", f"{_count(inputs, 'input column')} {makes} {_count(table.inputs, 'input')} of a network"]
    lines += ["", *_preview(summary, width, unicode=unicode)]
    sentences = [*summary.notes, *(f"warning: {warning}" for warning in summary.warnings)]
    lines += ["", *sentences] if sentences else []
    wrapped = {size, *problems, *sentences}
    return [part for line in lines for part in (textwrap.wrap(line, width) if line in wrapped else [line])]


def size_text(summary: DataSummary) -> str:
    """Return the size of a table with everything that is left out: the first line of the report."""
    table = summary.table
    used = "" if table.rows == summary.file_rows else f", {table.rows:,} of them used"
    left_out = left_out_text(table)
    size = f"{table.choice.name}: {summary.file_rows:,} rows{used}, {columns_text(summary)}"
    return f"{size} ({left_out})" if left_out else size


def column_lines(column: ColumnSummary, summary: DataSummary, width: int, *, unicode: bool) -> list[str]:
    """Return the lines about one column: facts, and a histogram or the most frequent labels."""
    rows = summary.table.rows
    facts = [column.kind, column.role, missing_words(column.missing, rows), f"{column.distinct:,} distinct"]
    if column.inputs:
        facts.append(_count(column.inputs, "input"))
    heading = _cut(column.name, width // 2, unicode=unicode)
    lines = textwrap.wrap(f"{heading}: {', '.join(facts)}", width)
    lines += [*(f"  {remark}" for remark in column.remarks), ""]
    if column.levels:
        lines += _bars(column.levels, rows, width, unicode=unicode)
        left = column.distinct - len(column.levels)
        lines += [f"  and {left:,} more"] if left > 0 else []
    elif column.counts:
        if column.mean is not None and column.std is not None:
            lines[-1:] = [f"  mean {_short(column.mean)} {plus_minus(unicode=unicode)} {_short(column.std)}", ""]
        lines += _histogram(column, width, unicode=unicode)
    return lines


def in_ascii(summary: DataSummary) -> DataSummary:
    """Return a summary whose texts are ASCII: all other characters become escapes."""
    return summary_from_json(json.dumps(_in_ascii(json.loads(summary_to_json(summary)))))


def _in_ascii(value: object) -> object:
    if isinstance(value, dict):
        return {name: _in_ascii(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_in_ascii(part) for part in value]
    return value.encode("ascii", "backslashreplace").decode("ascii") if isinstance(value, str) else value


def _count(number: int, word: str, plural: str = "") -> str:
    return f"{number:,} {word if number == 1 else plural or f'{word}s'}"


def _target_lines(summary: DataSummary, width: int, *, unicode: bool) -> Iterator[str]:
    """Yield the target and the distribution of its values."""
    table = summary.table
    targets = [column for column in summary.columns if column.role == "target"]
    names = ", ".join(column.name for column in targets)
    if summary.classes:
        count = len(summary.classes)
        is_of_labels = table.task == "multilabel"
        what = f"{count} labels; rows with 1:" if is_of_labels else _count(count, "class", "classes")
        yield f"target {names}: {what}"
        yield from _bars(summary.classes[:_MAX_CLASSES], table.rows, width, unicode=unicode)
        left = len(summary.classes) - _MAX_CLASSES
        if left > 0:
            yield f"  and {left:,} more"
        return
    yield f"target {names}: {'numbers' if len(targets) > 1 else 'a number'}"
    for column in targets:
        if len(targets) > 1:
            yield f"  {column.name}"
        yield from _histogram(column, width, unicode=unicode)


def _column_table(summary: DataSummary, width: int, *, unicode: bool) -> Iterator[str]:
    """Yield one line for each column: name, type, missing and distinct values, inputs, some values."""
    cells = [
        (
            column.name,
            column.kind if column.role != "ignored" else f"{column.kind}*",
            missing_text(column.missing, summary.table.rows, _MAX_MISSING_WIDTH),
            f"{column.distinct:,}",
            "" if column.role == "ignored" else role_text(column),
        )
        for column in summary.columns
    ]
    headings = ("column", "type", "missing", "distinct", "inputs")
    rooms = [max(cell_len(row[place]) for row in (headings, *cells)) for place in range(len(headings))]
    left_over = width - sum(rooms[1:]) - 2 * len(rooms) - _MIN_VALUES_WIDTH
    rooms[0] = min(rooms[0], _MAX_NAME_WIDTH, max(_MIN_NAME_WIDTH, left_over))
    left = frozenset({0, 1})
    yield _row(headings, rooms, left, unicode=unicode) + "  values"
    for column, row in zip(summary.columns, cells, strict=True):
        line = _row(row, rooms, left, unicode=unicode)
        values = _values(column, summary.table.rows)
        remarks = f"[{', '.join(column.remarks)}] " if column.remarks else ""
        yield f"{line}  {_cut(remarks + values, max(_MIN_VALUES_WIDTH, width - cell_len(line) - 2), unicode=unicode)}"
    if any(column.role == "ignored" for column in summary.columns):
        yield "* ignored"


def _row(cells: Sequence[str], rooms: Sequence[int], left: frozenset[int], *, unicode: bool) -> str:
    parts = []
    for place, (cell, room) in enumerate(zip(cells, rooms, strict=True)):
        text = _cut(cell, room, unicode=unicode)
        space = " " * (room - cell_len(text))
        parts.append(text + space if place in left else space + text)
    return "  ".join(parts)


def _values(column: ColumnSummary, rows: int) -> str:
    """Return the most frequent labels of a column, or its range."""
    if column.levels:
        present = max(1, rows - column.missing)
        return ", ".join(f"{level.label or '(empty)'} {_share(level.rows, present)}" for level in column.levels[:6])
    if not column.low and not column.high:
        return ""
    return f"{_number_text(column.low)} .. {_number_text(column.high)}"


def _number_text(text: str) -> str:
    """Return a number of a summary with few digits; return other text as it is."""
    try:
        return text if len(text) <= 10 else _short(float(text))
    except ValueError:
        return text


def _short(value: float) -> str:
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e12 else f"{value:.4g}"


def _share(part: int, whole: int) -> str:
    share = 100 * part / max(1, whole)
    return f"{share:.0f}%" if share >= 0.95 else "<1%"


def _preview(summary: DataSummary, width: int, *, unicode: bool) -> Iterator[str]:
    """Yield the first rows, with as many columns as fit; count the other columns."""
    rows = [tuple(_number_text(cell) for cell in row) for row in summary.preview[:_MAX_PREVIEW_ROWS]]
    if not rows:
        return
    names = [column.name for column in summary.columns]
    rooms = [min(_MAX_CELL_WIDTH, max(cell_len(row[place]) for row in (names, *rows))) for place in range(len(names))]
    shown, used = 0, 0
    while shown < len(names) and used + rooms[shown] + 2 * (shown > 0) <= width:
        used += rooms[shown] + 2 * (shown > 0)
        shown += 1
    shown = max(1, shown)
    left = frozenset(place for place, column in enumerate(summary.columns) if column.kind in ("category", "boolean"))
    more = f", {_count(len(names) - shown, 'column')} more" if shown < len(names) else ""
    yield f"first {_count(len(rows), 'row')}{more}:"
    for row in (names, *rows):
        yield _row(row[:shown], rooms[:shown], left, unicode=unicode)


def _bars(levels: Sequence[Level], rows: int, width: int, *, unicode: bool) -> Iterator[str]:
    """Yield one line for each label: its rows, their share, and a bar."""
    most = max(level.rows for level in levels)
    names = [_cut(level.label or "(empty)", _MAX_NAME_WIDTH, unicode=unicode) for level in levels]
    name_room, count_room = max(cell_len(name) for name in names), len(f"{most:,}")
    room = min(40, max(4, width - name_room - count_room - 12))
    for name, level in zip(names, levels, strict=True):
        bar = ("█" if unicode else "#") * max(1, round(room * level.rows / max(1, most)))
        padded = name + " " * (name_room - cell_len(name))
        yield f"  {padded}  {level.rows:>{count_room},}  {_share(level.rows, rows):>4}  {bar if level.rows else ''}"


def _histogram(column: ColumnSummary, width: int, *, unicode: bool) -> Iterator[str]:
    """Yield upright bars with the rows of the tallest one, and the ends of the range below."""
    if not column.counts:
        return
    steps = _EIGHTHS if unicode else _PLAIN_EIGHTHS
    counts = list(column.counts)
    most = max(counts)
    label_room = len(f"{most:,}")
    wide = 2 if width >= label_room + 2 * len(counts) + 5 else 1
    heights = [max(1, math.ceil(8 * _HISTOGRAM_LINES * count / most)) if count else 0 for count in counts]
    for line in reversed(range(_HISTOGRAM_LINES)):
        bars = "".join(steps[max(0, min(8, height - 8 * line))] * wide for height in heights)
        label = f"{most:,}" if line == _HISTOGRAM_LINES - 1 else "0" if line == 0 else ""
        yield f"  {label:>{label_room}} {'│' if unicode else '|'}{bars}"
    low, high = _number_text(column.low), _number_text(column.high)
    room = max(len(low) + len(high) + 2, wide * len(counts))
    yield f"  {'':>{label_room}}  {low}{high:>{room - len(low)}}"


def _cut(text: str, room: int, *, unicode: bool) -> str:
    """Return a text in at most ``room`` columns, with a mark if it was cut."""
    if cell_len(text) <= room:
        return text
    mark = "…" if unicode else "~"
    return set_cell_size(text, room - 1).rstrip() + mark

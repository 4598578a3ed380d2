"""A cost matrix: the cost of each predicted class for each true class.

As a setting it is one short text with the rows of the true classes, in the order of the classes: ``0,1;5,0``. A user
gives this text or a CSV file with the same numbers, with or without the labels of the classes.
"""

import csv
import math
import os
from collections.abc import Sequence
from pathlib import Path

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import DatasetFacts
from nnsize_engine.text import escape_text

Costs = tuple[tuple[float, ...], ...]

MAX_FILE_BYTES = 50_000_000  # a matrix of 1,000 classes, the most there are, needs less

_SEPARATORS = (",", ";", "\t")

_INLINE_SIGNS = frozenset("0123456789.,;+-eE \t")

_ORDER = "rows are the true classes, columns the predicted ones"


def is_inline(text: str) -> bool:
    """Return whether a text is a matrix itself; other texts are names of files."""
    return ";" in text and set(text) <= _INLINE_SIGNS


def parse_costs(text: str, known: DatasetFacts) -> Costs:
    """Return the matrix of a setting, ``(true class, predicted class)``.

    Raises:
        SettingsError: it has another shape than the classes of the data, or a cost is no finite number.
    """
    grid = [[cell.strip() for cell in row.split(",")] for row in text.split(";")]
    return _matrix(grid, known, "cost")


def read_costs(text: str, known: DatasetFacts, folder: Path | None = None) -> str:
    """Return the setting of a matrix that a user gives as a text or as a CSV file.

    Args:
        text: a matrix such as ``0,1;5,0``, or the path of a file, relative to ``folder``.
        known: the data; labels in the file are matched with its classes, in any order.
        folder: the present folder if None.

    Raises:
        SettingsError: the file cannot be read, or is no cost matrix of these classes.
    """
    text = text.strip()
    if known.task not in ("binary", "multiclass"):
        raise SettingsError(f"cost is about classes, and {known.name} has numbers to predict; leave it out",
                            field="cost")  # fmt: skip
    if is_inline(text):
        return _text(parse_costs(text, known))
    path = (folder or Path()) / Path(os.path.expanduser(text))  # noqa: PTH111  # leaves an unknown ~user alone
    return _text(_in_class_order(_read(path), known, f"cost {path.name}"))


def _in_class_order(grid: list[list[str]], known: DatasetFacts, what: str) -> Costs:
    """Return the matrix of the cells of a file; labels may stand above, at the left, on both sides or nowhere."""
    count = known.classes
    if len(grid) == count + 1 and len(grid[0]) == count and {len(row) for row in grid[1:]} == {count + 1}:
        grid = [["", *grid[0]], *grid[1:]]  # R leaves the corner out
    widths = {len(row) for row in grid}
    rows: list[int] = []
    columns: list[int] = []
    has_names = widths == {count + 1}
    if len(grid) == count + 1 and widths <= {count, count + 1}:
        columns = _order(grid[0][1:] if has_names else grid[0], known, what)
        grid = grid[1:]
    if has_names and len(grid) == count:
        rows = _order([row[0] for row in grid], known, what)
        grid = [row[1:] for row in grid]
    costs, classes = _matrix(grid, known, what), range(count)
    rows, columns = rows or columns or list(classes), columns or rows or list(classes)
    return tuple(tuple(costs[rows.index(true)][columns.index(predicted)] for predicted in classes) for true in classes)


def class_texts(known: DatasetFacts) -> tuple[str, ...]:
    """Return the labels of the classes in order; those of built-in data are numbers from 0 up."""
    return known.labels or tuple(str(number) for number in range(known.classes))


def _text(costs: Costs) -> str:
    return ";".join(",".join(repr(cost).removesuffix(".0") for cost in row) for row in costs)


def _read(path: Path) -> list[list[str]]:
    """Return the cells of a CSV file, without empty lines.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise SettingsError(f"cost {path} is larger than any cost matrix; name another file", field="cost")
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:  # ValueError: no UTF-8, or a name that no file can have
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text in UTF-8"
        raise SettingsError(
            f"cost {path} cannot be read: {reason}; name a CSV file, or write the matrix itself, such as '0,1;5,0'",
            field="cost",
        ) from error
    lines = [line for line in content.splitlines() if line.strip()]
    separator = max(_SEPARATORS, key=lambda sign: lines[0].count(sign)) if lines else ","
    is_blank = bool(lines) and not any(sign in lines[0] for sign in _SEPARATORS)
    rows = (
        [line.split() for line in lines]
        if is_blank
        else list(csv.reader(lines, delimiter=separator, skipinitialspace=True))
    )
    return [[cell.strip() for cell in row] for row in rows]


def _order(labels: Sequence[str], known: DatasetFacts, what: str) -> list[int]:
    """Return the number of the class of each label.

    Raises:
        SettingsError: the labels are not those of the classes.
    """
    classes = class_texts(known)
    numbers = [_class_of(escape_text(label), classes) for label in labels]
    unknown = [label for label, number in zip(labels, numbers, strict=True) if number is None]
    if unknown or len(set(numbers)) < len(classes):
        found = f"has a label {unknown[0]!r}" if unknown else f"has the labels {', '.join(labels)}"
        raise SettingsError(f"{what} {found}; {_classes_words(known)}", field="cost")
    return [number for number in numbers if number is not None]


def _class_of(label: str, classes: Sequence[str]) -> int | None:
    """Return the number of the class with this label; 1 and 1.0 are the same label."""
    if label in classes:
        return classes.index(label)
    try:
        values = [float(one) for one in classes]
        return values.index(float(label))
    except ValueError:
        return None


def _matrix(grid: Sequence[Sequence[str]], known: DatasetFacts, what: str) -> Costs:
    count = known.classes
    widths = sorted({len(row) for row in grid})
    if len(grid) != count or widths != [count]:
        columns = " or ".join(map(str, widths)) or "no"
        raise SettingsError(
            f"{what} has {len(grid)} rows of {columns} numbers, and {count} rows of {count} are needed: "
            f"{_classes_words(known)}, {_ORDER}",
            field="cost",
        )
    return tuple(tuple(_cost(cell, what) for cell in row) for row in grid)


def _cost(cell: str, what: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SettingsError(f"{what}: {cell!r} is no cost; every cost must be a finite number", field="cost")
    return value


def _classes_words(known: DatasetFacts) -> str:
    classes = class_texts(known)
    shown = ", ".join(classes[:20]) + (", ..." if len(classes) > 20 else "")
    return f"the classes of {known.name} are {shown}"

"""Classes with few rows: left out, or joined into one class, as a user chose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.errors import DataError
from nnsize_engine.settings.table_choice import TableChoice

OTHER = "other"
"""The label of the class that rare classes are joined into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RareClasses:
    """The classes that are too rare, and what becomes of them."""

    classes: tuple[tuple[str, int], ...]
    """Their labels and rows, in the order of the labels."""

    joined: str | None
    """The class that they are joined into; None if they are left out."""

    limit: int

    @property
    def rows(self) -> int:
        """Number of their rows."""
        return sum(rows for _, rows in self.classes)

    def sentence(self) -> str:
        """Return what becomes of them."""
        shown = ", ".join(f"{label} ({rows:,})" for label, rows in self.classes[:8])
        more = f" and {len(self.classes) - 8:,} more" if len(self.classes) > 8 else ""
        one = len(self.classes) == 1
        count = "1 class has" if one else f"{len(self.classes):,} classes have"
        rows = f"{self.rows:,} row{'s'[: self.rows != 1]}"
        becomes = f"{'is' if one else 'are'} left out with {'its' if one else 'their'} {rows}"
        if self.joined is not None:
            becomes = f"{'becomes' if one else 'become'} the class '{self.joined}' of {rows}"
        return f"{count} fewer than {self.limit:,} rows and {becomes}: {shown}{more}"


def find_rare_classes(column: TypedColumn, choice: TableChoice) -> RareClasses | None:
    """Return the rare classes of a target whose rows all have a label; None if none is rare or no limit is chosen.

    Raises:
        DataError: fewer than two classes would be left.
    """
    limit = choice.class_limit
    if limit is None:
        return None
    labels, counts = _labels_and_counts(column)
    rare = [(label, rows) for label, rows in zip(labels, counts, strict=True) if rows < limit]
    if not rare:
        return None
    left = len(labels) - len(rare)
    if left + choice.joins_rare < 2:
        raise DataError(
            f"target '{column.name}' has {left if left else 'no'} class{'' if left == 1 else 'es'} with {limit:,} rows "
            f"or more, and two are needed; choose a smaller number with --min-class-rows {_largest_limit(counts)}",
            field="min_class_rows",
            column=column.name,
        )
    joined = _free_label(labels) if choice.joins_rare else None
    return RareClasses(classes=tuple(rare), joined=joined, limit=limit)


def rows_to_keep(column: TypedColumn, rare: RareClasses) -> NDArray[np.bool_]:
    """Return the mask of rows of a class that is not rare, shape (rows,)."""
    names = {label for label, _ in rare.classes}
    if column.kind == "category":
        is_rare = np.array([level in names for level in column.levels])
        return ~is_rare[column.values]
    return ~np.isin(column.values, [_number(column, label) for label in names])


def join(column: TypedColumn, rare: RareClasses) -> TypedColumn:
    """Return the target with the rare classes as one class; labels that are numbers become texts."""
    assert rare.joined is not None
    as_text = texts_of(column)
    names = {label for label, _ in rare.classes}
    new = [rare.joined if level in names else level for level in as_text.levels]
    levels = sorted(set(new))
    codes = np.array([levels.index(label) for label in new], dtype=np.int32)
    return TypedColumn(name=column.name, kind="category", values=codes[as_text.values], levels=tuple(levels))


def texts_of(column: TypedColumn) -> TypedColumn:
    """Return a column of labels as a category of texts; whole numbers have no point."""
    if column.kind == "category":
        return column
    values, codes = np.unique(column.values, return_inverse=True)
    texts = [_text(column, value) for value in values.tolist()]
    levels = sorted(texts)
    ranks = np.array([levels.index(text) for text in texts], dtype=np.int32)
    return TypedColumn(name=column.name, kind="category", values=ranks[codes], levels=tuple(levels))


def _labels_and_counts(column: TypedColumn) -> tuple[list[str], list[int]]:
    values, counts = np.unique(column.values, return_counts=True)
    if column.kind == "category":
        return [column.levels[code] for code in values.tolist()], counts.tolist()
    return [_text(column, value) for value in values.tolist()], counts.tolist()


def _text(column: TypedColumn, value: float) -> str:
    return str(bool(value)) if column.kind == "boolean" else str(int(value)) if value == int(value) else str(value)


def _number(column: TypedColumn, label: str) -> float:
    return float(label == "True") if column.kind == "boolean" else float(label)


def _largest_limit(counts: Sequence[int]) -> int:
    """Return the largest limit that leaves two classes."""
    return sorted(counts, reverse=True)[1] if len(counts) > 1 else 1


def _free_label(labels: Sequence[str]) -> str:
    """Return a label for the joined class that no class has, so that nothing else is mixed with the rare classes."""
    taken = {label.casefold() for label in labels}
    if OTHER not in taken:
        return OTHER
    label, number = f"{OTHER} (joined)", 2
    while label.casefold() in taken:
        label, number = f"{OTHER} (joined {number})", number + 1
    return label

"""Labels of a target that look like a missing value: a class called None or NA, or rows without a target."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from nnsize_engine.data.clean_texts import rows_of, take_as_missing
from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.infer_types import shown
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.settings.missing_texts import QUESTION_MARK, USUAL_MISSING
from nnsize_engine.settings.table_choice import TableChoice

USUAL_TEXTS = frozenset({*USUAL_MISSING, QUESTION_MARK} - {""})
"""Texts that usually mean a missing value; an empty cell is no text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsLikeMissing:
    """The labels of a target that look like a missing value."""

    kept: tuple[tuple[str, int], ...] = ()
    """Labels that stay classes, with their rows."""

    dropped: tuple[tuple[str, int], ...] = ()
    """Texts that are taken as missing, with their rows."""

    def sentences(self, target: str) -> list[str]:
        """Return what the user must know, with the option that decides otherwise."""
        found = []
        for label, rows in self.kept:
            found.append(
                f"target '{target}': {shown(label)} is kept as a class, because it is frequent ({_rows(rows)}); "
                f"--missing {quoted(label)} takes it as missing"
            )
        for label, rows in self.dropped:
            found.append(
                f"target '{target}': {shown(label)} in {_rows(rows)} is taken as missing, and "
                f"{'this row is' if rows == 1 else 'these rows are'} left out; --keep-na keeps it as a class"
            )
        return found


def may_keep_labels(choice: TableChoice) -> bool:
    """Return whether it is left open which labels of the target mean a missing value."""
    return not (choice.has_old_reading or choice.keep_na or choice.missing)


def decide_labels(
    column: TypedColumn, are_numbers: Callable[[Sequence[str]], bool]
) -> tuple[TypedColumn, LabelsLikeMissing]:
    """Return the target without the texts that mean a missing value, and what was decided.

    Among labels, a text such as None stays a class if it has as many rows as a usual label, or if there would be no
    two classes without it. Among numbers it is always missing; ``are_numbers`` tells whether labels are such.
    """
    rows = rows_of(column)
    looks_missing = [label for label in column.levels if label in USUAL_TEXTS]
    others = [label for label in column.levels if label not in USUAL_TEXTS]
    if not looks_missing:
        return column, LabelsLikeMissing()
    are_labels = bool(others) and not are_numbers(others)
    usual = median(rows[label] for label in others) if others else 0
    kept = [label for label in looks_missing if are_labels and (rows[label] >= usual or len(others) < 2)]
    dropped = [label for label in looks_missing if label not in kept]
    decided = LabelsLikeMissing(kept=_with_rows(kept, rows), dropped=_with_rows(dropped, rows) if are_labels else ())
    return take_as_missing(column, dropped), decided


def _with_rows(labels: Sequence[str], rows: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((label, rows[label]) for label in labels)


def _rows(rows: int) -> str:
    return f"{rows:,} row{'s'[: rows != 1]}"

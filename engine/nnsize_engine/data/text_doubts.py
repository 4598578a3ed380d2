"""Sentences about texts that have no common notation: refusals with a remedy, and warnings of labels."""

from collections.abc import Sequence

import numpy as np

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.infer_types import TypeWarning, mixed_texts, nearly_dates, shown
from nnsize_engine.data.missing_option import missing_option
from nnsize_engine.data.number_texts import MAX_EXAMINED_TEXTS, MAX_UNITS, STYLES, Unit, unit_of, units_of
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.data.readings import NotationRules, fits
from nnsize_engine.errors import DataError
from nnsize_engine.settings.number_patterns import number_pattern


def refuse_misfit(name: str, levels: Sequence[str], rules: NotationRules) -> None:
    """Raise a DataError if the texts do not have the notation that a run stored."""
    if rules.known is None:
        return
    text = next((level for level in levels if not fits(level, rules.known)), levels[0] if levels else "")
    raise DataError(
        f"column '{name}' holds {shown(text)}, which is not written as its values were when the run was made; "
        "start the run again",
        column=name,
    )


def refuse_mixed(column: TypedColumn, rules: NotationRules, is_target: bool, listed: Sequence[str]) -> None:
    """Raise a DataError if some texts are plain numbers and others are not."""
    plain = number_pattern(rules.decimal or ("," if rules.thousands == "." else "."), "", "", "")
    numbers = [plain.fullmatch(level) is not None for level in column.levels]
    if not any(numbers):
        return
    counts = np.bincount(column.values[column.values >= 0], minlength=len(numbers))
    others = [level for level, is_number in zip(column.levels, numbers, strict=True) if not is_number]
    units = units_of(others)
    if None in units:
        separators = [style for style in STYLES if style[1]]
        numbers = _numbers_of(column.levels, numbers, separators)
        raise mixed_texts(column, numbers, is_target, listed)
    named = [f"'{unit}'" for unit in map(str, units) if unit]
    rows = int(counts[[not is_number for is_number in numbers]].sum())
    if not named:
        raise DataError(
            f"column '{column.name}' writes its numbers in several ways, such as {shown(others[0])} and "
            f"{shown(column.levels[numbers.index(True)])}; write them in one way, or keep the texts with "
            f"--labels {quoted(column.name)}",
            column=column.name,
        )
    raise DataError(
        f"column '{column.name}' holds numbers with {' and '.join(named[:3])} ({rows:,} rows) and without a unit "
        f"({int(counts[numbers].sum()):,} rows), such as {shown(others[0])} and "
        f"{shown(column.levels[numbers.index(True)])}; write one unit, or keep the texts with "
        f"--labels {quoted(column.name)}",
        field="target" if is_target else None,
        column=column.name,
    )


def _numbers_of(levels: Sequence[str], plain: list[bool], separators: Sequence[tuple[str, str]]) -> list[bool]:
    """Return which texts are numbers, in the style with thousands that most of them fit."""
    found = [[number_pattern(*style, "", "").fullmatch(level) is not None for level in levels] for style in separators]
    return max([plain, *found], key=sum)


def doubt_of(column: TypedColumn, rules: NotationRules, listed: Sequence[str]) -> TypeWarning | None:
    """Return a warning if labels look like numbers or dates."""
    if not (rules.has_numbers and rules.has_units and column.levels):
        return nearly_dates(column, listed)
    units = units_of(column.levels[:MAX_EXAMINED_TEXTS])
    others = units.pop(None, 0)
    named = sorted(str(unit) for unit in units)
    if named == [""] and not rules.has_plain_numbers and not others:
        return TypeWarning(
            remark="numbers as text",
            found=f"numbers that are stored as text, such as {shown(column.levels[0])}",
            remedy="store them as numbers unless they are labels",
        )
    if not others and 1 < len(named) <= MAX_UNITS and len(named) * 2 <= len(column.levels):
        words = ", ".join(f"'{unit}'" if unit else "none" for unit in named)
        return TypeWarning(
            remark=f"numbers? units {words}",
            found=f"numbers with different units: {words}",
            remedy="write them in one unit to have numbers",
        )
    if len(units) == 1 and named != [""] and sum(units.values()) > others:
        return _nearly_numbers(column, next(iter(units)), listed)
    return nearly_dates(column, listed)


def _nearly_numbers(column: TypedColumn, unit: Unit | None, listed: Sequence[str]) -> TypeWarning | None:
    """Return a warning if most texts of a column, or all, are numbers with a unit that was not read as one."""
    is_number = [unit_of(level) == unit for level in column.levels]
    others = [place for place, fits_unit in enumerate(is_number) if not fits_unit]
    if not others:
        first = column.levels[0]
        return TypeWarning(
            remark=f"numbers? {shown(first)} is none",
            found=f"texts with one unit that are no numbers, such as {shown(first)}",
            remedy="write plain numbers to have numbers",
        )
    rows = int(np.isin(column.values, others).sum())
    first, example = column.levels[others[0]], column.levels[is_number.index(True)]
    them = "it" if rows == 1 else "such texts"
    return TypeWarning(
        remark=f"numbers? {shown(first)} is none",
        found=f"numbers such as {shown(example)} and {rows:,} text{'s'[: rows > 1]} such as {shown(first)}",
        remedy=f"take {them} as missing with {missing_option(listed, [first])} to have numbers",
    )

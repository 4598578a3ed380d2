"""The type of a column of texts: numbers, dates and times where all texts agree, else labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.infer_types import TypeWarning
from nnsize_engine.data.read_examples import ReadExample, ambiguous_texts, example_of
from nnsize_engine.data.readings import (
    AmbiguousTextsError,
    NotationRules,
    Reading,
    StreamedReadings,
    choose,
    find_readings,
)
from nnsize_engine.data.text_doubts import doubt_of, refuse_misfit, refuse_mixed


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedColumn:
    """A column with its type, and what is to be said of it."""

    column: TypedColumn
    warning: TypeWarning | None = None
    example: ReadExample | None = None
    """The notation that a text was read in, unless that is plain."""


def resolve_types(
    column: TypedColumn,
    rules: NotationRules,
    *,
    floats: str,
    is_target: bool = False,
    listed: Sequence[str] = (),
) -> ResolvedColumn:
    """Return a column of texts with its inferred type, and a warning if the type is doubtful.

    ``listed`` are the texts that an option ``--missing`` must name as well, so that they stay missing.

    Raises:
        DataError: the column mixes numbers and other texts, its texts can be read in two ways, or not as they should.
    """
    readings = find_readings(column.levels, rules)
    if not readings:
        refuse_misfit(column.name, column.levels, rules)
        if rules.has_numbers and rules.has_plain_numbers:
            refuse_mixed(column, rules, is_target, listed)
        return ResolvedColumn(column=column, warning=doubt_of(column, rules, listed))
    reading = choose_reading(column.name, readings, column.levels)
    by_code = np.append(reading.values, np.nan)  # the code of a missing value is -1
    return _resolved(column.name, reading, by_code[column.values], column.levels, floats, rules)


def resolve_streamed(name: str, streamed: StreamedReadings, rules: NotationRules, *, floats: str) -> ResolvedColumn:
    """Return a column whose texts were read as they came.

    Raises:
        DataError: its texts can be read in two ways.
    """
    reading = choose_reading(name, streamed.finish(), streamed.samples)
    return _resolved(name, reading, reading.values, streamed.samples, floats, rules)


def choose_reading(name: str, readings: Sequence[Reading], texts: Sequence[str]) -> Reading:
    """Return the reading of a column.

    Raises:
        DataError: there are several; the message gives the option for each.
    """
    try:
        return choose(readings)
    except AmbiguousTextsError as ambiguous:
        raise ambiguous_texts(name, ambiguous.readings, texts) from ambiguous


def _resolved(
    name: str,
    reading: Reading,
    values: NDArray[np.float64],
    texts: Sequence[str],
    floats: str,
    rules: NotationRules,
) -> ResolvedColumn:
    """Return a column in one reading, with an example of its texts unless they are plain numbers."""
    notation = reading.notation
    if reading.kind == "number":
        values = values.astype(floats)
    misfit = rules.misfit_of(notation)
    is_plain = reading.is_plain and not misfit
    column = TypedColumn(name=name, kind=reading.kind, values=values, notation=() if is_plain else notation)
    if is_plain or (notation == ("date", "ymd") and not misfit):
        return ResolvedColumn(column=column)
    return ResolvedColumn(column=column, example=example_of(name, notation, texts, misfit))

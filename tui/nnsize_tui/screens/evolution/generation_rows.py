"""Generations sorted or filtered by columns. Records are made only of rows in sight."""

from collections.abc import Sequence
from typing import cast, overload

from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import GenerationResult
from nnsize_tui.text.generation_columns import BY_KEY
from nnsize_tui.widgets.filter_query import Query

NATURAL = "generation"
"""The column that generations are sorted by at the start."""


class Ordered(Sequence[GenerationResult]):
    """A sequence of the generations at given places."""

    def __init__(self, generations: Sequence[GenerationResult], places: Sequence[int]) -> None:
        self._generations, self._places = generations, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, row: int) -> GenerationResult: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[GenerationResult]: ...
    def __getitem__(self, row: int | slice) -> GenerationResult | Sequence[GenerationResult]:
        if isinstance(row, slice):
            return Ordered(self._generations, self._places[row])
        return self._generations[self._places[row]]

    def row_of(self, place: int) -> int | None:
        """Return the row of the generation at a place; None if it is left out."""
        try:
            return self._places.index(place)
        except ValueError:
            return None


ALL = Query()


def ordered(
    generations: Generations, column: str = NATURAL, *, is_descending: bool = False, query: Query = ALL
) -> Sequence[GenerationResult]:
    """Return the generations for which a query holds, sorted by a column; those without a value come last.

    Words of the query are searched in the number. All generations in their own order are returned as they are.
    """
    places: Sequence[int] = range(len(generations))
    if query.words:
        numbers = [str(number) for number in generations.column("number")]
        places = [place for place, number in enumerate(numbers) if query.holds_words(number)]
    for comparison in query.comparisons:
        values = values_of(generations, comparison.column)
        places = [place for place in places if comparison.holds(values[place])]
    if column != NATURAL:
        places = _sorted(generations, places, column, is_descending=is_descending)
    elif is_descending:
        places = places[::-1]
    elif query.is_empty:
        return generations
    return Ordered(generations, places)


def _sorted(generations: Generations, places: Sequence[int], column: str, *, is_descending: bool) -> Sequence[int]:
    values = values_of(generations, column)
    known = [place for place in places if values[place] is not None]
    known.sort(key=lambda place: cast(float, values[place]), reverse=is_descending)
    return known + [place for place in places if values[place] is None]


def values_of(generations: Generations, column: str) -> list[float | None]:
    """Return the values of a column, by generation."""
    return BY_KEY[column].values(generations)

"""A cursor on the candidates of a heat map's cells."""

from collections.abc import Callable, Sequence
from math import inf

from nnsize_engine.charts.heat_map import Spot
from nnsize_engine.charts.search_map import moved
from nnsize_engine.charts.search_space import Pair, SearchSpace
from nnsize_engine.runs.view import SizeView


class MapCursor:
    """Find the candidates of cells around the selected one; only those that have a row in the table count."""

    def __init__(self, space: SearchSpace, pair: Pair, candidate: int, has_row: Callable[[int], bool]) -> None:
        self._space, self._pair, self._has_row = space, pair, has_row
        self._place = space.places[candidate]

    def next(self, across: int, up: int) -> int | None:
        """Return the candidate of the next cell in a direction that has one."""
        sizes = [len(self._space.dimensions[one].labels) for one in self._pair]
        spot = (self._place[self._pair[0]] + across, self._place[self._pair[1]] + up)
        while all(0 <= at < size for at, size in zip(spot, sizes, strict=True)):
            number = self._at(spot)
            if number is not None:
                return number
            spot = (spot[0] + across, spot[1] + up)
        return None

    def best_of(self, spots: Sequence[Spot], view: SizeView) -> int | None:
        """Return the candidate of a cell; the best one where the cell stands for several."""
        numbers = [number for number in map(self._at, spots) if number is not None]

        def mean(number: int) -> float:
            found = view.shared[number].mean
            return -inf if found is None else found

        return max(numbers, key=mean, default=None)

    def _at(self, spot: Spot) -> int | None:
        number = self._space.numbers.get(moved(self._place, self._pair, spot))
        return number if number is not None and self._has_row(number) else None

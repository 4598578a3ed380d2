"""The heat maps of a search: two dimensions at a time, cut through the selected candidate."""

import math

from nnsize_engine.charts.axis import round_step
from nnsize_engine.charts.description import Chart, Limits
from nnsize_engine.charts.heat_map import Cell, HeatMap, Spot
from nnsize_engine.charts.search_chart import SearchChart
from nnsize_engine.charts.search_space import Pair, Place, SearchSpace, space_of
from nnsize_engine.results.candidates import candidate_text
from nnsize_engine.results.search_race import dropped_words
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.runs.view import SizeView
from nnsize_engine.text import score_text

CONTRAST = 4.0
"""Distance of the lowest colour from the best score, in distances of the median. Without it, a few scores that are far
worse, such as those of a learning rate that is much too high, would leave no colours for all others."""

MAX_STEPS = 20
"""Most round steps between the limits of the colours. Round limits seldom move, so that a new best score seldom changes
the colours of all cells."""


def first_picture(view: SizeView) -> Chart | HeatMap:
    """Return the first picture of a search: a heat map if it is over a grid of layers, else a score chart."""
    space = space_of(view.settings, [summary.candidate for summary in view.summaries])
    return SearchMap(view, space).heat(space.pairs[0], None) if space.layers else SearchChart(view, space).chart(None)


class SearchMap:
    """The heat maps of one view; a colour means the same score in all of them."""

    def __init__(self, view: SizeView, space: SearchSpace) -> None:
        self._view, self._space = view, space
        self._tried = view.tried if view.race is None else frozenset(view.tried)
        means = [shared.mean for shared in view.shared if shared.mean is not None]
        self._limits = limits_of(means)
        self._is_clipped = bool(self._limits and means and min(means) < self._limits[0])

    def heat(self, pair: Pair, selected: int | None) -> HeatMap:
        """Describe the map of two dimensions, cut through the selected candidate or, without one, the best."""
        x, y = (self._space.dimensions[one] for one in pair)
        choice = self._view.choice
        here = self._space.places[selected if selected is not None else choice.best.number if choice else 0]
        recommended = choice.recommended if choice and choice.recommended != choice.best else None
        best_here = self._spot(choice.best, here, pair) if choice else None
        recommended_here = self._spot(recommended, here, pair) if recommended else None
        best_label = f"best {candidate_text(choice.best)}" if choice else ""
        return HeatMap(
            x_label=x.title,
            y_label=y.title,
            columns=x.labels,
            rows=y.labels,
            cells=tuple(
                tuple(self._cell(moved(here, pair, (column, row))) for column in range(len(x.labels)))
                for row in range(len(y.labels))
            ),
            limits=self._limits,
            is_clipped=self._is_clipped,
            title=self._view.settings.scoring,
            slice=self._slice(here, pair),
            reading=self._reading(selected, pair) if selected is not None else "",
            selected=(here[pair[0]], here[pair[1]]) if selected is not None else None,
            best=best_here,
            recommended=recommended_here,
            best_label=best_label if best_here or not best_label else f"{best_label} (not here)",
            recommended_label=f"recommended {candidate_text(recommended)}" if recommended and recommended_here else "",
        )

    def _cell(self, place: Place) -> Cell:
        number = self._space.numbers.get(place)
        if number is None:
            return "absent"
        mean = self._view.shared[number].mean
        if mean is not None:
            return mean
        if self._view.summaries[number].has_failed:
            return "failed"
        if self._view.dropped(number) is not None:
            return "out"
        return "waiting" if number in self._tried else "absent"

    def _reading(self, selected: int, pair: Pair) -> str:
        """Return the selected cell in words: ``neurons 16, alpha 0.01: accuracy 0.9712 ± 0.0013, rank 3``."""
        place, shared = self._space.places[selected], self._view.shared[selected]
        named = [(self._space.dimensions[one], place[one]) for one in pair]
        words = ", ".join(f"{dimension.title} {dimension.labels[value]}" for dimension, value in named)
        if shared.mean is None:
            return f"{words}: {self._state_words(selected)}"
        error = "" if shared.standard_error is None else f" ± {score_text(shared.standard_error)}"
        score = f"{self._view.settings.scoring} {score_text(shared.mean)}{error}"
        return f"{words}: {score}, rank {self._view.ranks[selected]}"

    def _state_words(self, number: int) -> str:
        """Return the reason why a candidate has no score."""
        if self._view.summaries[number].has_failed:
            return "failed"
        dropped = self._view.dropped(number)
        return "not scored yet" if dropped is None else f"out {dropped_words(dropped)}"

    def _slice(self, here: Place, pair: Pair) -> str:
        others = [number for number in range(len(here)) if number not in pair]
        return " ".join(self._space.dimensions[number].words[here[number]] for number in others)

    def _spot(self, candidate: Candidate, here: Place, pair: Pair) -> Spot | None:
        """Return the cell of a candidate; None if the candidate is in another map."""
        place = self._space.places[candidate.number]
        is_here = all(place[number] == here[number] for number in range(len(here)) if number not in pair)
        return (place[pair[0]], place[pair[1]]) if is_here else None


def moved(here: Place, pair: Pair, spot: Spot) -> Place:
    """Return the place with the values of two dimensions replaced."""
    place = list(here)
    place[pair[0]], place[pair[1]] = spot
    return tuple(place)


def limits_of(means: list[float]) -> Limits | None:
    """Return the scores of the lowest and the highest colour, as round numbers; None without any score."""
    if not means:
        return None
    ordered = sorted(means)
    lowest, middle, highest = ordered[0], ordered[len(ordered) // 2], ordered[-1]
    if highest == lowest:
        return (lowest - 0.01 * (abs(lowest) or 1.0), highest)
    low = max(lowest, highest - CONTRAST * (highest - middle)) if middle < highest else lowest
    step = round_step(highest - low, MAX_STEPS)
    return math.floor(low / step) * step, math.ceil(highest / step) * step

"""The score chart of a search: over sizes alone, or over several parameters."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from math import inf, log

from nnsize_engine.charts.description import MAX_LINES, Chart, Series
from nnsize_engine.charts.grid_chart import Axes, ScoreLine, grid_chart
from nnsize_engine.charts.score_series import (
    ScorePoint,
    limits_without_out,
    marks_of,
    out_points,
    reference_levels,
    smoothed_line,
    spread_words,
)
from nnsize_engine.charts.search_space import NEURONS, Place, SearchSpace
from nnsize_engine.charts.size_chart import size_chart, with_cursor
from nnsize_engine.results.candidates import candidate_text
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.results.smoothing import MIN_SIZES_TO_SMOOTH
from nnsize_engine.runs.view import SizeView


class SearchChart:
    """The score chart of one view, on the folds that all candidates share.

    Scores on fewer folds would not be comparable. The x axis is the first dimension of the search; a line joins the
    candidates that are equal in all other dimensions. The points are made once, because the cursor moves more often
    than they change.
    """

    def __init__(self, view: SizeView, space: SearchSpace, *, has_training: bool = False) -> None:
        """Make the points; ``has_training`` adds the mean scores on the training rows."""
        self._view, self._space = view, space
        self._points = [
            ScorePoint(
                x=space.along(place),
                label=space.dimensions[0].labels[place[0]],
                mean=shared.mean,
                spread=shared.standard_error,
                train=shared.train_mean if has_training else None,
            )
            for place, shared in zip(space.places, view.shared, strict=True)
        ]
        estimated = {} if view.race is None else view.race.race.estimated
        self._out = {number: replace(self._points[number], mean=mean) for number, mean in estimated.items()}
        """The points of dropped candidates, at their estimated means."""

        self._shown = [number for number in view.tried if view.dropped(number) is None]

        self._threshold = view.choice.threshold if view.choice else None
        self._unmarked: Chart | None = None
        self._lines: list[ScoreLine] | None = None
        self._upper: ScoreLine | None = None

    def chart(self, selected: int | None, *, is_best_alone: bool = False) -> Chart:
        """Describe the chart with a cursor at the selected candidate; ``is_best_alone`` draws the best of each x."""
        dimensions = self._space.dimensions
        if len(dimensions) > 1 or dimensions[0].title != NEURONS:
            return self._comparison(selected, is_best_alone=is_best_alone)
        self._unmarked = self._unmarked or self._of_sizes()
        return self._unmarked if selected is None else with_cursor(self._unmarked, self._points[selected])

    def _of_sizes(self) -> Chart:
        """Describe the chart of a search over sizes alone."""
        choice = self._view.choice
        shown = self._shown
        chart = size_chart(
            [self._points[number] for number in shown],
            out=list(self._out.values()),
            best=shown.index(choice.best.number) if choice else None,
            recommended=shown.index(choice.recommended.number) if choice else None,
            smoothed=self._smoothed([*shown, *self._out]),
            threshold=self._threshold,
            references=self._view.references,
            y_label=self._view.settings.scoring,
            spread=spread_words(self._view.shared),
        )
        return replace(chart, x_log=self._space.dimensions[0].is_log)

    def nearest(self, x: float, y: float, among: Sequence[int]) -> int | None:
        """Return the candidate of ``among`` that is nearest along x and, at equal x, nearest in score."""
        is_log = self._space.dimensions[0].is_log

        def apart(number: int) -> tuple[float, float]:
            point = self._out.get(number, self._points[number])
            along = abs(log(point.x / x)) if is_log and x > 0 else abs(point.x - x)
            return along, inf if point.mean is None else abs(point.mean - y)

        return min(among, key=apart, default=None)

    def _comparison(self, selected: int | None, *, is_best_alone: bool) -> Chart:
        if self._lines is None or self._upper is None:
            self._lines, self._upper = self._all_lines(), self._best_points()
        choice = self._view.choice
        best = self._line_of(choice.best.number) if choice else None
        return grid_chart(
            self._lines,
            self._axes(),
            upper=self._upper,
            selected=self._line_of(selected),
            best=best,
            banded=best if selected is None else None,
            is_upper_alone=is_best_alone,
            marks=(
                *self._smoothed_line(),
                *reference_levels(self._view.references),
                *out_points(self._out_beside({best, self._line_of(selected)}), "dot"),
                *marks_of(
                    None if selected is None else self._points[selected],
                    self._marked(choice.best) if choice else None,
                    self._marked(choice.recommended) if choice else None,
                    self._threshold,
                ),
            ),
            legend_title=self._legend_title(),
            spread=spread_words(self._view.shared),
        )

    @property
    def _has_short_labels(self) -> bool:
        """Return whether lines are named by values alone, without the names of the parameters."""
        return len(self._space.combinations) <= MAX_LINES

    def _legend_title(self) -> str:
        """Return the names of the parameters whose values are the labels; empty if the labels name them."""
        others = self._space.dimensions[1:]
        return ", ".join(one.title for one in others) if len(others) > 1 and self._has_short_labels else ""

    def _axes(self) -> Axes:
        dimension = self._space.dimensions[0]
        places = sorted({self._points[number].x for number in self._view.tried})
        return Axes(
            x_label=dimension.title,
            y_label=self._view.settings.scoring,
            x_limits=(places[0], places[-1]) if len(places) > 1 else None,
            x_ticks=tuple(zip(places, dimension.labels, strict=True)) if dimension.numbers is None else None,
            x_log=dimension.is_log,
            x_is_whole=dimension.numbers is not None and all(float(one).is_integer() for one in dimension.numbers),
            y_limits=limits_without_out([self._points[number] for number in self._shown], list(self._out.values())),
        )

    def _all_lines(self) -> list[ScoreLine]:
        found: defaultdict[Place, list[ScorePoint]] = defaultdict(list)
        for number in self._shown:
            found[self._space.places[number][1:]].append(self._points[number])
        words = self._space.short_words if self._has_short_labels else self._space.words
        return [
            ScoreLine(
                label=words(combination, 1) + ("" if found[combination] else " (out)"),
                points=tuple(sorted(found[combination], key=lambda point: point.x)),
            )
            for combination in self._space.combinations
        ]

    def _out_beside(self, lines: Collection[int | None]) -> list[ScorePoint]:
        """Return the points of dropped candidates; with many combinations only those of these lines."""
        if len(self._space.combinations) <= MAX_LINES:
            return list(self._out.values())
        return [point for number, point in self._out.items() if self._line_of(number) in lines]

    def _best_points(self) -> ScoreLine:
        """Return the best candidate at every x."""
        best: dict[float, ScorePoint] = {}
        for point in (self._points[number] for number in self._shown):
            so_far = best.get(point.x)
            if so_far is None or so_far.mean is None or (point.mean is not None and point.mean > so_far.mean):
                best[point.x] = point
        title = self._space.dimensions[0].title
        label = "best of each size" if title == NEURONS else f"best of each {title}"
        return ScoreLine(label=label, points=tuple(best[x] for x in sorted(best)))

    def _smoothed(self, numbers: Sequence[int]) -> list[float | None]:
        """Return the smoothed scores of candidates that differ in size alone; none of too few to smooth."""
        choice = self._view.choice
        if choice is None or len(numbers) < MIN_SIZES_TO_SMOOTH:
            return []
        return [choice.smoothed.get(number) for number in numbers]

    def _smoothed_line(self) -> list[Series]:
        """Return the smoothed curve of the recommended candidate's combination."""
        choice = self._view.choice
        if choice is None or self._space.dimensions[0].title != NEURONS:
            return []
        combination = self._space.places[choice.recommended.number][1:]
        numbers = [number for number in self._view.tried if self._space.places[number][1:] == combination]
        numbers.sort(key=lambda number: self._points[number].x)
        return smoothed_line([self._points[number].x for number in numbers], self._smoothed(numbers))

    def _line_of(self, number: int | None) -> int | None:
        return None if number is None else self._space.combinations.index(self._space.places[number][1:])

    def _marked(self, candidate: Candidate) -> ScorePoint:
        return replace(self._points[candidate.number], label=candidate_text(candidate))

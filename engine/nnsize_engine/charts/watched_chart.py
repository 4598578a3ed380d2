"""The chart of a watched search: scores by the one number that varies, or by the place of the candidates."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from nnsize_engine.charts.description import Chart, Highlight, Line, Points
from nnsize_engine.charts.score_series import ScorePoint, spread_words
from nnsize_engine.charts.search_space import MIN_LOG_RATIO
from nnsize_engine.charts.size_chart import size_chart, with_cursor
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.results.watched_words import candidate_words, short_names, value_words
from nnsize_engine.runs.view import WatchedView
from nnsize_engine.settings.parameter_grid import Value


class WatchedChart:
    """The score chart of one view; the points are made once, because the cursor moves more often than they change."""

    def __init__(self, view: WatchedView, *, has_training: bool = False) -> None:
        """Make the points; ``has_training`` adds the mean scores on the training rows."""
        self._view = view
        self._number = varied_number([one.candidate for one in view.summaries])
        self._points = [
            ScorePoint(
                x=self._x(summary.candidate),
                label=self._label(summary.candidate),
                mean=shared.mean,
                spread=shared.standard_error,
                train=shared.train_mean if has_training else None,
            )
            for summary, shared in zip(view.summaries, view.shared, strict=True)
        ]
        self._shown = self._shown_places()
        self._unmarked = self._of_number() if self._number is not None else self._of_places()

    def _x(self, candidate: Candidate) -> float:
        if self._number is None:
            return float(candidate.number)
        return float(dict(candidate.parameters)[self._number])

    def _label(self, candidate: Candidate) -> str:
        if self._number is None:
            return candidate_words(candidate)
        return value_words(dict(candidate.parameters)[self._number])

    def _shown_places(self) -> list[int]:
        """Return the places of the points of a curve: of several at one x, as a halving search has, the last one."""
        last = {point.x: place for place, point in enumerate(self._points) if point.mean is not None}
        return sorted(last.values(), key=lambda place: self._points[place].x)

    def chart(self, selected: int | None) -> Chart:
        """Describe the chart with a cursor at the candidate of a place."""
        if selected is None or selected >= len(self._points):
            return self._unmarked
        return with_cursor(self._unmarked, self._points[selected])

    def nearest(self, x: float) -> int | None:
        """Return the place of the candidate nearest to an x; None without candidates."""
        places = range(len(self._points))
        return min(places, key=lambda place: abs(self._points[place].x - x), default=None)

    def _of_number(self) -> Chart:
        """Describe the curve over the one number that varies."""
        assert self._number is not None
        points = [self._points[place] for place in self._shown]
        numbers = [point.x for point in self._points]
        best = self._view.best
        chart = size_chart(
            points,
            best=self._shown.index(best) if best in self._shown else None,
            y_label=self._view.settings.measure,
            spread=spread_words(self._view.shared),
        )
        is_whole = all(number.is_integer() for number in numbers)
        is_log = bool(numbers) and min(numbers) > 0 and max(numbers) / min(numbers) >= MIN_LOG_RATIO
        x_label = short_names([self._number])[self._number]
        limits = (min(numbers), max(numbers)) if len(set(numbers)) > 1 else None
        return replace(chart, x_label=x_label, x_log=is_log, x_is_whole=is_whole, x_ticks=None, x_limits=limits)

    def _of_places(self) -> Chart:
        """Describe a point for each candidate, in scikit-learn's order, and the best mean so far."""
        known = [point for point in self._points if point.mean is not None]
        x = tuple(point.x for point in known)
        best_so_far = tuple(accumulate((point.mean for point in known if point.mean is not None), max))
        train = tuple(point.train for point in known)
        has_training = any(score is not None for score in train)
        place = self._view.best
        best = [] if place is None else [self._points[place]]
        return Chart(
            series=(
                Line(x=x, y=best_so_far, label="best so far", role="second", dotted=True),
                *([Line(x=x, y=train, label="training", role="held_out", dotted=True)] if has_training else []),
                Points(x=x, y=tuple(point.mean for point in known), label="mean"),
                *(
                    Highlight(x=one.x, y=one.mean, shape="star", role="best", label=f"best {one.label}")
                    for one in best
                    if one.mean is not None
                ),
            ),
            x_label="candidate",
            x_is_whole=True,
            y_label=self._view.settings.measure,
            x_limits=(0.0, float(len(self._points) - 1)) if len(self._points) > 1 else None,
        )


def varied_number(candidates: Sequence[Candidate]) -> str | None:
    """Return the one parameter that differs between candidates, if all its values are numbers; else None."""
    values: dict[str, set[Value]] = {}
    for candidate in candidates:
        for name, value in candidate.parameters:
            values.setdefault(name, set()).add(value)
    varied = [name for name, found in values.items() if len(found) > 1]
    if len(varied) != 1:
        return None
    is_numeric = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values[varied[0]])
    return varied[0] if is_numeric else None

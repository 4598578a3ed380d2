"""A look at a size search as the chart of its scores."""

from collections.abc import Sequence
from dataclasses import replace

from nnsize_engine.run_view import SizeView
from nnsize_engine.selection import CandidateSummary
from nnsize_tui import text
from nnsize_tui.chart.model import Chart
from nnsize_tui.chart.score import ScorePoint, score_chart

LOG_FROM = 30
"""Sizes that grow by factors over at least such a range are drawn on a logarithmic axis."""


class ScoreCurve:
    """The chart of one look, on the folds that all candidates share: no point is better for having met fewer folds.

    The points are made once, because the cursor moves more often than they change.
    """

    def __init__(self, view: SizeView) -> None:
        summaries, choice = view.summaries, view.choice
        places = _places(summaries)
        self._view = view
        self._points = [
            ScorePoint(
                x=x,
                label=text.neurons_text(summary.candidate),
                mean=shared.mean,
                spread=shared.standard_error,
            )
            for summary, x, shared in zip(summaries, places, view.shared, strict=True)
        ]
        self._threshold: float | None = None
        if choice is not None and choice.standard_error is not None:
            self._threshold = choice.best_mean - choice.standard_error
        grows_by_factors = "log:" in view.settings.neurons and min(places) > 0
        self._is_log = grows_by_factors and max(places) / min(places) >= LOG_FROM

    def chart(self, selected: int | None) -> Chart:
        """The chart with this candidate marked, if any."""
        choice = self._view.choice
        chart = score_chart(
            self._points,
            best=choice.best.number if choice else None,
            adequate=choice.adequate.number if choice and choice.standard_error is not None else None,
            selected=selected,
            threshold=self._threshold,
            y_label=self._view.settings.scoring,
        )
        return replace(chart, x_log=self._is_log)


def _places(summaries: Sequence[CandidateSummary]) -> list[float]:
    """Neurons along the axis; where networks have several layers, their place in the list."""
    layers = [summary.candidate.hidden_layer_sizes for summary in summaries]
    if all(len(sizes) == 1 for sizes in layers):
        return [float(sizes[0]) for sizes in layers]
    return [float(place) for place in range(1, len(layers) + 1)]

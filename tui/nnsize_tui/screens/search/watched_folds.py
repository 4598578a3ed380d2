"""The splits of the selected candidate of a watched search: their scores, times, and the reasons of failed fits."""

import textwrap
from collections.abc import Collection, Sequence

from nnsize_engine.results.further_scores import scored_fit
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics
from nnsize_engine.results.watched_words import candidate_words
from nnsize_engine.runs.view import WatchedView
from nnsize_engine.text import score_text, seconds_text
from nnsize_tui.screens.search.fold_pane import WIDE
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.scroll_lines import ScrollLines


class WatchedFolds(ScrollLines):
    """Show a line for each split, then the same by each further scoring."""

    _summary: CandidateSummary | None = None
    _shared = SharedStatistics()
    _further: Sequence[tuple[str, SharedStatistics]] = ()
    _under_way: Collection[int] = ()

    def show(self, view: WatchedView, place: int) -> None:
        """Show the candidate at a place of a view."""
        before, self._summary = self._summary, view.summaries[place]
        self._shared = view.shared[place]
        self._further = [(name, found.shared[place]) for name, found in view.further.items()]
        number = self._summary.candidate.number
        self._under_way = {fit.fold for fit in view.under_way if fit.candidate == number}
        if before is not None and before.candidate.number == number:
            self.redraw_soon()
        else:
            self.rewind()
            self.redraw()

    def pane_title(self) -> str:
        if self._summary is None:
            return "folds"
        title = f"folds of {candidate_words(self._summary.candidate)}"
        room = max(12, self.size.width - 6)
        return title if len(title) <= room else f"{title[: room - 3]}..."

    def fixed(self, width: int) -> Sequence[Line]:
        if width >= WIDE:
            return [[("fold      test     train    time   score", "dim")]]
        return [[("fold    test   train   time", "dim")]]

    def content(self, width: int) -> Sequence[Line]:
        summary = self._summary
        if summary is None:
            return []
        lines: list[Line] = []
        for split, fit in enumerate(summary.fits):
            lines += _fold(split, fit, width, is_training=split in self._under_way)
        lines.append(_means(self._shared, width))
        for name, shared in self._further:
            lines += [[], [(name, "strong")]]
            for split, fit in enumerate(summary.fits):
                if fit is not None and fit.error is None:
                    scored = scored_fit(fit, name)
                    lines.append([(f"{split + 1:4d}", "dim"), _scores(scored.test_score, scored.train_score, width)])
            lines.append(_means(shared, width))
        return lines


def _fold(split: int, fit: FitResult | None, width: int, *, is_training: bool) -> list[Line]:
    if fit is None:
        return [[(f"{split + 1:4d}", "dim"), ("  training", "accent") if is_training else ("       -", "dim")]]
    if fit.error is not None:
        lines: list[Line] = [[(f"{split + 1:4d}", "dim"), ("  failed", "bad")]]
        return lines + [[(f"      {line}", "bad")] for line in textwrap.wrap(fit.error, max(10, width - 6))]
    times = f"{seconds_text(fit.fit_seconds):>{8 if width >= WIDE else 7}}"
    if width >= WIDE:
        times += f"{seconds_text(fit.score_seconds):>8}"
    return [[(f"{split + 1:4d}", "dim"), _scores(fit.test_score, fit.train_score, width), (times, "dim")]]


def _means(shared: SharedStatistics, width: int) -> Line:
    text, _ = _scores(shared.mean, shared.train_mean, width)
    return [("mean", "dim"), (text, "strong")]


def _scores(test: float | None, train: float | None, width: int) -> Piece:
    digits, column = (6, 10) if width >= WIDE else (4, 8)
    return f"{score_text(test, digits):>{column}}{score_text(train, digits):>{column}}", "text"

"""The folds of the selected candidate: their scores, and the reasons of failed fits."""

import textwrap
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from nnsize_engine.results.candidates import candidate_text
from nnsize_engine.results.race import Dropped
from nnsize_engine.results.search_race import dropped_words
from nnsize_engine.results.search_records import FitProgress, FitResult
from nnsize_engine.results.statistics import CandidateSummary, numpy_mean, shared_statistics
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import NONE, score_text, seconds_text
from nnsize_tui.screens.search.further_folds import further_lines
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.scroll_lines import ScrollLines

WIDE = 49
"""Columns from which on scores have six decimals, and the time of each fit has room."""

SEEDS_LINES = 2
"""Lines of the sentence on how the recommendation moves with the seed."""

CUT = "+"
"""The mark after the epochs of a training that ended at its limit, still improving."""


class FoldPane(ScrollLines):
    """Show a line for each fold; with repeats, for each fold of each seed."""

    _summary: CandidateSummary | None = None
    _settings = SizeSettings()
    _under_way: Mapping[int, FitProgress] = MappingProxyType({})
    _dropped: Dropped | None = None
    _seeds = ""

    def show(
        self,
        summary: CandidateSummary,
        settings: SizeSettings,
        under_way: Sequence[FitProgress] = (),
        dropped: Dropped | None = None,
        seeds: str = "",
    ) -> None:
        """Show this candidate, the progress of its fits that are being trained, and when a race dropped it.

        ``seeds`` tells how the recommendation of the run moves with the seed; empty if that is not known.
        """
        self._dropped, self._seeds = dropped, seeds
        before, self._summary = self._summary, summary
        self._settings = settings
        self._under_way = {fit.fold: fit for fit in under_way if fit.candidate == summary.candidate.number}
        if before is not None and before.candidate == summary.candidate:
            self.redraw_soon()
        else:
            self.rewind()
            self.redraw()

    def pane_title(self) -> str:
        if self._summary is None:
            return "folds"
        candidate = self._summary.candidate
        title, weights = f"folds of {candidate_text(candidate)}", f"{candidate.weights:,} weights"
        is_wide = self.size.width >= max(WIDE, len(title) + len(weights) + 10)
        return f"{title} {self.glyphs.dot} {weights}" if is_wide else title

    def fixed(self, width: int) -> Sequence[Line]:
        if width >= WIDE:
            return [[("fold      test     train  epochs  settled    time", "dim")]]
        return [[("fold    test   train epochs", "dim")]]

    def content(self, width: int) -> Sequence[Line]:
        summary, settings = self._summary, self._settings
        if summary is None:
            return []
        lines: list[Line] = []
        for split, fit in enumerate(summary.fits):
            if split % settings.folds == 0 and settings.repeats > 1:
                of_seed = summary.fits[split : split + settings.folds]
                lines.append(_seed(settings.seed + settings.repeat_of(split), of_seed, width))
            if split % settings.cv == 0 and settings.fold_rounds > 1:
                lines.append([(f"round {settings.fold_of(split) // settings.cv + 1} of folds", "dim")])
            number = split % settings.cv + 1
            under_way = self._under_way.get(split)
            if fit is None and under_way is not None:
                lines.append(_training(number, under_way, width))
            elif fit is not None or self._dropped is None:
                lines += _fold(number, fit, width)
        if self._dropped is not None:
            words = f"out {dropped_words(self._dropped)}"
            lines += [[(line, "dim")] for line in textwrap.wrap(words, max(10, width))]
        further = further_lines(summary, settings, digits=6 if width >= WIDE else 4, width=width)
        if self._settings.repeats == 1:
            return [*lines, _mean(summary, width), *further]
        seeds: list[Line] = [[(line, "dim")] for line in textwrap.wrap(self._seeds, max(10, width))]
        return [*seeds, *lines, *further]

    def footer(self, width: int) -> Sequence[Line]:
        """Return the mean and both spreads where there are repeats; they do not scroll."""
        if self._summary is None or self._settings.repeats == 1:
            return []
        digits = 6 if width >= WIDE else 4
        (own,) = shared_statistics([self._summary], self._settings.repeats)
        lines: list[Line] = [_mean(self._summary, width)]
        for name, spread in (("folds", own.std_over_folds), ("seeds", own.std_over_seeds)):
            lines.append([(f"std over {name} ", "dim"), (score_text(spread, digits), "text")])
        return lines


def lines_of(settings: SizeSettings) -> int:
    """Return the lines that the pane needs to show everything."""
    groups = settings.repeats + 2 + SEEDS_LINES if settings.repeats > 1 else 0
    rounds = settings.fold_rounds * settings.repeats if settings.fold_rounds > 1 else 0
    further = len(settings.further_scorings) * (settings.splits + 3)
    return settings.splits + groups + rounds + further + 4


def _seed(seed: int, fits: Sequence[FitResult | None], width: int) -> Line:
    """Return the title of a repeat, with its mean as soon as all its folds are scored."""
    scores = [fit.test_score for fit in fits if fit is not None and fit.test_score is not None]
    if len(scores) < len(fits):
        return [(f"seed {seed}", "dim")]
    return [(f"seed {seed}  mean ", "dim"), (score_text(numpy_mean(scores), 6 if width >= WIDE else 4), "text")]


def _training(number: int, fit: FitProgress, width: int) -> Line:
    words = f"  training, epoch {fit.epochs}"
    if width >= WIDE:
        words += f", loss {score_text(fit.loss)}"
    return [(f"{number:4d}", "dim"), (words, "accent")]


def _fold(number: int, fit: FitResult | None, width: int) -> list[Line]:
    if fit is None:
        return [[(f"{number:4d}", "dim"), ("       -", "dim")]]
    if fit.error is not None:
        lines: list[Line] = [[(f"{number:4d}", "dim"), ("  failed", "bad")]]
        lines += [[(f"      {line}", "bad")] for line in textwrap.wrap(fit.error, max(10, width - 6))]
        return lines
    epochs = NONE if fit.iterations is None else str(fit.iterations)
    is_cut = fit.has_converged is not None and not fit.has_converged
    ink: Ink = "dim" if is_cut else "text"
    if width >= WIDE:
        scores = f"{score_text(fit.test_score, 6):>10}{score_text(fit.train_score, 6):>10}"
        settled = NONE if fit.has_converged is None else "no" if is_cut else "yes"
        return [[(f"{number:4d}", "dim"), (scores, "text"), (f"{epochs:>8}{settled:>9}", ink), (_time(fit), "dim")]]
    scores = f"{score_text(fit.test_score):>8}{score_text(fit.train_score):>8}"
    return [[(f"{number:4d}", "dim"), (scores, "text"), (f"{epochs:>6}{CUT if is_cut else ' '}", ink)]]


def _time(fit: FitResult) -> str:
    return f"{seconds_text(fit.fit_seconds):>8}"


def _mean(summary: CandidateSummary, width: int) -> Line:
    digits, column = (6, 10) if width >= WIDE else (4, 8)
    mean = f"{score_text(summary.mean, digits):>{column}}"
    return [("mean", "dim"), (mean, "strong"), (f"{score_text(summary.train_mean, digits):>{column}}", "text")]

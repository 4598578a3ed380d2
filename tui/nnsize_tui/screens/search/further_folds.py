"""The scores of the selected candidate by further scorings, fold by fold: the lower lines of the fold pane."""

import textwrap
from collections.abc import Iterator, Sequence

from nnsize_engine.results.further_scores import scored_summary
from nnsize_engine.results.scores import find_score
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.results.statistics import CandidateSummary, shared_statistics
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import score_text
from nnsize_tui.widgets.canvas import Line


def further_lines(summary: CandidateSummary, settings: SizeSettings, *, digits: int, width: int) -> Iterator[Line]:
    """Yield, for each further scoring, its name, a line for each scored split, and the means."""
    column = digits + 4
    for name in settings.further_scorings:
        scored = scored_summary(summary, name)
        yield []
        yield [(name, "strong")]
        for split, (fit, found) in enumerate(zip(summary.fits, scored.fits, strict=True)):
            if fit is None or found is None or fit.error is not None:
                continue
            scores = _scores(found.test_score, found.train_score, digits, column)
            yield [(f"{split % settings.cv + 1:4d}", "dim"), *scores]
            yield from _reason(fit, name, width)
        (own,) = shared_statistics([scored], settings.repeats)
        yield [("mean", "dim"), *_scores(own.mean, own.train_mean, digits, column)]


def _scores(test: float | None, train: float | None, digits: int, column: int) -> Line:
    texts = (f"{score_text(value, digits):>{column}}" for value in (test, train))
    return [("".join(texts), "text")]


def _reason(fit: FitResult, name: str, width: int) -> Sequence[Line]:
    error = find_score(fit.further, name).error
    lines = textwrap.wrap(error, max(10, width - 6)) if error is not None else []
    return [[(f"      {line}", "bad")] for line in lines]

"""Estimate the time left of a run from what is done."""

from collections.abc import Sequence

from nnsize_engine.results.records import GenerationResult
from nnsize_engine.results.statistics import CandidateSummary

MAX_JUDGED_GENERATIONS = 20  # latest ones, that the time of the next ones is estimated by; conditions change


def remaining_seconds(summaries: Sequence[CandidateSummary], workers: int) -> float | None:
    """Expected seconds until the last fit ends; None before the first one has, and after the last.

    A candidate's outstanding fits are taken to last as long as its finished ones. One with none yet gets the value of a
    straight line through time against number of weights: sizes are usually searched in rising order, so the plain mean
    of those done would promise far too little.
    """
    known = [
        (summary.candidate.weights, summary.fit_seconds) for summary in summaries if summary.fit_seconds is not None
    ]
    if not known:
        return None
    intercept, slope = _line(known)
    total = 0.0
    for summary in summaries:
        left = len(summary.fits) - summary.folds_done
        if left:
            expected = summary.fit_seconds
            if expected is None:
                expected = max(0.0, intercept + slope * summary.candidate.weights)
            total += left * expected
    return total / max(1, workers) if total else None


def remaining_of_generations(
    generations: Sequence[GenerationResult], total: int, seconds: float | None = None
) -> float | None:
    """Expected seconds until the last generation ends; None before the first one has, and after the last.

    ``seconds`` of computing may end the evolution before.
    """
    if not generations or generations[-1].number >= total:
        return None
    recent = generations[-MAX_JUDGED_GENERATIONS:]
    expected = sum(generation.seconds for generation in recent) / len(recent) * (total - generations[-1].number)
    return expected if seconds is None else max(0.0, min(expected, seconds - generations[-1].elapsed))


def _line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Least-squares intercept and slope; a slope below 0 is noise and counts as none."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
    slope = max(0.0, slope)
    return mean_y - slope * mean_x, slope

"""Fits that nobody trained, for tests of what is done with them."""

from nnsize_engine.records import FitResult


def made_fit(candidate: int, fold: int, score: float | None = None, error: str | None = None) -> FitResult:
    """A fit with a score that tells where it belongs, or a failed one."""
    if score is None and error is None:
        score = 0.9 - candidate / 100 - fold / 1000
    return FitResult(
        candidate=candidate,
        fold=fold,
        test_score=score,
        train_score=None if score is None else score + 0.01,
        fit_seconds=0.1 * (candidate + 1),
        score_seconds=0.001,
        iterations=None if error else 200,
        has_converged=None if error else fold % 2 == 0,
        error=error,
    )

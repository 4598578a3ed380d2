"""The answer of a watched search as it stands, and a shorter one."""

from collections.abc import Sequence

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.watched_words import candidate_words
from nnsize_engine.runs.view import WatchedView
from nnsize_engine.text import escape_text, score_text


def watched_answers(view: WatchedView) -> Sequence[str]:
    """Return the answer so far, and a shorter one."""
    if view.best is None:
        return [_no_answer(view)]
    shared, candidate = view.shared[view.best], view.summaries[view.best].candidate
    score = "it has no score"
    if shared.mean is not None:
        score = f"mean {view.settings.measure} {score_text(shared.mean)}"
    error = "" if shared.standard_error is None else f", standard error {score_text(shared.standard_error)}"
    complete = sum(one.mean is not None for one in view.shared)
    words = escape_text(candidate_words(candidate))
    if any(one.is_chosen for one in view.candidates):
        first = f"scikit-learn chose {words}: {score}{error}."
    elif view.state == "finished":  # it was told to refit nothing
        first = f"The best of {len(view.summaries):,} candidates is {words}: {score}{error}."
    else:
        first = f"So far ({complete} of {len(view.summaries)} candidates), the best is {words}: {score}{error}."
    failed = sum(one.has_failed for one in view.summaries)
    if not failed:
        return [first]
    plural = "candidate" if failed == 1 else "candidates"
    return [f"{first} {failed} {plural} failed.", first]


def _no_answer(view: WatchedView) -> str:
    if view.summaries and all(one.has_failed for one in view.summaries) and view.state not in LIVE_STATES:
        errors = (fit.error for one in view.summaries for fit in one.fits if fit is not None and fit.error)
        first = next(errors, "").rstrip(".")
        return f"No answer: every candidate failed{first and f', the first with {escape_text(first)}'}."
    if view.state == "failed":
        return f"No answer: {(view.header.reason or 'the search failed').rstrip('.')}."
    waits = "the first candidate is being fitted" if view.state in LIVE_STATES else "no candidate is complete"
    return f"No answer yet: {waits}."


def watched_answer(view: WatchedView) -> str:
    """Return the answer so far."""
    return watched_answers(view)[0]

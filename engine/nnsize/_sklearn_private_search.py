"""Everything private of scikit-learn's searches that watching them uses; its version is pinned because of it.

Its callbacks tell which fits there are and when, but neither which candidates a search is about to try nor why a fit
failed. A search calls `_run_search`, the method that its subclasses implement, with a function that evaluates
candidates, and `_get_scorers` for what scores them; both are replaced for one call of `fit`.
"""

import sys
from typing import Any

from sklearn.metrics._scorer import _MultimetricScorer as MultimetricScorer
from sklearn.model_selection._search import BaseSearchCV

__all__ = ["BaseSearchCV", "MultimetricScorer", "callbacks_of", "fit_error", "made_of", "parts_of"]

_FIT_FUNCTION = "_fit_and_score"


def callbacks_of(search: Any) -> list[Any]:
    """Return the callbacks that a user set on a search."""
    return list(getattr(search, "_skl_callbacks", ()))


def parts_of(scorer: MultimetricScorer) -> tuple[dict[str, Any], bool]:
    """Return the scorers of one that computes several scores, and whether it raises their errors."""
    return scorer._scorers, scorer._raise_exc


def made_of(scorer: Any) -> tuple[str, int]:
    """Return the name of the metric of a scorer by `make_scorer`, and its sign; an empty name for other scorers."""
    function = getattr(scorer, "_score_func", None)
    return getattr(function, "__name__", ""), int(getattr(scorer, "_sign", 1))


def fit_error() -> str:
    """Return why the fit whose end a callback is told failed, as the end of its traceback says; empty if it did not."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_name != _FIT_FUNCTION:
        frame = frame.f_back
    result = frame.f_locals.get("result") if frame.f_code.co_name == _FIT_FUNCTION else None
    words = result.get("fit_error") if isinstance(result, dict) else None
    return _error_in(words) if words else ""


def _error_in(traceback: str) -> str:
    """Return the error at the end of a traceback, with the name of its class alone, in one line."""
    lines = traceback.strip().splitlines()
    frames = [place for place, line in enumerate(lines) if line.startswith("  File ")]
    start = frames[-1] + 1 if frames else 0
    while start < len(lines) - 1 and lines[start].startswith(" "):
        start += 1
    name, colon, words = " ".join(line.strip() for line in lines[start:]).partition(":")
    return f"{name.rpartition('.')[2]}{colon}{words}"

"""What runs where scikit-learn fits, also in other processes: it notes tasks, times and scores, and tells them.

Nothing here may change or stop a fit: what cannot be told is told at the end of the search by its results.
"""

import contextlib
import inspect
import sys
import threading
import time
from pathlib import Path
from typing import Any

from nnsize._sklearn_private_search import MultimetricScorer, fit_error
from nnsize_engine.runs.told_files import tell

FIT_TASK = "candidate-split-evaluation"
REFIT_TASK = "refit-with-best-params"
"""Names that scikit-learn gives to the tasks of a search."""

MAX_WORDS = 2_000  # letters of the reason why a fit failed

SINGLE = "score"
"""The name of the only score, as in ``cv_results_``."""


class _Fit:
    """The fit that this thread is at."""

    def __init__(self, candidate: int, split: int) -> None:
        self.candidate, self.split = candidate, split
        self.began = time.perf_counter()
        self.fitted: float | None = None
        self.scored: float | None = None
        self.scores: list[dict[str, float]] = []
        """Of the held-out rows, then of those trained on, if these are scored."""

        self.errors: dict[str, str] = {}
        self._handled = sys.exception()  # by the caller of the search, who may be in an `except` of its own

    @property
    def error(self) -> BaseException | None:
        """The exception by which this fit is ending."""
        error = sys.exception()
        return None if error is self._handled else error

    @property
    def is_interrupted(self) -> bool:
        """True if the fit ends because the search is to end, and neither succeeds nor fails."""
        return self.error is not None and not isinstance(self.error, Exception)

    def message(self) -> dict[str, Any]:
        """Return what is told at its end."""
        now = time.perf_counter()
        fitted = now if self.fitted is None else self.fitted
        test, train = [*self.scores[:2], {}, {}][:2]
        error = "" if self.scores or self.errors else self._failure()
        return {
            "event": "end",
            "candidate": self.candidate,
            "split": self.split,
            "fit_seconds": fitted - self.began,
            "score_seconds": 0.0 if self.scored is None else self.scored - fitted,
            "test": test,
            "train": train,
            "errors": self.errors,
            "error": error[:MAX_WORDS],
        }

    def _failure(self) -> str:
        """Return why the fit that ends has no score."""
        if self.error is not None:
            return f"{type(self.error).__name__}: {self.error}"
        return fit_error() or "the fit ended without a score"


class _Now(threading.local):
    fit: _Fit | None = None


_now = _Now()


class FitCallback:
    """A callback of scikit-learn that tells when fits begin and end; it is copied into the processes that fit."""

    def __init__(self) -> None:
        self.folder = ""
        """The run folder; empty until there is one."""

        self.first = 0
        """Number of the first candidate among those that are being evaluated."""

        self.splits = 1
        self._refit_began = 0.0

    def setup(self, estimator: Any, context: Any) -> None:
        """Do nothing: the run begins with the first candidates."""

    def teardown(self, estimator: Any, context: Any) -> None:
        """Do nothing: the run ends with the call of ``fit``."""

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        """Tell that a fit begins."""
        del estimator
        if context.task_name == FIT_TASK:
            _now.fit = _Fit(self.first + context.task_id // self.splits, context.task_id % self.splits)
            self._tell({"event": "begin", "candidate": _now.fit.candidate, "split": _now.fit.split})
        elif context.task_name == REFIT_TASK:
            self._refit_began = time.perf_counter()
            self._tell({"event": "refit"})

    def on_fit_task_end(self, estimator: Any, context: Any) -> None:
        """Tell the scores and times of a fit."""
        del estimator
        if context.task_name == FIT_TASK and _now.fit is not None:
            fit, _now.fit = _now.fit, None
            if not fit.is_interrupted:
                self._tell(fit.message())
        elif context.task_name == REFIT_TASK:
            self._tell({"event": "refitted", "seconds": time.perf_counter() - self._refit_began})

    def _tell(self, message: dict[str, Any]) -> None:
        if self.folder:
            with contextlib.suppress(OSError, ValueError):  # a full disk, or another machine without the folder
                tell(Path(self.folder), message)


def _note(scores: Any, began: float) -> None:
    """Note scores of the fit of this thread; those that are no numbers are noted as errors."""
    fit = _now.fit
    if fit is None:
        return
    found: dict[str, float] = {}
    for name, score in (scores if isinstance(scores, dict) else {SINGLE: scores}).items():
        try:
            found[str(name)] = float(score)
        except (TypeError, ValueError):  # the traceback of a scorer that failed, or what scikit-learn will refuse
            words = str(score).strip().splitlines()[-1:] or ["no score"]
            fit.errors.setdefault(str(name), words[0][:MAX_WORDS])
    if not fit.scores:
        fit.fitted, fit.scored = began, time.perf_counter()
    fit.scores.append(found)


def _note_error(error: Exception, began: float) -> None:
    fit = _now.fit
    if fit is not None:
        fit.errors.setdefault(SINGLE, f"{type(error).__name__}: {error}"[:MAX_WORDS])
        if not fit.scores:
            fit.fitted, fit.scored = began, time.perf_counter()
        fit.scores.append({})


class ToldScorer:
    """A scorer that behaves as another one, and notes its scores."""

    def __init__(self, scorer: Any) -> None:
        self.scorer = scorer

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            score = self.scorer(*args, **kwargs)
        except Exception as error:
            _note_error(error, began)
            raise
        _note(score, began)
        return score

    def __repr__(self) -> str:
        return repr(self.scorer)  # warnings of scikit-learn name it

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(self.scorer)

    def __getattr__(self, name: str) -> Any:
        if "scorer" not in self.__dict__:  # while it is unpickled
            raise AttributeError(name)
        return getattr(self.scorer, name)


class ToldMultimetricScorer(MultimetricScorer):
    """Scikit-learn's scorer of several scores, which notes them."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            scores = super().__call__(*args, **kwargs)
        except Exception as error:
            _note_error(error, began)
            raise
        _note(scores, began)
        return scores

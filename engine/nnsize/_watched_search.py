"""A search of scikit-learn while it is watched: what is replaced for one call of its `fit`, and put back."""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from nnsize._sklearn_private_search import MultimetricScorer, callbacks_of, parts_of
from nnsize._watched_fits import FitCallback, ToldMultimetricScorer, ToldScorer


class Listener(Protocol):
    """What is told about a search, in the process of the search."""

    def begin(self, candidates: Sequence[dict[str, Any]], more: dict[str, Any] | None) -> None:
        """Take the candidates that are about to be evaluated."""

    def end(self, results: dict[str, Any]) -> None:
        """Take the results of all candidates that were evaluated."""


class _Tap:
    """A function that stands in a search for a method of its own; an unpickled copy of the search has its method."""

    def __init__(self, function: Callable[..., Any], search: Any, name: str) -> None:
        self._function, self._search, self._name = function, search, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function(*args, **kwargs)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return functools.partial, (getattr(type(self._search), self._name), self._search)


class _RunSearchTap(_Tap):
    def __call__(self, evaluate_candidates: Any, callback_ctx: Any = None) -> Any:  # scikit-learn looks at the names
        return super().__call__(evaluate_candidates, callback_ctx=callback_ctx)


@contextlib.contextmanager
def watched(search: Any, listener: Listener, callback: FitCallback) -> Iterator[None]:
    """Let a listener and a callback know what a search does; afterwards only its results are new in it."""
    own, scorers_of = type(search)._run_search, type(search)._get_scorers
    before = callbacks_of(search)

    def run_search(evaluate_candidates: Callable[..., Any], callback_ctx: Any = None) -> Any:
        def evaluate(candidate_params: Any, cv: Any = None, more_results: Any = None, callback_ctx: Any = None) -> Any:
            candidates = list(candidate_params)
            listener.begin(candidates, more_results)
            results = evaluate_candidates(candidates, cv=cv, more_results=more_results, callback_ctx=callback_ctx)
            listener.end(results)
            return results

        return own(search, evaluate, callback_ctx=callback_ctx)

    def get_scorers() -> tuple[Any, Any]:
        scorers, refit_metric = scorers_of(search)
        if isinstance(scorers, MultimetricScorer):
            parts, raises = parts_of(scorers)
            return ToldMultimetricScorer(scorers=parts, raise_exc=raises), refit_metric
        return ToldScorer(scorers), refit_metric

    search._run_search = _RunSearchTap(run_search, search, "_run_search")
    search._get_scorers = _Tap(get_scorers, search, "_get_scorers")
    search.set_callbacks(*before, callback)
    try:
        yield
    finally:
        del search._run_search, search._get_scorers
        search.set_callbacks(*before)
        scorer = getattr(search, "scorer_", None)
        if isinstance(scorer, ToldScorer):
            search.scorer_ = scorer.scorer

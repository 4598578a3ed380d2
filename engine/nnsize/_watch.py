"""watch: show what a search of scikit-learn does while it runs."""

from pathlib import Path
from typing import Any

from nnsize._sklearn_private_search import BaseSearchCV
from nnsize._watch_recorder import SearchRecorder, say_how_to_watch
from nnsize._watched_fits import FitCallback
from nnsize._watched_search import watched
from nnsize_engine.settings.watched import SEARCHES

MAX_NAME = 200  # letters of the name of a search


def watch(search: Any, name: str = "", *, verbose: int = 1) -> "WatchedSearch":
    """Watch a search of scikit-learn in ``nnsize-tui`` while it runs.

    The candidates, folds, times and scores of the search go into a run folder, where the explorer shows them live, and
    where ``nnsize show``, ``export`` and ``compare`` find them later. The search itself does what it does unwatched, to
    the last bit, with any ``n_jobs``; nnsize cannot pause, resume or extend it.

    Parameters
    ----------
    search : GridSearchCV, RandomizedSearchCV, HalvingGridSearchCV or HalvingRandomSearchCV
        The search, over any estimator.

    name : str, default=''
        A name that tells this search from others. If another run has it, such as that of an earlier call, the run gets
        a number, as in 'my search-2', and a line says so.

    verbose : int, default=1
        With 1 a line is printed that says how to watch; with 0 nothing is.

    Returns
    -------
    watched : WatchedSearch
        An object that behaves as the search does. Its ``fit`` returns the search, and its ``folder`` is the run folder.

    Raises
    ------
    TypeError
        If ``search`` is none of these searches, or ``name`` is no text.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sklearn.svm import SVC
    >>> import nnsize
    >>> X, y = load_iris(return_X_y=True)
    >>> search = GridSearchCV(SVC(), {"C": [0.1, 1.0, 10.0]}, n_jobs=2)
    >>> nnsize.watch(search, "iris by SVC", verbose=0).fit(X, y).best_params_
    {'C': 10.0}
    """
    if isinstance(search, WatchedSearch):
        raise TypeError("watch was given a search that is watched already; watch its .search to watch it anew")
    if not isinstance(search, BaseSearchCV) or not any(one.__name__ in SEARCHES for one in type(search).__mro__):
        known = f"{', '.join(SEARCHES[:-1])} or {SEARCHES[-1]}"
        raise TypeError(f"watch was given a {type(search).__name__}; it takes a {known}")
    if not isinstance(name, str):
        raise TypeError(f"the name of a watched search is {name!r}; it must be a text, such as 'my search'")
    return WatchedSearch(search, name[:MAX_NAME], verbose=verbose)


class WatchedSearch:
    """A search of scikit-learn whose `fit` is shown in ``nnsize-tui``; all else is the search's own.

    Attributes
    ----------
    search : estimator
        The search that is watched.

    name : str
        The name that was given to it.

    folder : pathlib.Path or None
        The run folder of the last call of `fit`; None before one has begun with its candidates.
    """

    def __init__(self, search: Any, name: str = "", *, verbose: int = 1) -> None:
        self.search, self.name, self.verbose = search, name, verbose
        self.folder: Path | None = None

    def fit(self, X: Any, y: Any = None, **params: Any) -> Any:
        """Fit the search, and show what it does.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            As for the search.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs), default=None
            As for the search.

        **params : dict of str -> object
            Further parameters of the `fit` of the search.

        Returns
        -------
        search : estimator
            The fitted search.
        """
        callback = FitCallback()
        recorder = SearchRecorder(self.search, self.name, callback, (X, y), self._begun)
        self.folder = None
        with recorder, watched(self.search, recorder, callback):
            self.search.fit(X, y, **params)
        return self.search

    def _begun(self, folder: Path, note: str) -> None:
        self.folder = folder
        if self.verbose:
            say_how_to_watch(folder, note)

    def __getattr__(self, name: str) -> Any:
        if "search" not in self.__dict__:  # while it is unpickled or copied
            raise AttributeError(name)
        return getattr(self.search, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self.search)})

    def __repr__(self) -> str:
        return repr(self.search)

    def __sklearn_clone__(self) -> "WatchedSearch":
        from sklearn.base import clone

        return WatchedSearch(clone(self.search), self.name, verbose=self.verbose)

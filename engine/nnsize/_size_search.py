"""SizeSearchCV: find the number of neurons by cross-validation, with the interface of GridSearchCV."""

import contextlib
import sys
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, MetaEstimatorMixin
from sklearn.exceptions import NotFittedError
from sklearn.metrics import get_scorer
from sklearn.utils import get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, validate_data

from nnsize._errors import told_in_python
from nnsize._progress import Snapshot, display_for, other_name_words
from nnsize._size_search_fit import FinalNetworks, Searched, columns_of, fits_in_process, searched_of
from nnsize._size_search_rows import Rows, checked_rows, rows_of
from nnsize._size_search_run import (
    ended_badly,
    follow_search,
    read_kept_rows,
    read_search,
    start_search,
    stop_run,
    wait_until_begun,
)
from nnsize._size_search_settings import Plan, plan_of
from nnsize_engine.data.kept_rows import KeptRows
from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes.interrupts import Interrupts
from nnsize_engine.runs import launch
from nnsize_engine.runs.view import SizeView


def _has(name: str) -> Any:
    """Return a check whether the networks have a method, which only classifiers have."""

    def is_available(search: Any) -> bool:
        if not search.refit:
            raise AttributeError(f"{name} needs a network that is trained on all rows; give refit=True")
        if hasattr(search, "best_estimator_"):
            getattr(search.best_estimator_, name)
        elif search.estimator is not None:
            getattr(search.estimator, name)
        return True

    return available_if(is_available)


class SizeSearchCV(MetaEstimatorMixin, BaseEstimator):
    """Search for the number of neurons by cross-validation.

    Each size is trained on each fold, as ``GridSearchCV`` does with a pipeline of a scaler and a network. The best size
    has the largest mean score; the recommended one is the smallest that is not distinguishably worse. A search is a
    run: ``nnsize-tui`` shows it while it goes on.

    Parameters
    ----------
    estimator : MLPClassifier, MLPRegressor or None, default=None
        A network of nnsize or of scikit-learn, whose other parameters all networks have. None for the default ones: of
        `MLPRegressor` if the target holds numbers that are not whole, else of `MLPClassifier`.

    neurons : str, int or iterable of int or tuple of int, default='auto'
        The sizes to try: a range such as ``range(5, 100, 2)`` or '5:100:2', a list, tuples such as (64, 32) for several
        layers, or any other text of ``nnsize size --neurons``. With 'auto' the search finds the sizes itself.

    max_neurons : int or None, default=None
        The largest size that 'auto' may try; None for the number of rows, from 128 to 512.

    scoring : str, list, tuple, set or dict of str, or None, default=None
        The scoring of scikit-learn that chooses, or several, of which the first one chooses, or the one that `refit`
        names; of a set, `refit` names it. A dict has the scoring of each name that `cv_results_` and `refit` shall
        use. None for accuracy or R². Functions are not taken.

    cv : int, splitter, iterable or None, default=None
        Number of folds, a splitter of scikit-learn, or pairs of training and test rows; at least two splits. None
        for 5.

    refit : bool or str, default=True
        Whether the best and the recommended network are trained on all rows. The name of one of several scorings lets
        that one choose.

    scaler : {'standard', 'robust', 'quantile', 'minmax', 'none'}, default='standard'
        Scaling of the inputs by the training rows of each fold.

    target_scale : {'none', 'standard', 'log'} or None, default=None
        Scaling of the numbers to predict by the training rows of each fold; None for 'standard' in regression.

    random_state : int, RandomState instance or None, default=None
        The seed of every network; None for the `random_state` of `estimator`, and for 0 if it has none.

    n_jobs : int or None, default=None
        Number of fits at a time, which changes no result. None and -1 take one per processor.

    return_train_score : bool, default=False
        Whether `cv_results_` has the scores on training rows, too.

    store : bool, default=True
        Whether the search is a run like any other: it works in a process of its own, ``nnsize-tui`` shows it while it
        goes on, Ctrl-C stops it and keeps what is finished, and its folder keeps the data, so that it can be resumed
        and extended. With False, the fits run in threads of this process, and nothing is written. Give False where
        another search calls this one. The scores are the same.

    name : str or None, default=None
        The name of the run; None for one that is drawn. If another run has it, such as that of an earlier call, the
        run gets a number, as in 'flowers-2', and a line says so; `run_.name` tells it.

    detach : bool, default=False
        Whether `fit` returns as soon as the run is at work. It then goes on when this program ends; `wait` takes its
        results.

    max_store : int, default=1_000_000_000
        Bytes of data that a run may keep in its folder.

    cluster : str or None, default=None
        The workers that compute a run, such as 'local:4', the address of a Dask scheduler, or 'slurm'; None for this
        machine.

    verbose : int, default=1
        With 0 nothing is shown. Else the progress is, as it suits a terminal or a notebook; elsewhere a line on
        standard error names the run.

    Attributes
    ----------
    run_ : Run
        The run of the search; only with `store`.

    cv_results_ : dict of ndarrays
        The columns of ``GridSearchCV``, with a row for each size that was tried. A size that 'auto' has dropped lacks
        the scores of the later splits: they and its mean are NaN.

    best_index_ : int
        Row of the best size.

    best_params_ : dict
        ``{'hidden_layer_sizes': ...}`` of the best size.

    best_score_ : float
        Mean score of the best size.

    best_estimator_ : Pipeline or TransformedTargetRegressor
        Scaler (or the reading and encoding of a frame) and network of the best size, trained on all rows; only with
        `refit`.

    recommended_index_ : int
        Row of the recommended size.

    recommended_params_ : dict
        ``{'hidden_layer_sizes': ...}`` of the recommended size.

    recommended_score_ : float
        Mean score of the recommended size.

    recommended_estimator_ : Pipeline or TransformedTargetRegressor
        The same for the recommended size; `best_estimator_` itself if both are one size. Only with `refit`.

    answer_ : str
        The answer in words: the recommended size, its score and what else one has to know.

    scorer_ : callable or dict of callables
        The scorer, or the scorer by each name.

    refit_time_ : float
        Seconds of training the best network on all rows; only with `refit`.

    n_splits_ : int
        Number of splits.

    n_features_in_ : int
        Number of features seen during `fit`.

    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the features, if all of them are strings.

    multimetric_ : bool
        Whether `scoring` is a list, a tuple, a set or a dict, so that `cv_results_` names the scorings.

    See Also
    --------
    MLPClassifier : The networks of a classification.
    MLPRegressor : The networks of a regression.
    Run : What `run_` offers.

    Examples
    --------
    >>> from nnsize import SizeSearchCV
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> search = SizeSearchCV(neurons=range(4, 21, 4), cv=3, store=False, verbose=0).fit(X, y)
    >>> search.cv_results_["params"][1]
    {'hidden_layer_sizes': (8,)}
    >>> search.best_params_ == search.cv_results_["params"][search.best_index_]
    True
    >>> search.predict(X[:3])
    array([0, 0, 0])
    """

    def __init__(
        self,
        estimator: Any = None,
        *,
        neurons: Any = "auto",
        max_neurons: int | None = None,
        scoring: Any = None,
        cv: Any = None,
        refit: bool | str = True,
        scaler: str = "standard",
        target_scale: str | None = None,
        random_state: int | np.random.RandomState | None = None,
        n_jobs: int | None = None,
        return_train_score: bool = False,
        store: bool = True,
        name: str | None = None,
        detach: bool = False,
        max_store: int = 1_000_000_000,
        cluster: str | None = None,
        verbose: int = 1,
    ) -> None:
        self.estimator = estimator
        self.neurons = neurons
        self.max_neurons = max_neurons
        self.scoring = scoring
        self.cv = cv
        self.refit = refit
        self.scaler = scaler
        self.target_scale = target_scale
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.return_train_score = return_train_score
        self.store = store
        self.name = name
        self.detach = detach
        self.max_store = max_store
        self.cluster = cluster
        self.verbose = verbose

    def fit(
        self, X: Any, y: ArrayLike, *, groups: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Search, and train the best and the recommended network on all rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, DataFrame} of shape (n_samples, n_features)
            The inputs. A frame of pandas or polars may hold texts, categories, dates, truth values and missing values;
            its columns are encoded as those of files are. One of numbers alone is taken as it is.

        y : array-like of shape (n_samples,) or (n_samples, n_targets)
            The class labels, a matrix of labels that are 0 or 1, or the numbers to predict.

        groups : array-like of shape (n_samples,), default=None
            The group of each row, for a splitter that keeps groups together.

        sample_weight : array-like of shape (n_samples,), default=None
            How much each row counts in training; scores count all rows the same.

        Returns
        -------
        self : SizeSearchCV
            The fitted search.

        Raises
        ------
        ValueError
            If the data or a parameter cannot be used, or all fits failed.
        TypeError
            If a column of a frame holds values of several types.
        RuntimeError
            If the run is stopped by others, or fails. What is finished is kept.
        """
        for name in [name for name in vars(self) if name.endswith("_") and not name.startswith("_")]:
            delattr(self, name)  # of an earlier call
        rows = checked_rows(self, X, y, groups, sample_weight)
        with told_in_python():
            plan = plan_of(self, rows)
            self._scorings = plan.scorings  # `wait` needs them, too
            if not self.store:
                return self._search_in_process(plan, rows)
            with Interrupts() as interrupts:  # Ctrl-C must not come between making the run and knowing its name
                self.run_ = start_search(plan, self.name, self.max_store)
        if self.verbose and self.name not in (None, self.run_.id):
            print(other_name_words(self.name, self.run_.id), file=sys.stderr)  # noqa: T201  # as the displays do
        try:
            interrupts.raise_any()
            if self.detach:
                wait_until_begun(self.run_, self.verbose)
                return self
            return self._take_run(follow_search(self.run_, self.verbose), rows, plan.kept)
        except KeyboardInterrupt:
            stop_run(self.run_)
            raise

    def wait(self, timeout: float | None = None) -> Self:
        """Wait until the run of the search has ended, and take its results.

        A search with `detach` has its attributes after this call. So has one that was stopped, resumed or extended
        through `run_`. The networks are trained on the data that the run keeps.

        Parameters
        ----------
        timeout : float, default=None
            Seconds to wait at most; None to wait as long as it takes.

        Returns
        -------
        self : SizeSearchCV
            The fitted search.

        Raises
        ------
        TimeoutError
            If the run has not ended in this time. It goes on.
        RuntimeError
            If it was stopped, or has failed. What is finished is kept.
        ValueError
            If the data was refused, or all fits failed.
        """
        if not hasattr(self, "run_"):
            raise NotFittedError("the search has no run to wait for; call fit with store=True")
        view = follow_search(self.run_, self.verbose, timeout)
        with told_in_python():
            kept = read_kept_rows(self.run_)
        return self._take_run(view, rows_of(kept), kept)

    def __sklearn_is_fitted__(self) -> bool:
        """Return whether the results are there; of a detached search they are taken by `wait`."""
        return hasattr(self, "cv_results_")

    def _search_in_process(self, plan: Plan, rows: Rows) -> Self:
        with display_for(self.verbose) as display:
            fits = fits_in_process(plan, lambda done, total: display.show(Snapshot(done=done, total=total)))
        return self._take(searched_of(plan.settings, fits), rows, plan.kept)

    def _take_run(self, view: SizeView, rows: Rows, kept: KeptRows) -> Self:
        """Take the results of a run that has ended."""
        error = ended_badly(view)
        if error is not None:
            if view.state == "refused":
                with contextlib.suppress(NnsizeError):
                    launch.discard_refused(view.folder)
                del self.run_
            raise error
        with told_in_python():
            return self._take(read_search(view.folder, view.settings), rows, kept)

    def _take(self, searched: Searched, rows: Rows, kept: KeptRows) -> Self:
        """Set what `fit` sets."""
        settings, choice = searched.settings, searched.choice
        self.cv_results_ = columns_of(searched, self._scorings, has_training_scores=self.return_train_score)
        self.n_splits_, self.multimetric_ = settings.splits, self._scorings.is_multimetric
        scorers = {name: get_scorer(scoring) for name, scoring in self._scorings.by_name.items()}
        self.scorer_ = scorers if self.multimetric_ else get_scorer(settings.scoring)
        self.best_index_ = searched.candidates.index(choice.best)
        self.best_params_ = self.cv_results_["params"][self.best_index_]
        self.best_score_ = choice.best_mean
        self.recommended_index_ = searched.candidates.index(choice.recommended)
        self.recommended_params_ = self.cv_results_["params"][self.recommended_index_]
        self.recommended_score_ = choice.recommended_mean
        self.answer_ = searched.answer
        self._scoring, self._reads_frames = settings.scoring, rows.has_columns
        if self.refit:
            networks = FinalNetworks(self.estimator, settings, rows, kept)
            self.best_estimator_, self.refit_time_ = networks.train(choice.best)
            self.recommended_estimator_ = self.best_estimator_
            if choice.recommended != choice.best:
                self.recommended_estimator_, _ = networks.train(choice.recommended)
        return self

    @_has("predict")
    def predict(self, X: Any) -> NDArray[Any]:
        """Predict by the best network.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_targets)
            The predicted labels or numbers.
        """
        found: NDArray[Any] = self._best().predict(self._inputs(X))
        return found

    @_has("predict_proba")
    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Predict the probabilities of the classes by the best network.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        y_prob : ndarray of shape (n_samples, n_classes)
            The probability of each class, in the order of `classes_`.
        """
        found: NDArray[Any] = self._best().predict_proba(self._inputs(X))
        return found

    @_has("predict_log_proba")
    def predict_log_proba(self, X: Any) -> NDArray[Any]:
        """Predict the logarithms of the probabilities of the classes by the best network.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        log_y_prob : ndarray of shape (n_samples, n_classes)
            The logarithms of what `predict_proba` returns.
        """
        found: NDArray[Any] = self._best().predict_log_proba(self._inputs(X))
        return found

    def score(self, X: Any, y: ArrayLike) -> float:
        """Score the best network by the scoring that chose it.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The inputs.

        y : array-like of shape (n_samples,) or (n_samples, n_targets)
            The true labels or numbers.

        Returns
        -------
        score : float
            The score; larger is better.
        """
        return float(get_scorer(self._scoring)(self._best(), self._inputs(X), y))

    @property
    def classes_(self) -> NDArray[Any]:
        """The class labels of the best network."""
        classes: NDArray[Any] = self._best().classes_
        return classes

    def _best(self) -> Any:
        check_is_fitted(self)
        if not hasattr(self, "best_estimator_"):
            raise AttributeError("no network is trained on all rows; give refit=True")
        return self.best_estimator_

    def _inputs(self, X: Any) -> Any:
        """Return what the networks take: the frame whose columns they read, or a matrix."""
        if self._reads_frames:
            validate_data(self, X, reset=False, skip_check_array=True)
            return X
        inputs: Any = validate_data(self, X, dtype=np.float64, reset=False, accept_sparse="csr")
        return inputs if isinstance(inputs, np.ndarray) else inputs.toarray()

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn's tools must know of the estimator."""
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.sparse = True
        network = getattr(self, "best_estimator_", self.estimator)
        if network is not None:
            of_network = get_tags(network)
            tags.estimator_type = of_network.estimator_type
            tags.classifier_tags, tags.regressor_tags = of_network.classifier_tags, of_network.regressor_tags
        return tags

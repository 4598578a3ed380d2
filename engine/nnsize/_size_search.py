"""SizeSearchCV: find the number of neurons by cross-validation, with the interface of GridSearchCV."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, MetaEstimatorMixin
from sklearn.metrics import get_scorer
from sklearn.utils import get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from nnsize._size_search_fit import columns_of, refitted, search_sizes
from nnsize._size_search_settings import Rows, predicts_numbers
from nnsize._sklearn_private import check_sample_weight


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
    has the largest mean score; the recommended one is the smallest that is not distinguishably worse. Fits run in
    threads of this process, by compiled code.

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

    scoring : str, list of str or None, default=None
        The scoring of scikit-learn that chooses, or several, of which the first one chooses. None for accuracy or R².

    cv : int, splitter, iterable or None, default=None
        Number of folds, a splitter of scikit-learn, or pairs of training and test rows; at least two splits. None
        for 5.

    refit : bool, default=True
        Whether the best and the recommended network are trained on all rows.

    scaler : {'standard', 'robust', 'quantile', 'minmax', 'none'}, default='standard'
        Scaling of the inputs by the training rows of each fold.

    target_scale : {'none', 'standard', 'log'} or None, default=None
        Scaling of the numbers to predict by the training rows of each fold; None for 'standard' in regression.

    random_state : int, RandomState instance or None, default=0
        The seed of every network; None draws one.

    n_jobs : int or None, default=None
        Number of fits at a time, which changes no result. None and -1 take one per processor.

    return_train_score : bool, default=False
        Whether `cv_results_` has the scores on training rows, too.

    Attributes
    ----------
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
        Scaler and network of the best size, trained on all rows; only with `refit`.

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
        Whether there are several scorings.

    See Also
    --------
    MLPClassifier : The networks of a classification.
    MLPRegressor : The networks of a regression.

    Examples
    --------
    >>> from nnsize import SizeSearchCV
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> search = SizeSearchCV(neurons=range(4, 21, 4), cv=3).fit(X, y)
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
        refit: bool = True,
        scaler: str = "standard",
        target_scale: str | None = None,
        random_state: int | np.random.RandomState | None = 0,
        n_jobs: int | None = None,
        return_train_score: bool = False,
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

    def fit(
        self, X: ArrayLike, y: ArrayLike, *, groups: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Search, and train the best and the recommended network on all rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The inputs.

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
        """
        rows = self._rows(X, y, groups, sample_weight)
        searched = search_sizes(self, rows)
        settings, choice = searched.search.settings, searched.choice
        self.cv_results_ = columns_of(searched, has_training_scores=self.return_train_score)
        self.n_splits_, self.multimetric_ = settings.splits, bool(settings.further_scorings)
        scorers = {name: get_scorer(name) for name in settings.scorings}
        self.scorer_ = scorers if self.multimetric_ else scorers[settings.scoring]
        self.best_index_ = searched.candidates.index(choice.best)
        self.best_params_ = self.cv_results_["params"][self.best_index_]
        self.best_score_ = choice.best_mean
        self.recommended_index_ = searched.candidates.index(choice.recommended)
        self.recommended_params_ = self.cv_results_["params"][self.recommended_index_]
        self.recommended_score_ = choice.recommended_mean
        self.answer_ = searched.answer
        self._scoring = settings.scoring
        if self.refit:
            self.best_estimator_, self.refit_time_ = refitted(self, searched, choice.best, rows)
            self.recommended_estimator_ = self.best_estimator_
            if choice.recommended != choice.best:
                self.recommended_estimator_, _ = refitted(self, searched, choice.recommended, rows)
        return self

    def _rows(self, X: Any, y: Any, groups: Any, sample_weight: Any) -> Rows:
        inputs, targets = validate_data(
            self, X, y, dtype=np.float64, order="C", multi_output=True, ensure_min_samples=2
        )
        if predicts_numbers(self.estimator, targets):
            targets = np.asarray(targets, dtype=np.float64)
        if targets.ndim == 2 and targets.shape[1] == 1:
            targets = column_or_1d(targets, warn=True)
        weights = None if sample_weight is None else check_sample_weight(sample_weight, inputs, dtype=np.float64)
        return Rows(X=inputs, y=targets, groups=groups, sample_weight=weights)

    @_has("predict")
    def predict(self, X: ArrayLike) -> NDArray[Any]:
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
    def predict_proba(self, X: ArrayLike) -> NDArray[Any]:
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
    def predict_log_proba(self, X: ArrayLike) -> NDArray[Any]:
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

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
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

    def _inputs(self, X: Any) -> NDArray[Any]:
        inputs: NDArray[Any] = validate_data(self, X, dtype=np.float64, reset=False)
        return inputs

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn's tools must know of the estimator."""
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        network = getattr(self, "best_estimator_", self.estimator)
        if network is not None:
            of_network = get_tags(network)
            tags.estimator_type = of_network.estimator_type
            tags.classifier_tags, tags.regressor_tags = of_network.classifier_tags, of_network.regressor_tags
        return tags

"""MLPRegressor: scikit-learn's multi-layer perceptron for numbers, trained by compiled code."""

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.neural_network import MLPRegressor as ScikitLearnRegressor
from sklearn.utils.validation import check_is_fitted

from nnsize._mlp_fit import Call, train
from nnsize._sklearn_private import checks_parameters
from nnsize._twin import independent_twin, twin_of


class MLPRegressor(RegressorMixin, BaseEstimator):
    """Multi-layer perceptron regressor, equal to scikit-learn's and several times faster.

    It minimises the squared error or the Poisson deviance. It has the parameters, attributes and methods of
    :class:`sklearn.neural_network.MLPRegressor`, and the same numbers.

    Parameters
    ----------
    loss : {'squared_error', 'poisson'}, default='squared_error'
        Half the squared error, or half the Poisson deviance; the latter predicts by exponentials and needs ``y >= 0``.

    hidden_layer_sizes : int or array-like of shape (n_layers - 2,), default=(100,)
        Neurons of each hidden layer; one number stands for one layer.

    activation : {'identity', 'logistic', 'tanh', 'relu'}, default='relu'
        The function of hidden neurons.

    solver : {'lbfgs', 'sgd', 'adam'}, default='adam'
        Adam and stochastic gradient descent run in compiled code, lbfgs in scikit-learn.

    alpha : float, default=0.0001
        Strength of the L2 penalty on weights, not on biases. It is divided by the rows of a batch.

    batch_size : int or 'auto', default='auto'
        Rows of a step; 'auto' is 200, or all rows if there are fewer. Unused by lbfgs.

    learning_rate : {'constant', 'invscaling', 'adaptive'}, default='constant'
        The schedule of the step size of sgd: constant, ``learning_rate_init / (t + 1) ** power_t``, or divided by 5
        after `n_iter_no_change` epochs without improvement.

    learning_rate_init : float, default=0.001
        The first step size. Unused by lbfgs.

    power_t : float, default=0.5
        The exponent of invscaling.

    max_iter : int, default=200
        Largest number of epochs, or of iterations of lbfgs.

    shuffle : bool, default=True
        Whether each epoch visits the rows in a new order.

    random_state : int, RandomState instance or None, default=None
        The seed of weights, shuffles and validation rows.

    tol : float, default=1e-4
        An epoch that improves by less counts as no improvement.

    verbose : bool, default=False
        Whether to print the loss of each epoch.

    warm_start : bool, default=False
        Whether `fit` goes on from the weights of the previous call.

    momentum : float, default=0.9
        Share of the last step that sgd adds to the next, from 0 to 1.

    nesterovs_momentum : bool, default=True
        Whether sgd looks ahead along its momentum.

    early_stopping : bool, default=False
        Whether training stops by the score on held-out rows, and keeps the weights that scored best on them.

    validation_fraction : float, default=0.1
        The share of rows that early stopping holds out, at least 0 and below 1.

    beta_1 : float, default=0.9
        Decay of Adam's mean of gradients, at least 0 and below 1.

    beta_2 : float, default=0.999
        Decay of Adam's mean of squared gradients, at least 0 and below 1.

    epsilon : float, default=1e-8
        The number that keeps Adam from dividing by zero.

    n_iter_no_change : int or inf, default=10
        Training stops after more than this many epochs in a row without improvement.

    max_fun : int, default=15000
        Largest number of loss evaluations of lbfgs.

    Attributes
    ----------
    loss_ : float
        Loss of the last epoch.

    best_loss_ : float or None
        Smallest loss of an epoch; None with early stopping. Not after lbfgs.

    loss_curve_ : list of float
        Loss of every epoch. Not after lbfgs.

    validation_scores_ : list of float or None
        Coefficient of determination of the validation rows after every epoch; None without early stopping. Not after
        lbfgs.

    best_validation_score_ : float or None
        The best of `validation_scores_`; None without early stopping. Not after lbfgs.

    t_ : int
        Number of rows trained on, counted once an epoch.

    coefs_ : list of ndarray, one of shape (neurons of layer i, neurons of layer i + 1) for each layer
        The weights between layers.

    intercepts_ : list of ndarray, one of shape (neurons of layer i + 1,) for each layer
        The biases.

    n_features_in_ : int
        Number of features seen during `fit`.

    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the features, if all of them are strings.

    n_iter_ : int
        Number of epochs, or of iterations of lbfgs, of the last call.

    n_layers_ : int
        Number of layers, those of inputs and outputs included.

    n_outputs_ : int
        Number of outputs.

    out_activation_ : str
        The function of output neurons.

    See Also
    --------
    MLPClassifier : The same network for classes.
    EvolutionRegressor : A network whose weights evolve without gradients.

    Notes
    -----
    Training runs in compiled code, operation by operation as in scikit-learn. On inputs of float64 all weights and
    losses are equal to the last bit. On inputs of float32 losses are summed in float64, where scikit-learn sums some of
    them in float32, so a stopping rule may end the training an epoch earlier or later.

    scikit-learn itself trains what compiled code does not cover: lbfgs, sparse inputs, a `random_state` that is no
    Mersenne Twister, inputs in Fortran order with ``shuffle=False``,
    inputs of float32 with a target of another type, and an estimator whose layers were changed
    between two calls with `warm_start`.

    The first training on a machine compiles the code, which takes up to half a minute.

    Examples
    --------
    >>> from nnsize import MLPRegressor
    >>> from sklearn.datasets import make_regression
    >>> from sklearn.model_selection import train_test_split
    >>> X, y = make_regression(n_samples=200, n_features=20, random_state=1)
    >>> X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
    >>> network = MLPRegressor(random_state=1, max_iter=2000, tol=0.1).fit(X_train, y_train)
    >>> network.predict(X_test[:2]).round()
    array([  29., -291.])
    >>> round(network.score(X_test, y_test), 2)
    0.98
    """

    _parameter_constraints: ClassVar[dict[str, Any]] = dict(ScikitLearnRegressor._parameter_constraints)

    def __init__(
        self,
        loss: str = "squared_error",
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: int | str = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: int | np.random.RandomState | None = None,
        tol: float = 1e-4,
        verbose: bool | int = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
    ) -> None:
        self.loss = loss
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.max_fun = max_fun

    @checks_parameters(prefer_skip_nested_validation=True)
    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on rows.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The numbers to predict.

        sample_weight : array-like of shape (n_samples,), default=None
            How much each row counts.

        Returns
        -------
        self : MLPRegressor
            The trained estimator.

        Raises
        ------
        ValueError
            If the data or a parameter cannot be used, or the weights overflowed.
        """
        train(self, Call(X=X, y=y, sample_weight=sample_weight, is_incremental=False))
        return self

    @checks_parameters(prefer_skip_nested_validation=True)
    def partial_fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train for one epoch on the given rows.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.

        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
            The numbers to predict.

        sample_weight : array-like of shape (n_samples,), default=None
            How much each row counts.

        Returns
        -------
        self : MLPRegressor
            The trained estimator.

        Raises
        ------
        ValueError
            If the data or a parameter cannot be used, or the weights overflowed.
        """
        train(self, Call(X=X, y=y, sample_weight=sample_weight, is_incremental=True))
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Predict the numbers of rows.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        y : ndarray of shape (n_samples,) or (n_samples, n_outputs)
            The predicted numbers.
        """
        check_is_fitted(self)
        numbers: NDArray[Any] = twin_of(self).predict(X)
        return numbers

    def to_sklearn(self) -> ScikitLearnRegressor:
        """Return a copy as an estimator of scikit-learn, which can be used where nnsize is not installed.

        Returns
        -------
        estimator : sklearn.neural_network.MLPRegressor
            With the same parameters. If this one is trained, so is the copy: it predicts the same, and `partial_fit`
            and `warm_start` continue alike.
        """
        return independent_twin(self)

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn's tools must know of the estimator."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

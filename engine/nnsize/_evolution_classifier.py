"""EvolutionClassifier: a network for classes whose weights evolve without gradients."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from nnsize._evolution_fit import evolve, outputs_of
from nnsize_engine.network.stored import fitted_pipeline


class EvolutionClassifier(ClassifierMixin, BaseEstimator):
    """Neural network classifier whose weights and biases all evolve, without any gradient.

    The strategies are differential evolution and families of randomized optimization such as evolution strategies, as
    in ``nnsize evolve``.

    Parameters
    ----------
    layers : int, sequence of int or str, default=(64, 32)
        Neurons of each hidden layer, first to last.

    activation : {'relu', 'tanh', 'logistic', 'identity', 'step'}, default='relu'
        The function of hidden neurons; a step has no gradient, which evolution does not need.

    fitness : str or None, default=None
        The measure on the training rows: 'log_loss', a scoring such as 'roc_auc',
        'cost', 'fbeta:2', or 'module:function', which runs your code.
        None for 'accuracy', or for a loss with strategy 'auto'.

    weight_decay : float or None, default=None
        Factor of half the sum of squared weights, added to a loss or subtracted from a score. None for 0, or for what
        strategy 'auto' recommends.

    strategy : str, default='best1bin'
        One of the strategies of ``nnsize evolve``: those of :func:`scipy.optimize.differential_evolution`, 'jade',
        'shade', 'lshade', families such as 'sep-cma-es', 'lm-ma-es' and 'hill-climbing', or 'auto'.

    mutation : float, (float, float) or None, default=None
        Scale of difference vectors (F), or a range from which each generation draws its own. None for SciPy's range
        (0.5, 1), or for what an adaptive strategy learns.

    recombination : float or None, default=None
        Chance that a weight comes from the mutant (CR). None for SciPy's 0.7, or for what a strategy learns.

    popsize : int or None, default=None
        Members per weight; None for 5. Give either `popsize` or `members`.

    members : int or None, default=None
        Members of the population, for any number of weights.

    step : float or None, default=None
        First step size of a family, in units of the Glorot limit of each layer; None for the family's own.

    generations : int or None, default=None
        Largest number of generations after the first population; None for 10, or for any number if `evaluations` or
        `seconds` is given.

    evaluations : int or None, default=None
        Largest number of evaluations; no generation begins that would exceed it.

    seconds : float or None, default=None
        Seconds of computing after which no further generation begins.

    init : str or None, default=None
        The first population: 'latinhypercube', 'sobol', 'halton', 'random', 'glorot', or the path of a ``.npy`` file of
        shape (members, weights); or its first member, the path of an exported ``.npz`` network or of a run. None for
        'latinhypercube', or for 'glorot' with a family.

    bounds : str, (float, float) or None, default=None
        Limits of the weights: (-1, 1), '-2:2,-1:1,-1:1' for three layers, or 'glorot:3'. None for (-1, 1), or for
        'glorot:10' with a family.

    tol : float or None, default=None
        Stop when the standard deviation of the fitness is at most `atol` plus this times its absolute mean. None for
        0.001, or for 0 with a family, which never stops so.

    atol : float, default=0.0
        See `tol`.

    batch_size : int or None, default=None
        Rows drawn for a mini-batch; None for all rows.

    batch_generations : int, default=1
        Generations between two draws of a mini-batch.

    restart_after : int or None, default=None
        Generations without a better best member after which a new population is drawn; None for never.

    validation_fraction : float, default=0.0
        Share of the rows that evolution does not see; the best member of each generation is scored on them.

    early_stopping : bool, default=False
        Whether to stop after `n_iter_no_change` generations without a better fitness on these rows, and keep the best.

    n_iter_no_change : int, default=200
        See `early_stopping`.

    p_best : float or None, default=None
        Share of the best members that current-to-pbest strategies move towards; None for 0.05, and in 'shade' for a
        share that each trial draws.

    archive : float, default=1.0
        Replaced parents that these strategies keep, as a multiple of the members.

    memory : int, default=5
        Successful means that 'shade' and 'lshade' remember.

    scale : bool, default=True
        Whether inputs are standardised by the training rows.

    cost : str, array-like of shape (n_classes, n_classes) or None, default=None
        The cost of each predicted class (columns) for each true class (rows), for fitness 'cost'; also the path of a
        CSV file, or a text such as '0,1;5,0'.

    precision : {'float32', 'float64'}, default='float32'
        Precision of weights during evolution. Predictions are made in float64.

    bits : {8, 4, 2, 1} or None, default=None
        Bits that weights and biases are rounded to, layer by layer; None for all of the precision.

    random_state : int, RandomState instance or None, default=0
        The seed, which is ``--seed`` of ``nnsize evolve``; None draws one.

    n_jobs : int or None, default=None
        Number of threads, which changes no result. None and -1 take one per processor.

    verbose : bool, default=False
        Whether to print the best fitness of each generation.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Class labels.

    coefs_ : list of ndarray, one of shape (neurons of layer i, neurons of layer i + 1) for each layer
        The evolved weights between layers. They are for inputs that are standardised if `scale` is true.

    intercepts_ : list of ndarray, one of shape (neurons of layer i + 1,) for each layer
        The evolved biases.

    fitness_ : float or None
        Fitness of the evolved network on the training rows, computed in float64; None if it is not defined.

    held_out_fitness_ : float or None
        The same on the rows that `validation_fraction` holds out; None without any.

    fitness_curve_ : list of float of length n_iter_ + 1
        Fitness of the best member of each generation, weight decay included; the first is that of the first population.

    generations_ : dict of ndarrays of shape (n_iter_ + 1,)
        What is known of each generation: its number, the ``best``, ``mean`` and ``std`` of the fitness, ``train`` and
        ``held_out`` of the best member without weight decay, ``diversity``, ``evaluations`` so far, ``seconds``, and
        more. Values that a generation has not are NaN.

    n_iter_ : int
        Number of generations after the first population.

    n_evaluations_ : int
        Number of evaluations of a network on the training rows.

    best_generation_ : int
        Generation of the evolved network.

    stop_reason_ : str
        Why the evolution ended, in words.

    n_features_in_ : int
        Number of features seen during `fit`.

    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the features, if all of them are strings.

    n_layers_ : int
        Number of layers, those of inputs and outputs included.

    n_outputs_ : int
        Number of outputs.

    out_activation_ : str
        The function of output neurons.

    See Also
    --------
    EvolutionRegressor : The same for numbers.
    MLPClassifier : The same network, trained by gradients.

    Notes
    -----
    The parameters have the names of the options of ``nnsize evolve``, except that `random_state` is its ``--seed`` and
    `n_jobs` its ``--jobs``. The evolution has its numbers, too: on the same training rows with the same settings the
    weights are equal to the last bit.

    The first evolution with a strategy on a machine compiles its code, which takes up to a minute.

    Examples
    --------
    >>> from nnsize import EvolutionClassifier
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn.model_selection import train_test_split
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=42)
    >>> network = EvolutionClassifier((8,), strategy="shade", fitness="log_loss", members=60, generations=50)
    >>> network.fit(X_train, y_train).score(X_test, y_test) > 0.9
    True
    >>> network.predict(X_test[:5])
    array([1, 0, 0, 1, 1])
    >>> network.n_evaluations_
    3060
    """

    def __init__(
        self,
        layers: Any = (64, 32),
        *,
        activation: str = "relu",
        fitness: str | None = None,
        weight_decay: float | None = None,
        strategy: str = "best1bin",
        mutation: Any = None,
        recombination: float | None = None,
        popsize: int | None = None,
        members: int | None = None,
        step: float | None = None,
        generations: int | None = None,
        evaluations: int | None = None,
        seconds: float | None = None,
        init: str | None = None,
        bounds: Any = None,
        tol: float | None = None,
        atol: float = 0.0,
        batch_size: int | None = None,
        batch_generations: int = 1,
        restart_after: int | None = None,
        validation_fraction: float = 0.0,
        early_stopping: bool = False,
        n_iter_no_change: int = 200,
        p_best: float | None = None,
        archive: float = 1.0,
        memory: int = 5,
        scale: bool = True,
        cost: Any = None,
        precision: str = "float32",
        bits: int | None = None,
        random_state: int | np.random.RandomState | None = 0,
        n_jobs: int | None = None,
        verbose: bool = False,
    ) -> None:
        self.layers = layers
        self.activation = activation
        self.fitness = fitness
        self.weight_decay = weight_decay
        self.strategy = strategy
        self.mutation = mutation
        self.recombination = recombination
        self.popsize = popsize
        self.members = members
        self.step = step
        self.generations = generations
        self.evaluations = evaluations
        self.seconds = seconds
        self.init = init
        self.bounds = bounds
        self.tol = tol
        self.atol = atol
        self.batch_size = batch_size
        self.batch_generations = batch_generations
        self.restart_after = restart_after
        self.validation_fraction = validation_fraction
        self.early_stopping = early_stopping
        self.n_iter_no_change = n_iter_no_change
        self.p_best = p_best
        self.archive = archive
        self.memory = memory
        self.scale = scale
        self.cost = cost
        self.precision = precision
        self.bits = bits
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.verbose = verbose

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Evolve the weights on rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The inputs.

        y : array-like of shape (n_samples,)
            The class labels, at least two different ones.

        Returns
        -------
        self : EvolutionClassifier
            The fitted estimator.

        Raises
        ------
        ValueError
            If the data or a parameter cannot be used.
        """
        inputs, targets = validate_data(self, X, y, dtype=np.float64, ensure_min_samples=2)
        check_classification_targets(targets)
        labels = column_or_1d(targets, warn=True)
        self.classes_ = np.unique(labels)
        if len(self.classes_) < 2:
            raise ValueError(
                f"EvolutionClassifier needs two classes or more; y holds only the class {self.classes_[0]}"
            )
        evolve(self, inputs, labels, self.classes_)
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Predict the class of rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        y : ndarray of shape (n_samples,)
            The predicted labels.
        """
        network, outputs = outputs_of(self, self._inputs(X))
        labels: NDArray[Any] = self.classes_[network.class_numbers(outputs)]
        return labels

    def predict_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Predict the probabilities of the classes.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        y_prob : ndarray of shape (n_samples, n_classes)
            The probability of each class, in the order of `classes_`.
        """
        _, outputs = outputs_of(self, self._inputs(X))
        return outputs if outputs.shape[1] > 1 else np.column_stack([1 - outputs[:, 0], outputs[:, 0]])

    def predict_log_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Predict the logarithms of the probabilities of the classes.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The inputs.

        Returns
        -------
        log_y_prob : ndarray of shape (n_samples, n_classes)
            The logarithms of what `predict_proba` returns.
        """
        with np.errstate(divide="ignore"):  # the logarithm of a probability of 0 is minus infinity
            logarithms: NDArray[Any] = np.log(self.predict_proba(X))
        return logarithms

    def to_sklearn(self) -> Pipeline:
        """Return the evolved network as a pipeline of scikit-learn, which can be used where nnsize is not installed.

        Returns
        -------
        pipeline : sklearn.pipeline.Pipeline
            A fitted ``StandardScaler``, if `scale` is true, and a fitted ``MLPClassifier``.
        """
        check_is_fitted(self)
        return fitted_pipeline(self._stored, rows=self._rows)

    def _inputs(self, X: ArrayLike) -> NDArray[Any]:
        check_is_fitted(self)
        inputs: NDArray[Any] = validate_data(self, X, dtype=np.float64, reset=False)
        return inputs

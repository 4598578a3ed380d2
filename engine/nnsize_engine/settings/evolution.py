"""The settings of an evolution: frozen, checked once when made, stored with the run as JSON."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from nnsize_engine.settings.activations import STEP
from nnsize_engine.settings.budget import MAX_GENERATIONS, USUAL_GENERATIONS, Plan, plan_of_settings
from nnsize_engine.settings.class_weight import ClassWeight
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.datasets import DatasetFacts, Task, builtin_data
from nnsize_engine.settings.evolution_checks import check_evolution
from nnsize_engine.settings.first_population import count_members
from nnsize_engine.settings.fitness import fitness_words
from nnsize_engine.settings.layer_sizes import HiddenLayers, count_weights, parse_layers
from nnsize_engine.settings.mutation import SCIPY_MUTATION, Mutation
from nnsize_engine.settings.precision import Precision
from nnsize_engine.settings.scorings import estimator_scoring
from nnsize_engine.settings.series import ComparedStrategy, first_repeats
from nnsize_engine.settings.strategies import ADAPTIVE_STRATEGIES, FAMILIES, USUAL_P_BEST
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.target_scale import TargetScale, effective_target_scale
from nnsize_engine.settings.weight_bounds import Range, parse_bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class EvolutionSettings:
    """Settings that train all weights of a network without gradients; the defaults are those of article 2.

    Where SciPy's ``differential_evolution`` has a setting, ours has its name and meaning, except that its ``maxiter``
    is ``generations``, and its ``maxfun`` is ``evaluations``.
    """

    kind: ClassVar[Literal["evolution"]] = "evolution"

    data: str = "breast_cancer"
    """Name of a built-in data set, or of the user's table."""

    table: TableSettings | None = None
    """The user's own table, inspected; None for built-in data."""

    layers: str = "64,32"
    """Neurons of each hidden layer, first to last."""

    activation: str = "relu"
    """The activation of hidden neurons: identity, logistic, relu, tanh or step."""

    fitness: str = "accuracy"
    """The measure on the training rows, one of those in :mod:`nnsize_engine.settings.fitness`."""

    weight_decay: float = 0.0
    """Factor of half the sum of squared weights (without biases), added to a loss, subtracted from a score."""

    strategy: str = "best1bin"
    """One of :data:`nnsize_engine.settings.strategies.STRATEGIES`."""

    mutation: Mutation | None = None
    """Scale of difference vectors (F), or a range from which each generation draws its own; None for SciPy's range
    (0.5, 1), or for what an adaptive strategy learns."""

    recombination: float | None = None
    """Chance that a weight comes from the mutant (CR); None for SciPy's 0.7, or for what a strategy learns."""

    popsize: int = 5
    """Members per weight, as in SciPy; unused if ``members`` is given, and by families."""

    members: int | None = None
    """Members of the population, for any number of weights; None to take ``popsize``, or the default of a family."""

    step: float | None = None
    """First step size of a family, in units of the Glorot limit of each layer; None for the family's own."""

    generations: int | None = None
    """Largest number of generations after the first population; None for as many as ``evaluations`` and ``seconds``
    allow, or for 10 without them."""

    evaluations: int | None = None
    """Largest number of evaluations; no generation begins that would exceed it. None for any number."""

    seconds: float | None = None
    """Seconds of computing after which no further generation begins; None for any number."""

    init: str = "latinhypercube"
    """One of :data:`INITS`, a ``.npy`` file with an array of shape (members, weights), or an exported network or a
    folder of a run, whose network is the first member."""

    bounds: str = "-1:1"
    """Limits of the weights; see :mod:`nnsize_engine.settings.weight_bounds`."""

    tol: float = 1e-3
    """Stop when the standard deviation of the fitness is at most ``atol`` plus this times its absolute mean."""

    atol: float = 0.0

    repeats: int = 1
    """Number of seeds of each strategy: ``seed``, ``seed + 1`` and so on."""

    compared: tuple[ComparedStrategy, ...] = ()
    """Strategies that the run compares, of which the other settings describe the first; empty for one strategy."""

    seed: int = 0
    """Seed of all random numbers, and ``random_state`` of the network trained by gradient for comparison."""

    batch_size: int | None = None
    """Rows drawn for a mini-batch; None for all training rows. Parents and trials are compared on the same rows."""

    batch_generations: int = 1
    """Generations between two draws of a mini-batch."""

    restart_after: int | None = None
    """Generations without a better best member after which a new population is drawn; the best member is kept."""

    validation_fraction: float = 0.0
    """Share of the training rows that are held out; the best member is scored on them in each generation."""

    early_stopping: bool = False
    """True to stop after ``n_iter_no_change`` generations without a better held-out fitness, and keep the best."""

    n_iter_no_change: int = 200
    """Generations without a better held-out fitness; see ``early_stopping``."""

    p_best: float | None = None
    """Share of the best members, of which a current-to-pbest strategy chooses one to move towards (p); None for 0.05,
    and in SHADE for a share that each trial draws."""

    archive: float = 1.0
    """Size of the archive of replaced parents in a current-to-pbest strategy, as a multiple of the members."""

    memory: int = 5
    """Number of successful means that a strategy with success history remembers (H)."""

    scoring: str | None = None
    """The scoring of train_score and test_score; None for that of scikit-learn's estimators, accuracy or r2."""

    test_size: float | int = 0.3
    """Test rows: a fraction of all rows (float), or their number (int); with 0 all rows are training rows."""

    split_seed: int = 42
    """``random_state`` of the split into training and test rows."""

    stratify: bool = False
    """True if the split keeps the share of each class."""

    scale: bool = True
    """True if inputs are standardised with the mean and deviation of the training rows."""

    target_scale: TargetScale | None = None
    """Scaling of the numbers to predict: none, standard or log; None for standard in regression."""

    reference: bool = True
    """True if the same network is also trained by gradient, for comparison."""

    jobs: int | None = None
    """Number of threads; None for one per processor. It changes no result."""

    cluster: ClusterSettings | None = None
    """The cluster that computes; None for this machine alone. It changes no result."""

    precision: Precision = "float32"
    """Precision of weights and inputs during evolution; the evolved network is scored in float64."""

    cost: str | None = None
    """The cost matrix of fitness ``cost``; see :mod:`nnsize_engine.settings.cost_matrix`."""

    bits: int | None = None
    """Bits that weights and biases are rounded to; None for those of the precision."""

    def __post_init__(self) -> None:
        if self.generations is None and self.evaluations is None and self.seconds is None:
            object.__setattr__(self, "generations", USUAL_GENERATIONS)  # frozen; stored as it takes effect
        check_evolution(self)

    @property
    def takes_last_rows(self) -> bool:
        """Return whether the test rows are the last ones, because the table names a column to order its rows by."""
        return self.table is not None and self.table.choice.order_by is not None

    @property
    def known(self) -> DatasetFacts:
        """The facts of the data that are known without loading it."""
        return builtin_data(self.data) if self.table is None else self.table.known

    @property
    def fitness_groups(self) -> str | None:
        """The column over whose values the fitness is averaged; None without one."""
        return None if self.table is None else self.table.choice.fitness_groups

    @property
    def is_quantized(self) -> bool:
        """Return whether networks have rounded weights or steps, which training by gradient cannot have."""
        return self.bits is not None or self.activation == STEP

    @property
    def task(self) -> Task:
        """The task that the data sets."""
        return self.known.task

    @property
    def hidden_layer_sizes(self) -> HiddenLayers:
        """Neurons of each hidden layer."""
        return parse_layers(self.layers)

    @property
    def units(self) -> tuple[int, ...]:
        """Neurons of each layer, inputs and outputs included."""
        data = self.known
        return (data.inputs, *self.hidden_layer_sizes, data.outputs)

    @property
    def weights(self) -> int:
        """Number of weights and biases, all of which evolve."""
        return count_weights(self.units)

    @property
    def layer_bounds(self) -> tuple[Range, ...]:
        """The lower and upper limit of the weights of each layer."""
        return parse_bounds(self.bounds, self.units, self.activation)

    @property
    def member_count(self) -> int:
        """Number of members of the first population."""
        if self.strategy in FAMILIES:
            return FAMILIES[self.strategy].usual_members(self.weights) if self.members is None else self.members
        return count_members(self.init, self.weights, members=self.members, popsize=self.popsize)

    def plan(self, members: int) -> Plan:
        """Return the generations and evaluations, given the members of the first population."""
        return plan_of_settings(self, members)

    @property
    def generations_allowed(self) -> int:
        """Largest number of generations; without one, evaluations or seconds end the evolution."""
        return MAX_GENERATIONS if self.generations is None else self.generations

    @property
    def ends_by_seconds_alone(self) -> bool:
        """Return whether nothing but seconds limits the number of generations, which is not known before."""
        return self.seconds is not None and self.generations is None and self.evaluations is None

    @property
    def is_comparison(self) -> bool:
        """Return whether the run holds several evolutions: of several strategies, or with several seeds."""
        return len(self.compared) > 1 or self.repeats > 1

    @property
    def total_steps(self) -> int:
        """Largest number of generations after the first population; of all series together."""
        if self.is_comparison:
            return sum(self.repeats * one.total_steps for one in first_repeats(self))
        return self.plan(self.member_count).generations

    @property
    def measure(self) -> str:
        """The score that the curve of the run shows."""
        return fitness_words(self.fitness)

    @property
    def data_precision(self) -> Precision:
        """The precision of a loaded table: float64, in which the evolved network is scored."""
        return "float64"

    @property
    def may_end_early(self) -> bool:
        """Return whether the run may finish before its last generation."""
        return bool(self.tol or self.atol or self.early_stopping or self.seconds is not None)

    @property
    def is_adaptive(self) -> bool:
        """Return whether the strategy adapts mutation and recombination to successful trials."""
        return self.strategy in ADAPTIVE_STRATEGIES

    @property
    def p_best_share(self) -> float:
        """The share p of the best members; SHADE draws it for each trial if :attr:`draws_p_best`."""
        return USUAL_P_BEST if self.p_best is None else self.p_best

    @property
    def draws_p_best(self) -> bool:
        """Return whether each trial draws the share of the best members, as in SHADE."""
        return self.strategy == "shade" and self.p_best is None

    @property
    def mutation_range(self) -> tuple[float, float]:
        """The smallest and the largest F; an adaptive strategy does not use it."""
        given = SCIPY_MUTATION if self.mutation is None else self.mutation
        return given if isinstance(given, tuple) else (given, given)

    @property
    def crossover_rate(self) -> float:
        """The chance CR; an adaptive strategy does not use it."""
        return 0.7 if self.recombination is None else self.recombination  # 0.7 is SciPy's

    @property
    def class_weight(self) -> ClassWeight:
        """The weights of classes, which an evolution has not."""
        return "none"

    @property
    def scaling_of_target(self) -> TargetScale:
        """The scaling of the target that is used."""
        return effective_target_scale(self.target_scale, self.known)

    @property
    def final_scoring(self) -> str:
        """The scoring of train_score and test_score."""
        return estimator_scoring(self.task) if self.scoring is None else self.scoring

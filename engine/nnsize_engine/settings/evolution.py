"""The settings of an evolution: frozen, checked once when made, stored with the run as JSON."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.activations import EVOLVED_ACTIVATIONS, STEP
from nnsize_engine.settings.budget import Plan, plan_of, shrinking_plan
from nnsize_engine.settings.class_weight import ClassWeight
from nnsize_engine.settings.datasets import DatasetFacts, Task, builtin_data
from nnsize_engine.settings.evolution_checks import check_budget, check_family
from nnsize_engine.settings.first_population import check_init_name, check_sobol, count_members
from nnsize_engine.settings.fitness import check_fitness, fitness_words
from nnsize_engine.settings.fold_checks import check_test_rows
from nnsize_engine.settings.layer_sizes import HiddenLayers, count_weights, format_layers, parse_layers
from nnsize_engine.settings.mutation import SCIPY_MUTATION, Mutation, check_mutation_range
from nnsize_engine.settings.objective_checks import check_objective
from nnsize_engine.settings.scorings import check_label_one, check_scoring, estimator_scoring
from nnsize_engine.settings.search import MAX_JOBS, PRECISIONS, Precision
from nnsize_engine.settings.series import ComparedStrategy, check_series, first_repeats, stored_strategy
from nnsize_engine.settings.strategies import ADAPTIVE_STRATEGIES, FAMILIES, check_strategy, min_members
from nnsize_engine.settings.table import TableSettings, table_from
from nnsize_engine.settings.target_scale import TargetScale, check_target_scale, effective_target_scale
from nnsize_engine.settings.validate import MAX_SEED, check_choice, check_integer, check_real, check_split, check_switch
from nnsize_engine.settings.weight_bounds import Range, parse_bounds

MAX_GENERATIONS = 10_000_000  # as many rows as a run's database keeps

MAX_MEMBERS = 100_000_000  # more fit into no memory

USUAL_GENERATIONS = 10
"""Generations of an evolution that is given no limit at all: those of article 2."""

USUAL_P_BEST = 0.05  # JADE's

MAX_MEMORY = 10_000  # remembered means; each generation fills one, and more generations are unusual


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
    """Whether to stop after ``n_iter_no_change`` generations without a better held-out fitness, and keep the best."""

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
    """Whether the split keeps the share of each class."""

    scale: bool = True
    """Whether inputs are standardised with the mean and deviation of the training rows."""

    target_scale: TargetScale | None = None
    """Scaling of the numbers to predict: none, standard or log; None for standard in regression."""

    reference: bool = True
    """Whether the same network is also trained by gradient, for comparison."""

    jobs: int | None = None
    """Number of threads; None for one per processor. It changes no result."""

    precision: Precision = "float32"
    """Precision of weights and inputs during evolution; the evolved network is scored in float64."""

    cost: str | None = None
    """The cost matrix of fitness ``cost``; see :mod:`nnsize_engine.settings.cost_matrix`."""

    bits: int | None = None
    """Bits that weights and biases are rounded to; None for those of the precision."""

    def __post_init__(self) -> None:
        if self.generations is None and self.evaluations is None and self.seconds is None:
            object.__setattr__(self, "generations", USUAL_GENERATIONS)  # frozen; stored as it takes effect
        data = self.known
        if data.task == "multilabel":
            raise SettingsError(
                f"an evolution predicts classes or numbers, and {data.name} has {data.targets} labels at once; search "
                "sizes for them with nnsize size, or name one target",
                field="target",
            )
        check_strategy(self.strategy)
        check_fitness(self.fitness, data.task, data.targets)
        check_objective(self)
        check_scoring(self.final_scoring, data.task, data.targets)
        if self.table is not None and not self.table.has_label_one:
            check_label_one(self.fitness, data, "fitness")
            check_label_one(self.final_scoring, data)
        check_choice("activation", self.activation, EVOLVED_ACTIVATIONS)
        check_choice("precision", self.precision, PRECISIONS)
        parse_bounds(self.bounds, self.units, self.activation)
        self._check_variation()
        self._check_sizes()
        check_integer("seed", self.seed, 0, MAX_SEED)
        check_split(self.test_size, self.split_seed, self.stratify)
        choice = None if self.table is None else self.table.choice
        check_test_rows(self.stratify, choice, takes_last_rows=self.takes_last_rows)
        check_target_scale(self.target_scale, data)
        if self.table is not None and self.table.choice.sample_weight is not None:
            raise SettingsError(
                "sample-weight is for a search; in an evolution every row counts the same. Leave it out, and ignore "
                "the column if it is no input",
                field="sample_weight",
            )
        for field in ("early_stopping", "scale", "reference"):
            check_switch(field, getattr(self, field))
        if self.jobs is not None:
            check_integer("jobs", self.jobs, 1, MAX_JOBS, "threads")
        check_init_name(self.init)
        check_sobol(self.init, self.weights)
        check_family(self)
        check_series(self)
        check_budget(self)
        check_real("validation_fraction", self.validation_fraction, 0, 1, below=True)
        if self.early_stopping and self.validation_fraction == 0:
            raise SettingsError(
                "early-stopping watches held-out rows; give a validation-fraction above 0 too", field="early_stopping"
            )

    @classmethod
    def from_stored(cls, fields: dict[str, Any]) -> Self:
        """Make the settings from a stored JSON object; earlier versions left the target as it was."""
        fields.setdefault("target_scale", "none")
        if fields.get("strategy") != "shade" and fields.get("p_best") == USUAL_P_BEST:
            fields["p_best"] = None  # earlier versions stored the default; it was a setting of shade too
        table, mutation = fields.pop("table", None), fields.pop("mutation", None)
        compared = tuple(stored_strategy(one) for one in fields.pop("compared", ()))
        return cls(
            **fields,
            compared=compared,
            table=None if table is None else table_from(table),
            mutation=tuple(mutation) if isinstance(mutation, list) else mutation,  # JSON has no tuples
        )

    @property
    def takes_last_rows(self) -> bool:
        """Whether the test rows are the last ones, because the table names a column to order its rows by."""
        return self.table is not None and self.table.choice.order_by is not None

    def _check_variation(self) -> None:
        """Check the settings of trials and of convergence."""
        if self.is_adaptive and (self.mutation is not None or self.recombination is not None):
            raise SettingsError(
                f"strategy {self.strategy} finds mutation and recombination by itself; leave them out", field="strategy"
            )
        check_mutation_range(*self.mutation_range)
        check_real("recombination", self.crossover_rate, 0, 1)
        check_real("p_best", self.p_best_share, 0, 1, above=True)
        check_real("archive", self.archive, 0, 100)
        check_integer("memory", self.memory, 1, MAX_MEMORY, "means")
        check_real("weight_decay", self.weight_decay, 0, math.inf, below=True)
        check_real("tol", self.tol, 0, math.inf, below=True)
        check_real("atol", self.atol, 0, math.inf, below=True)

    def _check_sizes(self) -> None:
        """Check the numbers of members, generations and rows."""
        least = min_members(self.strategy)
        if self.members is not None:
            check_integer("members", self.members, least, MAX_MEMBERS, f"(strategy {self.strategy} needs {least})")
        check_integer("popsize", self.popsize, 1, MAX_MEMBERS, "members per weight")
        if self.member_count < least:
            raise SettingsError(
                f"popsize {self.popsize} makes {self.member_count} members; strategy {self.strategy} needs {least}",
                field="popsize",
            )
        check_integer("generations", self.generations_allowed, 0, MAX_GENERATIONS)
        if self.batch_size is not None:
            check_integer("batch_size", self.batch_size, 1, self.known.rows, "rows")
        check_integer("batch_generations", self.batch_generations, 1, MAX_GENERATIONS)
        if self.restart_after is not None:
            check_integer("restart_after", self.restart_after, 1, MAX_GENERATIONS, "generations")
        check_integer("n_iter_no_change", self.n_iter_no_change, 1, MAX_GENERATIONS, "generations")

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
        """Whether networks have rounded weights or steps, which training by gradient cannot have."""
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
        most = math.inf if self.evaluations is None else self.evaluations
        if self.strategy == "lshade":
            return shrinking_plan(members, self.generations_allowed, most)
        has_parents = self.batch_size is not None and self.strategy not in FAMILIES
        return plan_of(
            members,
            self.generations_allowed,
            most,
            reevaluated_every=self.batch_generations if has_parents else None,
        )

    @property
    def generations_allowed(self) -> int:
        """Largest number of generations; without one, evaluations or seconds end the evolution."""
        return MAX_GENERATIONS if self.generations is None else self.generations

    @property
    def ends_by_seconds_alone(self) -> bool:
        """Whether nothing but seconds limits the number of generations, which is not known before."""
        return self.seconds is not None and self.generations is None and self.evaluations is None

    @property
    def is_comparison(self) -> bool:
        """Whether the run holds several evolutions: of several strategies, or with several seeds."""
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
        """Whether the run may finish before its last generation."""
        return bool(self.tol or self.atol or self.early_stopping or self.seconds is not None)

    @property
    def is_adaptive(self) -> bool:
        """Whether the strategy adapts mutation and recombination to successful trials."""
        return self.strategy in ADAPTIVE_STRATEGIES

    @property
    def p_best_share(self) -> float:
        """The share p of the best members; SHADE draws it for each trial if :attr:`draws_p_best`."""
        return USUAL_P_BEST if self.p_best is None else self.p_best

    @property
    def draws_p_best(self) -> bool:
        """Whether each trial draws the share of the best members, as in SHADE."""
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


def layers_text(settings: EvolutionSettings) -> str:
    """Return the neurons of all layers as text: ``30-64-32-1``."""
    return format_layers(settings.units).replace("x", "-")

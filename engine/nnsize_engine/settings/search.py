"""The settings of a size search: frozen, checked when made, stored with the run as JSON."""

import math
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from nnsize_engine.settings.class_weight import ClassWeight
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.datasets import DatasetFacts, Task, builtin_data
from nnsize_engine.settings.layer_sizes import HiddenLayers, auto_sizes, finds_sizes, max_auto_neurons, parse_neurons
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.parameter_grid import Grid
from nnsize_engine.settings.precision import Precision
from nnsize_engine.settings.scaler import Scaler
from nnsize_engine.settings.search_checks import check_search
from nnsize_engine.settings.splitters import folds_text
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.target_scale import TargetScale, effective_target_scale
from nnsize_engine.settings.validate import count_held_out

SEEDS_OF_REPEAT = 10_000
"""Seeds between two repeats of a search that finds its sizes, so that further folds change no seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeSettings:
    """Settings of a search for the number of neurons; the defaults are those of article 1."""

    kind: ClassVar[Literal["size"]] = "size"

    data: str = "breast_cancer"
    """Name of a built-in data set, or of the user's table."""

    table: TableSettings | None = None
    """The user's own table, inspected; None for built-in data."""

    neurons: str = "5:100:2"
    """Hidden-layer sizes to try; see :mod:`nnsize_engine.settings.layer_sizes`. ``auto`` lets the search find them."""

    max_neurons: int | None = None
    """The largest size that ``auto`` may try; None for the number of training rows, from 128 to 512."""

    race: bool = False
    """Drop sizes of an explicit grid that can no longer matter; ``auto`` always does."""

    cv: int = 5
    """Number of folds of the cross-validation, made like those of ``GridSearchCV(cv=...)`` without a splitter."""

    splitter: str = ""
    """The splitter that makes the folds, such as ``group`` or ``kfold:shuffle``; empty for that of ``GridSearchCV``."""

    scoring: str = "roc_auc"
    """A scikit-learn scoring name that fits the data's task; it chooses."""

    further_scorings: tuple[str, ...] = ()
    """Further scoring names that fit the task: computed for each fit, and choosing nothing."""

    seed: int = 0
    """``random_state`` of every network."""

    test_size: float | int = 0.33
    """Test rows: a fraction of all rows (float), or their number (int); with 0 all rows are training rows."""

    split_seed: int = 42
    """``random_state`` of the split into training and test rows."""

    stratify: bool = False
    """True if the split keeps the share of each class."""

    target_scale: TargetScale | None = None
    """Scaling of the numbers to predict: none, standard or log; None for standard in regression."""

    scaler: Scaler = "standard"
    """Scaling of the inputs by the training rows of each fold."""

    class_weight: ClassWeight = "none"
    """Weights of the classes in training: none, or balanced."""

    jobs: int | None = None
    """Number of fits at a time; None for one per processor. It changes no result."""

    cluster: ClusterSettings | None = None
    """The cluster that computes; None for this machine alone. It changes no result."""

    precision: Precision = "float64"
    """Precision of weights and inputs: float64 gives scikit-learn's scores, float32 is faster with scores near them."""

    network: NetworkParameters = field(default_factory=NetworkParameters)
    """The parameters of the networks without hidden layers and seed."""

    grid: Grid = ()
    """Searched parameters besides the hidden layers, each with its values, in the given order."""

    repeats: int = 1
    """Number of fits of each candidate on each fold, with the seeds ``seed``, ``seed`` + 1, ..."""

    fold_rounds: int = 1
    """Rounds of ``cv`` folds: round 0 has those of ``GridSearchCV(cv=...)``, round r those shuffled by seed r.

    With the splitter ``repeated`` they are the rounds of scikit-learn's repeated folds.
    """

    references: bool = True
    """True if a dummy, a linear model and boosted trees are fitted on the same folds, to compare with."""

    def __post_init__(self) -> None:
        check_search(self)

    @property
    def finds_sizes(self) -> bool:
        """Return whether the search finds its sizes itself."""
        return finds_sizes(self.neurons)

    @property
    def is_race(self) -> bool:
        """Return whether sizes that can no longer matter are dropped."""
        return self.finds_sizes or self.race

    @property
    def training_rows(self) -> int:
        """Rows that are not held out for the final test, known without loading the data."""
        rows, held_out = self.known.rows, self.test_size
        groups = 0 if self.table is None else self.table.group_count
        if groups:  # about: whole groups are held out, and groups differ in size
            return max(0, rows * (groups - count_held_out(held_out, groups)) // groups)
        return rows - count_held_out(held_out, rows)

    @property
    def takes_last_rows(self) -> bool:
        """Return whether the test rows are the last ones, because the rows are in an order that matters."""
        has_order = self.table is not None and self.table.choice.order_by is not None
        return has_order or self.splitter == "time"

    @property
    def folds_text(self) -> str:
        """The folds as a user writes them: ``5``, ``group:5`` or ``repeated:5x3``."""
        return folds_text(self.cv, self.splitter, self.fold_rounds)

    @property
    def fold_share(self) -> float:
        """Mean share of the training rows that a fold trains on."""
        return 0.5 if self.splitter == "time" else (self.cv - 1) / self.cv

    @property
    def known(self) -> DatasetFacts:
        """The facts of the data that are known without loading it."""
        return builtin_data(self.data) if self.table is None else self.table.known

    @property
    def task(self) -> Task:
        """The task that the data sets."""
        return self.known.task

    @property
    def folds(self) -> int:
        """Number of folds of all rounds. Fold f of round r is fold ``r * cv + f``."""
        return self.cv * self.fold_rounds

    @property
    def splits(self) -> int:
        """Number of fits of each candidate: folds times repeats. Fold f of repeat r is split ``r * folds + f``."""
        return self.folds * self.repeats

    @property
    def candidate_count(self) -> int:
        """Number of candidates: each size with each combination of the other searched parameters."""
        return len(self.candidates) * math.prod(len(values) for _, values in self.grid)

    @property
    def total_steps(self) -> int:
        """Number of fits of the whole search, without the final test; the most that a race may need."""
        return self.candidate_count * self.splits

    @property
    def scorings(self) -> tuple[str, ...]:
        """All scorings; the first one chooses."""
        return (self.scoring, *self.further_scorings)

    @property
    def measure(self) -> str:
        """The score that the curve of the run shows."""
        return self.scoring

    @property
    def final_scoring(self) -> str:
        """The scoring of the final test."""
        return self.scoring

    @property
    def data_precision(self) -> Precision:
        """The precision in which a table is loaded."""
        return self.precision

    def fold_of(self, split: int) -> int:
        """Return the fold of a split, counted over all rounds."""
        return split % self.folds

    def repeat_of(self, split: int) -> int:
        """Return the repeat of a split, which decides its seed; the final test, after the last split, has repeat 0."""
        return split // self.folds % self.repeats

    def seed_offset_of(self, split: int) -> int:
        """Return what a split adds to the seed: its repeat; where the search finds its sizes, also its fold.

        Nothing has to equal ``GridSearchCV`` there, and a seed for each fold keeps one seed's luck out of the mean. The
        final test, after the last split, adds nothing.
        """
        if not self.finds_sizes:
            return self.repeat_of(split)
        return SEEDS_OF_REPEAT * self.repeat_of(split) + self.fold_of(split) if split < self.splits else 0

    @property
    def solvers(self) -> frozenset[str]:
        """The solvers of all candidates."""
        return frozenset(str(value) for value in dict(self.grid).get("solver", (self.network.solver,)))

    @property
    def scaling_of_target(self) -> TargetScale:
        """The scaling of the target that is used."""
        return effective_target_scale(self.target_scale, self.known, self.losses)

    @property
    def losses(self) -> frozenset[str]:
        """The losses of all candidates."""
        return frozenset(str(value) for value in dict(self.grid).get("loss", (self.network.loss,)))

    @property
    def candidates(self) -> tuple[HiddenLayers, ...]:
        """The hidden layers to try, in the order in which they are written; with ``auto``, those that may be tried."""
        if not self.finds_sizes:
            return parse_neurons(self.neurons)
        most = self.max_neurons if self.max_neurons is not None else max_auto_neurons(self.training_rows)
        return tuple((size,) for size in auto_sizes(most))

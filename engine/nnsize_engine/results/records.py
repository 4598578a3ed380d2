"""The frozen records of a run of any kind, of an evolution, and of the networks that runs keep."""

from dataclasses import dataclass, fields
from typing import Literal

from nnsize_engine.settings.datasets import Task

State = Literal["starting", "running", "paused", "stopped", "finished", "failed", "refused", "interrupted"]
"""The state of a run. ``refused``: the data does not allow these settings. ``interrupted``: its runner died; this one
is never stored, but seen by whoever looks."""

LIVE_STATES: frozenset[State] = frozenset({"starting", "running", "paused"})
"""States in which a runner should be alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFacts:
    """Facts that a run keeps of its data: enough to notice that it is no longer the same."""

    name: str
    task: Task
    rows: int
    inputs: int
    classes: int
    train_rows: int
    test_rows: int
    sha256: str
    """Of the values and targets, in the order given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line of a run's log."""

    number: int
    time: float
    """Seconds since 1970, UTC."""

    level: Literal["info", "warning", "error"]
    text: str


HISTOGRAM_BINS = 32
"""Of a population's fitness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationResult:
    """One generation of an evolution. Written once, never changed."""

    number: int
    """0 is the first population."""

    best: float | None
    """Fitness of the best member, weight decay included; None when no member has a finite one."""

    mean: float | None
    """Over members with a finite fitness, or the trials of a family."""

    std: float | None
    """Over members with a finite fitness, or the trials of a family; their spread."""

    train: float | None
    """The best member's fitness without weight decay."""

    held_out: float | None
    """The same on the held-out rows; None without such rows."""

    diversity: float
    """Root mean square distance of the weights from their population mean; for more than a thousand members of a
    thousand of them."""

    accepted: int
    """Trials that replaced their parent, or a member of a family; 0 if the family does not tell."""

    mutation: float | None
    """Mean F of this generation's trials; None for the first population, and for families."""

    recombination: float | None
    """Mean CR of this generation's trials; None for the first population, and for families."""

    members: int
    evaluations: int
    """Fitness computations so far."""

    seconds: float
    """Of this generation."""

    elapsed: float
    """Seconds of computing so far, without pauses."""

    restarts: int
    """Number of times that the population was drawn anew so far."""

    low: float | None
    """Left end of the histogram of the members' fitness; None when no member has a finite one."""

    high: float | None
    """Right end of the histogram."""

    counts: tuple[int, ...]
    """Members in each of :data:`HISTOGRAM_BINS` equal parts from ``low`` to ``high``."""

    step_size: float | None = None
    """Step size of a family in units of the Glorot limit; None for other strategies and for the first population."""

    temperature: float | None = None
    """Temperature of annealing; None for other strategies and for the first population."""


GENERATION_COLUMNS = tuple(field.name for field in fields(GenerationResult))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluating:
    """The progress of the generation under way."""

    generation: int
    members_done: int
    members: int


EVALUATING_COLUMNS = tuple(field.name for field in fields(Evaluating))

FinalName = Literal["best", "recommended"]
"""The candidates of a search that are trained on all training rows: one candidate may be both."""

NetworkName = Literal[FinalName, "evolved", "gradient", "quantized"]
"""``best`` and ``recommended`` are networks of a search, the others are an evolution's.

``quantized`` is the network trained by gradient, with the rounded weights and the steps of the evolved one.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """The course of a kept network's training by gradient, in the terms of scikit-learn's estimators."""

    rows: int
    """Trained on, without those held back for early stopping."""

    loss: float | None
    best_loss: float | None
    best_validation_score: float | None
    loss_curve: tuple[float, ...]
    validation_scores: tuple[float, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkScores:
    """The scores of one network: the evolved one, or the one trained by gradient for comparison."""

    name: NetworkName
    fitness: float | None
    """On the training rows that evolution sees, without weight decay."""

    held_out: float | None
    """Fitness on the held-out rows; None without such rows."""

    train_score: float | None
    """By the final scoring, on all training rows; None until the end."""

    test_score: float | None
    """By the final scoring, on the test rows, used once; None until the end."""

    train_loss: float | None
    """Log loss or mean squared error on all training rows; None until the end."""

    test_loss: float | None
    """The same on the test rows."""

    seconds: float
    """Of training."""

    steps: int
    """The generation that the evolved network is from; epochs of the one trained by gradient."""

    error: str | None = None
    """The reason why there is no such network."""

    test_fitness: float | None = None
    """Fitness on the test rows, without weight decay; None until the end, and in runs of earlier versions."""

    objective: float | None = None
    """Fitness with weight decay on the training rows, as strategies are compared by; None where none are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesResult:
    """The end of one evolution of a run that compares strategies."""

    series: int
    """Its number in the order of computing."""

    reason: str
    """The reason why it ended."""

    value: float | None
    """Fitness by which series are compared: on the held-out rows if there are any, else with weight decay."""

    scores: NetworkScores


SCORES_COLUMNS = tuple(field.name for field in fields(NetworkScores))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNetwork:
    """A network as a run keeps it: everything needed to predict with it."""

    name: NetworkName
    units: tuple[int, ...]
    """Inputs, hidden layers, outputs."""

    activation: str
    kind: Literal["binary", "multiclass", "multilabel", "regression"]
    classes: tuple[int | float | str | bool, ...]
    """The labels in order; of several labels their numbers; empty for regression."""

    mean: tuple[float, ...]
    """Of each input, to be taken off; empty when inputs are not standardised."""

    scale: tuple[float, ...]
    """Of each input, to divide by; empty when inputs are not standardised."""

    steps: int
    """Generation, or epochs."""

    weights: bytes
    """float64, little-endian, in the order of :mod:`nnsize_engine.network.shape`."""

    training: Training | None = None
    """Known of the best network of a search."""

    target_scale: Literal["none", "standard", "log"] = "none"
    """The scaling of a regression's targets."""

    target_mean: tuple[float, ...] = ()
    """Mean of each scaled target; empty without a scaling."""

    target_deviation: tuple[float, ...] = ()
    """Standard deviation of each scaled target; empty without a scaling."""

    threshold: float | None = None
    """Least probability of the second of two classes for which it is predicted; None for more than one half."""

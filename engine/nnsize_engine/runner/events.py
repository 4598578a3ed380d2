"""What the computing thread of a run hands over to the thread that stores."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nnsize_engine.results.records import (
    Evaluating,
    FinalTest,
    FitProgress,
    FitResult,
    GenerationResult,
    NetworkScores,
    StoredNetwork,
)

if TYPE_CHECKING:  # they load the compiler, which takes a second; the storing thread must answer before that
    from nnsize_engine.evolution.evolve import EvolutionState
    from nnsize_engine.evolution.problem import Problem
    from nnsize_engine.network.train import TrainingState
    from nnsize_engine.search.search import SizeSearch


@dataclass(frozen=True, slots=True)
class Note:
    """Something that whoever watches should know, such as what is being waited for."""

    text: str
    level: Literal["info", "warning"] = "info"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Data, folds and compiled code are ready."""

    search: "SizeSearch"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedFit:
    """A fit that has ended."""

    result: FitResult
    loss_curve: bytes
    """Training loss by epoch, float64, little-endian; empty when the fit failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedFit:
    """A training under way, to go on with later."""

    candidate: int
    fold: int
    seconds: float
    """Trained so far."""

    state: "TrainingState"


@dataclass(frozen=True, slots=True)
class FitsEnded:
    """No more fits will come from the present stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BestFound:
    """The network of a search's final test."""

    network: StoredNetwork
    encoder: bytes
    """How rows of the user's table become its inputs; empty for built-in data."""


@dataclass(frozen=True, slots=True)
class ProblemReady:
    """What an evolution is to solve is ready, and where an earlier runner left it, if one did."""

    problem: "Problem"
    state: "EvolutionState | None"


@dataclass(frozen=True, slots=True)
class NetworkFound:
    """A network worth keeping, in place of the one of that name before."""

    network: StoredNetwork
    scores: NetworkScores


@dataclass(frozen=True, slots=True)
class Barrier:
    """Asks to be told when everything handed over so far is stored."""

    is_passed: threading.Event


@dataclass(frozen=True, slots=True)
class EvolutionLeft:
    """The computing thread has stopped working on an evolution."""

    reason: str | None
    """Why it is over; None when it was only halted."""


SizeEvent = Prepared | FinishedFit | UnfinishedFit | FitProgress | FitsEnded | BestFound | FinalTest
EvolutionEvent = ProblemReady | GenerationResult | Evaluating | NetworkFound | Barrier | EvolutionLeft
Event = Note | SizeEvent | EvolutionEvent | Exception

Give = Callable[[Event], None]
"""Hands over an event; may be called from any thread."""

Job = Callable[[Give], None]
"""Work for the computing thread."""

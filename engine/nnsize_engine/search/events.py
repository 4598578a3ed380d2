"""Events of a running search: notes, fits, the networks of its final tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nnsize_engine.results.records import StoredNetwork
from nnsize_engine.results.search_records import FinalTest, FitProgress, FitResult

if TYPE_CHECKING:  # it loads the compiler, which takes a second; the thread that stores events must answer sooner
    from nnsize_engine.network.train import TrainingState


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the log, such as what the run waits for."""

    text: str
    level: Literal["info", "warning"] = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedFit:
    """A fit that has ended."""

    result: FitResult
    loss_curve: bytes
    """Training loss by epoch, float64, little-endian; empty when the fit failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedFit:
    """An unfinished training, which can be continued."""

    candidate: int
    fold: int
    seconds: float
    """Seconds of training so far."""

    state: "TrainingState"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalNetwork:
    """The network of a candidate's final test."""

    candidate: int
    network: StoredNetwork
    encoder: bytes
    """Encoder of the user's table, fitted on all training rows; empty for built-in data."""


SearchEvent = Note | FinishedFit | UnfinishedFit | FitProgress | FinalNetwork | FinalTest

Emit = Callable[[SearchEvent], None]
"""Function that takes an event; any thread may call it."""

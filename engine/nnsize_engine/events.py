"""What the computing thread of a run hands over to the thread that stores."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnsize_engine.records import FinalTest, FitProgress, FitResult

if TYPE_CHECKING:  # they load the compiler, which takes a second; the storing thread must answer before that
    from nnsize_engine.network.train import TrainingState
    from nnsize_engine.search import SizeSearch


@dataclass(frozen=True, slots=True)
class Note:
    """Something that whoever watches should know, such as what is being waited for."""

    text: str


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


Event = Note | Prepared | FinishedFit | UnfinishedFit | FitProgress | FitsEnded | FinalTest | Exception

Give = Callable[[Event], None]
"""Hands over an event; may be called from any thread."""

Job = Callable[[Give], None]
"""Work for the computing thread."""

"""What a search gives out while it computes: notes, fits, the network of its final test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nnsize_engine.results.records import FinalTest, FitProgress, FitResult, StoredNetwork

if TYPE_CHECKING:  # they load the compiler, which takes a second; the storing thread must answer before that
    from nnsize_engine.network.train import TrainingState


@dataclass(frozen=True, slots=True)
class Note:
    """Something that whoever watches should know, such as what is being waited for."""

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
    """A training under way, to go on with later."""

    candidate: int
    fold: int
    seconds: float
    """Trained so far."""

    state: "TrainingState"


@dataclass(frozen=True, slots=True, kw_only=True)
class BestFound:
    """The network of a search's final test."""

    network: StoredNetwork
    encoder: bytes
    """How rows of the user's table become its inputs; empty for built-in data."""


SearchEvent = Note | FinishedFit | UnfinishedFit | FitProgress | BestFound | FinalTest

Emit = Callable[[SearchEvent], None]
"""Hands over an event; may be called from any thread."""

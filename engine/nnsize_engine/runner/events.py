"""Events that the computing thread of a run emits for the thread that stores."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnsize_engine.results.records import (
    Evaluating,
    GenerationResult,
    NetworkScores,
    SeriesResult,
    StoredNetwork,
)
from nnsize_engine.results.references import ReferenceResult
from nnsize_engine.search.events import Note, SearchEvent

if TYPE_CHECKING:  # they load the compiler, which takes a second; the storing thread must answer before that
    from nnsize_engine.evolution.evolve import EvolutionState
    from nnsize_engine.evolution.problem import Problem
    from nnsize_engine.search.search import SizeSearch


@dataclass(frozen=True, slots=True)
class Prepared:
    """Data, folds and compiled code are ready."""

    search: "SizeSearch"


@dataclass(frozen=True, slots=True)
class FitsEnded:
    """No more fits will come from the present stream."""


@dataclass(frozen=True, slots=True)
class ReferencesLeft:
    """The process that fits references has ended."""

    reason: str | None
    """Why it died; None when it was done or halted."""


ReferenceEvent = ReferenceResult | ReferencesLeft
"""Events of the references of a search."""


@dataclass(frozen=True, slots=True)
class ProblemReady:
    """The problem of an evolution is ready, with the checkpoint of an earlier runner if there is one."""

    problem: "Problem"
    state: "EvolutionState | None"


@dataclass(frozen=True, slots=True)
class NetworkFound:
    """A network to keep; it replaces the earlier one of its name."""

    network: StoredNetwork
    scores: NetworkScores
    series: int | None = None
    """Number of the evolution that it is from, in a run that compares strategies."""


@dataclass(frozen=True, slots=True)
class SeriesGeneration:
    """A generation of one series of a run that compares strategies."""

    series: int
    generation: GenerationResult


@dataclass(frozen=True, slots=True)
class SeriesEnded:
    """A series is over, with its network."""

    result: SeriesResult
    network: StoredNetwork


@dataclass(frozen=True, slots=True)
class FlushRequest:
    """Asks to be told when everything handed over so far is stored."""

    is_passed: threading.Event


@dataclass(frozen=True, slots=True)
class EvolutionLeft:
    """The computing thread has stopped working on an evolution."""

    reason: str | None
    """Why it is over; None when it was only halted."""

    keeps_checkpoint: bool = False
    """Whether the checkpoint of an evolution that is over stays, for an extension."""


SearchJobEvent = SearchEvent | ReferenceEvent | Prepared | FitsEnded | Exception
"""Events of a search."""

EvolutionJobEvent = (
    Note
    | ProblemReady
    | GenerationResult
    | SeriesGeneration
    | SeriesEnded
    | Evaluating
    | NetworkFound
    | FlushRequest
    | EvolutionLeft
    | Exception
)
"""Events of an evolution."""

Event = SearchJobEvent | EvolutionJobEvent

Emit = Callable[[Event], None]
"""Hands over an event; may be called from any thread."""

Work = Callable[[Emit], None]
"""Work for the computing thread."""

Compute = Callable[[Work], None]
"""Runs work in the computing thread."""

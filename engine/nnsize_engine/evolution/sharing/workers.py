"""What shared rounds need of the processes that evaluate, whatever connects them."""

from collections.abc import Sequence
from typing import Protocol

from nnsize_engine.errors import NnsizeError
from nnsize_engine.evolution.sharing.messages import Answer, Behind, Request

Outcome = Answer | Behind | NnsizeError | MemoryError
"""What comes of a request; an error of the worker is returned, not raised."""


class WorkerLostError(NnsizeError):
    """A worker that died or cannot be reached; what it was asked for is lost."""


class Workers(Protocol):
    """Processes that each have a replica."""

    def names(self) -> Sequence[str]:
        """Return the names of those that can be asked now, always in the same order.

        Raises:
            ClusterError: none of them can be used.
        """

    def is_connected(self) -> bool:
        """Return whether what becomes of workers can be seen now; else they are out of reach, and perhaps not lost."""

    def ask(self, name: str, request: Request) -> None:
        """Send a request to a worker that has none."""

    def outcomes(self, seconds: float) -> Sequence[tuple[str, Outcome]]:
        """Return what came of requests since the last call; wait this long for the first one."""

    def forget(self, name: str) -> None:
        """Give up the request of a worker; nothing comes of it any more."""

    def leave_out(self, name: str, reason: str) -> None:
        """Ask a worker for nothing more."""

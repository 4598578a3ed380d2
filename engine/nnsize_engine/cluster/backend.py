"""What every kind of cluster offers to the connection."""

from collections.abc import Callable
from typing import Any, Literal, Protocol

Level = Literal["info", "warning"]

Note = Callable[[Level, str], None]
"""Takes a line for the log of the run; any thread may call it."""


class Backend(Protocol):
    """A scheduler that can be reached, and what this run started for it."""

    @property
    def address(self) -> str:
        """Address of the scheduler now; it may move while it is restarted.

        Raises:
            ClusterError: it cannot be told.
        """

    @property
    def security(self) -> Any:
        """The ``distributed.Security`` to connect with; None for that of Dask's configuration."""

    def status(self) -> str:
        """Return what is known about workers that are still to come, in a few words; empty if nothing is.

        It is called about once a second by one thread, and may ask a queue, but not for longer than a few seconds.
        """

    def close(self) -> None:
        """End all that this run started: processes, jobs. It may be called while :meth:`status` is."""

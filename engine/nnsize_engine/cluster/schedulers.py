"""A scheduler that someone else started: by its address, or by the file that it wrote.

Whoever can connect to a scheduler can run any code on its workers, and on whatever connects to it as a worker. So
connect only to a scheduler of your own. ``tls://`` takes the certificates that Dask's configuration names; a worker or
a client without a certificate of the same authority is refused.
"""

import json
from pathlib import Path
from typing import Any

from nnsize_engine.errors import ClusterError

MAX_FILE_BYTES = 10_000_000  # of a scheduler file, which lists the workers that were there when it was written


class AddressBackend:
    """A scheduler by its address."""

    security: Any = None

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def status(self) -> str:
        """Return nothing: who starts workers for it is not known."""
        return ""

    def close(self) -> None:
        """Leave the scheduler alone."""


class FileBackend:
    """A scheduler by the file that it wrote; one that is started again writes it again."""

    security: Any = None

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def address(self) -> str:
        """Address of the scheduler that wrote the file last.

        Raises:
            ClusterError: the file cannot be read.
        """
        try:
            with self._path.open("rb") as file:
                found = json.loads(file.read(MAX_FILE_BYTES))
            address = found["address"]
        except OSError as error:
            reason = error.strerror or error
            raise ClusterError(f"the scheduler file {self._path} cannot be read: {reason}") from error
        except (ValueError, TypeError, LookupError) as error:
            raise ClusterError(
                f"{self._path} is no scheduler file; 'dask scheduler --scheduler-file FILE' writes one"
            ) from error
        if not isinstance(address, str) or "://" not in address:
            raise ClusterError(f"the scheduler file {self._path} names no address; start the scheduler again")
        return address

    def status(self) -> str:
        """Return nothing: who starts workers for it is not known."""
        return ""

    def close(self) -> None:
        """Leave the scheduler alone."""

"""The rows of folds on the workers: each fold travels once to each worker that needs it, and is dropped when done.

The runner sends a fold to the first worker that needs it. Other workers get it from there, or from each other, when
their first fit of that fold asks for it. Dask keeps it on a worker until the runner lets go of it.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from nnsize_engine.cluster.connection import Cluster
from nnsize_engine.cluster.dispatched import send
from nnsize_engine.cluster.worker_fits import FoldPackage
from nnsize_engine.cluster.workers import Worker, more_memory
from nnsize_engine.errors import ClusterError
from nnsize_engine.processes.memory import amount_text
from nnsize_engine.search.fold_rows import FitRows, FoldRows
from nnsize_engine.search.search import SizeSearch

MAX_IDLE_BYTES = 64_000_000  # of folds that no fit uses now, kept for later fits

WORKER_BYTES = 450_000_000  # that a worker takes for its libraries, and to compile; 370 MB were measured when compiled

PAUSE_SHARE = 0.8  # of its limit, from which on a worker of Dask takes no further tasks


@dataclass(slots=True, eq=False)
class _Sent:
    """A fold that is on workers."""

    future: Any
    client: Any
    size: int
    """Bytes of its rows."""

    users: int = 0
    holders: set[str] = field(default_factory=set)
    """Workers that were told to compute with it."""


class SharedFolds:
    """The folds of one search that are on workers; one thread uses it."""

    def __init__(self, search: SizeSearch, cluster: Cluster) -> None:
        self._cluster = cluster
        self._settings = search.settings
        self._rows = FoldRows(search.settings, search.split, search.folds)
        self._size = 0
        """Bytes of the largest fold that was prepared."""

        self._sent: dict[int, _Sent] = {}
        """The one used last is the last one."""

    def prepare(self, fold: int) -> None:
        """Encode a fold that no worker has, so that its size is known."""
        if not self._is_there(fold):
            self._size = max(self._size, bytes_of(self._rows.rows(fold)))

    def has_room(self, worker: Worker) -> bool:
        """Return whether a worker's memory takes a fold beside its libraries."""
        return not worker.memory_limit or worker.memory_limit >= self._needed

    @property
    def _needed(self) -> int:
        """Memory limit, in bytes, of a worker that takes tasks while it holds a fold."""
        return math.ceil((WORKER_BYTES + self._size) / PAUSE_SHARE)

    def lack_of_room(self, limit: int) -> ClusterError:
        """Return the error that no worker has room for a fold; the largest of them may use ``limit`` bytes."""
        return ClusterError(
            f"the workers have too little memory: a fold takes {amount_text(self._size)} beside "
            f"{amount_text(WORKER_BYTES)} for libraries, and a worker may use {amount_text(limit)}; "
            f"{more_memory(self._cluster.settings.kind, self._needed)}"
        )

    def use(self, fold: int, address: str) -> Any:
        """Return the future of a fold for a fit on a worker, and send the fold if no worker has it.

        Raises:
            OSError, TimeoutError: the scheduler or the worker is gone.
        """
        if not self._is_there(fold):
            self._send(fold, address)
        sent = self._sent[fold] = self._sent.pop(fold)
        sent.users += 1
        if address not in sent.holders:
            sent.holders.add(address)
            self._cluster.tally.add_bytes(sent.size)
        return sent.future

    def _is_there(self, fold: int) -> bool:
        """Return whether a worker of the present scheduler has a fold."""
        sent = self._sent.get(fold)
        return sent is not None and self._cluster.is_current(sent.client) and sent.future.status == "finished"

    def _send(self, fold: int, address: str) -> None:
        client = self._cluster.client
        rows = self._rows.rows(fold)
        size = bytes_of(rows)
        self._drop_idle(MAX_IDLE_BYTES - size)
        future = send(client, FoldPackage(rows=rows, settings=self._settings), address)
        self._rows.forget()
        self._sent[fold] = _Sent(future, client, size)

    def is_lost(self, fold: int) -> bool:
        """Return whether all workers that had a fold are gone."""
        sent = self._sent.get(fold)
        return sent is not None and sent.future.status not in ("pending", "finished")

    def leave(self, fold: int) -> None:
        """Note that a fit of a fold has left its worker."""
        sent = self._sent.get(fold)
        if sent is not None:
            sent.users = max(0, sent.users - 1)
        self._drop_idle(MAX_IDLE_BYTES)

    def _drop_idle(self, room: int) -> None:
        """Drop folds that no fit uses, the ones unused for longest first, until they take no more than ``room``."""
        idle = [(fold, sent) for fold, sent in self._sent.items() if sent.users == 0]
        total = sum(sent.size for _, sent in idle)
        for fold, sent in idle:
            if total <= room:
                return
            total -= sent.size
            del self._sent[fold]  # the last reference to its future: Dask drops it from all workers

    def close(self) -> None:
        """Drop all folds."""
        self._sent.clear()


def bytes_of(rows: FitRows) -> int:
    """Return the bytes of the arrays of a fold, without the test rows that are encoded on demand."""
    arrays = (rows.train.inputs, rows.train.targets, rows.y_train, rows.X_test, rows.y_test)
    return sum(int(getattr(array, "nbytes", 0)) for array in arrays)

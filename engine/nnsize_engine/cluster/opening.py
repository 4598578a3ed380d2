"""Open the cluster of a run: what its settings name, connected, with its first workers."""

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from nnsize_engine.cluster.backend import Backend, Note
from nnsize_engine.cluster.connection import Cluster
from nnsize_engine.cluster.local_workers import LocalBackend
from nnsize_engine.cluster.queues import open_queue_cluster
from nnsize_engine.cluster.schedulers import AddressBackend, FileBackend
from nnsize_engine.errors import ClusterError
from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.processes.parallel import Halt
from nnsize_engine.settings.cluster import ClusterKind, ClusterSettings, local_workers


@contextlib.contextmanager
def open_cluster(
    settings: ClusterSettings,
    folder: Path,
    note: Note,
    halt: Halt,
    connected: Callable[[Cluster], None] = lambda _: None,
) -> Iterator[Cluster]:
    """Connect to a cluster and wait for its first workers; at the end, leave it and end what was started for it.

    Once ``halt`` is set, it waits no longer for workers, and there may be none.

    Args:
        settings: the cluster.
        folder: folder of the run, for what a queue needs.
        note: takes lines for the log.
        halt: the signal that the run ends.
        connected: takes the cluster before its workers are waited for.

    Raises:
        ClusterError: Dask is not installed, the scheduler cannot be reached, or no worker came in time.
    """
    check_installed(settings.kind)
    logging.getLogger("distributed").setLevel(logging.WARNING)  # at INFO it logs each lost connection as a traceback
    backend = _OPEN[settings.kind](settings, folder, note)
    cluster = Cluster(settings, backend, note, halt)
    try:
        cluster.connect()
        connected(cluster)
        cluster.wait_for_workers()
        yield cluster
    finally:
        cluster.close()
        backend.close()


_OPEN: Mapping[ClusterKind, Callable[[ClusterSettings, Path, Note], Backend]] = {
    "scheduler": lambda settings, _, __: AddressBackend(settings.where),
    "file": lambda settings, _, __: FileBackend(Path(settings.where)),
    "local": lambda settings, _, __: LocalBackend(local_workers(settings.where)),
    "queue": lambda settings, folder, note: open_queue_cluster(settings.where, settings, folder, note),
}
"""Opens each kind of cluster."""


def check_installed(kind: ClusterKind) -> None:
    """Accept an installation that has Dask, and dask-jobqueue for a queue.

    Raises:
        ClusterError: it has not.
    """
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise ClusterError(f"a cluster needs Dask, which is not installed; {install_hint('cluster')}") from error
    if kind == "queue" and find_spec("dask_jobqueue") is None:
        raise ClusterError(f"a queue needs dask-jobqueue, which is not installed; {install_hint('cluster')}")

"""Worker processes on this machine, to try a cluster: ``local:N``.

The scheduler is in this process, and its port on the loopback. Other users of the machine could connect to that port
and run code as this user, so it takes TLS with certificates that exist in the memory of these processes alone.
"""

from typing import Any

from nnsize_engine.errors import ClusterError

_LIBRARIES = ("distributed", "sklearn.metrics", "sklearn.neural_network", "nnsize_engine.cluster.worker_fits")
"""Modules that workers need, imported once in the process that they are forked from: that takes a second or two."""

_WORKER_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

_CONFIGURATION = {
    "distributed.nanny.pre-spawn-environ": _WORKER_ENVIRONMENT,
    "distributed.worker.multiprocessing-method": "forkserver",
}


class LocalBackend:
    """A scheduler in this process, with worker processes that end with it."""

    def __init__(self, workers: int) -> None:
        """Start them.

        Raises:
            ClusterError: they cannot be started.
        """
        import dask
        from distributed import LocalCluster, Security
        from distributed.utils import get_mp_context

        self.security: Any = Security.temporary()
        try:
            with dask.config.set(_CONFIGURATION):
                get_mp_context().set_forkserver_preload(list(_LIBRARIES))  # after Dask has named its own
                self._cluster: Any = LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    protocol="tls://",
                    host="127.0.0.1",
                    security=self.security,
                    dashboard_address=None,
                    memory_limit="auto",
                    silence_logs=False,
                )
        except (OSError, RuntimeError, TimeoutError) as error:
            raise ClusterError(f"local workers cannot be started: {error}") from error

    @property
    def address(self) -> str:
        """Address of the scheduler."""
        return str(self._cluster.scheduler_address)

    def status(self) -> str:
        """Return nothing: local workers are there at once."""
        return ""

    def close(self) -> None:
        """End the worker processes."""
        self._cluster.close(timeout=5)

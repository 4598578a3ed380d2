"""Reach a scheduler, or say in words for a user why it cannot be reached."""

import warnings
from typing import Any

from nnsize_engine.cluster.backend import Backend
from nnsize_engine.errors import ClusterError

CONNECT_SECONDS = 10.0  # for one attempt to reach a scheduler


def connected_client(backend: Backend) -> Any:
    """Return a client of the scheduler.

    Raises:
        ClusterError: it cannot be reached.
    """
    from distributed import Client
    from distributed.versions import VersionMismatchWarning

    warnings.filterwarnings("ignore", category=VersionMismatchWarning)  # the versions that matter are checked
    address = backend.address
    try:
        return Client(address, timeout=CONNECT_SECONDS, security=backend.security, set_as_default=False, name="nnsize")
    except Exception as error:  # a refused certificate, another protocol, a name that no server knows
        raise ClusterError(f"the scheduler {address} cannot be reached: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Return why a scheduler cannot be reached, in words for a user."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    text = " ".join(str(one) for one in causes)
    lowered = text.lower()
    if "certificate" in lowered or "ssl" in lowered or "tls" in lowered:
        first = next(iter(str(causes[-1]).splitlines()), "")
        return f"TLS is refused ({first}); name its certificates in Dask's configuration, distributed.comm.tls"
    if "encryption required" in lowered:
        return "Dask's configuration demands TLS; use a tls:// address"
    if isinstance(error, OSError | TimeoutError):
        return "nothing answers there; start it with 'dask scheduler', or correct the address"
    return f"{type(error).__name__}: {error}".splitlines()[0]

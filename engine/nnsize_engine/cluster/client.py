"""Reach a scheduler, or say in words for a user why it cannot be reached."""

import socket
import ssl
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnsize_engine.cluster.backend import Backend
from nnsize_engine.cluster.greeting import StrangerError, greet
from nnsize_engine.errors import ClusterError

CONNECT_SECONDS = 10.0  # for one attempt to reach a scheduler


def connected_client(backend: Backend) -> Any:
    """Return a client of the scheduler.

    Raises:
        ClusterError: it cannot be reached.
    """
    from distributed import Client, Security
    from distributed.versions import VersionMismatchWarning

    warnings.filterwarnings("ignore", category=VersionMismatchWarning)  # the versions that matter are checked
    address = backend.address
    security = Security() if backend.security is None else backend.security
    connection = _connection(address, security)
    try:
        greet(address, connection, CONNECT_SECONDS)
        return Client(address, timeout=CONNECT_SECONDS, security=security, set_as_default=False, name="nnsize")
    except Exception as error:  # a refused certificate, another protocol, a name that no server knows
        raise ClusterError(f"the scheduler {address} cannot be reached: {_reason(address, error)}") from error


def _connection(address: str, security: Any) -> Mapping[str, Any]:
    """Return Dask's arguments for a connection.

    Raises:
        ClusterError: its configuration does not allow one.
    """
    try:
        connection: Mapping[str, Any] = security.get_connection_args("client")
    except (OSError, ValueError) as error:
        files = (security.tls_ca_file, security.tls_client_cert, security.tls_client_key)
        missing = next((file for file in files if file and not Path(file).exists()), None)
        reason = error if missing is None else f"there is no {missing}"
        raise ClusterError(
            f"the certificates of Dask's configuration cannot be read: {reason}; "
            f"correct distributed.comm.tls in {_config_file()}"
        ) from error
    is_encrypted = address.startswith("tls://")
    if is_encrypted and connection["ssl_context"] is None:
        raise ClusterError(
            f"the scheduler {address} cannot be reached: TLS needs certificates; name them in {_config_file()} as "
            "distributed: {comm: {tls: {ca-file: FILE, client: {cert: FILE, key: FILE}}}}"
        )
    if not is_encrypted and connection["require_encryption"]:
        raise ClusterError(
            f"the scheduler {address} cannot be reached: Dask's configuration demands TLS; use a tls:// address"
        )
    return connection


def _config_file() -> Path:
    import dask

    return Path(dask.config.PATH) / "distributed.yaml"


def _reason(address: str, error: Exception) -> str:
    """Return why a scheduler cannot be reached, and what to do, in words for a user."""
    from distributed.comm import CommClosedError

    causes = _causes(error)
    refusal = next((one for one in causes if isinstance(one, ssl.SSLError)), None)
    if refusal is not None:
        return _tls_reason(refusal)
    match error:
        case StrangerError():
            return f"{error}; name the address that 'dask scheduler' shows when it starts"
        case socket.gaierror():
            return f"the name of its host is not known ({error.strerror}); correct it"
        case CommClosedError() if address.startswith("tls://"):
            return _certificate_refused()
        case CommClosedError():
            return "it closed the connection, as a scheduler with TLS does; use a tls:// address if it has TLS"
        case OSError():
            return "nothing answers there; start it with 'dask scheduler', or correct the address"
        case _:
            return f"{type(error).__name__}: {error}".splitlines()[0]


def _tls_reason(refusal: ssl.SSLError) -> str:
    """Return why TLS failed."""
    if isinstance(refusal, ssl.SSLCertVerificationError):
        return (
            "TLS is refused, because its certificate is not of the authority that you trust "
            f"({refusal.verify_message}); name the right one in {_config_file()}, distributed.comm.tls.ca-file"
        )
    if refusal.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG"):
        return "it does not speak TLS; use a tcp:// address"
    return _certificate_refused()


def _certificate_refused() -> str:
    return (
        "TLS is refused: it closed the connection, as a scheduler does that does not know the certificate; name one of "
        f"its authority in {_config_file()}, distributed.comm.tls.client"
    )


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error with all that led to it."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    return causes

"""Ask who answers at the address of a scheduler, within a time limit.

``distributed.Client`` alone waits for ever for the greeting of a server that takes connections and says nothing.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit


class StrangerError(Exception):
    """Something else than a scheduler answers; the message says what, as far as that is known."""


def greet(address: str, connection: Mapping[str, Any], seconds: float) -> None:
    """Accept an address at which a scheduler answers.

    ``connection`` are Dask's arguments for a connection, such as certificates.

    Raises:
        StrangerError: something else answers.
        socket.gaierror: the name of the host is not known.
        Exception: nothing answers, or TLS is refused, as Dask says it.
    """
    parts = urlsplit(address)
    socket.getaddrinfo(parts.hostname, parts.port)  # Dask itself would ask again until its time is up
    asyncio.run(_greet(address, connection, seconds))


async def _greet(address: str, connection: Mapping[str, Any], seconds: float) -> None:
    if address.startswith("tls://"):
        await _try_tls(address, connection["ssl_context"], seconds)
    # Dask's own limit covers the connection, ours the greeting, too.
    asking = asyncio.create_task(_kind_of_server(address, connection, seconds))
    done, _ = await asyncio.wait([asking], timeout=seconds + 1.0)
    if not done:
        asking.cancel()
        await asyncio.wait([asking])
        raise StrangerError("what listens there does not answer as a scheduler of Dask does")
    kind = asking.result()
    if kind in ("Worker", "Nanny"):
        raise StrangerError("that is the address of a worker")


async def _kind_of_server(address: str, connection: Mapping[str, Any], seconds: float) -> str:
    from distributed.comm.core import connect

    try:
        comm = await connect(address, timeout=seconds, **connection)
        try:
            await comm.write({"op": "identity", "reply": True})
            answer = await comm.read()
        finally:
            comm.abort()
        return str(answer["type"])
    except OSError:  # also what Dask raises for a connection that was closed, or never made
        raise
    except Exception as error:  # whatever Dask makes of bytes of another protocol
        raise StrangerError("what answers there is no scheduler of Dask") from error


async def _try_tls(address: str, context: ssl.SSLContext, seconds: float) -> None:
    """Begin with TLS, and leave; Dask's connection fails in two ways where a server without TLS speaks first."""
    parts = urlsplit(address)
    beginning = asyncio.open_connection(parts.hostname, parts.port, ssl=context)
    try:
        _, writer = await asyncio.wait_for(beginning, seconds)
    except ConnectionError:
        return  # Dask tries again for a while
    writer.transport.abort()

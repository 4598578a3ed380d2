"""Addresses at which no scheduler can be reached: one sentence each that says what was found and what to do."""

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest

from nnsize_engine.cluster.client import connected_client
from nnsize_engine.cluster.opening import check_installed
from nnsize_engine.cluster.schedulers import AddressBackend
from nnsize_engine.errors import ClusterError
from nnsize_engine.runs.folders import list_runs
from support.certificates import make_certificates
from support.clusters import DaskProcess, Machines, free_port, wait_until
from support.commands import nnsize

NO_SCHEDULER = "name the address that 'dask scheduler' shows when it starts"


@pytest.fixture(autouse=True)
def short_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up after a second; all that is tried here answers at once, or never."""
    monkeypatch.setattr("nnsize_engine.cluster.client.CONNECT_SECONDS", 1.0)


def refusal(address: str) -> str:
    """Return why a scheduler cannot be reached, without its address."""
    with pytest.raises(ClusterError) as refused:
        connected_client(AddressBackend(address))
    return str(refused.value).removeprefix(f"the scheduler {address} cannot be reached: ")


@contextlib.contextmanager
def listening(words: bytes) -> Iterator[int]:
    """Listen on a port, say something to whoever connects, and keep the connection; give the port."""
    kept: list[socket.socket] = []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                kept.append(connection)
                connection.sendall(words)

    with socket.create_server(("127.0.0.1", 0)) as server:
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for connection in kept:
            connection.close()


def is_listening(port: int) -> bool:
    """Return whether a port takes connections."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def tls_of(ca: str, files: dict[str, str]) -> dict[str, str]:
    """Return Dask's configuration of a client with certificates."""
    names = {name: files[name] for name in ("cert", "key")}
    return {"distributed.comm.tls.ca-file": ca} | {f"distributed.comm.tls.client.{k}": v for k, v in names.items()}


def test_a_host_without_an_address_is_refused_at_once() -> None:
    reason = refusal("tcp://no-such-host.invalid:8786")
    assert reason.startswith("the name of its host is not known (")
    assert reason.endswith("; correct it")


def test_a_server_that_says_nothing_is_no_scheduler() -> None:
    with listening(b"") as port:
        reason = refusal(f"tcp://127.0.0.1:{port}")
    assert reason == f"what listens there does not answer as a scheduler of Dask does; {NO_SCHEDULER}"


@pytest.mark.parametrize(
    "words",
    [b"SSH-2.0-OpenSSH_9.2p1\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", bytes(64)],
    ids=["ssh", "http", "zeros"],
)
def test_a_server_of_another_protocol_is_no_scheduler(words: bytes) -> None:
    with listening(words) as port:
        reason = refusal(f"tcp://127.0.0.1:{port}")
    assert reason == f"what answers there is no scheduler of Dask; {NO_SCHEDULER}"


def test_the_address_of_a_worker_is_told_from_that_of_the_scheduler(two_workers: Machines) -> None:
    port = free_port()
    worker = DaskProcess(
        "worker", two_workers.address, "--no-nanny", "--no-dashboard", "--nthreads", "1", "--host", "127.0.0.1",
        "--worker-port", str(port),
    )  # fmt: skip
    try:
        wait_until(lambda: is_listening(port))
        assert refusal(f"tcp://127.0.0.1:{port}") == f"that is the address of a worker; {NO_SCHEDULER}"
    finally:
        worker.kill()


def test_tls_is_needed_on_both_sides_or_on_none(two_workers: Machines, tmp_path: Path) -> None:
    right, wrong = make_certificates(tmp_path / "right"), make_certificates(tmp_path / "wrong")
    there = Machines(
        protocol="tls", options=("--tls-ca-file", right["ca"], "--tls-cert", right["cert"], "--tls-key", right["key"])
    )
    try:
        wait_until(lambda: is_listening(there.port))
        assert "as a scheduler with TLS does; use a tls:// address" in refusal(f"tcp://127.0.0.1:{there.port}")
        assert "TLS needs certificates; name them in " in refusal(there.address)
        with dask.config.set(tls_of(right["ca"], wrong)):
            assert "as a scheduler does that does not know the certificate" in refusal(there.address)
        with dask.config.set(tls_of(wrong["ca"], right)):
            assert "its certificate is not of the authority that you trust" in refusal(there.address)
        with dask.config.set(tls_of(right["ca"], right)):
            connected_client(AddressBackend(there.address)).close()
            plain = two_workers.address.replace("tcp", "tls")
            for _ in range(20):  # the server is now and then the first to speak
                assert refusal(plain) == "it does not speak TLS; use a tcp:// address"
            with dask.config.set({"distributed.comm.require-encryption": True}):
                assert refusal(two_workers.address).endswith("demands TLS; use a tls:// address")
    finally:
        there.stop()


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    files = {name: str(tmp_path / "no.pem") for name in ("ca", "cert", "key")}
    with dask.config.set(tls_of(files["ca"], files)):
        reason = refusal("tls://127.0.0.1:1")
    assert reason.startswith(
        f"the certificates of Dask's configuration cannot be read: there is no {files['ca']}; correct distributed.comm"
    )


def test_a_queue_without_dask_jobqueue_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask_jobqueue", None)
    check_installed("local")
    with pytest.raises(ClusterError, match=r"a queue needs dask-jobqueue, .* install it: .*\[cluster\]"):
        check_installed("queue")


def test_the_command_ends_with_the_sentence_alone(run_home: Path) -> None:
    with listening(b"") as port:
        found = nnsize("size", "--neurons", "2", "--cv", "2", "--cluster", f"tcp://127.0.0.1:{port}")
    assert found.returncode == 2
    assert found.stderr == (
        f"nnsize: the scheduler tcp://127.0.0.1:{port} cannot be reached: what listens there does not answer as a "
        f"scheduler of Dask does; {NO_SCHEDULER}\n"
    )
    assert list_runs(run_home) == []

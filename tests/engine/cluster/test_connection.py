"""Clusters that cannot be used: one sentence each, and nothing left behind."""

import builtins
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from nnsize_engine.cluster import shared_folds
from nnsize_engine.cluster.opening import open_cluster
from nnsize_engine.errors import ClusterError
from nnsize_engine.settings.cluster import ClusterSettings
from support.certificates import make_certificates
from support.clusters import Log, Machines, cluster_fits, connected, free_port, machines, search_of, wait_until


def refusal(where: str, folder: Path, *, seconds: float = 3.0, log: Log | None = None) -> str:
    """Return why a cluster cannot be used."""
    with pytest.raises(ClusterError) as refused, connected(where, folder, log or Log(), seconds=seconds):
        pass
    return str(refused.value)


def test_nothing_at_the_address_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsize_engine.cluster.client.CONNECT_SECONDS", 1.0)
    address = f"tcp://127.0.0.1:{free_port()}"
    expected = "nothing answers there; start it with 'dask scheduler', or correct the address"
    assert refusal(address, tmp_path) == f"the scheduler {address} cannot be reached: {expected}"


def test_no_worker_in_time_is_one_sentence(tmp_path: Path) -> None:
    with machines(0) as there:
        wait_until(lambda: "Scheduler at" in there.scheduler.output or _answers(there))
        reason = refusal(there.address, tmp_path, seconds=1.0)
    assert reason == (
        f"no worker connected to {there.address} within 1.0s; start one with: dask worker {there.address}"
    )


def _answers(there: Machines) -> bool:
    import socket

    try:
        socket.create_connection(("127.0.0.1", there.port), timeout=1).close()
    except OSError:
        return False
    return True


def site_with_other_versions(folder: Path) -> str:
    """Make a folder in which Python finds another version of scikit-learn, as far as its metadata say."""
    fake = folder / "site" / "scikit_learn-1.2.3.dist-info"
    fake.mkdir(parents=True)
    (fake / "METADATA").write_text("Metadata-Version: 2.1\nName: scikit-learn\nVersion: 1.2.3\n")
    return str(fake.parent)


def test_a_scheduler_with_other_versions_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as changed:
        changed.setenv("PYTHONPATH", site_with_other_versions(tmp_path))
        there = Machines()
    try:
        wait_until(lambda: _answers(there))
        reason = refusal(there.address, tmp_path)
    finally:
        there.stop()
    words = f"scikit-learn 1.2.3 instead of {version('scikit-learn')}"
    assert reason == f"the scheduler {there.address} cannot be used: {words}; start it with the same versions"


def test_workers_with_other_versions_are_named_and_not_used(tmp_path: Path) -> None:
    log = Log()
    with machines(0) as there:
        there.start_worker(environment={"PYTHONPATH": site_with_other_versions(tmp_path)})
        wait_until(lambda: _answers(there))
        reason = refusal(there.address, tmp_path, seconds=15.0, log=log)
    words = f"scikit-learn 1.2.3 instead of {version('scikit-learn')}"
    assert reason == f"no worker of {there.address} can be used: {words}; install the same versions"
    assert f"are not used: {words}" in log


def test_a_missing_extra_is_named_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_dask(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] in ("distributed", "dask"):
            raise ImportError(f"No module named {name!r}")
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without_dask)
    settings = ClusterSettings(where="local:2")
    with (
        pytest.raises(ClusterError, match=r"needs Dask, which is not installed; install it: .*\[cluster\]"),
        open_cluster(settings, tmp_path, Log().note, threading.Event()),
    ):
        pass


def test_workers_with_too_little_memory_are_one_sentence(
    two_workers: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_folds, "WORKER_BYTES", 10**15)
    with (
        connected(two_workers.address, tmp_path, Log()) as cluster,
        pytest.raises(
            ClusterError, match=r"the workers have too little memory: .* start them with --memory-limit \d+MB or more"
        ),
    ):
        list(cluster_fits(search_of(), cluster))


def test_tls_takes_the_right_certificate_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import dask

    right, wrong = make_certificates(tmp_path / "right"), make_certificates(tmp_path / "wrong")
    options = ("--tls-ca-file", right["ca"], "--tls-cert", right["cert"], "--tls-key", right["key"])
    monkeypatch.setattr("nnsize_engine.cluster.client.CONNECT_SECONDS", 3.0)
    there = Machines(protocol="tls", options=options)
    try:
        there.start_worker()
        wait_until(lambda: _answers(there))
        with dask.config.set(_tls(wrong)):
            assert "TLS is refused" in refusal(there.address, tmp_path)
        assert "cannot be reached" in refusal(there.address, tmp_path)
        with dask.config.set(_tls(right)), connected(there.address, tmp_path, Log()) as cluster:
            assert len(list(cluster_fits(search_of(), cluster))) == 9
    finally:
        there.stop()


def _tls(files: dict[str, str]) -> dict[str, str]:
    """Return Dask's configuration of a client."""
    found = {"distributed.comm.tls.ca-file": files["ca"]}
    return found | {f"distributed.comm.tls.client.{name}": files[name] for name in ("cert", "key")}


def test_a_scheduler_file_names_the_scheduler(two_workers: Machines, tmp_path: Path) -> None:
    file = tmp_path / "scheduler.json"
    file.write_text(f'{{"address": "{two_workers.address}", "workers": {{}}}}')
    with connected(str(file), tmp_path, Log()) as cluster:
        assert len(cluster.workers) == 2
        facts = cluster.facts()
        assert facts.where == str(file)
        assert all(worker.memory > 0 and time.time() - worker.last_seen < 60 for worker in facts.workers)
    file.write_text("{}")
    assert "is no scheduler file" in refusal(str(file), tmp_path)
    file.unlink()
    assert "cannot be read: No such file or directory" in refusal(str(file), tmp_path)

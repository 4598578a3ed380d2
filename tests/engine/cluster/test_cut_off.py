"""A worker in another network whose link is cut for a moment, for longer, and is there again."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nnsize_engine.search.events import FinishedFit
from nnsize_engine.settings.network import NetworkParameters
from support.clusters import (
    DaskProcess,
    Log,
    cluster_fits,
    connected,
    free_port,
    key_of,
    local_fits,
    same_scores,
    search_of,
    wait_until,
)

_SUBNET = f"10.213.{os.getpid() % 250}"

HERE, THERE = f"{_SUBNET}.1", f"{_SUBNET}.2"

SHORT = NetworkParameters(max_iter=500, tol=0, n_iter_no_change=500)
"""About a tenth of a second of training."""

QUICK_LOSS = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "12s"}
"""A connection without an answer counts as broken after this time; 11 seconds are the least that Dask takes."""

SHORT_SECONDS = 1.0  # of a cut that connections survive


@dataclass(frozen=True, slots=True)
class Network:
    """Another network on this machine, with a link to this one."""

    name: str
    link: str

    def set_link(self, state: str) -> None:
        """Cut the link (``down``), or connect it (``up``)."""
        subprocess.run(["ip", "link", "set", self.link, state], check=True)


@pytest.fixture
def network() -> Iterator[Network]:
    """Another network, if the tests may make one."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can make a network namespace, and only on Linux")
    if shutil.which("ip") is None:
        pytest.skip("the command ip is not here")
    number = os.getpid() % 100_000
    found = Network(f"nnsize{number}", f"nz{number}a")
    peer = f"nz{number}b"
    commands = [
        f"ip netns add {found.name}",
        f"ip link add {found.link} type veth peer name {peer} netns {found.name}",
        f"ip addr add {HERE}/24 dev {found.link}",
        f"ip link set {found.link} up",
        f"ip -n {found.name} addr add {THERE}/24 dev {peer}",
        f"ip -n {found.name} link set {peer} up",
        f"ip -n {found.name} link set lo up",
    ]
    try:
        for command in commands:
            done = subprocess.run(command.split(), capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"no network namespace can be made here: {done.stderr.strip()}")
        yield found
    finally:
        subprocess.run(["ip", "netns", "del", found.name], capture_output=True, check=False)
        subprocess.run(["ip", "link", "del", found.link], capture_output=True, check=False)


def start_worker(address: str, network: Network | None = None) -> DaskProcess:
    """Start a worker here, or in another network."""
    prefix = () if network is None else ("ip", "netns", "exec", network.name)
    return DaskProcess(
        "worker", address, "--no-nanny", "--no-dashboard", "--nthreads", "1", "--host",
        HERE if network is None else THERE,
        environment=QUICK_LOSS, prefix=prefix,
    )  # fmt: skip


def is_listening(port: str) -> bool:
    """Return whether the scheduler has started."""
    with contextlib.suppress(OSError), socket.create_connection((HERE, int(port)), timeout=1):
        return True
    return False


def test_fits_of_a_worker_that_is_cut_off_are_repeated_and_it_can_come_back(network: Network, tmp_path: Path) -> None:
    search, log, found = search_of(neurons="40:52", cv=3, network=SHORT), Log(), []
    shorter = search_of(neurons="40:42", cv=3, network=SHORT)
    port = str(free_port())
    with contextlib.ExitStack() as processes:

        def kept(process: DaskProcess) -> DaskProcess:
            processes.callback(process.kill)
            return process

        scheduler = DaskProcess(
            "scheduler", "--host", f"tcp://{HERE}", "--port", port, "--no-dashboard", environment=QUICK_LOSS
        )
        kept(scheduler)
        wait_until(lambda: is_listening(port))
        address = f"tcp://{HERE}:{port}"
        kept(start_worker(address))
        cut_off = kept(start_worker(address, network))
        with connected(address, tmp_path, log, workers=2) as cluster:
            for fit in cluster_fits(search, cluster):
                found.append(fit)
                if len(found) == 4:
                    network.set_link("down")
                    time.sleep(SHORT_SECONDS)
                    network.set_link("up")
                if len(found) == 12:
                    assert "has left" not in log, "a short cut loses no worker"
                    network.set_link("down")
            assert "has left" in log
            network.set_link("up")
            cut_off.kill()  # by itself, its process ends once it has noticed
            kept(start_worker(address, network))
            wait_until(lambda: len(cluster.workers) == 2)
            again = list(cluster_fits(shorter, cluster))
    assert len({key_of(fit) for fit in found}) == len(found) == 36
    assert len(again) == 6
    expected = local_fits(search)
    for fits in (found, again):
        scored = {key_of(fit): fit for fit in fits if isinstance(fit, FinishedFit)}
        assert same_scores(scored, {key: expected[key] for key in scored})

"""The explorer ends at a signal and with its terminal, whatever lies in front, also while its output is blocked."""

import contextlib
import os
import random
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path

import pytest

from nnsize_engine.runs.folders import list_runs
from support.made_runs import made_run, make_evolution
from support.tmux import NNSIZE_TUI

MAX_SECONDS = 10.0
"""More than the two seconds that are promised: a busy machine is slow, and what never ends fails all the same."""

LEFT, MOUSE_OFF, OPENED = b"\x1b[?1049l", b"\x1b[?1002l", b"\x1b[?1049h"

FRONTS = {
    "the runs": "",
    "an evolution": "j\r",
    "help over an evolution": "j\r?",
    "export over a search": "\rx",
    "a setup": "n",
}
"""What is typed to have each screen and dialog in front; the search is on top."""


class Opened:
    """The explorer in a pseudo-terminal of 160x48, whose session it leads."""

    def __init__(self, *arguments: str, is_hang_up_ignored: bool = False) -> None:
        self.leader, follower = os.openpty()
        self.name = os.ttyname(follower)
        self.resize(160, 48)
        code = (
            "import fcntl, os, signal, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
            f"{'signal.signal(signal.SIGHUP, signal.SIG_IGN);' if is_hang_up_ignored else ''}"
            "os.execv(sys.argv[1], sys.argv[1:])"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, NNSIZE_TUI, *arguments], stdin=follower, stdout=follower, stderr=follower,
            env=os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8"},
        )  # fmt: skip
        os.close(follower)
        os.set_blocking(self.leader, False)
        self.written = b""

    def resize(self, width: int, height: int) -> None:
        ioctl(self.leader, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, until: bytes) -> None:
        """Read until a text was written."""
        deadline = time.monotonic() + 60
        while until not in self.read_now():
            assert time.monotonic() < deadline, self.written[-2000:]
            time.sleep(0.01)

    def read_now(self) -> bytes:
        """Read what is there; return all that was written so far."""
        with contextlib.suppress(OSError):
            while found := os.read(self.leader, 65536):
                self.written += found
        return self.written

    def block(self) -> None:
        """Fill what the system holds for a terminal that reads nothing, and have the whole screen drawn many times."""
        terminal = os.open(self.name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(terminal, b"\0" * 512)
        os.close(terminal)
        for number in range(16):
            self.resize(150 + number % 2, 48)
            time.sleep(0.05)

    def close(self) -> None:
        if self.leader >= 0:
            os.close(self.leader)
            self.leader = -1

    def ended(self) -> int:
        """Return the exit code, or the negative number of the signal that ended it."""
        return self.process.wait(MAX_SECONDS)


@contextlib.contextmanager
def opened(*arguments: str, is_hang_up_ignored: bool = False) -> Iterator[Opened]:
    explorer = Opened(*arguments, is_hang_up_ignored=is_hang_up_ignored)
    try:
        yield explorer
    finally:
        explorer.process.kill()
        explorer.process.wait()
        explorer.close()


@pytest.fixture
def runs(home: Path) -> Path:
    """Make a live search, which is on top, and a live evolution."""
    make_evolution(home, "bagote", state="running", generations=30, age=1)
    made_run(home, "zibiro", state="running", fits=5)
    return home


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("end", ["close", "close, hang-up ignored", "SIGTERM", "SIGHUP"])
def test_it_ends_whatever_lies_in_front_though_nobody_reads(end: str) -> None:
    with contextlib.ExitStack() as stack:
        explorers = [stack.enter_context(opened(is_hang_up_ignored="ignored" in end)) for _ in FRONTS]
        for explorer, keys in zip(explorers, FRONTS.values(), strict=True):
            explorer.read(b"Quit")
            for key in keys:
                os.write(explorer.leader, key.encode())
                time.sleep(0.3)
                explorer.read_now()
        for explorer in explorers:
            explorer.block()
        for explorer in explorers:
            if end.startswith("close"):
                explorer.close()
            else:
                explorer.process.send_signal(signal.Signals[end])
        for explorer in explorers:
            explorer.ended()
            if not end.startswith("close"):  # it is restored although it was not read
                written = explorer.read_now()
                assert written.rindex(LEFT) > written.rindex(OPENED)
                assert written.rindex(MOUSE_OFF) > written.rindex(OPENED)
                assert termios.tcgetattr(explorer.leader)[3] & (termios.ECHO | termios.ICANON)


@pytest.mark.usefixtures("runs")
def test_it_stays_at_a_hang_up_that_is_ignored_while_the_terminal_is_there() -> None:
    with opened(is_hang_up_ignored=True) as explorer:
        explorer.read(b"Quit")
        explorer.process.send_signal(signal.SIGHUP)
        os.write(explorer.leader, b"?")
        explorer.read(b"This screen")
        explorer.process.send_signal(signal.SIGTERM)
        explorer.read(LEFT)
        assert explorer.ended() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.usefixtures("runs")
def test_it_ends_at_a_signal_at_any_moment_of_its_start(number: signal.Signals) -> None:
    chance = random.Random(15)
    for _ in range(4):
        with opened() as explorer:
            after = chance.uniform(0.05, 1.2)
            time.sleep(after)
            explorer.process.send_signal(number)
            deadline = time.monotonic() + MAX_SECONDS
            while explorer.process.poll() is None and time.monotonic() < deadline:
                explorer.read_now()
                time.sleep(0.01)
            explorer.ended()
            written = explorer.read_now()
            if b"/nnsize_tui/" not in written and b"Traceback" in written:
                continue  # Python itself was starting: no line of ours was run
            assert b"Traceback" not in written, f"after {after:.3f} s: {written!r}"
            assert written.count(OPENED) == written.count(LEFT), f"after {after:.3f} s: {written[-300:]!r}"


def test_a_run_that_is_being_started_is_named_though_the_explorer_is_left_at_once(run_home: Path) -> None:
    with opened("--start") as explorer:
        while not (made := list_runs(run_home)):
            explorer.read_now()
            assert explorer.process.poll() is None
            time.sleep(0.002)
        os.write(explorer.leader, b"q")
        deadline = time.monotonic() + 60
        while explorer.process.poll() is None and time.monotonic() < deadline:
            explorer.read_now()
            time.sleep(0.01)
        assert explorer.ended() == 0
        assert made[0].name.encode() in explorer.read_now()

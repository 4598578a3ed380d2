"""Terminals: the explorer on slow, stalled and closed ones; it ends with its terminal, in time."""

import contextlib
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import sys
import termios
import time
from pathlib import Path
from random import Random

from campaign.filled_runs import filled_runs
from campaign.outcome import Outcome
from nnsize_engine.runs import launch
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings

MAX_END_SECONDS = 2.0  # after a signal, or after the terminal was closed

MAX_QUIT_SECONDS = 3.0  # after q

READ_SECONDS = 0.1  # that this process itself may be late

MAX_START_SECONDS = 60.0  # until the first frame

KEYS = (
    "?", "\x1b", "\r", "j", "k", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\t", "l", "m", "z", "o", "O", "x", "e", "/",
    "n", " ", "\x1b[F", "\x1b[H", "s", "c", "v", "t",
)  # fmt: skip
"""Keys that start no run; ``q`` is pressed at the end."""

LIVE = SizeSettings(
    data="breast_cancer", neurons="5:5000", cv=3, jobs=1, network=NetworkParameters(max_iter=400, tol=0),
    references=False,
)  # fmt: skip
"""A search that outlasts every trial."""


TOO_SMALL = b"Too small"
"""Words of the picture in a terminal that is too small for any other."""


class _Explorer:
    """The explorer in a pseudo-terminal of this process."""

    def __init__(self, arguments: list[str], size: tuple[int, int]) -> None:
        self.pid, self.handle = pty.fork()
        if self.pid == 0:  # the child: nothing may return from here
            with contextlib.suppress(OSError):
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
                environment = os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
                os.execve(sys.executable, [sys.executable, "-m", "nnsize_tui", *arguments], environment)
            os._exit(127)
        self.output = b""

    def read(self, seconds: float, *, bytes_a_second: float = 1e9) -> None:
        """Read for some time, as fast as the line."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self.handle], [], [], min(left, 0.1))[0]:
                try:
                    data = os.read(self.handle, int(max(1, min(65536, bytes_a_second / 10))))
                except OSError:
                    return
                self.output += data
                if bytes_a_second < 1e6:
                    time.sleep(0.1)

    def wait_for_picture(self) -> bool:
        """Read until the first picture is there."""
        deadline = time.monotonic() + MAX_START_SECONDS
        while time.monotonic() < deadline and not self._is_drawn() and not self.has_ended():
            self.read(0.2)
        return self._is_drawn()

    def _is_drawn(self) -> bool:
        return len(self.output) >= 2000 or TOO_SMALL in self.output

    def press(self, keys: str) -> None:
        """Type keys, as far as the terminal takes them."""
        with contextlib.suppress(OSError):
            if select.select([], [self.handle], [], 0)[1]:
                os.write(self.handle, keys.encode())

    def has_ended(self) -> bool:
        """Return whether the process is gone."""
        if self.pid:
            done, _ = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.pid = 0
        return self.pid == 0

    def waited(self) -> float:
        """Return how long its threads were ready to go on but waited for a processor, which other programs had."""
        found = 0
        for path in Path(f"/proc/{self.pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError, ValueError, IndexError):  # the thread has ended
                found += int(path.read_text().split()[1])
        return found / 1e9

    def ends_within(self, seconds: float, *, is_read: bool) -> bool:
        """Wait for its end; seconds in which it waited for a processor do not count."""
        begun, waited_before, waited = time.monotonic(), self.waited(), 0.0
        while not self.has_ended():
            waited = max(waited, self.waited() - waited_before)
            if time.monotonic() - begun > seconds + READ_SECONDS + waited:
                return False
            if self.handle >= 0 and is_read:
                self.read(0.05)
            else:
                time.sleep(0.02)
        return True

    def close(self) -> None:
        """Close the terminal."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def end(self) -> None:
        """Leave nothing behind."""
        self.close()
        if not self.has_ended():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


def try_terminal(chance: Random, folder: Path) -> Outcome:
    """Open the explorer, press keys, spoil its terminal in one way, and wait for its end."""
    home = folder / "home"
    for name, source in filled_runs().items():
        shutil.copytree(source, home / name)
    live = launch.start(LIVE, home).name if chance.random() < 0.5 else None
    opened = chance.choice(([], ["search"], ["evolution"], ["comparison"], [live or "layers"]))
    size = chance.choice(((80, 24), (160, 48), (40, 10)))
    explorer = _Explorer(opened, size)
    way = chance.choice(list(WAYS))
    words = f"{way} at {size[0]}×{size[1]}, {opened or 'all runs'}"
    try:
        if not explorer.wait_for_picture():
            return Outcome(failures=(f"{words}: no picture; {explorer.output[-300:]!r}",))
        for _ in range(chance.randint(0, 12)):
            explorer.press(chance.choice(KEYS))
            explorer.read(chance.uniform(0, 0.3))
        seconds = WAYS[way](chance, explorer)
        has_ended = explorer.ends_within(seconds, is_read=way in READ)
        faults = [] if has_ended else [f"{words}: the explorer is there after {seconds:.0f} s"]
        if b"Traceback" in explorer.output:
            faults.append(f"{words}: {explorer.output[-2000:]!r}")
        return Outcome(failures=tuple(faults))
    finally:
        explorer.end()


def _close(chance: Random, explorer: _Explorer) -> float:
    del chance
    explorer.close()
    return MAX_END_SECONDS


def _stall_and_close(chance: Random, explorer: _Explorer) -> float:
    for _ in range(chance.randint(1, 6)):
        explorer.press(chance.choice(KEYS))
        time.sleep(chance.uniform(0, 0.8))
    explorer.close()
    return MAX_END_SECONDS


def _stall_and_signal(chance: Random, explorer: _Explorer) -> float:
    explorer.press("?")
    time.sleep(chance.uniform(0.5, 3))
    os.kill(explorer.pid, chance.choice((signal.SIGTERM, signal.SIGHUP)))
    return MAX_END_SECONDS


def _signal(chance: Random, explorer: _Explorer) -> float:
    os.kill(explorer.pid, chance.choice((signal.SIGTERM, signal.SIGHUP)))
    return MAX_END_SECONDS


def _slow_and_quit(chance: Random, explorer: _Explorer) -> float:
    rate = chance.choice((2_000, 16_000))
    explorer.read(chance.uniform(0.5, 2), bytes_a_second=rate)
    for _ in range(chance.randint(0, 3)):
        explorer.press(chance.choice(KEYS))
        explorer.read(chance.uniform(0, 0.5), bytes_a_second=rate)
    return _quit(chance, explorer)


def _quit(chance: Random, explorer: _Explorer) -> float:
    """Step out of every dialog, and quit."""
    del chance
    for _ in range(6):
        explorer.press("\x1b")
        explorer.read(0.3)
    explorer.press("q")
    explorer.read(0.3)
    explorer.press("q")
    return MAX_QUIT_SECONDS


WAYS = {
    "closed": _close,
    "stalled, then closed": _stall_and_close,
    "stalled, then a signal": _stall_and_signal,
    "a signal": _signal,
    "slow, then quit": _slow_and_quit,
    "quit": _quit,
}

READ = ("a signal", "slow, then quit", "quit")
"""Ways in which somebody still reads what the explorer says at last."""

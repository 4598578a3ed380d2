"""The real explorer in a pseudo-terminal."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping

LONGEST = 60.0


class Terminal:
    """A process in its own terminal, and its output."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> None:
        self.written = b""
        self.pid, self._handle = pty.fork()
        if self.pid == 0:  # the child: nothing may return from here
            with contextlib.suppress(OSError):
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
                os.execve(sys.executable, [sys.executable, "-m", "nnsize_tui", *arguments], dict(environment))
            os._exit(127)

    def read_until(self, is_enough: Callable[[bytes], object]) -> bytes:
        """Read until a condition on the output holds or the program ends; fail if neither happens in time."""
        deadline = time.monotonic() + LONGEST
        while not is_enough(self.written):
            assert time.monotonic() < deadline, f"not written in time; it wrote {self.written[-3000:]!r}"
            if select.select([self._handle], [], [], 0.1)[0]:
                try:
                    data = os.read(self._handle, 65536)
                except OSError:  # it has ended
                    break
                self.written += data
        return self.written

    def press(self, keys: str) -> None:
        """Type keys."""
        os.write(self._handle, keys.encode())

    def kill(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        os.kill(self.pid, number)

    def ended(self) -> int:
        """Read to the end; return the exit code, or the negative number of the signal that ended the process."""
        self.read_until(lambda _: False)
        _, status = os.waitpid(self.pid, 0)
        os.close(self._handle)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)


@contextlib.contextmanager
def terminal(*arguments: str, size: tuple[int, int] = (80, 24), **variables: str) -> Iterator[Terminal]:
    """Run the explorer with these arguments, in this environment with some variables changed."""
    standard = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": ""}
    opened = Terminal(list(arguments), {**os.environ, **standard, **variables}, size)
    try:
        yield opened
    finally:
        if opened.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(opened.pid, signal.SIGKILL)
            opened.ended()

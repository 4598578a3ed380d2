"""A program in a terminal that a test can type into, resize and read: tmux with its own server."""

import contextlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

LONGEST = 60.0
NNSIZE_TUI = Path(sys.executable).with_name("nnsize-tui")

needs_tmux = pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed")


def is_there(process: int) -> bool:
    """Return whether a process has not ended; a zombie has ended."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


class Tmux:
    """A window without a status line, in which programs can run one after the other."""

    def __init__(self, socket: Path, command: Sequence[str], size: tuple[int, int], settings: Sequence[str]) -> None:
        self._socket = socket
        width, height = size
        start = ["new-session", "-d", "-x", str(width), "-y", str(height), shlex.join(["sleep", "infinity"])]
        self._call(
            "-f", "/dev/null", *start, ";", "set", "-g", "status", "off", ";", "set", "-g", "remain-on-exit", "on"
        )
        for setting in settings:
            self._call("set", "-g", *setting.split(" ", 1))
        self._call("set", "-g", "window-size", "manual")
        self.resize(width, height)
        self.run(command)

    def run(self, command: Sequence[str]) -> None:
        """Replace the program in the window."""
        self._call("respawn-pane", "-k", shlex.join(command))

    def press(self, *keys: str) -> None:
        """Press keys, as tmux names them."""
        self._call("send-keys", *keys)

    def write(self, text: str) -> None:
        """Type a line, and enter."""
        self._call("send-keys", "-l", text)
        self._call("send-keys", "Enter")

    def resize(self, width: int, height: int) -> None:
        """Give the window another size."""
        self._call("resize-window", "-x", str(width), "-y", str(height))

    def shown(self) -> str:
        """Return the text of the window."""
        return self._call("capture-pane", "-p")

    def colours(self) -> str:
        """Return the text with the codes of its colours, as tmux writes them."""
        return self._call("capture-pane", "-p", "-e")

    def until(self, is_so: Callable[[str], object]) -> str:
        """Wait until a condition on the text holds; return the text."""
        deadline = time.monotonic() + LONGEST
        while not is_so(text := self.shown()):
            assert time.monotonic() < deadline, f"not so in time; the screen shows\n{text}"
            time.sleep(0.03)
        return text

    def until_shown(self, *words: str) -> str:
        """Wait until all these words are shown."""
        return self.until(lambda text: all(word in text for word in words))

    def process(self) -> int:
        """Return the number of the process in the window."""
        return int(self._call("display", "-p", "#{pane_pid}"))

    def wait_for_end(self) -> None:
        """Wait until the program in the window has ended."""
        process = self.process()
        deadline = time.monotonic() + LONGEST
        while is_there(process):
            assert time.monotonic() < deadline, f"not ended in time; the screen shows\n{self.shown()}"
            time.sleep(0.03)

    def _call(self, *arguments: str) -> str:
        command = ["tmux", "-u", "-S", str(self._socket), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, encoding="utf-8")
        assert done.returncode == 0, f"{shlex.join(command)}: {done.stderr}"
        return done.stdout

    def close(self) -> None:
        """End the server and the program in it."""
        subprocess.run(["tmux", "-S", str(self._socket), "kill-server"], capture_output=True, timeout=60)


@contextlib.contextmanager
def tmux(
    *command: str | Path, size: tuple[int, int] = (80, 24), settings: Sequence[str] = (), **variables: str
) -> Iterator[Tmux]:
    """Run a command in a terminal, in this environment with some variables changed; an empty value removes one."""
    standard = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "", "COLORTERM": "", "NO_COLOR": ""}
    changed = standard | variables
    unset = [option for name, value in changed.items() if not value for option in ("-u", name)]
    given = [f"{name}={value}" for name, value in changed.items() if value]
    with tempfile.TemporaryDirectory(prefix="nnsize-tmux-") as folder:  # not below pytest's: a socket's path is short
        whole = ["env", "-u", "TMUX", *unset, *given, *(str(part) for part in command)]
        opened = Tmux(Path(folder, "socket"), whole, size, settings)
        try:
            yield opened
        finally:
            opened.close()

# ruff: noqa: T201  printing is what it is for
"""Measure how soon the explorer is useful, and what it sends: ``python tui/benchmarks/first_frame.py``.

Starts the real program in a pseudo-terminal. The first useful frame is the one in which the newest run's row and the
line of keys stand on the screen, counted from before the process is made. Takes about three minutes.
"""

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import create, open_for_writing, transaction
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.writer import add_fits, set_state
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.search import SizeSettings

LIVELY = SizeSettings(neurons="5:400:1", cv=10)
"""Tens of fits a second, for minutes."""

FAST = EvolutionSettings(
    data="iris", layers="4", fitness="log_loss", members=60, generations=1_000_000, jobs=1, tol=0.0, reference=False
)
"""Hundreds of generations a second, for as long as one likes."""

RUNS = 8
STARTS = 5
LAST_KEY = b"Quit"


@dataclass
class Terminal:
    """The explorer in a terminal of a given size, and all it has written."""

    arguments: list[str]
    home: Path
    width: int = 80
    height: int = 24
    written: bytearray = field(default_factory=bytearray)

    def __enter__(self) -> "Terminal":
        self.started = time.monotonic()
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.environ.update(NNSIZE_HOME=str(self.home), TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", self.height, self.width, 0, 0))
            os.execv(sys.executable, [sys.executable, "-m", "nnsize_tui", *self.arguments])
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGTERM)
        self.read_until(lambda: False, 20.0)  # on a busy machine leaving takes a moment
        os.close(self.handle)
        os.kill(self.pid, signal.SIGKILL)  # does nothing to what has ended
        os.waitpid(self.pid, 0)

    def read_until(self, is_enough: Callable[[], bool], seconds: float) -> bool:
        """Read what it writes; whether that was enough before the time was up."""
        deadline = time.monotonic() + seconds
        while not is_enough():
            wait = deadline - time.monotonic()
            if wait <= 0:
                return False
            if select.select([self.handle], [], [], wait)[0]:
                try:
                    data = os.read(self.handle, 65536)
                except OSError:  # it has ended
                    return False
                if not data:
                    return False
                self.written += data
        return True

    def rate(self, seconds: float) -> float:
        """Bytes a second that it writes from now on."""
        before = len(self.written)
        self.read_until(lambda: False, seconds)
        return (len(self.written) - before) / seconds


def fabricate(home: Path) -> str:
    """Finished runs as large as the built-in search; returns the id of the newest."""
    settings = SizeSettings()
    for number in range(RUNS):
        folder = home / f"run{number:03d}"
        create(folder, folder.name, settings)
        connection = open_for_writing(folder)
        fits = [
            FitResult(
                candidate=candidate.number,
                fold=fold,
                test_score=0.99 + 0.0001 * fold,
                train_score=1.0,
                fit_seconds=0.1,
                score_seconds=0.01,
                iterations=200,
                has_converged=False,
            )
            for fold in range(settings.cv)
            for candidate in list_candidates(settings)
        ]
        with transaction(connection, folder):
            add_fits(connection, fits)
            set_state(connection, "finished")
        connection.close()
    return f"run{RUNS - 1:03d}"


def first_frames(home: Path, newest: str) -> list[float]:
    """Seconds to the first useful frame, of several fresh starts."""
    found = []
    for _ in range(STARTS):
        with Terminal([], home) as terminal:
            written = terminal.written
            if not terminal.read_until(lambda: newest.encode() in written and LAST_KEY in written, 10):  # noqa: B023
                raise SystemExit("the table of runs did not appear in 10 s")
            found.append(time.monotonic() - terminal.started)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Bytes a second."""

    search: float
    """With a live search open."""

    evolution: float
    """With a live evolution open that has many generations a second."""

    both: float
    """With two of these compared."""

    runs: float
    """With the table of runs, three of which are live."""

    quiet: float
    """While nothing changes."""


def live_rates(width: int, height: int) -> Rates:
    """Measure what is sent to a terminal of this size."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        evolutions = [launch.start(replace(FAST, seed=seed), home) for seed in (0, 1)]
        search = launch.start(LIVELY, home)
        for run in (search, *evolutions):
            launch.wait_for(run, lambda state: state == "running", 60)
            while RunFollower(run).look().header.done < 5:
                time.sleep(0.1)
        rates = []
        for arguments, keys in (
            ([search.name], b""),
            ([evolutions[0].name], b""),
            ([], b"j  c"),  # the search is on top: mark both others, compare them
            ([], b""),
        ):
            with Terminal(arguments, home, width, height) as terminal:
                if not terminal.read_until(lambda: LAST_KEY in terminal.written, 20):
                    raise SystemExit("the explorer did not appear in 20 s")
                terminal.rate(2.0)
                os.write(terminal.handle, keys)
                terminal.rate(4.0)  # what opens a screen is not what it costs to watch it
                rates.append(terminal.rate(10.0))
        states = [read_state(run)[1] for run in (search, *evolutions)]
        if states != ["running"] * 3:
            raise SystemExit(f"the runs were to be live throughout, and are {', '.join(states)}")
        for run in (search, *evolutions):
            launch.stop(run)
            launch.wait_for(run, lambda state: state == "stopped", 60)
        with Terminal([search.name], home, width, height) as terminal:
            terminal.rate(4.0)
            quiet = terminal.rate(5.0)
        return Rates(search=rates[0], evolution=rates[1], both=rates[2], runs=rates[3], quiet=quiet)


def main() -> None:
    """Print every number."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--only-start", action="store_true", help="measure only the first frame")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        times = first_frames(home, fabricate(home))
    print(f"first useful frame: median {statistics.median(times):.2f} s of {', '.join(f'{one:.2f}' for one in times)}")
    if options.only_start:
        return
    for width, height in ((80, 24), (160, 48)):
        found = asdict(live_rates(width, height))
        print(f"{width}x{height}: " + ", ".join(f"{name} {rate:.0f} B/s" for name, rate in found.items()))


if __name__ == "__main__":
    main()

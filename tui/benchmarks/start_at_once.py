# ruff: noqa: T201  printing is what it is for
"""Measure how soon the first fit of article 1 is finished: ``python tui/benchmarks/start_at_once.py [--save]``.

Starts the real explorer in a pseudo-terminal, opens the setup, and presses ctrl+s after some seconds, as somebody who
reads it does. The time counts from that key until the first fit is stored in the run, and until the screen of the run
shows it. For comparison, ``nnsize size`` is started on the command line, which loads its libraries after the command.
Takes about four minutes. With ``--save`` the numbers are kept in ``results/start_at_once.txt``.
"""

import argparse
import contextlib
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from first_frame import LAST_KEY, Terminal

from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import list_runs

CTRL_S = b"\x13"
SETUP_KEY = b"Background"
FIRST_ANSWER = "So far (1 of 5 folds)"
"""What the screen says as soon as it knows a fit."""

LOOK_SECONDS = 0.005
MAX_SECONDS = 120.0

_CODE = re.compile(
    rb"\x1b\[(?P<numbers>[0-9;]*)(?P<letter>[A-Za-z])|\x1b\][^\x07]*\x07|\x1b\[\?[0-9;$]*[a-z]|(?P<back>\x08)"
    rb"|(?P<text>[^\x1b\x08\x00-\x1f]+)"
)


@dataclass
class Picture:
    """The characters on the screen, as far as the codes that the explorer sends need it."""

    lines: dict[int, dict[int, str]] = field(default_factory=dict)
    row: int = 1
    column: int = 1

    def take(self, written: bytes) -> None:
        """Follow what is written."""
        for found in _CODE.finditer(written):
            if found["text"] is not None:
                for character in found["text"].decode(errors="replace"):
                    self.lines.setdefault(self.row, {})[self.column] = character
                    self.column += 1
            elif found["back"] is not None:
                self.column -= 1
            elif found["letter"] is not None:
                self._move(found["letter"].decode(), [int(one or 1) for one in found["numbers"].decode().split(";")])

    def _move(self, letter: str, numbers: Sequence[int]) -> None:
        if letter == "H":
            self.row, self.column = numbers[0], numbers[-1] if len(numbers) > 1 else 1
        elif letter in "AB":
            self.row += numbers[0] if letter == "B" else -numbers[0]
        elif letter in "CD":
            self.column += numbers[0] if letter == "C" else -numbers[0]
        elif letter == "X":
            line = self.lines.setdefault(self.row, {})
            line.update(dict.fromkeys(range(self.column, self.column + numbers[0]), " "))

    @property
    def text(self) -> str:
        """All lines, one below the other."""
        return "\n".join(
            "".join(self.lines[row].get(column, " ") for column in range(1, max(self.lines[row], default=0) + 1))
            for row in sorted(self.lines)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Seconds from the key."""

    stored: float
    shown: float


def measure_start(home: Path, seconds: float) -> Start:
    """Start article 1's search from the setup screen, some seconds after that was drawn."""
    with Terminal([], home) as terminal:
        written = terminal.written
        _need(terminal.read_until(lambda: LAST_KEY in written, 60), "the explorer did not appear")
        opened = len(written)
        os.write(terminal.handle, b"n")
        _need(terminal.read_until(lambda: SETUP_KEY in written[opened:], 60), "the setup did not appear")
        terminal.read_until(lambda: False, seconds)
        picture, read = Picture(), 0
        picture.take(bytes(written))
        stored, read = 0.0, len(written)
        os.write(terminal.handle, CTRL_S)
        started = time.monotonic()
        while True:
            terminal.read_until(lambda: False, LOOK_SECONDS)
            now = time.monotonic() - started
            picture.take(bytes(written[read:]))
            read = len(written)
            stored = stored or (now if _stored_fits(home) else 0.0)
            if FIRST_ANSWER in picture.text:
                break
            _need(now < MAX_SECONDS, f"no fit was shown; the screen is\n{picture.text}")
    _stop_all(home)
    return Start(stored=stored or now, shown=now)


def measure_command(home: Path) -> float:
    """Return the seconds from a command to its first stored fit."""
    program = Path(sys.executable).with_name("nnsize")
    started = time.monotonic()
    subprocess.run(
        [program, "size", "--detach"], env=os.environ | {"NNSIZE_HOME": str(home)}, check=True, capture_output=True
    )
    while not _stored_fits(home):
        _need(time.monotonic() - started < MAX_SECONDS, "no fit was stored")
        time.sleep(LOOK_SECONDS)
    found = time.monotonic() - started
    _stop_all(home)
    return found


def _stored_fits(home: Path) -> int:
    for file in home.glob("*/run.sqlite"):
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection,
        ):
            return int(connection.execute("SELECT count(*) FROM fit").fetchone()[0])
    return 0


def _stop_all(home: Path) -> None:
    for folder in list_runs(home):
        launch.stop(folder)
        launch.wait_for_end(folder)


def _need(is_so: bool, words: str) -> None:
    if not is_so:
        raise SystemExit(words)


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--starts", type=int, default=10, help="number of starts of each kind")
    parser.add_argument("--seconds", type=float, default=5.0, help="between the drawn setup and ctrl+s")
    parser.add_argument("--save", action="store_true", help="keep the numbers in results/start_at_once.txt")
    options = parser.parse_args()
    starts, commands = [], []
    for _ in range(options.starts):
        with tempfile.TemporaryDirectory() as folder:
            starts.append(measure_start(Path(folder), options.seconds))
        with tempfile.TemporaryDirectory() as folder:
            commands.append(measure_command(Path(folder)))
        print(f"{starts[-1]}, command {commands[-1]:.2f}", flush=True)
    lines = [
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}, "
        f"niceness {os.nice(0)}",
        *(
            f"{what:<58} median {statistics.median(found):.2f} s, {min(found):.2f} to {max(found):.2f}"
            for what, found in (
                (f"ctrl+s, {options.seconds:g} s after the setup: first fit stored", [one.stored for one in starts]),
                (f"ctrl+s, {options.seconds:g} s after the setup: first fit shown", [one.shown for one in starts]),
                ("nnsize size --detach: first fit stored", commands),
            )
        ),
    ]
    print("\n".join(lines))
    if options.save:
        place = Path(__file__).with_name("results") / "start_at_once.txt"
        place.write_text("\n".join([time.strftime("%Y-%m-%d"), *lines]) + "\n")


if __name__ == "__main__":
    main()

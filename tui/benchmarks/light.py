# ruff: noqa: T201  printing is what it is for
"""Measure every target of a light explorer, with a search that keeps all processors busy beside it.

``python tui/benchmarks/light.py [--save]`` starts the real program in pseudo-terminals; takes half an hour. With
``--save`` the numbers are kept in ``results/light.txt``, with the date and the load of the machine.
"""

import argparse
import contextlib
import math
import os
import select
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from first_frame import Terminal, fabricate, first_frames, live_rates
from slow_links import measure_slow_links

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.records import HISTOGRAM_BINS, GenerationResult
from nnsize_engine.results.search_records import FitResult
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import create, open_for_writing, transaction
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.writer import add_fits, add_generations, set_state
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.search import SizeSettings

BUSY = SizeSettings(neurons="500:3000:5", cv=10)
"""Large enough to go on for as long as everything here takes."""

CANDIDATES = SizeSettings(neurons="1:10001:1", cv=3)
GENERATIONS = 50_000
PRESSES = ["j", "j", "k", "j", "G", "k", "g", "\x1b[6~", "\x1b[5~", "l"] * 20
SCROLLS = ["j", "\x1b[6~", "\x1b[6~", "G", "k", "\x1b[5~", "g", "\x1b[6~"] * 6
LINK = 16_000
"""Bytes a second of a slow line."""

LEFT = b"\x1b[?1049l"
"""Leaves the alternate screen: all before it has been shown."""


@dataclass
class Report:
    """The lines printed, and whether each target was met."""

    lines: list[str]

    def add(self, what: str, number: float, target: float, unit: str, more: str = "") -> None:
        """One number beside its target."""
        verdict = "ok    " if number <= target else "MISSED"
        line = f"{verdict} {what:<76} {number:>9.4g} {unit:<5} target {target:g} {unit}{more}"
        self.note(line)

    def note(self, line: str) -> None:
        """Take a line as it is."""
        self.lines.append(line.rstrip())
        print(line, flush=True)


@contextlib.contextmanager
def busy_search(home: Path) -> Iterator[Path]:
    """A search that keeps every processor busy."""
    folder = launch.start(BUSY, home)
    while RunFollower(folder).look().header.done < 2:
        time.sleep(0.2)
    try:
        yield folder
    finally:
        launch.stop(folder)
        launch.wait_for(folder, lambda state: state not in ("starting", "running"), 60)


def many_candidates(home: Path) -> str:
    """A finished search of ten thousand sizes; its id."""
    folder = home / "manysizes"
    create(folder, folder.name, CANDIDATES)
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        add_fits(
            connection,
            [
                FitResult(
                    candidate=one.number,
                    fold=fold,
                    test_score=0.95 + 0.04 * math.tanh(one.number / 900) + 0.001 * ((one.number * 7 + fold * 3) % 11),
                    train_score=1.0,
                    fit_seconds=0.1,
                    score_seconds=0.01,
                    iterations=200,
                    has_converged=False,
                )
                for one in list_candidates(CANDIDATES)
                for fold in range(CANDIDATES.cv)
            ],
        )
        set_state(connection, "finished")
    connection.close()
    return folder.name


def many_generations(home: Path) -> str:
    """A finished evolution of fifty thousand generations; its id."""
    settings = replace(EvolutionSettings(), generations=GENERATIONS, reference=False)
    folder = home / "manygens"
    create(folder, folder.name, settings)
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        add_generations(connection, [_generation(number, settings) for number in range(GENERATIONS + 1)])
        set_state(connection, "finished")
    connection.close()
    return folder.name


def _generation(number: int, settings: EvolutionSettings) -> GenerationResult:
    best = -1 + 0.4 * math.exp(-number / 9000) + 0.0001 * (number % 13)
    members = settings.member_count
    return GenerationResult(
        number=number,
        best=best,
        mean=best + 0.02,
        std=0.01,
        train=best,
        held_out=best + 0.01,
        diversity=1 / (1 + number / 5000),
        accepted=members // 3,
        mutation=0.7,
        recombination=0.7,
        members=members,
        evaluations=members * (number + 1),
        seconds=0.01,
        elapsed=0.01 * number,
        restarts=0,
        low=best,
        high=best + 0.05,
        counts=(members, *[0] * (HISTOGRAM_BINS - 1)),
    )


def answers(terminal: Terminal, keys: Sequence[str]) -> list[float]:
    """Milliseconds from each key to what it changes on the screen; a key that changes nothing is left out."""
    found = []
    for key in keys:
        terminal.read_until(lambda: False, 0.05)
        before = len(terminal.written)
        started = time.monotonic()
        os.write(terminal.handle, key.encode())
        if terminal.read_until(lambda: len(terminal.written) > before, 2.0):  # noqa: B023
            found.append(1000 * (time.monotonic() - started))
    return found


def opens(home: Path, run: str, word: bytes) -> tuple[list[float], float, float]:
    """A run opened from the table of all: milliseconds that scrolling takes, seconds to open, and its memory."""
    with Terminal([], home, 160, 48) as terminal:
        terminal.read_until(lambda: run.encode() in terminal.written, 10)
        terminal.read_until(lambda: False, 1.5)
        os.write(terminal.handle, b"\x10open run " + run.encode())  # typed ahead of the list of commands
        terminal.read_until(lambda: False, 1.5)
        terminal.written.clear()
        started = time.monotonic()
        os.write(terminal.handle, b"\r")
        if not terminal.read_until(lambda: word in terminal.written, 20):
            raise SystemExit(f"{run} did not open: {bytes(terminal.written[-2000:])!r}")
        seconds = time.monotonic() - started
        terminal.read_until(lambda: False, 1.5)
        return answers(terminal, SCROLLS), seconds, resident(terminal.pid)


def resident(pid: int) -> float:
    """Megabytes of memory that a process has."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def quits(home: Path, run: str) -> float:
    """Seconds from q to the end over a slow line, with pictures still on their way."""
    with Terminal([run], home, 160, 48) as terminal:
        terminal.read_until(lambda: False, 3.0)
        os.write(terminal.handle, b"zGg")
        _trickle(terminal, 0.3)
        started = time.monotonic()
        os.write(terminal.handle, b"q")
        _trickle(terminal, 20.0)
        return time.monotonic() - started


def _trickle(terminal: Terminal, seconds: float) -> None:
    """Read no faster than the line, until the screen was left or the time is up."""
    started, before = time.monotonic(), len(terminal.written)
    while (passed := time.monotonic() - started) < seconds:
        room = int(LINK * passed) - (len(terminal.written) - before)
        if room > 0 and select.select([terminal.handle], [], [], 0.02)[0]:
            with contextlib.suppress(OSError):
                terminal.written += os.read(terminal.handle, room)
        if LEFT in terminal.written:
            return
        time.sleep(0.02)


def measure(report: Report, *, has_slow_links: bool) -> None:
    """Every target in turn."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        newest = fabricate(home)
        with busy_search(home):
            times = first_frames(home, newest)
            report.add(
                "first useful frame, median of five", statistics.median(times), 0.6, "s", f", worst {max(times):.2f}"
            )
            with Terminal([newest], home, 160, 48) as terminal:
                terminal.read_until(lambda: False, 3.0)
                taken = answers(terminal, PRESSES)
                report.add(f"key to changed screen, median of {len(taken)}", statistics.median(taken), 50, "ms")
                report.add(f"key to changed screen, worst of {len(taken)}", max(taken), 150, "ms")
                report.add("resident memory, a run open", resident(terminal.pid), 120, "MB")
            report.add("q over 16 kB/s with pictures on their way", quits(home, newest), 1.0, "s")
            sizes, generations = many_candidates(home), many_generations(home)
            for run, word, what in (
                (sizes, b"folds of", "10,000 sizes"),
                (generations, b"generation 5", "50,000 generations"),
            ):
                scrolls, seconds, memory = opens(home, run, word)
                report.add(f"{what}: opened", seconds, 1.0, "s")
                report.add(f"{what}: key to changed screen, median", statistics.median(scrolls), 50, "ms")
                report.add(f"{what}: key to changed screen, worst", max(scrolls), 150, "ms")
                report.add(f"{what}: resident memory", memory, 120, "MB")
    for width, height, most in ((80, 24, 2000), (160, 48, 4000)):
        found = live_rates(width, height)
        report.add(f"{width}x{height}: a live search open", found.search, most, "B/s")
        report.add(f"{width}x{height}: a live evolution open", found.evolution, most, "B/s")
        report.add(f"{width}x{height}: two live evolutions compared", found.both, most, "B/s")
        report.add(f"{width}x{height}: all runs, three of them live", found.runs, most, "B/s")
        report.add(f"{width}x{height}: nothing changes", found.quiet, 100, "B/s")

    if has_slow_links:
        measure_slow_links(report.note)


def main() -> None:
    """Print every number beside its target."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--save", action="store_true", help="keep the numbers in results/light.txt")
    parser.add_argument("--short", action="store_true", help="leave out slow links, which slow_links.py measures alone")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    report = Report([])
    measure(report, has_slow_links=not options.short)
    after = os.getloadavg()[0]
    line = f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load before {before:.1f}, after {after:.1f}"
    print(line)
    if options.save:
        place = Path(__file__).with_name("results") / "light.txt"
        place.parent.mkdir(exist_ok=True)
        place.write_text("\n".join([time.strftime("%Y-%m-%d"), line, *report.lines]) + "\n")


if __name__ == "__main__":
    main()

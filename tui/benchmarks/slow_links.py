# ruff: noqa: T201  printing is what it is for
"""What every screen and dialog sends, and how fast keys answer over slow lines.

``python tui/benchmarks/slow_links.py [--save]`` starts real runs, and the real program in pseudo-terminals that are
read no faster than the line. What is shown is known from an emulated screen. Takes about ten minutes on two cores; with
``--save`` the tables are kept in ``results/slow-links.txt``. ``light.py`` includes it.

A dialog is opened without a limit and left over the slow line: by esc until it is gone, and by esc and the key that
quits until the screen was left. Bytes sent until then tell what the line alone takes; what is beyond that, the
explorer waited for a processor. A dialog that misses its target is tried again alone, because that may be the load.
"""

import argparse
import contextlib
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from first_frame import FAST, LIVELY
from places import PLACES, Place
from slow_terminal import CORNER, KEYS, Cells, NotShownError, SlowTerminal
from slow_terminal import Place as Spot

from nnsize_engine.runs import launch
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.strategy_comparison import compared_settings
from nnsize_tui.screens.base import BaseDialog

T = TypeVar("T")
Size: TypeAlias = tuple[int, int]
AnyRunSettings: TypeAlias = SizeSettings | EvolutionSettings

SIZES: tuple[Size, ...] = ((80, 24), (160, 48))
LINKS = {16_000: 1.0, 2_000: 3.0}
"""Bytes a second of a line, and seconds in which it has to answer."""

MAX_RATES = {(80, 24): 2000, (160, 48): 4000}
"""Bytes a second that a live screen may send."""

MAX_DIALOG_RATE = 100
"""Bytes a second with a dialog in front: what lies under it stands still."""

SCREEN_SECONDS, DIALOG_SECONDS = 10.0, 3.0
"""Seconds in which bytes are counted."""

SIDE_BY_SIDE, MAX_TRIES = 6, 3

COMPARED = compared_settings(
    ("shade", "sep-cma-es"),
    {"data": "iris", "layers": "6,3", "evaluations": 400_000, "repeats": 10, "members": 30, "jobs": 1},
)
ENDED: dict[str, AnyRunSettings] = {
    "ended search": SizeSettings(data="wine", scoring="accuracy", neurons="4:40:2", cv=3, jobs=1),
    "ended evolution": EvolutionSettings(data="iris", layers="4", members=20, generations=30, jobs=1),
}
UNREAD = ("eading", "looking at it")
"""Words of a screen that is still being read."""

LEFT = "\x1b[?1049l"
"""Leaves the alternate screen: all before it has been shown."""

BETWEEN_KEYS = 0.2
"""Seconds between esc and the key that quits."""

MIN_LINE_SHARE = 0.8
"""Share of a target that the line alone takes, from which on a late answer is due to the bytes."""

MAX_STALE_SHARE = 0.03
"""Share of a dialog's characters that may still be there when it is gone: some are equal by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Bytes that were sent until a key was answered, and the seconds that took."""

    sent: int
    seconds: float

    def better(self, other: "Answer") -> "Answer":
        """Return the quicker one."""
        return min(self, other, key=lambda answer: answer.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One dialog over one screen."""

    rate: float
    """Bytes a second with the dialog in front."""

    escape: dict[int, Answer]
    """Until it was gone, by the line's rate."""

    quit: dict[int, Answer]
    """Until the explorer was left."""

    is_dialog: bool
    """False for a whole screen in front of another one: to leave it is to open the other, which has no target."""

    tries: int = 1

    def better(self, other: "Measured") -> "Measured":
        """Return the best of two tries."""
        return Measured(
            rate=min(self.rate, other.rate),
            escape={rate: answer.better(other.escape[rate]) for rate, answer in self.escape.items()},
            quit={rate: answer.better(other.quit[rate]) for rate, answer in self.quit.items()},
            is_dialog=self.is_dialog,
            tries=self.tries + other.tries,
        )

    @property
    def verdict(self) -> str:
        """Return whether every target was met; ``busy`` if the line alone would have met them."""
        late = [
            answer.sent / rate / LINKS[rate]
            for answers in (self.escape, self.quit)
            for rate, answer in answers.items()
            if answer.seconds > LINKS[rate]
        ]
        if late and not self.is_dialog:
            return "a whole screen"
        if self.rate > MAX_DIALOG_RATE or any(share > MIN_LINE_SHARE for share in late):
            return "MISSED"
        return "busy" if late else "ok"


@contextlib.contextmanager
def opened(home: Path, run: str, place: Place, size: Size) -> Iterator[SlowTerminal]:
    """Open a screen, without a limit, and wait until it is complete."""
    with SlowTerminal([run] if run else [], home, size) as terminal:
        terminal.wait_for("Quit")
        _read_whole(terminal)
        if not place.run:
            terminal.wait_for(PLACES["all runs"].word)
        if not terminal.shows(place.word):
            terminal.type_keys(place.keys)
        terminal.wait_for(place.word)
        _read_whole(terminal)
        yield terminal


def _read_whole(terminal: SlowTerminal) -> None:
    if terminal.read(60.0, lambda: not any(terminal.shows(word) for word in UNREAD)) is None:
        raise NotShownError(f"this was not read in a minute:\n{terminal.picture}")
    terminal.settle(4.0, 4000)


def rate_of(home: Path, run: str, place: Place, size: Size) -> float:
    """Return the bytes a second that a screen sends once it is open."""
    with opened(home, run, place, size) as terminal:
        sent = terminal.sent
        terminal.read(SCREEN_SECONDS)
        return (terminal.sent - sent) / SCREEN_SECONDS


def measure_dialog(home: Path, run: str, place: Place, name: str, size: Size) -> Measured:
    """Open a dialog over a screen, and leave it over each line."""
    escape: dict[int, Answer] = {}
    leaving: dict[int, Answer] = {}
    rate = 0.0
    for line in LINKS:
        with opened(home, run, place, size) as terminal:
            drawn = open_dialog(terminal, place, name)
            rate = max(rate, _rate_in_front(terminal))
            escape[line] = _answer(terminal, line, ["\x1b"], lambda: is_gone(terminal, drawn))  # noqa: B023
            terminal.rate = None
            terminal.settle(3.0, 4000)
            open_dialog(terminal, place, name)
            leaving[line] = _answer(terminal, line, ["\x1b", place.quit_keys], lambda: LEFT in terminal.tail)
    is_dialog = issubclass(place.dialogs[name][0], BaseDialog)
    return Measured(rate=rate, escape=escape, quit=leaving, is_dialog=is_dialog)


def _rate_in_front(terminal: SlowTerminal) -> float:
    """Return the bytes a second that are sent now; what comes late but once, such as a preview, is waited for."""
    rate = math.inf
    for _ in range(2):
        sent = terminal.sent
        terminal.read(DIALOG_SECONDS)
        rate = min(rate, (terminal.sent - sent) / DIALOG_SECONDS)
        if rate <= MAX_DIALOG_RATE:
            break
    return rate


def _answer(terminal: SlowTerminal, line: int, keys: list[str], is_answered: Callable[[], bool]) -> Answer:
    """Press keys over a line, and count until they are answered."""
    terminal.rate = line
    sent, started = terminal.sent, time.monotonic()
    terminal.press(keys[0])
    for key in keys[1:]:
        terminal.read(BETWEEN_KEYS)
        terminal.press(key)
    answered = terminal.read(15.0, is_answered)
    seconds = time.monotonic() - started if answered is not None else math.inf
    return Answer(sent=terminal.sent - sent, seconds=seconds)


def open_dialog(terminal: SlowTerminal, place: Place, name: str) -> list[tuple[Spot, str]]:
    """Open a dialog; return the characters that it has drawn, with their places."""
    screen, keys = place.dialogs[name]
    before = terminal.picture.copy()
    for key in KEYS.findall(keys):
        terminal.press(key)
    has_frame = issubclass(screen, BaseDialog)
    changed = has_new_corner if has_frame else has_another_screen
    if terminal.read(30.0, lambda: changed(before, terminal.picture.cells)) is None:
        raise NotShownError(f"{name} did not open:\n{terminal.picture}")
    terminal.settle(10.0, 200)
    return drawn_by_dialog(before, terminal.picture.copy(), has_frame=has_frame)


def has_new_corner(before: Cells, after: Cells) -> bool:
    """Return whether there is the corner of a frame that was not there before."""
    return any(before[y][x] != CORNER for y, x in corners(after))


def has_another_screen(before: Cells, after: Cells) -> bool:
    """Return whether most characters are others."""
    shown = [(y, x) for y, row in enumerate(before) for x, cell in enumerate(row) if cell != " "]
    return sum(after[y][x] != before[y][x] for y, x in shown) > 0.5 * len(shown)


def drawn_by_dialog(before: Cells, after: Cells, *, has_frame: bool) -> list[tuple[Spot, str]]:
    """Return the characters that a dialog has drawn, within its frame or on the whole screen."""
    top, left, bottom, right = 0, 0, len(after) - 1, len(after[0]) - 1
    if has_frame:
        top, left = next((y, x) for y, x in corners(after) if before[y][x] != CORNER)
        right = after[top].index("╮", left)
        bottom = next(y for y in range(top, len(after)) if after[y][left] == "╰")
    places = [(y, x) for y in range(top, bottom + 1) for x in range(left, right + 1)]
    return [((y, x), after[y][x]) for y, x in places if after[y][x] != " " and after[y][x] != before[y][x]]


def is_gone(terminal: SlowTerminal, drawn: list[tuple[Spot, str]]) -> bool:
    """Return whether the characters of a dialog are overwritten."""
    stale = sum(terminal.picture.cells[y][x] == character for (y, x), character in drawn)
    return stale <= MAX_STALE_SHARE * len(drawn)


def corners(cells: Cells) -> list[Spot]:
    """Return the upper left corners of all frames."""
    return [(y, x) for y, row in enumerate(cells) for x, cell in enumerate(row) if cell == CORNER]


_WATCHED = """
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC
import nnsize
search = nnsize.watch(GridSearchCV(SVC(), {"C": [0.1, 1.0, 10.0]}), "iris by SVC", verbose=0)
search.fit(*load_iris(return_X_y=True))
print(search.folder)
"""


def _watched_search(home: Path) -> Path:
    """Let scikit-learn run a search that is watched; return its run folder."""
    environment = os.environ | {"NNSIZE_HOME": str(home)}
    found = subprocess.run(
        [sys.executable, "-c", _WATCHED], env=environment, check=True, capture_output=True, text=True
    )
    return Path(found.stdout.strip())


@contextlib.contextmanager
def live_runs() -> Iterator[tuple[Path, dict[str, str]]]:
    """Make ended runs and start live ones; yield their home and their names by kind."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        started = {what: launch.start(settings, home) for what, settings in ENDED.items()}
        started["watched"] = _watched_search(home)
        for run in started.values():
            launch.wait_for(run, lambda state: state == "finished", 120)
        live: dict[str, AnyRunSettings] = {"strategies": COMPARED, "evolution": FAST, "search": replace(LIVELY, jobs=1)}
        started |= {what: launch.start(settings, home) for what, settings in live.items()}
        for what in live:
            launch.wait_for(started[what], lambda state: state == "running", 60)
            while RunFollower(started[what]).look().header.done < 1:
                time.sleep(0.1)
        try:
            yield home, {"": "", **{kind: run.name for kind, run in started.items()}}
        finally:
            for what in live:
                with contextlib.suppress(Exception):  # it may have ended
                    launch.stop(started[what])
            for what in live:
                launch.wait_for(started[what], lambda state: state not in ("starting", "running"), 60)


Add = Callable[[str], None]
"""Takes a line of the tables."""


def measure_slow_links(add: Add, *, only: str = "") -> None:
    """Measure every screen, and every dialog over each line; ``only`` names what the names have to contain."""
    with live_runs() as (home, names):
        screens: dict[str, tuple[Callable[[], float], int]] = {}
        dialogs: dict[str, Callable[[], Measured]] = {}
        for size in SIZES:
            for what, place in PLACES.items():
                here = home, names[place.run], place
                if place.is_live and only in what:
                    screens[_name(size, what)] = partial(rate_of, *here, size), MAX_RATES[size]
                for dialog in place.dialogs:
                    if only in f"{dialog} over {what}":
                        dialogs[_name(size, f"{dialog} over {what}")] = partial(measure_dialog, *here, dialog, size)
        add(f"{'screen':<44}{'B/s':>6}{'target':>8}")
        for name, rate in _side_by_side({name: measure for name, (measure, _) in screens.items()}):
            most = screens[name][1]
            add(f"{name:<44}{rate:>6.0f}{most:>8}  {'ok' if rate <= most else 'MISSED'}")
        add("")
        for line in _headings():
            add(line)
        for name, measured in _side_by_side(dialogs):
            while measured.verdict in ("busy", "MISSED") and measured.tries < MAX_TRIES:
                measured = measured.better(dialogs[name]())
            add(_row(name, measured))


def _side_by_side(measures: Mapping[str, Callable[[], T]]) -> Iterator[tuple[str, T]]:
    """Measure several at a time, and yield the results in their order; what was not shown in time is tried again."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        started = {name: pool.submit(measure) for name, measure in measures.items()}
        wait(started.values())
    for name, one in started.items():
        try:
            yield name, one.result()
        except NotShownError:
            yield name, measures[name]()


def _name(size: Size, what: str) -> str:
    return f"{size[0]}x{size[1]:<3} {what}"


def _headings() -> list[str]:
    """Return the two headings of the dialogs."""
    over = "".join(f"{f'{rate // 1000} kB/s, target {most:g} s':^38}" for rate, most in LINKS.items())
    each = f"{'esc B':>7}{'line s':>7}{'took s':>7}{'q B':>7}{'took s':>7}   "
    return [f"{'':<44}{'open':>6}  {over}", f"{'dialog over screen':<44}{'B/s':>6}  {each * len(LINKS)}"]


def _row(name: str, measured: Measured) -> str:
    cells = ""
    for rate in LINKS:
        escape, leaving = measured.escape[rate], measured.quit[rate]
        cells += f"{escape.sent:>7}{escape.sent / rate:>7.2f}{escape.seconds:>7.2f}"
        cells += f"{leaving.sent:>7}{leaving.seconds:>7.2f}   "
    tries = f", {measured.tries} tries" if measured.tries > 1 else ""
    return f"{name:<44}{measured.rate:>6.0f}  {cells}{measured.verdict}{tries}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--only", default="", help="measure only what has this in its name, such as 'help over'")
    parser.add_argument("--save", action="store_true", help="keep the tables in results/slow-links.txt")
    options = parser.parse_args()
    lines: list[str] = []

    def add(line: str) -> None:
        lines.append(line.rstrip())
        print(line, flush=True)

    before, started = os.getloadavg()[0], time.monotonic()
    measure_slow_links(add, only=options.only)
    add("")
    add(
        f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load before {before:.1f}, "
        f"after {os.getloadavg()[0]:.1f}, {time.monotonic() - started:.0f} s"
    )
    if options.save:
        place = Path(__file__).with_name("results") / "slow-links.txt"
        place.write_text("\n".join([time.strftime("%Y-%m-%d"), *lines]) + "\n")


if __name__ == "__main__":
    main()

# ruff: noqa: T201  printing is what it is for
"""What every screen and dialog sends, and how fast keys answer over slow lines.

``python tui/benchmarks/slow_links.py`` starts real runs, and the real program in pseudo-terminals that are read no
faster than the line. What is shown is known from an emulated screen. Takes about ten minutes; ``light.py`` includes it.
"""

import argparse
import codecs
import contextlib
import fcntl
import math
import os
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self, TypeAlias

from first_frame import FAST, LIVELY

from nnsize_engine.runs import launch
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.strategy_comparison import compared_settings

SIZES = ((80, 24), (160, 48))
LINKS = {16_000: 1.0, 2_000: 3.0}
"""Bytes a second of a line, and seconds in which it has to answer."""

MAX_RATES = {(80, 24): 2000, (160, 48): 4000}
"""Bytes a second that a live screen may send."""

MAX_DIALOG_RATE = 100
"""Bytes a second with a dialog in front: what lies under it stands still."""

COMPARED = compared_settings(
    ("shade", "sep-cma-es"),
    {"data": "iris", "layers": "6,3", "evaluations": 400_000, "repeats": 10, "members": 30, "jobs": 1},
)

SCREENS = {
    "all runs": ("", ""),
    "a search": ("search", ""),
    "a search, its log": ("search", "l"),
    "a search, its losses": ("search", "m"),
    "a search, its chart alone": ("search", "z"),
    "an evolution": ("evolution", ""),
    "an evolution, its log": ("evolution", "l"),
    "an evolution by seconds": ("evolution", "mm"),
    "an evolution, its chart alone": ("evolution", "z"),
    "strategies": ("strategies", ""),
    "a comparison": ("", "j  c"),
    "a new search": ("", "n"),
    "a new evolution": ("", "e"),
}
"""Each screen by the run that is opened and the keys that are typed then."""

DIALOGS = {"help": "?", "commands": "\x10", "export": "x", "delete": "d", "copy": "y"}
SETUP_DIALOGS = {"help": "\x1bOP", "commands": "\x10", "presets": "\x0f", "save": "\x18"}
FRONTS = {
    "all runs": ("", "", DIALOGS),
    "a search": ("search", "", DIALOGS),
    "an evolution": ("evolution", "", DIALOGS),
    "strategies": ("strategies", "", {"help": "?", "commands": "\x10"}),
    "a setup": ("", "n", SETUP_DIALOGS),
}

QUIT, QUIT_SETUP, BETWEEN_KEYS = "q", "\x11", 0.2
"""With a dialog in front q closes it or is a letter, so that esc is pressed before; seconds between the two."""

Cells: TypeAlias = list[list[str]]

CORNER = "╭"
LEFT = "\x1b[?1049l"
_PARTS = re.compile(r"\x1b\[([?<>=]?[\d;]*)([@-~])|\x1b\][^\x07]*\x07|\x1b.|([^\x1b]+)", re.DOTALL)
MAX_STALE_SHARE = 0.03
"""Share of a dialog's characters that may still be there when it is gone: some are equal by chance."""


class Picture:
    """The characters on a screen, from what is written to it."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[" "] * width for _ in range(height)]
        self._x = self._y = 0
        self._rest = ""

    def write(self, text: str) -> None:
        """Draw; a sequence may be divided between two calls."""
        text = self._rest + text
        cut = text.rfind("\x1b")
        is_open = cut >= 0 and not re.match(r"\x1b(\[[?<>=]?[\d;]*[@-~]|\][^\x07]*\x07|[^\[\]])", text[cut:])
        self._rest, text = (text[cut:], text[:cut]) if is_open else ("", text)
        for part in _PARTS.finditer(text):
            numbers, code, plain = part.groups()
            if plain is not None:
                self._put(plain)
            elif code in ("H", "X", "C"):
                self._move(code, [int(number or 1) for number in numbers.split(";")])

    def _move(self, code: str, numbers: list[int]) -> None:
        match code:
            case "H":
                self._y, self._x = (*numbers, 1, 1)[0] - 1, (*numbers, 1, 1)[1 if len(numbers) > 1 else 2] - 1
            case "C":
                self._x += numbers[0]
            case "X":
                row = self.cells[min(self._y, len(self.cells) - 1)]
                for x in range(self._x, min(self._x + numbers[0], len(row))):
                    row[x] = " "

    def _put(self, text: str) -> None:
        for character in text:
            if character == "\r":
                self._x = 0
            elif character == "\n":
                self._y += 1
            elif character.isprintable():
                if self._y < len(self.cells) and self._x < len(self.cells[0]):
                    self.cells[self._y][self._x] = character
                self._x += 1

    def copy(self) -> Cells:
        """Return the cells as they are now."""
        return [list(row) for row in self.cells]


class Link:
    """The explorer behind a line of some bytes a second; None for one that is as fast as it gets."""

    def __init__(self, arguments: list[str], home: Path, size: tuple[int, int], rate: int | None) -> None:
        self.picture, self.sent, self.tail = Picture(*size), 0, ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rate, self._credit, self._at = rate, 0.0, time.monotonic()
        self._leader, follower = os.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        names = {"NNSIZE_HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "nnsize_tui", *arguments],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=os.environ | names,
            start_new_session=True,
        )
        os.close(follower)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._leader)

    def press(self, keys: str) -> None:
        """Type keys."""
        os.write(self._leader, keys.encode())

    def read(self, seconds: float, is_enough: Callable[[], bool] = lambda: False) -> float | None:
        """Read as fast as the line until a condition holds; return the seconds that took, None if it never did."""
        started = time.monotonic()
        while (passed := time.monotonic() - started) < seconds:
            if is_enough():
                return passed
            now = time.monotonic()
            if self._rate is not None:  # a line does not save what it does not send
                self._credit = min(self._credit + (now - self._at) * self._rate, max(64.0, self._rate / 50))
            self._at = now
            room = 65536 if self._rate is None else int(self._credit)
            if room > 0 and select.select([self._leader], [], [], 0.02)[0]:
                try:
                    data = os.read(self._leader, room)
                except OSError:  # it has ended
                    return time.monotonic() - started if is_enough() else None
                self._credit -= len(data)
                self.sent += len(data)
                text = self._decode(data)
                self.tail = (self.tail + text)[-200:]
                self.picture.write(text)
            else:
                time.sleep(0.005)
        return None

    def settle(self, seconds: float, quiet: int) -> None:
        """Read until fewer than ``quiet`` bytes came in two seconds, at most so many seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            before = self.sent
            self.read(2.0)
            if self.sent - before < quiet:
                return

    def shows(self, word: str) -> bool:
        """Return whether a word is on the screen."""
        return any(word in "".join(row) for row in self.picture.cells)

    def opened(self, keys: str) -> None:
        """Wait for the first picture, and type keys."""
        if self.read(60.0, lambda: self.shows("Quit")) is None:
            raise SystemExit(f"the explorer did not appear: {self.tail!r}")
        self.settle(20.0, self._rate or 12_000)
        for key in re.findall(r"\x1b\[.|\x1bO.|.", keys, re.DOTALL):
            self.press(key)
            self.read(1.0)
        self.settle(20.0, self._rate or 12_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Seconds until a dialog was gone, and until the explorer was left by esc and q; and what closing sent."""

    escape: float
    quit: float
    closing: int
    """Bytes sent until it was gone."""

    rate: float
    """Bytes a second with the dialog in front."""


def answers(home: Path, run: str, keys: str, dialog: tuple[str, str], size: tuple[int, int], rate: int) -> Answers:
    """Open a dialog over a screen, leave it by escape, open it again and quit."""
    _, key = dialog
    with Link([run] if run else [], home, size, rate) as link:
        link.opened(keys)
        before = link.picture.copy()
        open_dialog(link, key, before)
        after = link.picture.copy()
        sent = link.sent
        link.read(4.0)
        seconds = (link.sent - sent) / 4.0
        drawn = drawn_by_dialog(before, after)

        def is_gone() -> bool:
            stale = sum(link.picture.cells[y][x] == after[y][x] for y, x in drawn)
            return stale <= MAX_STALE_SHARE * len(drawn)

        sent = link.sent
        link.press("\x1b")
        escape = link.read(15.0, is_gone)
        closing = link.sent - sent
        link.settle(10.0, rate)
        open_dialog(link, key, link.picture.copy())
        link.press("\x1b")
        link.read(BETWEEN_KEYS)
        link.press(QUIT_SETUP if keys == "n" else QUIT)
        left = link.read(15.0, lambda: LEFT in link.tail)
    return Answers(
        escape=escape or math.inf, quit=left + BETWEEN_KEYS if left else math.inf, closing=closing, rate=seconds
    )


def drawn_by_dialog(before: Cells, after: Cells) -> list[tuple[int, int]]:
    """Return where the characters stand that a dialog has drawn, by its frame."""
    top, left = next((y, x) for y, x in corners(after) if before[y][x] != CORNER)
    right = after[top].index("╮", left)
    bottom = next(y for y in range(top, len(after)) if after[y][left] == "╰")
    places = [(y, x) for y in range(top, bottom + 1) for x in range(left, right + 1)]
    return [(y, x) for y, x in places if after[y][x] != " " and after[y][x] != before[y][x]]


def corners(cells: Cells) -> list[tuple[int, int]]:
    """Return the upper left corners of all frames."""
    return [(y, x) for y, row in enumerate(cells) for x, cell in enumerate(row) if cell == CORNER]


def open_dialog(link: Link, keys: str, before: Cells) -> None:
    """Type the keys that open a dialog, and wait until it is there: a frame that was not there before."""
    for key in re.findall(r"\x1b\[.|\x1bO.|.", keys, re.DOTALL):
        link.press(key)
        link.read(0.3)

    def has_new_corner() -> bool:
        return any(before[y][x] != CORNER for y, x in corners(link.picture.cells))

    if link.read(30.0, has_new_corner) is None:
        shown = "\n".join("".join(row) for row in link.picture.cells)
        raise SystemExit(f"{keys!r} did not open a dialog:\n{shown}")
    link.settle(30.0, 200)


def rate_of(home: Path, run: str, keys: str, size: tuple[int, int]) -> float:
    """Return the bytes a second that a screen sends once it is open."""
    with Link([run] if run else [], home, size, None) as link:
        link.opened(keys)
        link.read(4.0)
        sent = link.sent
        link.read(10.0)
        return (link.sent - sent) / 10.0


@contextlib.contextmanager
def live_runs() -> Iterator[tuple[Path, dict[str, str]]]:
    """Start a search, an evolution and a comparison of strategies; yield their home and their names by kind."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        started = {
            "strategies": launch.start(COMPARED, home),
            "evolution": launch.start(FAST, home),
            "search": launch.start(replace(LIVELY, jobs=1), home),
        }
        for run in started.values():
            launch.wait_for(run, lambda state: state == "running", 60)
            while RunFollower(run).look().header.done < 3:
                time.sleep(0.1)
        try:
            yield home, {"": "", **{kind: run.name for kind, run in started.items()}}
        finally:
            for run in started.values():
                with contextlib.suppress(Exception):  # it may have ended
                    launch.stop(run)
            for run in started.values():
                launch.wait_for(run, lambda state: state not in ("starting", "running"), 60)


Add = Callable[[str, float, float, str], None]
"""Report a number beside its target and unit."""


def measure_slow_links(add: Add, *, only: str = "") -> None:
    """Measure every screen, and every dialog over each line; ``only`` names what the names have to contain."""
    with live_runs() as (home, names), ThreadPoolExecutor(5) as pool:
        for size in SIZES:
            wanted = {what: found for what, found in SCREENS.items() if only in what}
            tried = [pool.submit(rate_of, home, names[run], keys, size) for run, keys in wanted.values()]
            for what, found in zip(wanted, tried, strict=True):
                add(f"{size[0]}x{size[1]}: {what}", found.result(), MAX_RATES[size], "B/s")
            for front, (run, keys, dialogs) in FRONTS.items():
                for rate, most in LINKS.items():
                    chosen = [(name, key) for name, key in dialogs.items() if only in f"{name} over {front}"]
                    made = [pool.submit(answers, home, names[run], keys, one, size, rate) for one in chosen]
                    for (name, _), answer in zip(chosen, made, strict=True):
                        where = f"{size[0]}x{size[1]}, {rate // 1000} kB/s: {name} over {front}"
                        found_now = answer.result()
                        add(f"{where}, esc ({found_now.closing} B)", found_now.escape, most, "s")
                        add(f"{where}, esc and q", found_now.quit, most, "s")
                        add(f"{where}, open", found_now.rate, MAX_DIALOG_RATE, "B/s")


def main() -> None:
    """Print every number beside its target."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--only", default="", help="measure only what has this in its name, such as 'help over'")
    options = parser.parse_args()

    def add(what: str, number: float, target: float, unit: str) -> None:
        verdict = "ok    " if number <= target else "MISSED"
        print(f"{verdict} {what:<70} {number:>9.4g} {unit:<4} target {target:g}", flush=True)

    measure_slow_links(add, only=options.only)


if __name__ == "__main__":
    main()

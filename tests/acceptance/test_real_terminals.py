"""The real program in a real terminal, tmux: start-up, sizes, kinds of terminals, languages without Unicode."""

import os
import re
import signal
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from support.made_runs import made_corrupt, made_run, make_evolution
from support.tmux import LONGEST, NNSIZE_TUI, Tmux, needs_tmux, tmux

pytestmark = needs_tmux

KEYS = "q Quit"
CODES = re.compile(r"\x1b\[([0-9;]*)m")


@pytest.fixture
def runs(home: Path) -> Path:
    """Make a search, an evolution, and a run that cannot be read."""
    made_run(home, "zibiro", failed=((1, 1),))
    make_evolution(home, "bagote", age=1)
    made_corrupt(home, "damage")
    return home


def explorer(*arguments: str, size: tuple[int, int] = (80, 24), **variables: str) -> AbstractContextManager[Tmux]:
    """Run the explorer from a shell, which then prints the exit code."""
    line = '"$0" "$@"; echo "exit code $?"; exec sleep infinity'
    return tmux("sh", "-c", line, NNSIZE_TUI, *arguments, size=size, **variables)


def is_drawn(text: str) -> bool:
    """Return whether an open search is drawn, with its chart."""
    return KEYS in text and "3/3" in text and "best and recommended" in text


@pytest.mark.usefixtures("runs")
def test_the_window_may_change_its_size_at_any_moment() -> None:
    # What is caught of a screen may be half drawn; so it is compared with one that has been left alone.
    with explorer("zibiro") as terminal, explorer("zibiro") as calm:
        terminal.resize(100, 40)  # while it starts
        terminal.until(is_drawn)
        for width, height in ((60, 20), (200, 60), (80, 24)):
            terminal.resize(width, height)
            terminal.until(lambda text, width=width: is_drawn(text) and _is_full(text, width))  # type: ignore[misc]
        for number in range(24):  # nobody waits until it has drawn
            terminal.resize(60 + 37 * number % 140, 20 + 17 * number % 40)
            if number % 5 == 0:
                terminal.press("z")
        terminal.press("Escape")
        terminal.resize(80, 24)
        try:
            terminal.until(lambda text: is_drawn(text) and text == calm.shown())
        except AssertionError as error:
            pytest.fail(f"{error}\nand the one left alone shows\n{calm.shown()}")
        terminal.press("q")
        terminal.until_shown("exit code 0")


@pytest.mark.usefixtures("runs")
def test_a_size_that_comes_back_before_the_explorer_noticed_loses_nothing() -> None:
    with explorer("zibiro") as terminal:
        terminal.until(is_drawn)
        whole = _settled(terminal)
        process = _explorer_in(terminal)
        os.kill(process, signal.SIGSTOP)
        for size in ((60, 20), (80, 24)):
            terminal.resize(*size)
            _wait_for_size(process, size)
        assert terminal.shown() != whole  # the right edge is cut
        os.kill(process, signal.SIGCONT)
        terminal.until(lambda text: text == whole)


def _settled(terminal: Tmux) -> str:
    """Return what is shown once it no longer changes."""
    before, text = "", terminal.shown()
    while text != before:
        time.sleep(1)
        before, text = text, terminal.shown()
    return text


def _wait_for_size(process: int, size: tuple[int, int]) -> None:
    """Wait until the terminal of a process says that it has a size; tmux resizes it a little later than its window."""
    deadline = time.monotonic() + LONGEST
    with Path(f"/proc/{process}/fd/0").open() as file:
        while os.get_terminal_size(file.fileno()) != size:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def _explorer_in(terminal: Tmux) -> int:
    """Return the number of the process that the shell in the window started."""
    shell = terminal.process()
    return int(Path(f"/proc/{shell}/task/{shell}/children").read_text().split()[0])


def _is_full(text: str, width: int) -> bool:
    """Return whether the right edge is drawn: the state of the run."""
    return text.splitlines()[0].rstrip().endswith("finished") and len(text.splitlines()[0].rstrip()) > width - 3


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("language", ["C.UTF-8", "C"])
def test_where_it_is_too_small_one_line_says_so_until_it_is_larger(language: str) -> None:
    with explorer("zibiro", size=(59, 20), LANG=language) as terminal:
        terminal.until_shown("This terminal is 59")
        for size in ((80, 19), (40, 24), (20, 5)):
            terminal.resize(*size)
            text = terminal.until(lambda text: "60" in text and _lines(text) == 1)
            assert "20" in text
        # What is not seen is not steered. An escape is one for sure where another sequence follows.
        terminal.press("x", "d", "n", "Escape", "Down")
        terminal.resize(80, 24)
        text = terminal.until(is_drawn)
        assert "Delete run" not in text
        terminal.press("z")
        terminal.until(lambda text: "3/3" not in text)
        terminal.resize(30, 10)
        terminal.until_shown("Too small")
        terminal.press("q")
        terminal.until_shown("exit code 0")


def _lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.splitlines())


TERMINALS = ["xterm-256color", "xterm", "xterm-16color", "screen", "tmux", "tmux-256color", "linux"]


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("kind", TERMINALS)
def test_every_kind_of_terminal_shows_it_legibly(kind: str) -> None:
    with explorer(TERM=kind) as terminal:
        terminal.until_shown("zibiro", "bagote", "unreadable", KEYS)
        terminal.press("Enter")
        terminal.until(is_drawn)
        terminal.press("Down")
        text = terminal.until(lambda text: any(line.startswith("›") and " 4 " in line for line in text.splitlines()))
        assert invisible(terminal.colours()) == ""
        assert "›" in text
        terminal.press("?")
        terminal.until_shown("This screen")
        terminal.press("Escape")
        terminal.until(is_drawn)
        assert invisible(terminal.colours()) == ""
        terminal.press("q")
        terminal.until_shown("exit code 0")
        assert "zibiro" not in terminal.shown()


def invisible(coloured: str) -> str:
    """Return the texts in the colour of their own background."""
    ink = ground = ""
    hidden = []
    parts = CODES.split(coloured)
    for number, part in enumerate(parts):
        if number % 2 == 0:
            if part.strip() and ink == ground and ink:
                hidden.append(part.strip())
            continue
        codes = part.split(";")
        while codes:
            code = codes.pop(0) or "0"
            length = {"5": 2, "2": 4}.get(codes[0] if codes else "", 0) if code in ("38", "48") else 0
            value, codes = ";".join(codes[:length]), codes[length:]
            if code == "0":
                ink = ground = ""
            elif code == "38" or 30 <= int(code) <= 37 or 90 <= int(code) <= 97:
                ink = value or str(int(code) % 10 + 8 * (int(code) >= 90))
            elif code == "48" or 40 <= int(code) <= 47 or 100 <= int(code) <= 107:
                ground = value or str(int(code) % 10 + 8 * (int(code) >= 100))
    return " ".join(hidden)


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("kind", ["xterm-256color", "xterm"])
def test_no_color_is_obeyed(kind: str) -> None:
    with explorer("zibiro", TERM=kind, NO_COLOR="1") as terminal:
        terminal.until(is_drawn)
        coloured = terminal.colours()
        assert invisible(coloured) == ""
        for codes in CODES.findall(coloured):
            assert not re.search(
                r"\b(3[1-6]|4[1-6]|9[1-6]|10[1-6])\b", re.sub(r"[34]8;(5;\d+|2;\d+;\d+;\d+)", "", codes)
            )
            for number in re.findall(r"[34]8;5;(\d+)", codes):
                assert int(number) in {0, 7, 8, 15, 16, 59, 102, 145, 188, 231, *range(232, 256)}
            for red, green, blue in re.findall(r"[34]8;2;(\d+);(\d+);(\d+)", codes):
                assert red == green == blue


@pytest.mark.usefixtures("runs")
def test_without_utf8_no_screen_shows_a_character_that_is_not_ascii() -> None:
    with explorer(LANG="C") as terminal:

        def see(*words: str) -> None:
            text = terminal.until_shown(*words)
            assert text.isascii(), text

        see("zibiro", "bagote", KEYS)
        for key, *words in (
            ("d", "Delete run zibiro?"),
            ("Escape", KEYS),
            ("C-p", "Do it"),
            ("Escape", KEYS, "damage"),
            ("e", "A new evolution"),
            ("Escape", KEYS, "zibiro"),
            ("n", "A new search"),
            ("C-n", "A new search", "learning-rate-init"),
            ("F1", "This screen"),
            ("Escape", "A new search", KEYS),
            ("Escape", KEYS, "zibiro"),
            ("Enter", "3/3", "recommended"),
            ("z", "0 Whole"),
            ("Escape", "3/3"),
            ("l", "made up for a test"),
            ("x", "Export run zibiro"),
            ("Escape", "made up for a test"),
            ("?", "This screen"),
            ("Escape", "made up for a test"),
            ("Escape", "bagote", "Open"),
        ):
            terminal.press(key)
            see(*words)
        terminal.press("Down", "Enter")
        see("40/40 generations", "gradient")
        for key, *words in (
            ("Escape", "bagote", "Open"),
            ("Space", "1 marked"),
            ("Home", "1 marked"),
            ("Space", "2 marked"),
            ("c", "2 runs compared"),
        ):
            terminal.press(key)
            see(*words)
        terminal.press("q")
        terminal.until_shown("exit code 0")


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize(
    "command", ["{} | cat", "{} < /dev/null", "{} 2>&1 >/dev/null | cat", "TERM=dumb {}", "TERM= {}"]
)
def test_where_nothing_can_be_drawn_one_sentence_names_the_other_command(command: str) -> None:
    with tmux("sh", "-c", command.format(NNSIZE_TUI) + "; echo done; exec sleep infinity", size=(200, 24)) as terminal:
        text = terminal.until_shown("done")
        sentence, done = [line for line in text.splitlines() if line.strip()][:2]
        assert sentence.startswith("nnsize-tui: the explorer ")
        assert "'nnsize size'" in sentence
        assert done == "done"

"""Only what the terminal does not show yet is sent, in few codes; the picture in the end is the same."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nnsize_tui.terminal.escape_codes import encoded
from nnsize_tui.terminal.sent_picture import Part, SentPicture

WIDTH = 30
CONSOLE = Console(force_terminal=True, color_system="truecolor", width=WIDTH)
STYLES = [
    Style(),
    Style(color="#112233"),
    Style(bgcolor="#445566"),
    Style(color="#112233", bgcolor="#445566"),
    Style(color="#112233", bgcolor="#445566", bold=True),
    Style(bgcolor="#445566", underline=True),
    Style(color="red", reverse=True),
    Style(color="#112233", meta={"@click": "x"}),
]
TEXTS = ["a", "ab", "─│", "中", "é", " ", "                    "]


def line_of(choices: list[tuple[int, int]]) -> Strip:
    """Return a line of the screen, filled up with blanks."""
    strip = Strip([Segment(TEXTS[text], STYLES[style]) for text, style in choices])
    return strip.adjust_cell_length(WIDTH, Style(bgcolor="#445566"))


LINES = st.lists(st.tuples(st.integers(0, len(TEXTS) - 1), st.integers(0, len(STYLES) - 1)), max_size=12).map(line_of)
PICTURES = st.lists(LINES, min_size=3, max_size=3)


BACK = {"22": ("1", "2"), "24": ("4",), "27": ("7",), "39": ("38",), "49": ("48",)}
"""Attributes that a code takes back."""


STEPS = {"B": (1, 0), "C": (0, 1), "D": (0, -1)}
"""Lines and columns by which codes move the cursor; a backspace does the same as D."""


class Screen:
    """A terminal as simple as possible: each cell is a character and the codes of its style."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], tuple[str, frozenset[str]]] = {}

    def draw(self, text: str) -> None:
        y = x = 0
        style: dict[str, str] = {}
        for code, letter, plain in re.findall(r"\x1b\[([0-9;]*)([A-Za-z])|([^\x1b])", text):
            # Behind the last column terminals differ in where they count themselves.
            assert x < WIDTH or letter in ("H", "m")
            if letter in STEPS or plain == "\b":
                down, right = STEPS[letter or "D"]
                y, x = y + down * int(code or 1), x + right * int(code or 1)
                continue
            match letter:
                case "H":
                    y, x = (int(number) - 1 for number in code.split(";"))
                case "m":
                    style = self.styled(style, code)
                case "X":
                    for place in range(x, x + int(code)):
                        self.cells[y, place] = (" ", self.seen(style, " "))
                case _:
                    width = Segment(plain).cell_length
                    for place in range(width):
                        self.cells[y, x + place] = (plain if place == 0 else "", self.seen(style, plain))
                    x += width

    @staticmethod
    def styled(style: dict[str, str], code: str) -> dict[str, str]:
        numbers = code.split(";")
        style = dict(style)
        while numbers:
            number = numbers.pop(0)
            if number in ("", "0"):
                style = {}
            elif number in BACK:
                for name in BACK[number]:
                    style.pop(name, None)
            elif number in ("38", "48"):
                style[number] = ";".join(numbers[:4])
                del numbers[:4]
            elif 30 <= int(number) <= 37:
                style["38"] = number
            else:
                style[number] = number
        return style

    @staticmethod
    def seen(style: dict[str, str], character: str) -> frozenset[str]:
        """Return the codes that change what one sees of a character."""
        is_blank = character == " " and not {"4", "7"} & set(style)
        return frozenset(f"{name}={value}" for name, value in style.items() if not is_blank or name == "48")


def drawn(parts: list[Part], screen: Screen, *, can_erase: bool = True) -> None:
    screen.draw(encoded(parts, ColorSystem.TRUECOLOR, can_erase=can_erase))


@settings(deadline=None)
@given(pictures=st.lists(PICTURES, min_size=2, max_size=4), can_erase=st.booleans(), seed=st.integers(0, 9))
def test_what_is_left_out_was_there(pictures: list[list[Strip]], can_erase: bool, seed: int) -> None:
    chance = random.Random(seed)
    sent, screen, obvious = SentPicture(), Screen(), Screen()
    for picture in pictures:
        drawn(sent.replace([[strip] for strip in picture]), screen, can_erase=can_erase)
        obvious.draw("".join(f"\x1b[{y + 1};1H{strip.render(CONSOLE)}" for y, strip in enumerate(picture)))
        assert screen.cells == obvious.cells
        y = chance.randrange(3)
        part = chance.choice(pictures)[y].crop(0, 7)
        drawn(sent.update([(y, 5, part)]), screen, can_erase=can_erase)
        obvious.draw(f"\x1b[{y + 1};6H{part.render(CONSOLE)}")
        if "" in {cell[0] for cell in obvious.cells.values()}:  # half a wide character may be left
            return
        assert screen.cells == obvious.cells


def test_the_same_picture_is_not_sent_twice() -> None:
    sent = SentPicture()
    picture = [[line_of([(1, 3), (2, 4)])], [line_of([(3, 1)])]]
    assert len(sent.replace(picture)) == 2
    assert sent.replace(picture) == []
    assert sent.update([(1, 0, picture[1][0])]) == []
    sent.forget()
    assert len(sent.replace(picture)) == 2


def test_a_changed_cell_alone_is_sent() -> None:
    sent = SentPicture()
    sent.replace([[Strip([Segment("0123456789" * 3)])]])
    assert [
        (y, x, part.text) for y, x, part in sent.replace([[Strip([Segment("0123x56789" + "0123456789" * 2)])]])
    ] == [(0, 4, "x")]


@pytest.mark.parametrize(("can_erase", "text"), [(True, "\x1b[20Xx"), (False, " " * 20 + "x")])
def test_long_blanks_are_erased_where_the_terminal_fills_them(can_erase: bool, text: str) -> None:
    strip = Strip([Segment(" " * 20 + "x", STYLES[3])])
    written = encoded([(0, 0, strip)], ColorSystem.TRUECOLOR, can_erase=can_erase)
    assert text.replace("X", "X\x1b[20C") in written


def test_a_column_of_cells_is_drawn_downwards() -> None:
    def column(text: str) -> str:
        strip, last = Strip([Segment(text, STYLES[1])]), Strip([Segment("end", STYLES[1])])
        return encoded([*((y, 5, strip) for y in range(3)), (3, 9, last)], ColorSystem.TRUECOLOR, can_erase=True)

    assert column("│") == "\x1b[1;6H\x1b[0;38;2;17;34;51m│\x1b[B\b│\x1b[B\b│\x1b[B\x1b[3Cend\x1b[0m"
    assert "\x1b[B" not in column("中"), "terminals may disagree on its width"


@pytest.mark.parametrize(
    ("between", "count"),
    [([("1234", 1)], 1), ([("12345", 1)], 2), ([("12", 2)], 2), ([("──", 1)], 2), ([("  ", 1)], 1)],
)
def test_equal_cells_are_sent_again_where_that_is_cheaper(between: list[tuple[str, int]], count: int) -> None:
    def line(character: str) -> Strip:
        style = STYLES[1]
        return Strip(
            [Segment(character, style), *(Segment(text, STYLES[at]) for text, at in between), Segment(character, style)]
        )

    sent = SentPicture()
    sent.replace([[line("a")]])
    assert len(sent.replace([[line("b")]])) == count


def test_a_code_names_only_what_differs() -> None:
    strip = Strip(
        [Segment("a", STYLES[3]), Segment("b", Style(color="#778899", bgcolor="#445566")), Segment("c", STYLES[2])]
    )
    written = encoded([(0, 0, strip)], ColorSystem.TRUECOLOR, can_erase=False)
    assert written == ("\x1b[1;1H\x1b[0;38;2;17;34;51;48;2;68;85;102ma\x1b[38;2;119;136;153mb\x1b[39mc\x1b[0m")

"""SVG pictures of a screen's lines, a third as long as Textual's own, because they are committed.

What charts and frames are made of is drawn, so that it looks the same and is in its place whatever font there is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from textual.strip import Strip

COLUMN, LINE = 12, 24
"""Size of one character, in units."""

FONTS = "20px Fira Code,DejaVu Sans Mono,Menlo,Consolas,monospace"
FONT_OF_PNG = "19.93px DejaVu Sans Mono"
"""A font that is installed wherever rsvg-convert is, with letters of 12 units."""

EDGE, BAR = 12, 36
"""Units around the screen, and of the bar above it."""

BUTTONS = ("#ff5f57", "#febc2e", "#28c840")
GAP = "   "
"""Blanks that end a text: letters of another width must not add up."""

ARMS = {
    "─": "lr", "━": "LR", "┄": "lr", "│": "ud", "┃": "UD", "┌": "rd", "┐": "ld", "└": "ur", "┘": "lu", "┬": "lrd",
    "┴": "lru", "├": "urd", "┤": "uld", "┼": "lurd", "╭": "rd", "╮": "ld", "╰": "ur", "╯": "lu",
}  # fmt: skip
"""The lines of a character from its middle: left, right, up, down; strong ones in capitals."""

FROM_BELOW, FROM_LEFT = "▁▂▃▄▅▆▇█", "▏▎▍▌▋▊▉"
DOTS = ((0x01, 0, 0), (0x02, 0, 1), (0x04, 0, 2), (0x08, 1, 0), (0x10, 1, 1), (0x20, 1, 2), (0x40, 0, 3), (0x80, 1, 3))
"""The bits of a braille character: column and row of each dot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The style of a piece of text."""

    ink: str
    behind: str
    is_bold: bool


def svg_of(lines: Sequence[Strip], variables: Mapping[str, str]) -> str:
    """Return the picture of lines in a window; ``variables`` are those of the theme."""
    plain = Look(ink=variables["foreground"].lower(), behind=variables["background"].lower(), is_bold=False)
    columns = max(line.cell_length for line in lines)
    width, height = columns * COLUMN + 2 * EDGE, len(lines) * LINE + BAR + EDGE
    names: dict[str, str] = {}
    rows = "\n".join(_row(number, line, plain, names) for number, line in enumerate(lines))
    classes = "".join(f".{name}{{{rule}}}" for rule, name in names.items())
    circles = "".join(f'<circle cx="{22 + 22 * place}" cy="18" r="7" fill="{BUTTONS[place]}"/>' for place in range(3))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" xml:space="preserve">'
        f"<style>svg{{color:{plain.ink};font:{FONTS}}}text{{fill:currentColor;white-space:pre}}"
        f"path{{stroke:currentColor;stroke-width:1.5;fill:none}}.f{{fill:currentColor;stroke:none}}"
        f".d{{stroke-width:3.6;stroke-linecap:round}}.h{{stroke-width:3}}{classes}</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="{variables["panel"]}"/>{circles}'
        f'<text x="{width / 2:g}" y="25" text-anchor="middle">nnsize-tui</text>'
        f'<g transform="translate({EDGE},{BAR})">'
        f'<rect width="{columns * COLUMN}" height="{len(lines) * LINE}" fill="{plain.behind}"/>\n{rows}</g></svg>\n'
    )


def _row(number: int, line: Strip, plain: Look, names: dict[str, str]) -> str:
    """Return a line: backgrounds, then letters. New styles are added to ``names``."""
    behind: list[str] = []
    before: list[str] = []
    for column, text, look in _pieces(line, plain):
        if look.behind != plain.behind:
            behind.append(
                f'<rect x="{column * COLUMN}" y="{number * LINE}" width="{cell_len(text) * COLUMN}" height="{LINE}"'
                f' fill="{look.behind}" shape-rendering="crispEdges"/>'
            )
        rule = f"color:{look.ink};" if look.ink != plain.ink else ""
        rule += "font-weight:bold" if look.is_bold else ""
        parts = "".join(_parts(column * COLUMN, number * LINE, text))
        if parts:
            name = names.setdefault(rule, f"s{len(names)}") if rule else ""
            before.append(f'<g class="{name}">{parts}</g>' if name else parts)
    return "".join(behind + before)


def _pieces(line: Strip, plain: Look) -> Iterator[tuple[int, str, Look]]:
    """Yield each piece of one style with its first column; blanks have the style before them."""
    column, began = 0, 0
    text, look = "", plain
    for segment in line:
        style = segment.style or Style.null()
        ink, behind = _hex(style.color, plain.ink), _hex(style.bgcolor, plain.behind)
        if style.reverse:
            ink, behind = behind, ink
        new = Look(ink=ink, behind=behind, is_bold=bool(style.bold))
        if new != look and (segment.text.strip() or behind != look.behind):
            if text:
                yield began, text, look
            began, text, look = column, "", new
        text += segment.text
        column += segment.cell_length
    yield began, text, look


def _hex(colour: Color | None, default: str) -> str:
    return default if colour is None or colour.is_default else colour.get_truecolor().hex


def _kind(character: str) -> str:
    """Return the kind of drawing of a character."""
    if "\N{BRAILLE PATTERN BLANK}" <= character <= "\N{BRAILLE PATTERN DOTS-12345678}":
        return "d"
    if character in FROM_BELOW or character in FROM_LEFT:
        return "f"
    return "" if character not in ARMS else "h" if ARMS[character].isupper() else "l"


def _parts(x: int, y: int, text: str) -> Iterator[str]:
    """Return the elements of a piece of text with its upper left corner at x and y."""
    for kind, group in groupby(text, _kind):
        characters = "".join(group)
        if not kind:
            yield from _letters(x, y, characters)
        else:
            paths = "".join(_path(kind, x + COLUMN * place, y, one) for place, one in enumerate(characters))
            yield f'<path class="{kind}" d="{paths}"/>' if paths else ""
        x += cell_len(characters) * COLUMN


def _letters(x: int, y: int, text: str) -> Iterator[str]:
    bare = text.strip()
    x += (len(text) - len(text.lstrip())) * COLUMN
    while bare:
        word, _, rest = bare.partition(GAP)
        yield f'<text x="{x}" y="{y + 18}" textLength="{cell_len(word) * COLUMN}">{escape(word)}</text>'
        x += (cell_len(bare) - cell_len(rest.lstrip())) * COLUMN
        bare = rest.lstrip()


def _path(kind: str, x: int, y: int, character: str) -> str:
    """Return the path of one character."""
    if kind == "d":
        bits = ord(character) - ord("\N{BRAILLE PATTERN BLANK}")
        return "".join(f"M{x + 3 + 6 * column} {y + 3 + 6 * row}h0" for bit, column, row in DOTS if bits & bit)
    if kind == "f":
        if character in FROM_LEFT:
            return f"M{x} {y}h{1.5 * (FROM_LEFT.index(character) + 1):g}v24H{x}z"
        return f"M{x} {y + 24}h12v-{3 * (FROM_BELOW.index(character) + 1)}H{x}z"
    if character == "┄":
        return f"M{x + 1} {y + 12}h2m2 0h2m2 0h2"
    middle = f"M{x + 6} {y + 12}"
    ways = {"l": f"H{x}", "r": f"H{x + 12}", "u": f"V{y}", "d": f"V{y + 24}"}
    if character in "╭╮╰╯":
        side, level = (0 if "l" in ARMS[character] else 12), (0 if "u" in ARMS[character] else 24)
        return f"M{x + side} {y + 12}Q{x + 6} {y + 12} {x + 6} {y + level}"
    return "".join(middle + ways[arm] for arm in ARMS[character].lower())

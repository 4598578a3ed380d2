"""Pictures of the explorer's screens: one app goes from scene to scene, at every size and in both themes."""

import io
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from textual.pilot import Pilot

from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.terminal.themes import DARK, LIGHT
from nnsize_tui.widgets.canvas import Canvas
from support.pilots import shown
from support.screen_svg import FONT_OF_PNG, FONTS, svg_of

SIZES = ((160, 48), (80, 24))
THEMES = ((DARK.name, ""), (LIGHT.name, "-light"))
LONGEST = 300.0
"""Seconds until a scene must be on the screen."""

SCALE = 0.75
"""Scale of a PNG, for text of 15 pixels."""

SHADES = (1.0, 0.75, 0.5, 0.25)
"""Shades of a PNG between an ink and its background, for the edges of letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A screen to take a picture of."""

    name: str
    keys: Sequence[str] = ()
    """Keys to press in the scene before; words in parentheses are waited for."""

    words: str = ""
    """Words that every picture of the scene must show."""


async def take(app: ExplorerApp, folder: Path, scenes: Sequence[Scene], begin: Callable[[], object]) -> list[Path]:
    """Write the pictures of all scenes; ``begin`` brings the app to the screen for the first scene's keys."""
    pictures: list[Path] = []
    async with app.run_test(size=SIZES[0]) as pilot:
        await _shown(pilot, "Quit")
        begin()
        for scene in scenes:
            await _press(pilot, scene.keys)
            for width, height in SIZES:
                await pilot.resize_terminal(width, height)
                for theme, ending in THEMES:
                    app.theme = theme
                    await _drawn(pilot)
                    if scene.words not in shown(pilot):
                        raise SystemExit(f"{scene.name} does not show {scene.words!r}:\n{shown(pilot)}")
                    picture = folder / f"{scene.name}-{width}x{height}{ending}.svg"
                    picture.write_text(
                        svg_of(app.screen._compositor.render_strips(), app.theme_variables), encoding="utf-8"
                    )
                    pictures.append(picture)
            await pilot.resize_terminal(*SIZES[0])
    return pictures


async def _press(pilot: Pilot[None], keys: Sequence[str]) -> None:
    for key in keys:
        if key.startswith("("):
            await _shown(pilot, key[1:-1])
        else:
            await pilot.press(key)


async def _shown(pilot: Pilot[None], words: str) -> None:
    deadline = time.monotonic() + LONGEST
    while words not in shown(pilot):
        if time.monotonic() > deadline:
            raise SystemExit(f"{words!r} is not shown:\n{shown(pilot)}")
        await pilot.pause(0.1)


def _has_picture(chart: ChartView) -> bool:
    """Return whether anything stands below the first line of a chart, which is its heading."""
    return any(chart.render_line(row).text.strip() for row in range(1, chart.size.height))


async def _drawn(pilot: Pilot[None]) -> None:
    """Wait until every chart in sight is drawn, at its size and in these colours."""
    for _ in range(3):  # news of a run, what follows from it, and its picture
        await pilot.pause(0.1)
        for canvas in pilot.app.screen.query(Canvas):
            canvas.redraw()  # what waits for a slow line need not wait for a picture
        for screen in pilot.app.screen_stack:
            for chart in screen.query(ChartView):
                deadline = time.monotonic() + LONGEST
                while screen is pilot.app.screen and chart.display and not _has_picture(chart):
                    if time.monotonic() > deadline:
                        raise SystemExit(f"{chart} is not drawn:\n{shown(pilot)}")
                    await pilot.pause(0.1)
                chart._next_at = 0.0
                chart._draw()
    await pilot.pause()


def write_png(pictures: Sequence[Path]) -> list[Path]:
    """Write the same pictures as PNG; none if ``rsvg-convert`` is not installed."""
    converter = shutil.which("rsvg-convert")
    if converter is None:
        return []
    written: list[Path] = []
    for picture in pictures:
        svg = picture.read_text(encoding="utf-8")
        drawn = subprocess.run(
            [converter, "--zoom", str(SCALE)],
            input=svg.replace(FONTS, FONT_OF_PNG).encode(),
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        few = Image.open(io.BytesIO(drawn)).convert("RGB").quantize(palette=_palette(svg), dither=Image.Dither.NONE)
        target = picture.with_suffix(".png")
        few.save(target, optimize=True)
        written.append(target)
    return written


def _palette(svg: str) -> Image.Image:
    """Return the colours of a picture and, as far as there is room, shades between each ink and its backgrounds."""
    behind = [colour for colour, _ in Counter(re.findall(r'fill="(#[0-9a-f]{6})"', svg.lower())).most_common()]
    inks = list(dict.fromkeys(re.findall(r"color:(#[0-9a-f]{6})", svg)))
    colours = dict.fromkeys([*behind, *inks])
    for under in sorted(behind, key=lambda colour: colour != _screen(svg)):
        for ink in inks:
            colours |= dict.fromkeys(_between(ink, under))
    flat = [value for colour in list(colours)[:256] for value in bytes.fromhex(colour[1:])]
    palette = Image.new("P", (1, 1))
    palette.putpalette(flat)
    return palette


def _screen(svg: str) -> str:
    """Return the background of the screen, the last colour before its first line."""
    return str(re.findall(r'fill="(#[0-9a-f]{6})"', svg.partition("/>\n")[0])[-1])


def _between(ink: str, under: str) -> list[str]:
    one, other = bytes.fromhex(ink[1:]), bytes.fromhex(under[1:])
    return [
        "#" + bytes(round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True)).hex()
        for share in SHADES
    ]

"""Draw horizontal bars: what is certain solid, the interval shaded, and the share in words at the right."""

from __future__ import annotations

import textwrap

from nnsize_engine.charts.bar_chart import Bar, BarChart, fitting
from nnsize_engine.charts.description import Role
from nnsize_tui.chart.palette import Palette
from nnsize_tui.chart.pen import Pen

MIN_WIDTH, MIN_HEIGHT = 24, 4
"""Smallest picture that has room for a bar, in columns and lines."""

MIN_BAR_COLUMNS = 8
"""Columns of the longest bar; labels and words are cut before it gets shorter."""

MAX_BAR_COLUMNS = 100
"""Columns of the longest bar: in a longer one the eye loses its row."""

MARGIN = 1
"""Empty columns on the right."""

ROWS_PER_SENTENCE = 5
"""Lines of the picture for each line of the sentence."""

SOLID, LIKELY, POSSIBLE = ("█", "#"), ("▓", "="), ("░", "-")
"""The fillings up to the interval, within it up to the share, and from there to its end; in Unicode and ASCII."""


def render_bars(chart: BarChart, width: int, height: int, *, palette: Palette, unicode: bool) -> list[str]:
    """Return the picture: `height` lines, each of `width` columns and some colour codes."""
    pen = Pen(palette=palette, unicode=unicode)
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        return [("..." if row == 0 else "")[:width].ljust(width) for row in range(height)]
    inner = width - MARGIN
    lines = [pen.paint(line.ljust(inner), "text", strong=True) for line in _sentence(chart, inner, height, pen)]
    if chart.bars:
        lines += _bars(chart, inner, height - len(lines), pen)
    lines = lines[:height]
    lines += [" " * inner] * (height - len(lines))
    return [line + " " * MARGIN for line in lines]


def _sentence(chart: BarChart, width: int, height: int, pen: Pen) -> list[str]:
    most = max(1, height // ROWS_PER_SENTENCE) if chart.bars else height
    end = " …" if pen.unicode else " ..."
    return textwrap.wrap(pen.plain(chart.sentence), width, max_lines=most, placeholder=end) or [""]


def _bars(chart: BarChart, width: int, height: int, pen: Pen) -> list[str]:
    """Return a line for each bar, and a last one that says what they are."""
    is_loose = 2 * len(chart.bars) + 2 <= height
    shown, left_out = fitting(chart.bars, height - 1)
    labels = [pen.plain(bar.label) for bar in shown]
    words = [pen.plain(bar.text) for bar in shown]
    words_width = max(map(len, words), default=0)
    label_width = min(max(map(len, labels), default=0), max(4, width - words_width - MIN_BAR_COLUMNS - 2))
    columns = max(1, min(MAX_BAR_COLUMNS, width - label_width - words_width - 2))
    lines = [" " * width] if is_loose else []
    for bar, label, said in zip(shown, labels, words, strict=True):
        painted = pen.paint(label[:label_width].ljust(label_width), "text")
        rest = width - label_width - columns - 2
        lines.append(f"{painted} {_bar(bar, columns, pen)} {pen.paint(said[:rest].ljust(rest), 'text')}")
        lines += [" " * width] if is_loose else []
    return [*lines, pen.paint(_foot(chart, left_out, width, pen).ljust(width), "text")]


def _foot(chart: BarChart, left_out: int, width: int, pen: Pen) -> str:
    place = 0 if pen.unicode else 1
    key = ""
    if any(bar.low is not None for bar in chart.bars):
        key = f"{SOLID[place]}{LIKELY[place]} {chart.label}  {LIKELY[place]}{POSSIBLE[place]} 95 % interval"
    more = "" if not left_out else f"{left_out} smaller left out"
    found = [f"{key or chart.label}{'; ' if more else ''}{more}", more or chart.label, ""]
    return next(pen.plain(text) for text in found if len(text) <= width)


def _bar(bar: Bar, columns: int, pen: Pen) -> str:
    """Return a bar, in as many columns as the longest may have."""
    place = 0 if pen.unicode else 1
    role: Role = "second" if bar.is_rest else "line"
    low, high = bar.share if bar.low is None else bar.low, bar.share if bar.high is None else bar.high
    ends = [round(columns * min(1.0, max(0.0, end))) for end in (low, bar.share, high)]
    if bar.share > 0 and ends[2] == 0:
        ends = [0, 0, 1] if low <= 0 else [1, 1, 1]
    text = SOLID[place] * ends[0] + LIKELY[place] * max(0, ends[1] - ends[0])
    text += POSSIBLE[place] * max(0, ends[2] - max(ends[0], ends[1]))
    return pen.paint(text, role) + " " * (columns - len(text))

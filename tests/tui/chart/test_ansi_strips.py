"""Our quick parser of colour codes gives the same strips as Rich's."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Line
from nnsize_tui.chart.ansi_strips import strips_of
from nnsize_tui.chart.figure import render
from nnsize_tui.chart.palette import Palette

CODES = st.sampled_from(
    ["0", "", "1", "2", "38;2;1;2;3", "38;5;12", "38;2;87;165;226;1", "2;38;5;200", "48;2;4;5;6", "38;5;3;48;5;8"]
)
LINES = st.lists(st.tuples(CODES, st.text("ab░⣀ ", max_size=6))).map(
    lambda parts: "".join(f"\x1b[{codes}m{text}" for codes, text in parts)
)


def _cells(segments: Iterable[Segment]) -> list[tuple[str, Style | None]]:
    """Return each character with its style; a blank has only a background."""
    return [
        (character, Style(bgcolor=(segment.style or Style()).bgcolor) if character == " " else segment.style or Style())
        for segment in segments
        for character in segment.text
    ]


def _by_rich(line: str) -> list[tuple[str, Style | None]]:
    text = Text.from_ansi(line)
    styles = [Style() for _ in text.plain]
    for span in text.spans:
        for place in range(span.start, span.end):
            styles[place] += span.style if isinstance(span.style, Style) else Style.parse(span.style)
    return _cells(Segment(character, style) for character, style in zip(text.plain, styles, strict=True))


@given(LINES)
def test_text_and_style_equal_those_of_rich(line: str) -> None:
    assert _cells(strips_of([line])[0]) == _by_rich(line)


@given(
    st.lists(st.floats(-10, 10), min_size=1, max_size=30),
    st.integers(20, 100),
    st.integers(6, 30),
    st.sampled_from([Palette(), Palette(line=(1, 2, 3), axis=8, text=7, band=(3, 3, 3), best=(9, 9, 9))]),
)
def test_a_picture_is_read_as_rich_reads_it(values: list[float], width: int, height: int, palette: Palette) -> None:
    x = tuple(float(place) for place in range(len(values)))
    band = Band(x=x, lower=tuple(values), upper=tuple(value + 2 for value in values), label="error")
    mark = Highlight(x=0, y=values[0], shape="star", role="best", label="best")
    chart = Chart(series=(band, Line(x=x, y=tuple(values), label="mean"), Cursor(x=0.0), mark), y_label="score")
    lines = render(chart, width, height, palette=palette, unicode=True)
    for line, strip in zip(lines, strips_of(lines), strict=True):
        assert strip.cell_length == width
        assert _cells(strip) == _by_rich(line)

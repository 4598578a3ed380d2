"""Horizontal bars in a terminal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nnsize_engine.charts.bar_chart import Bar, BarChart, fitting
from nnsize_tui.chart.bar_picture import render_bars
from nnsize_tui.chart.palette import Palette

CODES = re.compile(r"\x1b\[[0-9;]*m")


@st.composite
def bars(draw: st.DrawFn) -> Bar:
    low, share, high = sorted(draw(st.tuples(*[st.floats(0, 1)] * 3)))
    has_interval = draw(st.booleans())
    return Bar(
        label=draw(st.text("aé× _\x1b", min_size=1, max_size=40)),
        share=share,
        low=low if has_interval else None,
        high=high if has_interval else None,
        text=f"{100 * share:.0f} % ({100 * low:.0f}–{100 * high:.0f})",
        is_rest=draw(st.booleans()),
    )


@given(
    chart=st.builds(BarChart, sentence=st.text(max_size=200), bars=st.lists(bars(), max_size=12).map(tuple),
                    label=st.text("ab ", max_size=60)),
    width=st.integers(1, 170),
    height=st.integers(1, 50),
    unicode=st.booleans(),
)  # fmt: skip
def test_any_bars_fill_any_picture_exactly(chart: BarChart, width: int, height: int, unicode: bool) -> None:
    lines = [CODES.sub("", line) for line in render_bars(chart, width, height, palette=Palette(), unicode=unicode)]
    assert len(lines) == height
    assert {cell_len(line) for line in lines} == {width}
    assert unicode or all(line.isascii() for line in lines)


def test_a_bar_is_solid_to_its_interval_and_shaded_within() -> None:
    bar = Bar(label="alpha", share=0.5, low=0.25, high=0.75, text="50 %")
    chart = BarChart(sentence="alpha matters", bars=(bar,), label="share")
    width = len("alpha ") + 40 + len(" 50 %") + 1
    lines = render_bars(chart, width, 6, palette=Palette(), unicode=False)
    line = next(line for line in lines if line.startswith("alpha ") and "#" in line)
    assert line == f"alpha {'#' * 10}{'=' * 10}{'-' * 10}{' ' * 10} 50 % "


@pytest.mark.parametrize(("most", "names"), [(9, "abxy"), (3, "axy"), (2, "xy"), (1, "x"), (0, "")])
def test_what_is_left_out_is_never_the_rest(most: int, names: str) -> None:
    shown, left_out = fitting(tuple(Bar(label=name, share=0.1, is_rest=name in "xy") for name in "abxy"), most)
    assert "".join(bar.label for bar in shown) == names
    assert left_out == 4 - len(names)

"""Drawing neither ends the process nor hangs, for any data.

plotext can abort in C++, which Python can't catch, so the drawing happens in another process: this file, run as a
script.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Level, Line, Points, Series
from nnsize_tui.chart.palette import Palette

LONGEST = 300
"""Seconds after which a drawing counts as hanging, even on a busy machine."""

SECONDS = 5.0
"""Processor seconds that one drawing may take."""

COLOURS = Palette(text=(170, 170, 170), axis=8, line=(87, 165, 226), band=(52, 91, 122), best=11)

NUMBERS = st.one_of(
    st.floats(),
    st.integers(-100, 100).map(float),
    st.floats(0.9947175348, 0.9947175349),
    st.sampled_from([0.0, -0.0, 1.0, 1 + 2**-52, 5e-324, 1e-300, 1e300, -1.7e308]),
)
MAYBE = st.none() | NUMBERS
LIMITS = st.none() | st.tuples(NUMBERS, NUMBERS)
LABELS = st.sampled_from(["", "mean", "64-32", "±", "界\x1b[2J\n"])


@st.composite
def _series(draw: st.DrawFn) -> Series:
    size = draw(st.integers(0, 12))
    x, y, z = (tuple(draw(st.lists(MAYBE, min_size=size, max_size=size))) for _ in range(3))
    label = draw(LABELS)
    kinds: list[Series] = [
        Line(x=x, y=y, label=label),
        Line(x=x, y=y, dotted=True, role="second"),
        Line(x=x, y=y, label=label, role="line_2", shape="triangle"),
        Points(x=x, y=y, label=label),
        Band(x=x, lower=y, upper=z, label=label),
        Cursor(x=draw(NUMBERS), label=label),
        Level(y=draw(NUMBERS)),
        Highlight(x=draw(NUMBERS), y=draw(NUMBERS), shape="star", role="best", label=label),
    ]
    return draw(st.sampled_from(kinds))


CHARTS = st.builds(
    Chart,
    series=st.lists(_series(), max_size=4).map(tuple),
    title=LABELS,
    x_label=LABELS,
    y_label=LABELS,
    x_limits=LIMITS,
    y_limits=LIMITS,
    legend_rows=st.integers(1, 3),
    x_log=st.booleans(),
    y_log=st.booleans(),
    x_ticks=st.none() | st.lists(st.tuples(NUMBERS, LABELS), max_size=5).map(tuple),
)


def _draw_many(last_example: Path) -> None:
    """Draw some hundred charts; note each one first, so that a chart that ends the process is known."""
    from nnsize_tui.chart.ansi_strips import CODE
    from nnsize_tui.chart.figure import render

    @settings(max_examples=400, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(CHARTS, st.integers(1, 90), st.integers(1, 30), st.booleans(), st.booleans())
    def draw(chart: Chart, width: int, height: int, unicode: bool, has_colour: bool) -> None:
        last_example.write_text(f"{width}x{height} unicode={unicode} {chart!r}", encoding="utf-8")
        began = time.process_time()
        lines = render(chart, width, height, palette=COLOURS if has_colour else Palette(), unicode=unicode)
        assert time.process_time() - began < SECONDS
        texts = [CODE.sub("", line) for line in lines]
        assert [len(text) for text in texts] == [width] * height
        assert all(text.isprintable() for text in texts)
        assert unicode or all(text.isascii() for text in texts)
        assert has_colour or not any("38;" in line or "48;" in line for line in lines)

    draw()


def test_no_data_ends_the_process_or_hangs_it(tmp_path: Path) -> None:
    last_example = tmp_path / "last_example"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, __file__, str(last_example)],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert done.returncode == 0, f"{last_example.read_text(encoding='utf-8')}\n{done.stdout}\n{done.stderr}"


if __name__ == "__main__":
    _draw_many(Path(sys.argv[1]))

"""The picture as text."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from nnsize_engine.charts.description import Band, Chart, Cursor, Highlight, Level, Line, Points
from nnsize_tui.chart.ansi_strips import CODE
from nnsize_tui.chart.figure import render
from nnsize_tui.chart.palette import Palette

COLOURS = Palette(
    text=(170, 170, 170), axis=(90, 90, 90), line=(87, 165, 226), band=(52, 91, 122), best=(255, 196, 115)
)
STEPS = tuple(float(step) for step in range(101))
CURVE = Chart(
    series=(
        Band(x=STEPS, lower=STEPS, upper=tuple(step + 40 for step in STEPS), label="± error"),
        Line(x=STEPS, y=tuple(step + 20 for step in STEPS), label="mean"),
        Highlight(x=50, y=70, shape="star", role="best", label="best 50"),
    ),
    x_label="neurons",
    y_label="score",
)


def _texts(chart: Chart, width: int, height: int, *, unicode: bool = True) -> list[str]:
    lines = render(chart, width, height, palette=COLOURS, unicode=unicode)
    return [CODE.sub("", line) for line in lines]


@pytest.mark.parametrize(("width", "height"), [(20, 6), (80, 10), (80, 24), (200, 60), (12, 4), (3, 2)])
@pytest.mark.parametrize("unicode", [True, False])
def test_a_picture_has_exactly_the_size_asked_for(width: int, height: int, unicode: bool) -> None:
    assert [len(text) for text in _texts(CURVE, width, height, unicode=unicode)] == [width] * height


def test_a_plain_terminal_gets_plain_characters_only() -> None:
    texts = _texts(CURVE, 80, 20, unicode=False)
    assert all(text.isascii() for text in texts)
    assert all(sign in "".join(texts) for sign in "*.@|+-")
    assert "+/- error" in texts[0]


def test_without_colours_there_are_none_and_every_marker_differs() -> None:
    lines = render(CURVE, 80, 20, palette=Palette(), unicode=True)
    assert {code for line in lines for code in CODE.findall(line)} <= {"0", "1", "2"}
    assert all(sign in "".join(lines) for sign in "░★")


BACKGROUND = "48;2;52;91;122"
WIDE = Chart(
    series=(
        Band(x=STEPS, lower=tuple(1.0 for _ in STEPS), upper=tuple(3.0 for _ in STEPS), label="± error"),
        Line(x=STEPS, y=tuple(2.0 for _ in STEPS)),
        Level(y=1.5),
        Cursor(x=30),
        Highlight(x=50, y=2, shape="star", role="best"),
    ),
    y_limits=(0, 4),
)


def _cells(line: str) -> list[tuple[str, str]]:
    """Every character with the codes since the last reset."""
    parts = CODE.split(line)
    codes = ["", *parts[1::2]]
    return [(character, code) for code, text in zip(codes, parts[::2], strict=True) for character in text]


def test_a_coloured_band_is_a_background_behind_everything() -> None:
    lines = render(WIDE, 60, 23, palette=COLOURS, unicode=True)
    assert "░" not in "".join(lines)
    rows = [row for row in map(_cells, lines[1:]) if any(BACKGROUND in codes for _, codes in row)]
    assert len(rows) == 10
    for row in rows:
        covered = "".join(" #"[BACKGROUND in codes] for _, codes in row)
        assert re.fullmatch(" *#{56,} *", covered)
    shown = "".join(character for row in rows for character, _ in row)
    assert all(sign in shown for sign in "★┄│")
    assert "\x1b[38;2;52;91;122m■" in lines[0]
    assert BACKGROUND not in lines[0]


def test_what_is_as_faint_as_the_axis_is_drawn_as_text_on_a_band() -> None:
    palette = Palette(text=7, axis=8, band=8, line=4)
    lines = render(WIDE, 60, 23, palette=palette, unicode=True)
    assert {codes for line in lines for sign, codes in _cells(line) if sign == "┄"} == {"38;5;7;48;5;8"}


@pytest.mark.parametrize(("palette", "unicode", "sign"), [(Palette(), True, "░"), (COLOURS, False, ".")])
def test_without_a_background_a_band_fills_only_what_is_empty(palette: Palette, unicode: bool, sign: str) -> None:
    lines = render(WIDE, 60, 23, palette=palette, unicode=unicode)
    bare = Chart(series=WIDE.series[1:], y_limits=(0, 4), title="same height")
    without = render(bare, 60, 23, palette=palette, unicode=unicode)
    assert "48;" not in "".join(lines)
    changed = {
        (before, after)
        for old, new in zip(without[1:], lines[1:], strict=True)
        for before, after in zip(CODE.sub("", old), CODE.sub("", new), strict=True)
        if before != after
    }
    assert changed == {(" ", sign)}


KNOWN = replace(COLOURS, background=(17, 21, 27))
LOWER_PART, UPPER_PART = "38;2;52;91;122", f"38;2;17;21;27;{BACKGROUND}"


def _bands(lower: float, upper: float, *, palette: Palette = KNOWN, unicode: bool = True) -> list[set[tuple[str, str]]]:
    """Return the cells of each row of a plot of four rows, from 0 to 4, with this band alone."""
    band = Band(x=(0.0, 9.0), lower=(lower, lower), upper=(upper, upper))
    lines = render(Chart(series=(band,), x_limits=(0, 9), y_limits=(0, 4)), 40, 6, palette=palette, unicode=unicode)
    return [set(_cells(line)[4:-1]) for line in lines[:4]]


@pytest.mark.parametrize("eighths", range(1, 8))
def test_the_edges_of_a_band_are_drawn_in_eighths_of_a_cell(eighths: int) -> None:
    sign = "▁▂▃▄▅▆▇"[eighths - 1]
    above = [{(sign, LOWER_PART)}, {(" ", BACKGROUND)}, {(" ", BACKGROUND)}]
    assert _bands(1, 3 + eighths / 8)[:3] == above
    assert _bands(eighths / 8, 3)[1:] == [{(" ", BACKGROUND)}, {(" ", BACKGROUND)}, {(sign, UPPER_PART)}]


def test_a_band_within_a_cell_stands_at_the_nearer_side_and_none_has_a_hole() -> None:
    assert _bands(1.125, 1.375)[2] == {("▂", LOWER_PART)}
    assert _bands(1.625, 1.875)[2] == {("▆", UPPER_PART)}
    assert [row for row in _bands(2, 2) if "".join(sign for sign, _ in row).strip()] == [{("▁", LOWER_PART)}]
    assert [row for row in _bands(4, 4) if "".join(sign for sign, _ in row).strip()] == [{("▇", UPPER_PART)}]


@pytest.mark.parametrize(("palette", "unicode"), [(COLOURS, True), (Palette(), True), (KNOWN, False)])
def test_without_two_known_colours_and_in_ascii_a_band_has_whole_cells(palette: Palette, unicode: bool) -> None:
    signs = {sign for row in _bands(0.4, 2.6, palette=palette, unicode=unicode) for sign, _ in row}
    assert not signs & set("▁▂▃▄▅▆▇")


def test_a_band_over_another_leaves_that_one_in_the_rest_of_its_cells() -> None:
    one = Band(x=(0.0, 9.0), lower=(0.0, 0.0), upper=(4.0, 4.0))
    other = Band(x=(0.0, 9.0), lower=(1.0, 1.0), upper=(2.5, 2.5), role="line")
    palette = replace(KNOWN, line_bands=((1, 2, 3),))
    chart = Chart(series=(one, other), x_limits=(0, 9), y_limits=(0, 4))
    lines = render(chart, 40, 6, palette=palette, unicode=True)
    assert set(_cells(lines[1])[4:-1]) == {("▄", f"38;2;1;2;3;{BACKGROUND}")}


def test_what_is_drawn_on_an_edge_has_the_band_behind_it_where_the_band_covers_half() -> None:
    def behind(upper: float) -> set[str]:
        band = Band(x=(0.0, 9.0), lower=(1.0, 1.0), upper=(upper, upper))
        chart = Chart(series=(band, Level(y=2.5)), x_limits=(0, 9), y_limits=(0, 4))
        return {codes for sign, codes in _cells(render(chart, 40, 6, palette=KNOWN, unicode=True)[1]) if sign == "┄"}

    assert all(BACKGROUND in codes for codes in behind(2.5))
    assert not any(BACKGROUND in codes for codes in behind(2.375))


@pytest.mark.parametrize(("palette", "unicode"), [(KNOWN, True), (Palette(), True), (KNOWN, False)])
def test_words_in_the_plot_keep_their_blanks_on_a_band(palette: Palette, unicode: bool) -> None:
    band = Band(x=(0.0, 9.0), lower=(0.5, 0.5), upper=(3.5, 3.5))
    levels = tuple(Level(y=y, text="gradient boosted trees") for y in (0.6, 2.5, 3.4))
    lines = render(
        Chart(series=(band, *levels), x_limits=(0, 9), y_limits=(0, 4)), 60, 6, palette=palette, unicode=unicode
    )
    assert sum("gradient boosted trees" in CODE.sub("", line) for line in lines) == 3


def test_the_heading_keeps_what_matters_most_when_it_is_narrow() -> None:
    assert _texts(CURVE, 80, 12)[0].split("  ")[-1] == "★ best 50 "
    assert "± error" in _texts(CURVE, 80, 12)[0]
    narrow = _texts(CURVE, 23, 12)[0]
    assert "best 50" in narrow
    assert "error" not in narrow


def test_a_mark_stands_where_its_value_is() -> None:
    chart = Chart(series=(Highlight(x=3, y=7, shape="star", role="best"),), x_limits=(0, 10), y_limits=(0, 10))
    texts = _texts(chart, 63, 23)
    row = next(row for row, text in enumerate(texts) if "★" in text)
    column = texts[row].index("★")
    axis = next(text for text in texts if "└" in text)
    assert column - axis.index("└") - 1 == pytest.approx(0.3 * (63 - axis.index("└") - 1), abs=1)
    assert row == pytest.approx(0.3 * 21, abs=1)


def test_each_tick_of_y_stands_beside_its_value() -> None:
    chart = Chart(series=(Level(y=5),), y_limits=(0, 10), x_limits=(0, 1))
    row = next(text for text in _texts(chart, 40, 14) if "┄" in text)
    assert row.lstrip().startswith("5┤")


def test_solid_lines_lie_over_dotted_ones_and_highlights_over_all() -> None:
    flat = tuple(1.0 for _ in STEPS)
    solid, dotted = Line(x=STEPS, y=flat), Line(x=STEPS, y=flat, dotted=True)
    marks = (Highlight(x=50, y=1, shape="star", role="best"), Cursor(x=50))
    text = "\n".join(_texts(Chart(series=(*marks, solid, dotted), y_limits=(0, 2)), 60, 12))
    assert "★" in text
    assert "·" not in text


def test_a_point_alone_is_drawn_as_a_dot() -> None:
    chart = Chart(series=(Line(x=(1.0, 2.0, 3.0), y=(None, 5.0, None)),))
    assert "•" in "".join(_texts(chart, 40, 10))


def test_few_points_are_dotted_and_many_are_not() -> None:
    assert "•" in "".join(_texts(Chart(series=(Line(x=STEPS[:5], y=STEPS[:5]),)), 60, 10))
    assert "•" not in "".join(_texts(Chart(series=(Line(x=STEPS, y=STEPS),)), 60, 10))


def test_an_empty_chart_has_its_frame_and_its_names_and_no_numbers() -> None:
    texts = _texts(Chart(x_label="neurons", y_label="score"), 40, 12)
    assert "score" in texts[0]
    assert "neurons" in texts[-1]
    assert not re.search(r"\d", "".join(texts))


def test_candidates_without_scores_have_no_numbers_of_y() -> None:
    chart = Chart(series=(Line(x=(4.0, 8.0), y=(None, float("nan"))),), x_label="neurons", x_log=True)
    texts = _texts(chart, 40, 12)
    assert not re.search(r"\d", "".join(texts[:-2]))
    assert texts[-2].split() == ["4", "8"]
    assert texts[-1].strip() == "neurons (log)"


@pytest.mark.parametrize("unicode", [True, False])
def test_the_last_column_is_empty(unicode: bool) -> None:
    for width, height in ((20, 6), (80, 24), (160, 48)):
        lines = render(CURVE, width, height, palette=COLOURS, unicode=unicode)
        assert {_cells(line)[-1] for line in lines} <= {(" ", ""), (" ", "0")}


def test_names_along_x_are_thinned_evenly() -> None:
    names = tuple((float(place), f"{8 * place}-{4 * place}") for place in range(1, 21))
    chart = Chart(series=(Points(x=(1.0, 20.0), y=(0.0, 1.0)),), x_ticks=names)
    shown = _texts(chart, 60, 8)[-1].split()
    places = [int(label.split("-")[1]) // 4 for label in shown]
    assert len(shown) > 3
    assert len({after - before for before, after in pairwise(places)}) == 1


def test_two_pictures_share_nothing() -> None:
    first = render(CURVE, 60, 12, palette=COLOURS, unicode=True)
    render(Chart(series=(Level(y=3),), title="other"), 90, 30, palette=Palette(), unicode=False)
    assert render(CURVE, 60, 12, palette=COLOURS, unicode=True) == first


def test_series_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 x values but 1"):
        Line(x=(1.0, 2.0), y=(1.0,))


def _with_levels(*levels: tuple[float, str]) -> Chart:
    return replace(CURVE, series=(*CURVE.series, *(Level(y=y, text=text) for y, text in levels)))


@pytest.mark.parametrize("unicode", [True, False])
def test_a_named_level_has_its_words_on_it_and_does_not_widen_the_axis(unicode: bool) -> None:
    texts = _texts(_with_levels((30.0, "linear 30"), (-1e6, "dummy -1e6"), (1e6, "trees 1e6")), 80, 24, unicode=unicode)
    plain = _texts(CURVE, 80, 24, unicode=unicode)
    assert [text[:3] for text in texts] == [text[:3] for text in plain]  # the same labels of y
    (on_level,) = [text for text in texts if "linear 30" in text]
    assert ("┄" if unicode else "-") * 10 in on_level
    (above,) = [row for row, text in enumerate(texts) if "above: trees 1e6" in text]
    (below,) = [row for row, text in enumerate(texts) if "below: dummy -1e6" in text]
    assert above < texts.index(on_level) < below


def test_levels_in_one_row_share_it() -> None:
    texts = _texts(_with_levels((30.0, "linear 30.0"), (30.1, "trees 30.1")), 80, 24)
    assert any("linear 30.0, trees 30.1" in text for text in texts)


@pytest.mark.parametrize(("width", "height"), [(12, 4), (14, 6), (30, 9)])
def test_words_that_do_not_fit_are_cut(width: int, height: int) -> None:
    texts = _texts(_with_levels((30.0, "a linear model with a long name 30")), width, height)
    assert [len(text) for text in texts] == [width] * height


def test_words_stand_where_they_hide_less_of_the_curve() -> None:
    falling = Chart(series=(Line(x=STEPS, y=tuple(-step for step in STEPS)), Level(y=-95.0, text="linear -95")))
    (row,) = [text for text in _texts(falling, 80, 24) if "linear -95" in text]
    assert row.index("linear") < 20  # the curve is at the right here


def test_the_legend_in_ascii_has_the_signs_of_the_plot_and_no_others() -> None:
    flat = tuple(20.0 for _ in STEPS)
    thin = Band(x=STEPS, lower=tuple(19.9 for _ in STEPS), upper=tuple(20.1 for _ in STEPS), label="± error")
    line, far = Line(x=STEPS, y=flat), Line(x=STEPS, y=STEPS, label="smoothed", role="axis", dotted=True)
    hidden = Chart(series=(thin, line, far), x_label="neurons", y_label="score")
    texts = _texts(hidden, 60, 20, unicode=False)
    assert "+/- error" not in texts[0]
    assert texts[0].startswith("* score")
    assert "' smoothed" in texts[0]
    assert len(texts) == 20
    wide = replace(thin, lower=tuple(10.0 for _ in STEPS), upper=tuple(30.0 for _ in STEPS))
    assert ". +/- error" in _texts(replace(hidden, series=(wide, line, far)), 60, 20, unicode=False)[0]
    assert _texts(hidden, 60, 20)[0].startswith("score ")
    assert "± error" in _texts(hidden, 60, 20)[0]

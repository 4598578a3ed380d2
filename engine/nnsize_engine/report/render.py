"""Rendering of a report as one HTML file, by the templates of Jinja in ``templates/``.

Every text is escaped twice over: control and format characters as for a terminal, then by Jinja for HTML. The page
forbids itself the network and any script or style but its own two, which it names by their digests.
"""

import base64
import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, assert_never

from nnsize_engine.charts.heat_map import STATE_WORDS, HeatMap
from nnsize_engine.report.hover_values import hover_values
from nnsize_engine.report.limits import Limits
from nnsize_engine.report.page import (
    BarBlock,
    Block,
    ChartBlock,
    CodeBlock,
    FactsBlock,
    HeatBlock,
    Page,
    TableBlock,
    WordsBlock,
)
from nnsize_engine.report.plot_area import plot_area
from nnsize_engine.report.svg_bars import bars_svg
from nnsize_engine.report.svg_chart import svg_of
from nnsize_engine.report.svg_heat import heat_svg
from nnsize_engine.report.svg_legend import legend_of
from nnsize_engine.report.thin_chart import thin_chart
from nnsize_engine.text import escape_lines, escape_text, score_text

_TEMPLATES = Path(__file__).with_name("templates")


def render(page: Page, limits: Limits) -> str:
    """Return the HTML file of a report."""
    environment = _environment()
    blocks = environment.get_template("blocks.html").module
    script, style = _source("page.js"), environment.from_string(_source("page.css")).render()
    return str(
        environment.get_template("page.html").render(
            page=page,
            draw=_Drawer(blocks, limits),
            policy=_policy(script, style),
            script=_markup(script),
            style=_markup(style),
        )
    )


@functools.cache
def _environment() -> Any:
    # Imported here, because only reports need it and the explorer starts without it.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _harmless(value: object) -> object:
    """Return text without control and format characters; what is markup already stays as it is."""
    return escape_text(value) if type(value) is str else value


def _markup(text: str) -> str:
    from markupsafe import Markup

    return Markup(text)


def _source(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _policy(script: str, style: str) -> str:
    """Return the policy of the page: no network, no frames, no forms, and no code but its own."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


class _Drawer:
    """Draws the blocks of one page; charts are numbered, because each has a clip path of its own."""

    def __init__(self, macros: Any, limits: Limits) -> None:
        self._macros = macros
        self._limits = limits
        self._charts = 0

    def __call__(self, block: Block) -> str:
        match block:
            case ChartBlock():
                return self._chart(block)
            case HeatBlock():
                svg = _markup(heat_svg(block.heat, name=block.name))
                return self._call("heat", block, svg, _heat_words(block.heat, block.note))
            case BarBlock():
                return self._call("bars", block, _markup(bars_svg(block.bars, name=block.name)))
            case TableBlock():
                return self._call("table", block)
            case FactsBlock():
                return self._call("facts", block)
            case WordsBlock():
                return self._call("words", block)
            case CodeBlock():
                from markupsafe import escape

                return self._call("code", block, escape(escape_lines(block.text)))
            case _:
                assert_never(block)

    def _call(self, name: str, *arguments: object) -> str:
        macro: Callable[..., str] = getattr(self._macros, name)
        return macro(*arguments)

    def _chart(self, block: ChartBlock) -> str:
        self._charts += 1
        thin = thin_chart(block.chart, self._limits.points)
        area = plot_area(block.chart)
        svg = svg_of(thin.chart, area, number=self._charts, name=block.name)
        legend = [(_markup(drawing), words) for drawing, words in legend_of(thin.chart)]
        most = f"Lines are thinned to {self._limits.points} points; the lowest and the highest of each part are kept."
        return self._call(
            "chart", block, _markup(svg), legend, hover_values(thin.chart, area), most if thin.is_thinned else ""
        )


def _heat_words(heat: HeatMap, note: str) -> str:
    """Return what the colours and the marks mean."""
    low, high = heat.limits or (0.0, 0.0)
    words = [
        f"{heat.title}: {score_text(low)}{' or less' if heat.is_clipped else ''} (faint) to {score_text(high)} (strong)"
    ]
    words += [f"★ {heat.best_label}"] if heat.best_label else []
    words += [f"◆ {heat.recommended_label}"] if heat.recommended_label else []
    states = {cell for row in heat.cells for cell in row if isinstance(cell, str)}
    words += [f"grey: {', '.join(sorted(STATE_WORDS[state] for state in states))}"] if states else []
    return f"{'; '.join(words)}. {note}".rstrip()

"""The section of a report on which parameters matter: bars, a table, and the effect of each."""

from collections.abc import Sequence

from nnsize_engine.charts.importance_charts import effect_charts, importance_bars
from nnsize_engine.charts.importance_data import has_importances
from nnsize_engine.charts.importances_of import importances_of
from nnsize_engine.charts.search_space import SearchSpace
from nnsize_engine.errors import RunError
from nnsize_engine.report.cells import score_cell, text_cell
from nnsize_engine.report.page import BarBlock, Block, Cell, ChartBlock, Column, Row, Section, TableBlock, WordsBlock
from nnsize_engine.results.importances import (
    Importances,
    ParameterEffect,
    Share,
    importance_notes,
    importance_sentence,
    percent_text,
)
from nnsize_engine.runs.view import SizeView, WatchedView
from nnsize_engine.text import NONE, score_text

MAX_EFFECTS = 8  # parameters whose effect is drawn, the most important first


def importance_sections(view: SizeView | WatchedView, space: SearchSpace) -> list[Section]:
    """Return the section of a search over several parameters; nothing of another one."""
    if not has_importances(space):
        return []
    try:
        found = importances_of(view)
    except RunError as error:
        words = str(error)
        return [Section(title="Parameters", blocks=[WordsBlock(text=f"{words[:1].upper()}{words[1:]}.")])]
    blocks: list[Block] = [
        WordsBlock(text=importance_sentence(found)),
        BarBlock(name="importance of each parameter", bars=importance_bars(found), note=_note(found)),
        _shares(found),
    ]
    for place, chart in zip(found.ranked[:MAX_EFFECTS], effect_charts(found), strict=False):
        blocks.append(ChartBlock(name=chart.title, chart=chart, note=f"{chart.title[:1].upper()}{chart.title[1:]}."))
        blocks.append(_values(found.effects[place], found.scoring))
    return [Section(title="Parameters", blocks=blocks)]


def _note(found: Importances) -> str:
    what = f"Shares of the variance between the mean {found.scoring} of candidates"
    said = f"{what}, whose standard deviation is {score_text(found.deviation)}."
    return " ".join([said, "The noise of the folds has its own bar.", *importance_notes(found)])


def _shares(found: Importances) -> TableBlock:
    totals = {one.parameters: one for one in found.total}
    return TableBlock(
        name="shares of the variance",
        columns=(
            Column(title="part", is_number=False),
            Column(title="share", meaning="of the variance between candidates, with 95 % interval"),
            Column(title="total", meaning="with all interactions that the parameter is part of"),
        ),
        rows=tuple(
            Row(cells=(text_cell(one.name), _share_cell(one), _share_cell(totals.get(one.parameters))))
            for one in found.rows
        ),
    )


def _share_cell(share: Share | None) -> Cell:
    return Cell(text="") if share is None else Cell(text=percent_text(share), value=share.share)


def _values(effect: ParameterEffect, scoring: str) -> TableBlock:
    errors = effect.errors or (None,) * len(effect.means)
    values: Sequence[float | str] = effect.numbers or effect.labels
    rows = zip(effect.labels, values, effect.means, errors, effect.best, strict=True)
    return TableBlock(
        name=f"effect of {effect.parameter}",
        columns=(
            Column(title=effect.parameter, is_number=effect.numbers is not None),
            Column(title=f"mean {scoring}", meaning="over all values of the other parameters"),
            Column(title="std error", meaning="without what folds have in common"),
            Column(title="others as in the best", meaning="all other parameters are those of the best candidate"),
        ),
        rows=tuple(
            Row(
                cells=(
                    text_cell(label, value),
                    score_cell(mean),
                    Cell(text=NONE) if error is None else score_cell(error),
                    score_cell(best),
                )
            )
            for label, value, mean, error, best in rows
        ),
    )

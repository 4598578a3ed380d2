"""The report of several runs: what they reached, what differs, and their curves in one chart."""

from collections.abc import Sequence
from dataclasses import replace

from nnsize_engine.answers.comparison_answer import cell_text, same_text, shown_results
from nnsize_engine.answers.kinds import answer_of
from nnsize_engine.charts.comparison_charts import WORDS, ComparisonCharts, measures_of
from nnsize_engine.comparison.compare import Comparison
from nnsize_engine.report.cells import text_cell
from nnsize_engine.report.limits import Limits, shortened
from nnsize_engine.report.page import Block, Cell, ChartBlock, Column, Row, Section, TableBlock, WordsBlock
from nnsize_engine.report.run_facts import data_blocks, moment, program_blocks
from nnsize_engine.runs.view import AnyView
from nnsize_engine.text import NONE


def comparison_sections(found: Comparison, views: Sequence[AnyView], limits: Limits) -> list[Section]:
    """Return curves, results, settings that differ, and the answer of each run."""
    charts: list[Block] = []
    curves = ComparisonCharts()
    for measure in measures_of(found, views):
        chart = curves.chart(measure, found, views)
        charts.append(
            ChartBlock(name=WORDS[measure], chart=chart, note=f"{WORDS[measure][0].upper()}{WORDS[measure][1:]}.")
        )
    answers = [WordsBlock(text=f"{name}: {answer_of(view)}") for name, view in zip(found.names, views, strict=True)]
    return [
        Section(title="Results", blocks=[_results(found, limits)]),
        *([Section(title="Curves", blocks=charts)] if charts else []),
        Section(title="Settings", blocks=_settings(found, limits)),
        Section(title="Answers", blocks=answers),
        *_data(views, limits),
        Section(title="Versions", blocks=[_versions(found, views, limits)]),
        Section(title="Programs", blocks=_programs(found, views, limits)),
    ]


def _data(views: Sequence[AnyView], limits: Limits) -> list[Section]:
    """Return what is known of the data that all runs have in common."""
    known = [None if view.header.data is None else view.header.data.sha256 for view in views]
    is_shared = len({view.settings.data for view in views}) == 1 and len(set(known)) == 1
    return [Section(title="Data", blocks=data_blocks(views[0], limits))] if is_shared else []


def _versions(found: Comparison, views: Sequence[AnyView], limits: Limits) -> TableBlock:
    """Return a row for each library, and one for the begin of each run."""
    names = list(dict.fromkeys(name for view in views for name in view.header.versions))
    rows = [Row(cells=(text_cell("begun"), *(text_cell(moment(view.header.created)) for view in views)))]
    for name in names:
        texts = [shortened(view.header.versions.get(name, NONE), limits.letters) for view in views]
        rows.append(Row(cells=(text_cell(shortened(name, limits.letters)), *map(text_cell, texts))))
    return TableBlock(name="versions", columns=_columns("library", found), rows=tuple(rows))


def _programs(found: Comparison, views: Sequence[AnyView], limits: Limits) -> list[Block]:
    """Return the program of each run."""
    share = replace(limits, code=max(1, limits.code // len(views)))
    return [
        block
        for name, view in zip(found.names, views, strict=True)
        for block in (WordsBlock(text=f"{name}:"), *program_blocks(view, share))
    ]


def _results(found: Comparison, limits: Limits) -> TableBlock:
    """Return a row for each result; the best of those that may be compared are marked."""
    rows = []
    for one in shown_results(found):
        cells = [text_cell(one.name)]
        for place, value in enumerate(one.values):
            words = shortened(cell_text(value, one.unit), limits.letters)
            is_best = place in one.best
            cells.append(Cell(text=f"{words} ★" if is_best else words, mark="best" if is_best else ""))
        rows.append(Row(cells=tuple(cells)))
    note = "★ is the best where runs may be compared." if any(one.best for one in found.results) else ""
    return TableBlock(name="results", columns=_columns("result", found), rows=tuple(rows), note=note)


def _columns(title: str, found: Comparison) -> tuple[Column, ...]:
    return (Column(title=title, is_number=False), *(Column(title=name) for name in found.names))


def _settings(found: Comparison, limits: Limits) -> list[Block]:
    rows = [
        Row(cells=(text_cell(name), *(text_cell(shortened(cell_text(value), limits.letters)) for value in values)))
        for name, values in found.settings.different[: limits.rows]
    ]
    words = WordsBlock(text=f"{same_text(found)}.")
    if not rows:
        return [words]
    return [TableBlock(name="settings that differ", columns=_columns("setting", found), rows=tuple(rows)), words]

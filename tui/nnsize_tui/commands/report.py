"""What the commands print of a run of either kind: a JSON object, a table, a progress line, an answer."""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.view import AnyView, SizeView
from nnsize_engine.settings.run import STEP_NAMES, settings_to_json
from nnsize_engine.text import seconds_text
from nnsize_tui.commands import evolution_report, size_report
from nnsize_tui.commands.output import JsonObject
from nnsize_tui.text import evolution
from nnsize_tui.text.numbers import answer_text as size_answer

Rows = Sequence[Sequence[str]]

MOST_PRINTED = 50
"""Candidates that are printed in full: those of the built-in search, and no more than one scrolls through."""

BEST_PRINTED = 20
"""Of more than that."""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table for the terminal."""

    headings: Sequence[str]
    rows: Rows
    note: str = ""
    """What was left out and how to see it; empty where nothing was."""

    title: str = ""
    """Above it; empty for none."""


def result_of(view: AnyView) -> JsonObject:
    """The result that a view holds."""
    return size_report.result_of(view) if isinstance(view, SizeView) else evolution_report.result_of(view)


def details(view: AnyView) -> JsonObject:
    """A run's result together with what it is, where it is and who works on it."""
    header = view.header
    facts = dataclasses.asdict(header.data) if header.data is not None else None
    return result_of(view) | {
        "kind": header.kind,
        "created": header.created,
        "folder": str(view.folder),
        "pid": header.runner.pid if header.runner is not None and view.state in LIVE_STATES else None,
        "workers": header.workers,
        "remaining_seconds": view.remaining,
        "settings": json.loads(settings_to_json(header.settings), parse_constant=str),  # JSON knows no infinity
        "data" if isinstance(view, SizeView) else "data_facts": facts,  # an evolution's result names its data
        "versions": json.loads(json.dumps(dict(header.versions))),
    }


def progress_text(view: AnyView) -> str:
    """How far a run is, on one line."""
    header = view.header
    steps = f"{header.done} of {header.total} {STEP_NAMES[header.kind]}s"
    parts = [view.state, steps, f"{seconds_text(header.active_seconds)} elapsed"]
    if view.state == "running" and view.remaining is not None and header.done < header.total:
        parts.append(f"about {seconds_text(view.remaining)} left")
    more = size_report.progress_parts(view) if isinstance(view, SizeView) else evolution_report.progress_parts(view)
    return ", ".join([*parts, *more])


def fraction(view: AnyView) -> float:
    """How much of a run is done, from 0 to 1."""
    if isinstance(view, SizeView):
        return view.header.done / max(1, view.header.total)
    return evolution.fraction(view)


def leading_table(view: AnyView, most: int) -> tuple[Sequence[str], Rows]:
    """Headings and at most so many rows: the best candidates, or the last generations."""
    if isinstance(view, SizeView):
        return size_report.headings(view), size_report.rows(view, most)
    return evolution_report.table(view, most)


def final_tables(view: AnyView, *, is_whole: bool) -> list[PrintedTable]:
    """What is printed at the end: candidates, also the best of each size if more is searched, or generations.

    Of many rows only the best or last, unless it is to be whole.
    """
    if not isinstance(view, SizeView):
        count = len(view.generations)
        columns, generations = evolution_report.table(view, count if is_whole else evolution_report.LAST)
        return [PrintedTable(columns, generations, _cut(view, "last", len(generations), count, "generations"))]
    if not view.header.done:
        return []
    headings = size_report.headings(view)
    rows = size_report.rows(view, _most(len(view.summaries), is_whole))
    by_size = size_report.numbers_by_size(view)
    best = size_report.rows_of(view, by_size, _most(len(by_size), is_whole))
    return [
        PrintedTable(headings, rows, _cut(view, "best", len(rows), len(view.summaries), "candidates")),
        PrintedTable(headings, best, _cut(view, "best", len(best), len(by_size), "sizes"), title="best of each size:"),
    ]


def _most(count: int, is_whole: bool) -> int | None:
    """So many rows of the best are printed; None for all as they come."""
    return None if is_whole or count <= MOST_PRINTED else BEST_PRINTED


def _cut(view: AnyView, which: str, printed: int, count: int, what: str) -> str:
    if printed == count:
        return ""
    return f"the {which} {printed} of {count:,} {what}; all of them: nnsize show {view.folder.name} --all"


def answer_text(view: AnyView, *, unicode: bool) -> str:
    """The answer so far, in words."""
    if isinstance(view, SizeView):
        return size_answer(view, unicode=unicode)
    return evolution.evolution_answer(view)


def export_hint(view: AnyView) -> str:
    """How to take a run's results home."""
    command = f"nnsize export {view.folder.name} --to"
    return f"{command} sizes.csv" if isinstance(view, SizeView) else f"{command} network.skops (or generations.csv)"

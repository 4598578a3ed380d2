"""What the commands print of a run of either kind: a JSON object, a table, a progress line, an answer."""

import dataclasses
import json
from collections.abc import Sequence

from nnsize_engine.records import LIVE_STATES
from nnsize_engine.run_settings import STEP_NAMES, settings_to_json
from nnsize_engine.run_view import AnyView, SizeView
from nnsize_tui import evolution_text
from nnsize_tui.commands import evolution_report, size_report
from nnsize_tui.commands.output import JsonObject
from nnsize_tui.text import answer_text as size_answer
from nnsize_tui.text import seconds_text

Rows = Sequence[Sequence[str]]


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
    return evolution_text.fraction(view)


def leading_table(view: AnyView, most: int) -> tuple[Sequence[str], Rows]:
    """Headings and at most so many rows: the best candidates, or the last generations."""
    if isinstance(view, SizeView):
        return size_report.headings(view), size_report.rows(view, most)
    return evolution_report.table(view, most)


def final_table(view: AnyView) -> tuple[Sequence[str], Rows]:
    """Headings and rows of what is printed at the end: every candidate, or the last generations."""
    if isinstance(view, SizeView):
        return size_report.headings(view), size_report.rows(view) if view.header.done else []
    return evolution_report.table(view)


def table_by_size(view: AnyView) -> tuple[Sequence[str], Rows]:
    """Headings and rows of the best candidate of each size; no rows where nothing but sizes is searched."""
    if isinstance(view, SizeView):
        return size_report.headings(view), size_report.rows_by_size(view)
    return (), ()


def answer_text(view: AnyView, *, unicode: bool) -> str:
    """The answer so far, in words."""
    if isinstance(view, SizeView):
        return size_answer(view, unicode=unicode)
    return evolution_text.evolution_answer(view)


def export_hint(view: AnyView) -> str:
    """How to take a run's results home."""
    command = f"nnsize export {view.folder.name} --to"
    return f"{command} sizes.csv" if isinstance(view, SizeView) else f"{command} network.skops (or generations.csv)"

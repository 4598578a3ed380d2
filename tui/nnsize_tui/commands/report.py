"""The report of a run of any kind: a JSON object, a progress line."""

import dataclasses
import json
from collections.abc import Mapping

from nnsize_engine.answers.steps import done_of
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import STEP_NAMES, Kind, by_kind
from nnsize_engine.settings.stored_settings import settings_to_json
from nnsize_engine.text import seconds_text, shell_word
from nnsize_tui.commands.kinds import REPORTS
from nnsize_tui.commands.label import label_details
from nnsize_tui.commands.output import JsonObject
from nnsize_tui.text.kinds import WORDS


def details(view: AnyView) -> JsonObject:
    """Return a run's result, with its kind, folder, runner, settings and data."""
    header, report = view.header, REPORTS[view.kind]
    return (
        label_details(view.label)
        | report.result(view)
        | {
            "kind": header.kind,
            "created": header.created,
            "folder": str(view.folder),
            "pid": header.runner.pid if header.runner is not None and view.state in LIVE_STATES else None,
            "workers": header.workers,
            "cluster": None if view.cluster is None else dataclasses.asdict(view.cluster),
            "remaining_seconds": view.remaining,
            "settings": json.loads(settings_to_json(header.settings), parse_constant=str),  # JSON knows no infinity
            report.data_key: dataclasses.asdict(header.data) if header.data is not None else None,
            "broken": list(view.broken),
            "stall": None if view.stall is None else dataclasses.asdict(view.stall) | {"words": view.stall_words},
            "versions": json.loads(json.dumps(dict(header.versions))),
        }
    )


def result_object(view: AnyView, *, is_whole: bool) -> JsonObject:
    """Return the result and label of a run; if ``is_whole``, with :func:`rows_of` it."""
    found = REPORTS[view.kind].result(view) | label_details(view.label)
    return found | rows_of(view) if is_whole else found


_ROWS: Mapping[Kind, str] = by_kind(size="candidates", evolution="all_generations", watched="candidates")
"""The key of the rows of a run, in the JSON object that has all of them."""


def rows_of(view: AnyView) -> JsonObject:
    """Return every candidate, as scikit-learn's ``cv_results_`` has them, or every generation; and the whole log."""
    # Imported here, because most commands need no tables.
    from nnsize_engine.export.kinds import make_table
    from nnsize_engine.export.table_file import table_rows

    log = [{"time": line.time, "level": line.level, "text": line.text} for line in view.log]
    return {_ROWS[view.kind]: table_rows(make_table(view)), "log": log}


def progress_text(view: AnyView) -> str:
    """Return the progress line of a run."""
    header = view.header
    is_bound = WORDS[view.kind].may_end_early(view)
    done = done_of(header, header.done, bound="at most " if is_bound else "")
    steps = f"{done} {STEP_NAMES[header.kind]}s"
    parts = [view.state, steps, f"{seconds_text(header.active_seconds)} elapsed"]
    if view.state == "running" and view.remaining is not None and header.done < header.total:
        parts.append(f"{'at most' if is_bound else 'about'} {seconds_text(view.remaining)} left")
    return ", ".join([*parts, *REPORTS[view.kind].progress_parts(view)])


def export_hint(view: AnyView) -> str:
    """Return the command that exports a run's results."""
    return f"nnsize export {shell_word(view.folder.name)} --to {REPORTS[view.kind].files}"

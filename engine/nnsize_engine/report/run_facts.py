"""What a report says of any run: its state, settings, data, versions and program."""

import time
from collections.abc import Sequence

from nnsize_engine.answers.steps import done_of
from nnsize_engine.comparison.settings_diff import settings_facts
from nnsize_engine.errors import ExportError
from nnsize_engine.export.python_program import program_of
from nnsize_engine.report.cells import text_cell
from nnsize_engine.report.limits import Limits, shortened
from nnsize_engine.report.page import Block, CodeBlock, Column, FactsBlock, Notice, Row, Section, TableBlock, WordsBlock
from nnsize_engine.results.left_out import left_out_text
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import STEP_NAMES
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.text import seconds_text, shell_word

MAX_BROKEN = 5  # facts that are not whole and named
MAX_LOG_LINES = 20  # warnings and errors of the log
_NAMED_IN_DATA = frozenset({"kind", "rows", "inputs", "task", "file"})


def moment(seconds: float) -> str:
    """Return a moment in local time, with its distance from UTC."""
    return time.strftime("%Y-%m-%d %H:%M %z", time.localtime(seconds))


def notices_of(view: AnyView, now: float) -> list[Notice]:
    """Return what must be known first: that a run goes on, failed, waits, or is not whole."""
    header, state = view.header, view.state
    reason = f": {header.reason.rstrip('.')}" if header.reason else ""
    done = f"{done_of(header, header.done)} {STEP_NAMES[header.kind]}s"
    found: list[Notice] = []
    if state in LIVE_STATES:
        left = "" if view.remaining is None else f", about {seconds_text(view.remaining)} of computing left"
        words = (
            f"The run goes on ({state}). This is how it stood at {moment(now)}: {done}{left}. Numbers may still change."
        )
        found.append(Notice(state=state, text=words))
    elif state in ("failed", "refused"):
        found.append(Notice(state=state, text=f"The run {'failed' if state == 'failed' else 'was refused'}{reason}."))
    elif state in ("stopped", "interrupted"):
        words = (
            f"The run was {state} after {done}{reason}. nnsize resume {shell_word(view.folder.name)} goes on with it."
        )
        found.append(Notice(state=state, text=words))
    if view.stall_words:
        found.append(Notice(state="interrupted", text=view.stall_words))
    if view.broken:
        more = len(view.broken) - MAX_BROKEN
        words = "; ".join([*view.broken[:MAX_BROKEN], *([f"and {more:,} more"] if more > 0 else [])])
        found.append(Notice(state="broken", text=f"The run is not whole. Left out: {words}."))
    return found


def about_sections(view: AnyView, limits: Limits) -> list[Section]:
    """Return the sections on how the results came about."""
    return [
        *_log(view, limits),
        Section(title="Settings", blocks=[_settings(view, limits)]),
        Section(title="Data", blocks=data_blocks(view, limits)),
        Section(title="Versions", blocks=[_versions(view, limits)]),
        Section(title="Program", blocks=program_blocks(view, limits)),
    ]


def _log(view: AnyView, limits: Limits) -> list[Section]:
    """Return the warnings and errors of the log; other lines may quote values of the data."""
    lines = [line for line in view.log if line.level != "info"][-MAX_LOG_LINES:]
    if not lines:
        return []
    columns = tuple(Column(title=title, is_number=False) for title in ("time", "", "message"))
    rows = tuple(
        Row(
            cells=(
                text_cell(moment(one.time), one.time),
                text_cell(one.level),
                text_cell(shortened(one.text, limits.letters)),
            )
        )
        for one in lines
    )
    return [Section(title="Warnings and errors", blocks=[TableBlock(name="log", columns=columns, rows=rows)])]


def _settings(view: AnyView, limits: Limits) -> Block:
    """Return every setting that has a value, defaults filled in."""
    facts = settings_facts(view.settings)
    return FactsBlock(
        facts=tuple(
            (name, shortened(_words(value), limits.letters))
            for name, value in facts.items()
            if value not in (None, "") and (name not in _NAMED_IN_DATA or name == "kind")
        )
    )


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def data_blocks(view: AnyView, limits: Limits) -> list[Block]:
    """Return what is known of the data, without any of its rows."""
    known, table = view.header.data, view.settings.table
    facts: list[tuple[str, str]] = [("data", view.settings.data if table is None else table.choice.source)]
    facts.append(("task", view.settings.task))
    if known is not None:
        facts += [("rows", f"{known.rows:,}"), ("inputs after encoding", f"{known.inputs:,}")]
        facts += [("training rows", f"{known.train_rows:,}"), ("test rows", f"{known.test_rows:,}")]
        facts += [("classes", f"{known.classes:,}")] if known.classes else []
        facts.append(("SHA-256 of the values", known.sha256[:16]))
    blocks: list[Block] = []
    if table is not None:
        facts += _facts_of_table(table)
        blocks += _columns_of(table, limits)
    shown = tuple((name, shortened(value, limits.letters)) for name, value in facts)
    return [FactsBlock(facts=shown), *blocks]


def _facts_of_table(table: TableSettings) -> list[tuple[str, str]]:
    choice = table.choice
    facts = [("target", ", ".join(choice.target)), ("SHA-256 of the file", table.sha256[:16])]
    if table.file_rows is not None:
        facts.append(("rows of the file", f"{table.file_rows:,}"))
    if table.labels:
        facts.append(("labels", ", ".join(table.labels)))
    left_out = left_out_text(table)
    return [*facts, *([("left out", left_out)] if left_out else [])]


def _columns_of(table: TableSettings, limits: Limits) -> list[Block]:
    """Return a table of the columns: their names and kinds, and why some are left out."""
    targets = frozenset(table.choice.target)
    rows: list[tuple[str, str, str]] = []
    for name, *kinds in table.columns:
        rows.append((name, " ".join(kinds), "target" if name in targets else "input"))
    rows += [(name, "", f"left out: {reason}") for name, reason in table.left_out]
    if not rows:
        return []
    columns = tuple(Column(title=title, is_number=False) for title in ("column", "kind", "role"))
    shown = tuple(
        Row(cells=tuple(text_cell(shortened(words, limits.letters)) for words in row)) for row in rows[: limits.columns]
    )
    left = len(rows) - len(shown)
    note = f"{left:,} more columns are not listed." if left > 0 else ""
    return [TableBlock(name="columns of the data", columns=columns, rows=shown, note=note)]


def _versions(view: AnyView, limits: Limits) -> Block:
    header = view.header
    facts: Sequence[tuple[str, str]] = [
        ("run", view.folder.name),
        *([("name", view.label.name)] if view.label.name else []),
        *([("tags", ", ".join(view.label.tags))] if view.label.tags else []),
        ("begun", moment(header.created)),
        *([("workers", f"{header.workers:,}")] if header.workers else []),
        *((name, version) for name, version in header.versions.items()),
    ]
    return FactsBlock(facts=tuple((shortened(name, 60), shortened(value, limits.letters)) for name, value in facts))


def program_blocks(view: AnyView, limits: Limits) -> list[Block]:
    """Return a program for scikit-learn alone, or why there is none."""
    try:
        code = program_of(view)
    except ExportError as error:
        return [WordsBlock(text=f"{str(error)[:1].upper()}{str(error)[1:]}.")]
    words = f"It needs scikit-learn alone; nnsize export {shell_word(view.folder.name)} --to run.py writes it."
    if len(code) <= limits.code:
        return [CodeBlock(text=code, note=words)]
    text = code[: limits.code].rpartition("\n")[0]
    return [CodeBlock(text=f"{text}\n# ...", note=f"The first {len(text):,} of {len(code):,} letters. {words}")]

"""Reports of runs: one HTML file that needs nothing else, of one run or of several that are compared."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from nnsize_engine import __version__
from nnsize_engine.answers.comparison_answer import comparison_answer
from nnsize_engine.answers.kinds import answer_of, details_of
from nnsize_engine.comparison.compare import compare
from nnsize_engine.export.atomic_file import export_file
from nnsize_engine.report.comparison_report import comparison_sections
from nnsize_engine.report.kinds import REPORTS
from nnsize_engine.report.limits import MAX_BYTES, MAX_HALVINGS, Limits, shortened
from nnsize_engine.report.page import Notice, Page
from nnsize_engine.report.render import render
from nnsize_engine.report.run_facts import about_sections, moment, notices_of
from nnsize_engine.report.without_folders import without_folders
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import AnyView

MAX_TITLE = 120  # letters of a title


def write_report(folder: Path | Sequence[Path], to: Path, *, force: bool = False) -> None:
    """Write the report of a run, or of several that are compared, also while they go on.

    ``to`` must end in ``.html``. A file that exists is replaced only with ``force``.

    Raises:
        ExportError: the file cannot be written.
        StoreError: a run cannot be read.
    """
    folders = [folder] if isinstance(folder, Path) else list(folder)
    export_file(to, partial(_content, folders), ("html",), None, force=force)


def _content(folders: Sequence[Path], format: str) -> bytes:
    del format  # there is one
    return report_text(folders).encode()


def report_text(folders: Sequence[Path]) -> str:
    """Return the report of a run, or of several, as HTML of less than a megabyte.

    Raises:
        StoreError: a run cannot be read.
    """
    views = [RunFollower(folder).look() for folder in folders]
    now, limits = time.time(), Limits()
    for _ in range(MAX_HALVINGS):
        text = render(without_folders(_page(views, now, limits), views), limits)
        if len(text.encode()) <= MAX_BYTES:
            break
        limits = limits.halved()
    return text


def _page(views: Sequence[AnyView], now: float, limits: Limits) -> Page:
    return _page_of_run(views[0], now, limits) if len(views) == 1 else _page_of_comparison(views, now, limits)


def _page_of_run(view: AnyView, now: float, limits: Limits) -> Page:
    kind = REPORTS[view.kind]
    return Page(
        title=shortened(view.label.name or view.folder.name, MAX_TITLE),
        kicker=f"{kind.name} · {shortened(view.settings.data, MAX_TITLE)}",
        answer=shortened(answer_of(view), 10 * limits.letters),
        details=[*details_of(view), *_note(view, limits)],
        figures=kind.figures(view),
        notices=_short(notices_of(view, now), limits),
        sections=[*kind.sections(view, limits), *about_sections(view, limits)],
        made=_made(now),
    )


def _page_of_comparison(views: Sequence[AnyView], now: float, limits: Limits) -> Page:
    found = compare(views)
    notices = [
        Notice(state=one.state, text=f"{name}: {one.text}")
        for name, view in zip(found.names, views, strict=True)
        for one in notices_of(view, now)
    ]
    data = list(dict.fromkeys(view.settings.data for view in views))
    return Page(
        title=shortened(" and ".join(found.names) if len(views) == 2 else ", ".join(found.names), MAX_TITLE),
        kicker=f"Comparison of {len(views)} runs · {shortened(', '.join(data), MAX_TITLE)}",
        answer=shortened(comparison_answer(found), 10 * limits.letters),
        details=[],
        figures=[],
        notices=_short(notices, limits),
        sections=comparison_sections(found, views, limits),
        made=_made(now),
    )


def _note(view: AnyView, limits: Limits) -> list[str]:
    """Return the note about a run as a paragraph."""
    return [f"Note: {shortened(view.label.note, 10 * limits.letters)}"] if view.label.note else []


def _short(notices: Sequence[Notice], limits: Limits) -> list[Notice]:
    return [Notice(state=one.state, text=shortened(one.text, 5 * limits.letters)) for one in notices]


def _made(now: float) -> str:
    return f"Written by nnsize {__version__} at {moment(now)}. Nothing in this file loads anything else."

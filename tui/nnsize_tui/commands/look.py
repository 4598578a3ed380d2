"""``nnsize runs`` and ``nnsize show``: list runs, and show one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import click

from nnsize_engine.answers.steps import has_total
from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes.interrupts import Interrupts
from nnsize_engine.results.left_out import left_out_comments
from nnsize_engine.results.records import LIVE_STATES, FinalName
from nnsize_engine.runs.extend import extensions_in
from nnsize_engine.runs.folders import find_run, home, run_folders
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.label import read_label
from nnsize_engine.runs.queue_jobs import left_jobs
from nnsize_engine.runs.view import AnyView, WatchedView
from nnsize_engine.settings.toml import config_text
from nnsize_engine.text import moment_text, shell_word
from nnsize_tui.commands.follow import follow, print_result
from nnsize_tui.commands.kinds import REPORTS
from nnsize_tui.commands.label import label_details
from nnsize_tui.commands.output import JsonObject, echo, has_unicode, print_document, print_json, print_table
from nnsize_tui.commands.report import details, progress_text, rows_of
from nnsize_tui.text.cluster import WAITING, summary_of, waiting_sentence, waiting_words, waits_for_workers
from nnsize_tui.text.sentences import broken_words
from nnsize_tui.text.stalls import STALLED, is_stalled, stall_sentence

_HEADINGS = ("run", "name", "kind", "started", "state", "done", "data", "network", "scoring", "best", "score", "test")
_MAX_LOG_LINES = 20
_LEFT_ALIGNED = frozenset({0, 1, 2, 3, 4, 6, 7, 8})


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON list; with --all also all candidates or generations of each."
)
@click.option("--all", "is_whole", is_flag=True, help="With --json: print the candidates or generations, and the log.")
def runs(as_json: bool, is_whole: bool) -> None:
    """List all runs, newest first."""
    if is_whole and not as_json:
        raise click.UsageError("--all is for --json; the list always has all runs")
    listed = sorted(
        (_listed(folder, as_json=as_json, is_whole=is_whole) for folder in run_folders(home())),
        key=lambda one: one.order,
    )
    for one in listed:
        if one.reason:
            echo(f"nnsize: {one.reason}", err=True)
    if as_json:
        print_json([one.details for one in listed])
    elif listed:
        _print_list([one.row for one in listed])
    else:
        echo(f"no runs yet in {home()}; start one with: nnsize size, or nnsize evolve")


def _print_list(rows: Sequence[tuple[str, ...]]) -> None:
    """Print the runs; names have a column where a run has one."""
    shown = [place for place, title in enumerate(_HEADINGS) if title != "name" or any(row[place] for row in rows)]
    left = frozenset(place for place, column in enumerate(shown) if column in _LEFT_ALIGNED)
    print_table([_HEADINGS[column] for column in shown], [[row[column] for column in shown] for row in rows], left=left)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A run in the list."""

    order: tuple[float, str]
    """The newest first, unreadable ones last."""

    row: tuple[str, ...]
    details: JsonObject
    reason: str = ""
    """Why it cannot be read or waits, what in it is not whole, what it left in a queue; empty if all is well."""


def _listed(folder: Path, *, as_json: bool, is_whole: bool) -> _Listed:
    """Read a run for the list; one that cannot be read is listed with its reason."""
    try:
        view = RunFollower(folder).look()
    except NnsizeError as error:
        label = read_label(folder)
        row = (folder.name, label.name, "", "", "unreadable", *[""] * 7)
        reason: JsonObject = {"run": folder.name} | label_details(label) | {"state": "unreadable", "reason": str(error)}
        return _Listed(order=(0.0, folder.name), row=row, details=reason, reason=str(error))
    found = details(view) | (rows_of(view) if is_whole else {}) if as_json else {}
    left = "; ".join(f"Run {folder.name}: {jobs.words}" for jobs in left_jobs(folder))  # it ends with a command
    waits = f"Run {folder.name} waits for {words}." if (words := waiting_words(view)) else ""
    words = " ".join(filter(None, (stall_sentence(view), waits, broken_words(folder.name, view.broken), left)))
    return _Listed(order=(-view.header.created, folder.name), row=_row(view), details=found, reason=words)


def _row(view: AnyView) -> tuple[str, ...]:
    header = view.header
    done = f"{header.done}/{header.total}" if has_total(header) else f"{header.done}"
    found = REPORTS[view.kind].listed(view)
    started = moment_text(header.created)
    state = STALLED if is_stalled(view) else WAITING if waits_for_workers(view) else view.state
    return (view.folder.name, view.label.name, header.kind, started, state, done, view.settings.data, *found)


@click.command()
@click.argument("run")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object; with --all also all candidates or generations."
)
@click.option("--config", "as_config", is_flag=True, help="Print its settings as a TOML file that starts it again.")
@click.option("--python", "as_python", is_flag=True, help="Print a program that scores the same with scikit-learn.")
@click.option(
    "--network",
    type=click.Choice(get_args(FinalName)),
    help="Which candidate of a search the program of --python trains on all training rows.  [default: best]",
)
@click.option("--all", "is_whole", is_flag=True, help="Print every candidate or generation, and the whole log.")
@click.option("--follow", "is_followed", is_flag=True, help="Stay until the run ends.")
@click.pass_context
def show(
    context: click.Context, /, run: str, network: FinalName | None, is_whole: bool, is_followed: bool, **forms: bool
) -> None:
    """Show one run: its settings, how far it is, its candidates or last generations, the answer so far and its log.

    Of more than 50 candidates the best 20 are printed, of generations the last 10, unless --all is given.
    """
    if sum(forms.values()) > 1:
        raise click.UsageError("--json, --config and --python each print something else; give one of them")
    if network is not None and not forms["as_python"]:
        raise click.UsageError("--network says what the program of --python trains; add --python, or leave it out")
    folder = find_run(run, home())
    view = RunFollower(folder).look()
    if forms["as_config"]:
        print_document(config_text(view.settings, (*view.label.lines, *left_out_comments(view.settings))))
        return
    if forms["as_python"]:
        from nnsize_engine.export.python_program import program_of  # here, because the shell's completion must be quick

        print_document(program_of(view, network))
        return
    if is_followed and view.state in LIVE_STATES:
        with Interrupts() as interrupts:
            is_json = forms["as_json"]
            context.exit(follow(folder, interrupts, as_json=is_json, followed_as="watched", is_whole=is_whole))
    if forms["as_json"]:
        print_json(details(view) | (rows_of(view) if is_whole else {}))
    else:
        _print_run(view, is_whole=is_whole)


def _print_run(view: AnyView, *, is_whole: bool) -> None:
    folder = view.folder
    echo(f"run {folder.name}, started {moment_text(view.header.created)}, in {folder}")
    for what, words in (("name", view.label.name), ("tags", ", ".join(view.label.tags)), ("note", view.label.note)):
        if words:
            echo(f"  {what:<19} {words}")
    for name, value in REPORTS[view.kind].settings(view.settings).items():
        echo(f"  {name:<19} {value}")
    for added in extensions_in(view.log):
        echo(f"  {'extended':<19} {added}")
    echo(progress_text(view))
    if view.cluster is not None:
        echo(f"workers: {summary_of(view.cluster, view.kind)}")
    _print_problems(view)
    print_result(view, is_whole=is_whole)
    mark = " - " if not has_unicode() else " · "
    left_out = 0 if is_whole else max(0, len(view.log) - _MAX_LOG_LINES)
    if left_out:
        lines = "1 earlier line" if left_out == 1 else f"{left_out:,} earlier lines"
        echo(f"{lines} of the log: nnsize show {shell_word(folder.name)} --all")
    for line in view.log[left_out:]:
        echo(f"{moment_text(line.time)}{mark}{line.level}{mark}{line.text}")


def _print_problems(view: AnyView) -> None:
    """Print what keeps a run from going on or made it end, what in it is not whole, and what to do."""
    resume = f"nnsize resume {shell_word(view.folder.name)}"
    if view.stall is not None:
        echo(f"{STALLED if is_stalled(view) else 'not stored'}: {view.stall_words}")
    if waits := waiting_sentence(view):
        echo(waits)
    for left in left_jobs(view.folder):
        echo(f"not cancelled: {left.words}")
    for words in view.broken:
        echo(f"not whole, and left out: {words}")
    if view.broken and not isinstance(view, WatchedView):
        echo(f"compute it again: {resume}")
    if view.header.reason:
        echo(f"reason: {view.header.reason}")
    elif isinstance(view, WatchedView):
        if view.state == "interrupted":
            echo("reason: the process that ran the search is gone; what was finished is kept")
    elif view.state == "interrupted" and view.stall is None:
        echo(
            "reason: its runner died without a word: it was killed, as happens when memory runs out, or the machine "
            f"was switched off; go on with: {resume}"
        )

"""``nnsize runs`` and ``nnsize show``: look at what there is."""

import dataclasses
import json

import click

from nnsize_engine.errors import NnsizeError
from nnsize_engine.network.parameters import NetworkParameters
from nnsize_engine.records import LIVE_STATES
from nnsize_engine.run_settings import settings_to_json
from nnsize_engine.run_view import AnyView, RunFollower, SizeView
from nnsize_engine.runs import find_run, home, list_runs
from nnsize_engine.settings import SizeSettings
from nnsize_tui.commands.follow import follow, has_unicode, print_result
from nnsize_tui.commands.report import JsonObject, print_json, print_table, progress_text, result_of, search_of
from nnsize_tui.text import moment_text, neurons_text, score_text

_HEADINGS = ("run", "started", "state", "fits", "data", "neurons", "scoring", "best", "score", "test")
_LEFT = frozenset({0, 1, 2, 4, 5, 6})


@click.command(short_help="List all runs, newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def runs(as_json: bool) -> None:
    """List all runs, newest first."""
    rows: list[tuple[str, ...]] = []
    objects: list[JsonObject] = []
    folders = list_runs(home())
    for folder in folders:
        try:
            view = RunFollower(folder).look()
        except NnsizeError as error:
            rows.append((folder.name, "", "unreadable", *[""] * 7))
            objects.append({"run": folder.name, "state": "unreadable", "reason": str(error)})
            click.echo(f"nnsize: {error}", err=True)
            continue
        rows.append(_row(view))
        objects.append(details(view) if isinstance(view, SizeView) else _outline(view))
    if as_json:
        print_json(objects)
    elif rows:
        print_table(_HEADINGS, rows, left=_LEFT)
    else:
        click.echo(f"no runs yet in {home()}; start one with: nnsize size")


def _row(view: AnyView) -> tuple[str, ...]:
    header = view.header
    place = (view.folder.name, moment_text(header.created), view.state, f"{header.done}/{header.total}")
    if not isinstance(view, SizeView):
        return (*place, view.settings.data, view.settings.layers, view.settings.fitness, "", "", "")
    choice = view.choice
    return (
        *place,
        view.settings.data,
        view.settings.neurons,
        view.settings.scoring,
        neurons_text(choice.best) if choice else "",
        score_text(choice.best_mean) if choice else "",
        score_text(view.final.test_score) if view.final else "",
    )


@click.command(short_help="Show one run: settings, progress, candidates, answer.")
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--follow", "is_followed", is_flag=True, help="Stay until the run ends.")
@click.pass_context
def show(context: click.Context, run: str, as_json: bool, is_followed: bool) -> None:
    """Show one run: its settings, how far it is, its candidates, the answer so far and its log."""
    folder = find_run(run, home())
    view = search_of(RunFollower(folder).look())
    if is_followed and view.state in LIVE_STATES:
        context.exit(follow(folder, as_json=as_json, is_mine=False))
    if as_json:
        print_json(details(view))
        return
    settings = view.settings
    click.echo(f"run {folder.name}, started {moment_text(view.header.created)}, in {folder}")
    for name, value in shown_settings(settings).items():
        click.echo(f"  {name:<12} {value}")
    click.echo(progress_text(view))
    if view.header.reason:
        click.echo(f"reason: {view.header.reason}")
    print_result(view)
    mark = " - " if not has_unicode() else " · "
    for line in view.log:
        click.echo(f"{moment_text(line.time)}{mark}{line.level}{mark}{line.text}")


def shown_settings(settings: SizeSettings) -> dict[str, object]:
    """Every setting of a search, and of the network's parameters those that are not scikit-learn's defaults."""
    own = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    given, default = own.pop("network").as_dict(), NetworkParameters().as_dict()
    own |= {name: value for name, value in given.items() if value != default[name]}
    return {name.replace("_", "-"): value for name, value in own.items()}


def _outline(view: AnyView) -> JsonObject:
    return {"run": view.folder.name, "state": view.state, "reason": view.header.reason}


def details(view: SizeView) -> JsonObject:
    """A run's result together with what it is, where it is and who works on it."""
    header = view.header
    return result_of(view) | {
        "created": header.created,
        "folder": str(view.folder),
        "pid": header.runner.pid if header.runner is not None and view.state in LIVE_STATES else None,
        "workers": header.workers,
        "remaining_seconds": view.remaining,
        "settings": json.loads(settings_to_json(header.settings), parse_constant=str),  # JSON knows no infinity
        "data": dataclasses.asdict(header.data) if header.data is not None else None,
        "versions": json.loads(json.dumps(dict(header.versions))),
    }

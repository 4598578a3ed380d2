"""``nnsize label``, and the options that label a new run: its name, a note, tags."""

from collections.abc import Callable, MutableMapping
from typing import Any

import click

from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.label import LabelChange, RunLabel, made_label, read_label
from nnsize_engine.runs.relabel import relabel
from nnsize_tui.commands.output import JsonObject, echo, print_json

_OPTIONS = (
    click.option("--name", metavar="TEXT", help="A name for the run; commands find the run by it, too."),
    click.option("--note", metavar="TEXT", help="A note about the run."),
    click.option("--tag", "tags", metavar="TAG", multiple=True, help="A tag; give --tag again for another one."),
)


def label_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that label a run."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def take_label(options: MutableMapping[str, Any]) -> RunLabel:
    """Take the label of a new run out of the options of a command.

    Raises:
        SettingsError: a text is too long, or holds control characters.
    """
    name, note, tags = options.pop("name"), options.pop("note"), options.pop("tags")
    return made_label(name or "", note or "", tags)


def label_details(label: RunLabel) -> JsonObject:
    """Return a label as parts of a JSON object."""
    return {"name": label.name, "note": label.note, "tags": list(label.tags)}


@click.command(short_help="Give a run a name, a note, tags.")
@click.argument("run")
@label_options
@click.option("--untag", "removed", metavar="TAG", multiple=True, help="Remove a tag.")
@click.option("--json", "as_json", is_flag=True, help="Print the label as one JSON object.")
def label(
    run: str, name: str | None, note: str | None, tags: tuple[str, ...], removed: tuple[str, ...], as_json: bool
) -> None:
    """Change what a run is called, at any time: also while it is at work, and after it has ended.

    An empty text removes it: --name "". Without options the label is printed.
    """
    folder = find_run(run, home())
    change = LabelChange(name=name, note=note, tags=tags, removed=removed)
    found = read_label(folder) if change == LabelChange() else relabel(folder, change)
    if as_json:
        print_json({"run": folder.name} | label_details(found))
    else:
        echo(f"run {folder.name}: {found.words or 'no name, note or tags'}")

"""The commands of ``nnsize`` by section.

A command is loaded when it is called, so that the completion of the shell is quick.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import click
from click.shell_completion import CompletionItem

from nnsize_tui.commands.examples import EXAMPLES, add_examples
from nnsize_tui.commands.loading import loading
from nnsize_tui.commands.short_forms import add_short_forms

SECTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "Start a run": {
            "size": ("size:size", "Search for the number of neurons a network needs."),
            "evolve": ("evolve:evolve", "Train a network's weights by differential evolution."),
            "demo": ("demo:demo", "Add example runs, which open without computing."),
            "data": ("data:data", "Look at a table: columns, types, missing values, classes."),
        },
        "Look at runs": {
            "runs": ("look:runs", "List all runs, newest first; ls does the same."),
            "open": ("open_run:open_run", "Show a run, or all runs, in the explorer."),
            "show": ("look:show", "Show one run: settings, progress, results, answer."),
            "importances": ("importances:importances", "Say which parameters of a search matter most."),
            "compare": ("compare:compare_runs", "Put runs side by side: settings that differ, and results."),
        },
        "Steer runs": {
            "pause": ("steer:pause", "Halt runs for now."),
            "resume": ("steer:resume", "Go on with paused, stopped or interrupted runs."),
            "stop": ("steer:stop", "End runs now; they can be resumed."),
            "extend": ("extend:extend", "Add fits to a search, or generations to an evolution, that has ended."),
            "label": ("label:label", "Give a run a name, a note, tags."),
            "delete": ("delete:delete", "Remove runs and their results; rm does the same."),
            "verify": ("verify:verify", "Check that all that a run stored is whole."),
        },
        "Take results home": {
            "report": ("html_report:report", "Write one HTML file about a run, or several, for others."),
            "export": ("export:export", "Write a run's results, a network or its chart to a file."),
            "import": ("import_run:import_run", "Take a run out of a .zip file that export wrote."),
        },
        "Set up the shell": {
            "completion": ("completion_command:completion", "Print the script that lets a shell complete nnsize."),
            "man": ("man:man", "Print a manual page, or write all of them into a folder."),
        },
    }
)
"""The commands of each section of the help: module and function, and what the command does in one line."""

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {name: about for section in SECTIONS.values() for name, about in section.items()}
)

ALIASES: Mapping[str, str] = MappingProxyType({"ls": "runs", "rm": "delete"})
"""Names of commands that users know from their shell."""


class AllCommands(click.Group):
    """The group of all commands; its help has sections."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, section by section."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command with its short forms of options and its examples; None if there is no such command."""
        name = ALIASES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        if name not in self.commands:
            self.add_command(load_command(name), name)
        return super().get_command(ctx, name)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        """Return the commands and options that begin with a text, and load no command for it."""
        found = [
            CompletionItem(name, help=words) for name, (_, words) in COMMANDS.items() if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in their sections, and examples."""
        del ctx
        width = max(map(len, COMMANDS))
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), words) for name, (_, words) in section.items()])
        with formatter.section("Examples"):
            formatter.write_dl(EXAMPLES[""], col_max=48)


def load_command(name: str) -> click.Command:
    """Return a command with its short forms of options and its examples."""
    place, words = COMMANDS[name]
    module, _, function = place.partition(":")
    with loading():
        command = getattr(import_module(f"nnsize_tui.commands.{module}"), function)
    assert isinstance(command, click.Command)
    command.short_help = words
    add_short_forms(command)
    add_examples(command, name)
    return command

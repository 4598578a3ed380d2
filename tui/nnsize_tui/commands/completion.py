"""The completion of command lines by the shell.

The script of a shell calls ``nnsize`` with ``_NNSIZE_COMPLETE``, and with these environment variables:
``NNSIZE_WORDS``, the line up to the cursor; ``NNSIZE_CURRENT``, what the shell takes for the word at the cursor; and
``NNSIZE_PROGRAM``, the program as it was typed.
"""

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class

from nnsize_engine.settings.option_names import OTHER_NAMES
from nnsize_tui.commands.all_commands import AllCommands
from nnsize_tui.commands.completion_scripts import SCRIPTS
from nnsize_tui.commands.short_forms import own_name
from nnsize_tui.commands.typed_line import TypedLine, read_line

FILES = "file"
"""The type of a completion that stands for all names of files."""

MAX_FILES = 500  # of one folder, that are offered

explorer = click.Command(
    "nnsize-tui",
    params=[
        click.Argument(["run"], required=False),
        click.Option(["--start"], is_flag=True, help="Start the built-in search and open it."),
        click.Option(["-V", "--version"], is_flag=True, help="Show the version and exit."),
        click.Option(["-h", "--help"], is_flag=True, help="Show this message and exit."),
    ],
    add_help_option=False,
)
"""The arguments of the explorer, which reads them itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The completions of one line."""

    items: Sequence[CompletionItem[str]]
    typed: str
    """The text of which they are completions: a word, or what follows ``--option=`` in it."""

    @property
    def has_files(self) -> bool:
        """Return whether names of files are completions, too."""
        return any(item.type == FILES for item in self.items)

    @property
    def values(self) -> list[CompletionItem[str]]:
        """Return the completions that are no files."""
        return [item for item in self.items if item.type != FILES]


def complete(group: click.Group, words: Sequence[str], typed: str) -> Answer:
    """Return the completions of the last, unfinished word of a command line.

    Args:
        group: the commands of ``nnsize``.
        words: the program, and all words before the unfinished one.
        typed: the unfinished word.
    """
    program, *arguments = words
    if Path(program).name.endswith("-tui"):
        return _complete_in(explorer, None, arguments, typed)
    with group.make_context("nnsize", [], resilient_parsing=True) as context:
        name = next((word for word in arguments if not word.startswith("-")), None)
        if name is None:
            return Answer(items=group.shell_complete(context, typed), typed=typed)
        command = group.get_command(context, name)
        if command is None:
            return Answer(items=(), typed=typed)
        return _complete_in(command, context, arguments[arguments.index(name) + 1 :], typed)


def _complete_in(command: click.Command, parent: click.Context | None, words: Sequence[str], typed: str) -> Answer:
    """Complete the value of an option, the name of one, or an argument."""
    words, has_options = list(words), "--" not in words
    option, equals, value = typed.partition("=")
    found = None
    if has_options and equals and (found := _option_named(command, option)) is not None:
        typed = value
    elif has_options and words and (found := _option_named(command, words[-1])) is not None:
        words = words[:-1]
    with command.make_context(command.name, words, parent=parent, resilient_parsing=True) as context:
        if found is None and has_options and typed.startswith("-"):
            return Answer(items=_names(context, typed), typed=typed)
        parameter = found or _open_argument(context)
        return Answer(items=_values(context, parameter, typed) if parameter else _names(context, typed), typed=typed)


def _option_named(command: click.Command, word: str) -> click.Parameter | None:
    """Return the option of a name that needs a value."""
    if word.startswith("--"):
        word = f"--{own_name(command.name or '')(word[2:])}"
    for option in command.params:
        if isinstance(option, click.Option) and not option.is_flag and word in option.opts:
            return option
    return None


def _open_argument(context: click.Context) -> click.Parameter | None:
    """Return the argument that may follow; None if all have been given."""
    for one in context.command.params:
        if isinstance(one, click.Argument) and (one.nargs == -1 or not context.params.get(one.name or "")):
            return one
    return None


def _names(context: click.Context, typed: str) -> list[CompletionItem[str]]:
    """Return the options that are not given yet; scikit-learn's names if no other fits."""
    found = context.command.shell_complete(context, typed)
    others = [f"--{name}" for name in OTHER_NAMES.get(context.command.name or "", ())]
    return found or [CompletionItem(name) for name in others if name.startswith(typed)]


def _values(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem[str]]:
    """Return the values of an option or an argument that begin with a text."""
    from nnsize_tui.commands.completion_values import values_of

    return values_of(context, parameter, typed)


class _Shell(ShellComplete):
    """The answer to the script of a shell."""

    def source(self) -> str:
        """Return the script."""
        return SCRIPTS[self.name]

    def complete(self) -> str:
        """Return the lines for the script."""
        assert isinstance(self.cli, AllCommands)
        line = read_line(os.environ.get("NNSIZE_WORDS", ""))
        program = os.environ.get("NNSIZE_PROGRAM", "")
        words = list(line.words)
        # Assignments, or words such as time, may come before the program.
        words = words[words.index(program) :] if program in words else words
        answer = complete(self.cli, words or ["nnsize"], self.typed_of(line))
        how = ["files"] if answer.has_files else []
        items = self.items_of(answer)
        if items and all(item.value.endswith(("/", ":", ",", "=")) for item in items):
            how.append("nospace")
        lines = [f"{self.text_of(item.value, answer, line)}\t{_one_line(item.help)}" for item in items]
        return "\n".join([" ".join(how) or "-", *lines])

    def typed_of(self, line: TypedLine) -> str:
        """Return the unfinished word."""
        return line.typed

    def items_of(self, answer: Answer) -> list[CompletionItem[str]]:
        """Return the completions to print."""
        return answer.values

    def text_of(self, value: str, answer: Answer, line: TypedLine) -> str:
        """Return what the shell inserts for a completion."""
        del answer, line
        return value


class BashCompletion(_Shell):
    """Bash divides words at colons and equals signs, and inserts completions as they are."""

    name = "bash"

    def items_of(self, answer: Answer) -> list[CompletionItem[str]]:
        """Return the completions; names of files only beside others, because bash completes files alone by itself."""
        values = answer.values
        return [*values, *_files(answer.typed)] if values and answer.has_files else values

    def text_of(self, value: str, answer: Answer, line: TypedLine) -> str:
        """Return the part of a completion after the last sign at which bash divides words, quoted."""
        if line.quote:
            return value
        current = os.environ.get("NNSIZE_CURRENT", "")
        current = "" if current in ("=", ":") else current
        raw = line.raw[len(line.typed) - len(answer.typed) :]
        kept = len(raw) - len(current) if raw.endswith(current) else 0
        return _quoted(value)[kept:]


class ZshCompletion(_Shell):
    """zsh quotes completions by itself, and gives the unfinished word without quotes."""

    name = "zsh"

    def typed_of(self, line: TypedLine) -> str:
        """Return the unfinished word."""
        del line
        return os.environ.get("NNSIZE_CURRENT", "")


class FishCompletion(_Shell):
    """fish completes whole words, also those with an equals sign, and quotes them by itself."""

    name = "fish"

    def text_of(self, value: str, answer: Answer, line: TypedLine) -> str:
        """Return the whole word."""
        return line.typed[: len(line.typed) - len(answer.typed)] + value


def register_shells() -> None:
    """Let click find what answers each shell."""
    for shell in (BashCompletion, ZshCompletion, FishCompletion):
        add_completion_class(shell)


def _files(typed: str) -> list[CompletionItem[str]]:
    """Return the files and folders that begin with a text, folders with a slash at the end."""
    folder, _, start = typed.rpartition("/")
    place = os.path.expanduser(f"{folder}/") if "/" in typed else "."  # noqa: PTH111  # leaves an unknown ~user alone
    try:
        with os.scandir(place) as entries:
            found = sorted(
                (entry.name, entry.is_dir())
                for entry in entries
                if entry.name.startswith(start) and entry.name.startswith(".") == start.startswith(".")
            )
    except OSError:
        return []
    head = typed[: len(typed) - len(start)]
    return [CompletionItem(f"{head}{name}{'/' if is_folder else ''}") for name, is_folder in found[:MAX_FILES]]


def _quoted(text: str) -> str:
    """Return a text with a backslash before each sign that means something to bash."""
    return "".join(f"\\{sign}" if sign != "~" and shlex.quote(sign) != sign else sign for sign in text)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())

"""Manual pages, made from the commands and their help."""

import os
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import click

from nnsize_engine import __version__
from nnsize_engine.settings.option_names import OTHER_NAMES
from nnsize_tui.commands.all_commands import COMMANDS, SECTIONS
from nnsize_tui.commands.completion import explorer
from nnsize_tui.commands.examples import EXAMPLES
from nnsize_tui.commands.option_groups import GroupedCommand
from nnsize_tui.commands.short_forms import names_line

MAX_LETTERS = 64  # of a line without its escapes, so that none exceeds 80

PROGRAM = "nnsize"
EXPLORER = "nnsize-tui"

_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "NNSIZE_HOME": "The folder that holds the runs.",
        "NNSIZE_CONFIG": "The file with defaults of your own, instead of nnsize/config.toml in your settings.",
    }
)

_EXPLORER_WORDS = (
    "Explore searches for a number of neurons, and evolutions of weights, live. Without RUN it shows all runs. In the "
    "explorer press ? for its keys, and ctrl+p for all commands."
)


def page_name(command: str) -> str:
    """Return the name of the page about a command; of the program itself for an empty name."""
    return f"{PROGRAM}-{command}" if command else PROGRAM


def man_pages(group: click.Group) -> dict[str, str]:
    """Return the text of each page by its name: the program, each of its commands, and the explorer."""
    names = ["", *COMMANDS]
    return {page_name(name): man_page(group, name) for name in names} | {EXPLORER: explorer_page()}


def man_page(group: click.Group, name: str) -> str:
    """Return the page about a command, or about the program for an empty name, in the language of man."""
    with group.make_context(PROGRAM, [], resilient_parsing=True) as context:
        if not name:
            words = "find the number of neurons a network needs, and evolve its weights"
            commands = _commands()
            return _page(PROGRAM, words, group, context, [*commands, *_variables()])
        command = group.get_command(context, name)
        assert command is not None
        with command.make_context(name, [], parent=context, resilient_parsing=True) as inner:
            return _page(page_name(name), COMMANDS[name][1], command, inner, [])


def explorer_page() -> str:
    """Return the page about the explorer."""
    with explorer.make_context(EXPLORER, [], resilient_parsing=True) as context:
        return _page(EXPLORER, "explore runs of nnsize in a terminal", explorer, context, list(_variables()))


def _page(title: str, words: str, command: click.Command, context: click.Context, end: Sequence[str]) -> str:
    usage = " ".join(command.collect_usage_pieces(context))
    parts = title.split("-") if title != EXPLORER else [title]
    lines = [
        f'.TH {_text(title.upper())} 1 "{_date()}" "{PROGRAM} {__version__}" "User Commands"',
        ".SH NAME",
        rf"{_text(title)} \- {_text(words.rstrip('.'))}",
        ".SH SYNOPSIS",
        rf"\fB{_text(' '.join(parts))}\fR {_text(usage)}",
        ".SH DESCRIPTION",
        *_paragraphs(command.help or _EXPLORER_WORDS),
        *_examples(command.name if title != PROGRAM else ""),
        *_options(command, context),
        *end,
        ".SH SEE ALSO",
        *_see_also(title),
    ]
    return "\n".join(lines) + "\n"


def _date() -> str:
    """Return today, or the day of a reproducible build."""
    return time.strftime("%Y-%m-%d", time.gmtime(float(os.environ.get("SOURCE_DATE_EPOCH") or time.time())))


def _paragraphs(text: str) -> Iterator[str]:
    """Yield paragraphs; one after a line with a backspace keeps its lines."""
    for place, paragraph in enumerate(text.replace("\r", "").strip().split("\n\n")):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        if lines and lines[0] == "\b":
            yield from (".PP", ".nf", *(_line(one) for one in lines[1:]), ".fi")
        elif lines:
            yield from ([".PP"] if place else [])
            yield from _wrapped(" ".join(lines))


def _examples(name: str | None) -> Iterator[str]:
    examples = EXAMPLES.get(name or "", ()) if name is not None else ()
    if examples:
        yield ".SH EXAMPLES"
    for command, words in examples:
        yield from (".TP", _line(command), _line(words))


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    yield ".SH OPTIONS"
    if isinstance(command, GroupedCommand):
        for title, options in command.grouped(context):
            if options:
                yield f".SS {_text(title)}"
                yield from _records(options, context)
    else:
        yield from _records([one for one in command.get_params(context) if isinstance(one, click.Option)], context)
    name = command.name or ""
    if name in OTHER_NAMES:
        yield from (".PP", *_wrapped(names_line(name)))


def _records(options: Sequence[click.Parameter], context: click.Context) -> Iterator[str]:
    for option in options:
        record = option.get_help_record(context)
        if record is not None:
            yield from (".TP", rf"\fB{_text(record[0])}\fR", *_wrapped(record[1]))


def _commands() -> Iterator[str]:
    yield ".SH COMMANDS"
    for title, section in SECTIONS.items():
        yield f".SS {_text(title)}"
        for name, (_, words) in section.items():
            yield from (".TP", rf"\fB{_text(page_name(name))}\fR(1)", *_wrapped(words))


def _variables() -> Iterator[str]:
    yield ".SH ENVIRONMENT"
    for name, words in _VARIABLES.items():
        yield from (".TP", rf"\fB{name}\fR", *_wrapped(words))


def _see_also(title: str) -> Iterator[str]:
    names = [name for name in (PROGRAM, EXPLORER, page_name("size"), page_name("evolve")) if name != title]
    yield ",\n".join(rf".BR {_text(name)} (1)" for name in names).replace(",\n", " ,\n")


def _wrapped(text: str) -> list[str]:
    """Return text lines that are short also with their escapes."""
    lines = textwrap.wrap(" ".join(text.split()), MAX_LETTERS, break_long_words=False, break_on_hyphens=False)
    return [_line(one) for one in lines]


def _line(text: str) -> str:
    """Return a text line that begins no request."""
    escaped = _text(text)
    return rf"\&{escaped}" if escaped[:1] in (".", "'") else escaped


def _text(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-")

"""The values of options and arguments that the shell completes.

Nothing here loads NumPy, pandas or scikit-learn: whoever presses tab waits for the answer.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import click
from click.shell_completion import CompletionItem

from nnsize_engine.errors import NnsizeError
from nnsize_engine.settings.activations import ACTIVATIONS, EVOLVED_ACTIVATIONS
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.network import CHOICES

Value = tuple[str, str]
"""A value, and a few words about it."""

MAX_RUNS = 300  # of the newest, that are offered

MAX_WORDS_SECONDS = 0.05  # for reading what the newest runs are

FILES: CompletionItem[str] = CompletionItem("", type="file")
"""Stands for all names of files."""


def values_of(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem[str]]:
    """Return the values of a parameter that begin with a text."""
    key = parameter.name or ""
    if isinstance(parameter, click.Option):
        key = next((name for name in parameter.opts if name.startswith("--")), parameter.opts[0])
    if key in _FILES:
        return [FILES]
    try:
        found = list(_VALUES[key](context)) if key in _VALUES else None
    except (NnsizeError, OSError, ValueError):
        found = []
    if found is None:
        return parameter.shell_complete(context, typed)
    head = ""
    if key in _LISTS:
        head, comma, typed = typed.rpartition(",")
        head += comma
        given = head.split(",")
        found = [value for value in found if value[0] not in given]
    items = [CompletionItem(head + value, help=words) for value, words in found if value.startswith(typed)]
    return [*items, FILES] if key in _OR_FILES or (key in _RUNS and "/" in typed) else items


def known_keys() -> frozenset[str]:
    """Return the long names of options, and the names of arguments, whose values are completed here."""
    return frozenset(_VALUES) | _FILES


def _named(names: Iterable[str], words: Mapping[str, str] | None = None) -> list[Value]:
    return [(name, (words or {}).get(name, "")) for name in names]


def _commands(context: click.Context) -> list[Value]:
    from nnsize_tui.commands.all_commands import COMMANDS

    del context
    return [(name, words) for name, (_, words) in COMMANDS.items()]


def _data(context: click.Context) -> list[Value]:
    from nnsize_engine.settings.table_choice import OPENML

    del context
    return [
        *((one.name, f"{one.title}; {one.rows:,} rows") for one in BUILTIN.values()),
        (OPENML, "a table of openml.org, by its name"),
    ]


def _scorings(context: click.Context) -> list[Value]:
    from nnsize_engine.settings.scoring_words import every_offered_scoring, offered_scorings, scoring_words

    known = BUILTIN.get(context.params.get("data") or ("breast_cancer" if not context.params.get("config") else ""))
    names = every_offered_scoring() if known is None else offered_scorings(known.task)
    return [(name, scoring_words(name, None if known is None else known.task)) for name in names]


def _fitness(context: click.Context) -> list[Value]:
    from nnsize_engine.settings.fitness import COST, LOSSES

    more = [(COST, "by a cost matrix"), ("fbeta:", "such as fbeta:2"), ("quantile:", "such as quantile:0.9")]
    return [*_named(LOSSES), *more, *_scorings(context)]


def _strategies(context: click.Context) -> list[Value]:
    from nnsize_engine.settings.strategies import AUTO
    from nnsize_engine.settings.strategy_words import offered_strategies, strategy_words

    del context
    return [(name, "recommended" if name == AUTO else strategy_words(name)) for name in offered_strategies()]


def _examples(context: click.Context) -> list[Value]:
    from nnsize_engine.examples.catalogue import EXAMPLES

    given = context.params.get("names") or ()
    return [(one.name, one.words) for one in EXAMPLES if one.name not in given]


def _activations(context: click.Context) -> list[Value]:
    return _named(EVOLVED_ACTIVATIONS if context.command.name == "evolve" else ACTIVATIONS)


def _folds(context: click.Context) -> list[Value]:
    from nnsize_engine.settings.splitters import SPLITTERS

    del context
    examples = [f"{name}:5x3" if name == "repeated" else f"{name}:5" for name in SPLITTERS]
    return [("5", "folds; stratified for classes"), ("10", "folds"), *_named(examples)]


def _columns(context: click.Context) -> list[Value]:
    """Return the columns of the file that the line names; its header is read, and no more."""
    from nnsize_engine.preflight.file_columns import file_columns
    from nnsize_engine.settings.table_choice import find_source
    from nnsize_tui.commands.table_options import choice_of_header

    source = find_source(str(context.params.get("data") or ""))
    if source is None:
        return []
    return _named(file_columns(choice_of_header(source, context.params)))


def _newest_runs() -> list[Path]:
    from nnsize_engine.runs.database import FILE_NAME
    from nnsize_engine.runs.folders import home, run_folders

    def changed(folder: Path) -> float:
        try:
            return (folder / FILE_NAME).stat().st_mtime
        except OSError:
            return 0.0

    return sorted(run_folders(home()), key=changed, reverse=True)[:MAX_RUNS]


def _tags(context: click.Context) -> list[Value]:
    """Return the tags of the newest runs, without those that the line has, or the run that it names."""
    from nnsize_engine.runs.folders import find_run, home
    from nnsize_engine.runs.label import read_label

    run = context.params.get("run")
    own = set(read_label(find_run(str(run), home())).tags) if run else set()
    given = {*(context.params.get("tags") or ()), *(context.params.get("removed") or ())}
    counts: Counter[str] = Counter()
    deadline = time.monotonic() + MAX_WORDS_SECONDS
    for folder in _newest_runs():
        if time.monotonic() < deadline:
            counts.update(read_label(folder).tags)
    return [(tag, f"{count} run{'s'[: count != 1]}") for tag, count in counts.most_common() if tag not in own | given]


def _own_tags(context: click.Context) -> list[Value]:
    """Return the tags of the run that the line names."""
    from nnsize_engine.runs.folders import find_run, home
    from nnsize_engine.runs.label import read_label

    run, given = context.params.get("run"), context.params.get("removed") or ()
    return _named(tag for tag in read_label(find_run(str(run), home())).tags if tag not in given) if run else []


def _runs(context: click.Context) -> list[Value]:
    """Return the newest runs; what each is, as long as that can be read soon."""
    given = context.params.get("runs") or ()
    folders = _newest_runs()
    last = [("last", "the newest run")] if folders else []
    deadline = time.monotonic() + MAX_WORDS_SECONDS
    names = [(one.name, _run_words(one) if time.monotonic() < deadline else "") for one in folders]
    return [value for value in (*last, *names) if value[0] not in given]


def _run_words(folder: Path) -> str:
    from nnsize_engine.runs.folders import read_state
    from nnsize_engine.runs.label import read_label

    try:
        header, state = read_state(folder)
    except NnsizeError:
        return "unreadable"
    name = read_label(folder).name
    return f"{name}: " * bool(name) + f"{header.kind} {header.settings.data}, {state}"


def _inits(context: click.Context) -> list[Value]:
    from nnsize_engine.settings.first_population import INITS

    del context
    return _named(INITS)


def _formats(context: click.Context) -> list[Value]:
    if context.command.name == "compare":
        from nnsize_tui.commands.compare import ALL_FORMATS as COMPARED

        return _named(COMPARED)
    from nnsize_tui.commands.export import ALL_FORMATS

    return _named(ALL_FORMATS)


def _charts(context: click.Context) -> list[Value]:
    from nnsize_engine.export.chart_file import CHARTS

    del context
    return _named(CHARTS)


def _signs(name: str) -> Callable[[click.Context], list[Value]]:
    def found(context: click.Context) -> list[Value]:
        from nnsize_engine.settings import separators

        del context
        words: Mapping[str, str] = getattr(separators, name)
        return [(word, repr(sign)) for sign, word in words.items()]

    return found


def _always(*values: Value) -> Callable[[click.Context], list[Value]]:
    return lambda _: list(values)


_COLUMN_OPTIONS = (
    "--target", "--ignore", "--categorical", "--sample-weight", "--groups", "--order-by", "--fitness-groups",
    "--column",
)  # fmt: skip

_RUNS = frozenset({"run", "runs"})
"""Arguments that name runs; a path names one, too."""

_FILES = frozenset({"--to", "--config", "--cost", "file"})
"""Options and arguments whose values are files."""

_OR_FILES = frozenset({"data", "--init"})
"""Those whose values may be files."""

_LISTS = frozenset(
    {"--scoring", "--strategy", "--target", "--ignore", "--categorical", "--activation", "--neurons"}
    | {f"--{name.replace('_', '-')}" for name in CHOICES}
)
"""Options that take several values, joined by commas."""

_SWITCH = _always(("yes", ""), ("no", ""), ("yes,no", "search both"))

_VALUES: Mapping[str, Callable[[click.Context], Iterable[Value]]] = MappingProxyType(
    {
        "data": _data,
        "command": _commands,
        "run": _runs,
        "runs": _runs,
        "names": _examples,
        "--scoring": _scorings,
        "--fitness": _fitness,
        "--strategy": _strategies,
        "--activation": _activations,
        "--cv": _folds,
        "--init": _inits,
        "--tag": _tags,
        "--untag": _own_tags,
        "--format": _formats,
        "--chart": _charts,
        "--neurons": _always(
            ("auto", "nnsize finds the sizes"), ("5:100:2", "5, 7, ... 99"), ("log:4:512:8", "8 sizes from 4 to 512")
        ),
        "--jobs": _always(("-1", "one on each processor"), ("-2", "one processor is left free")),
        "--bits": _always(*((str(bits), "") for bits in (8, 4, 2, 1))),
        "--bounds": _always(("-1:1", "of all weights"), ("glorot:3", "three times the Glorot limit")),
        "--encoding": _always(("utf-8", ""), ("cp1252", "Windows"), ("latin-1", ""), ("utf-16", "")),
        "--separator": _signs("SEPARATOR_WORDS"),
        "--decimal": _signs("DECIMAL_WORDS"),
        "--thousands": _signs("THOUSANDS_WORDS"),
        "--early-stopping": _SWITCH,
        "--shuffle": _SWITCH,
        "--nesterovs-momentum": _SWITCH,
        **{
            f"--{name.replace('_', '-')}": _always(*((choice, "") for choice in choices))
            for name, choices in CHOICES.items()
            if name != "activation"
        },
        **dict.fromkeys(_COLUMN_OPTIONS, _columns),
    }
)
"""Returns the values of each option, by its long name, and of each argument; others are those of their type."""

"""``nnsize data``: look at a table before anything is trained on it."""

import json
import shutil
from typing import Any

import click

from nnsize_engine.errors import SettingsError
from nnsize_engine.preflight.client import inspect_builtin
from nnsize_engine.results.table_summary import DataSummary, summary_to_json
from nnsize_engine.runs.standard_input import STANDARD_INPUT, forget_copy
from nnsize_engine.settings.closest_match import hint
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import shell_word
from nnsize_tui.commands.data_report import column_lines, in_ascii, summary_lines
from nnsize_tui.commands.merged_options import refuse_table_options
from nnsize_tui.commands.option_groups import GroupedCommand
from nnsize_tui.commands.output import echo, has_unicode, print_json
from nnsize_tui.commands.table_options import choice_from, look, table_options

_USUAL = SizeSettings()


@click.command(cls=GroupedCommand)
@click.argument("data", metavar="FILE")
@table_options
@click.option("--column", metavar="NAME", help="Show the histogram or the labels of this column.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
@click.pass_context
def data(context: click.Context, /, data: str, column: str | None, as_json: bool, **options: Any) -> None:
    """Look at FILE as a search would use it: its columns, what is missing, what may spoil the results.

    FILE is a text file such as CSV or TSV, .xlsx, .arff, .jsonl (all but .xlsx also .gz, .bz2, .xz, .zst or .zip),
    Parquet, Arrow, Feather, .npz or .npy; or an address of one (https://...); or - for standard input; or
    openml:NAME; or built-in data such as iris. The number of inputs is what a network sees of a row after encoding.
    A table that cannot be used yet is shown with all its faults and the option that helps each; the exit code is
    then 2.
    """
    summary = _look(data, options)
    if column is not None:
        found = [one for one in summary.columns if column in (one.name, one.name.strip())]
        if not found:
            remedy = hint(column, [one.name for one in summary.columns], otherwise=f"'nnsize data {data}' lists them")
            raise SettingsError(f"{data} has no column {column!r}; {remedy}", field="column")
        summary_of_one = json.loads(summary_to_json(summary))["columns"][summary.columns.index(found[0])]
        if as_json:
            print_json(summary_of_one)
        else:
            shown = summary if has_unicode() else in_ascii(summary)
            place = summary.columns.index(found[0])
            _print(column_lines(shown.columns[place], shown, _width(), unicode=has_unicode()))
    elif as_json:
        print_json(json.loads(summary_to_json(summary)))
    else:
        _print(summary_lines(summary, _width(), unicode=has_unicode()))
        if data not in BUILTIN and data != STANDARD_INPUT and not summary.problems:
            has_options = any(value not in (None, (), False) for value in options.values())
            words = "search it, with the options given here" if has_options else "search it"
            echo(f"{words}: nnsize size {shell_word(data)} --neurons auto")
    if summary.problems:
        context.exit(2)


def _look(data: str, options: dict[str, Any]) -> DataSummary:
    choice = choice_from(data, options)
    if choice is None:
        refuse_table_options({name: value for name, value in options.items() if value not in (None, ())}, data)
        return inspect_builtin(data)
    try:
        return look(choice, test_size=_USUAL.test_size, split_seed=_USUAL.split_seed, stratify=_USUAL.stratify)
    finally:
        if data == STANDARD_INPUT:
            forget_copy(choice.source)


def _width() -> int:
    return shutil.get_terminal_size().columns


def _print(lines: list[str]) -> None:
    for line in lines:
        echo(line.rstrip())

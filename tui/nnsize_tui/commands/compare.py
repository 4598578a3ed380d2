"""``nnsize compare``: several runs side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

import click

from nnsize_engine.answers.comparison_answer import cell_text, comparison_answer, same_text, shown_results
from nnsize_engine.comparison.compare import Comparison, compare
from nnsize_engine.errors import ExportError, RunError
from nnsize_engine.export.atomic_file import named_format
from nnsize_engine.export.chart_file import PICTURE_FORMATS, PictureFormat, export_compared_chart
from nnsize_engine.export.compared_tables import COMPARED_TABLES, ComparedTableName, export_comparison
from nnsize_engine.export.table_file import TABLE_FORMATS, TableFormat
from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.commands.output import JsonObject, echo, has_unicode, print_json, print_table
from nnsize_tui.commands.report import rows_of
from nnsize_tui.terminal.glyphs import glyphs_for
from nnsize_tui.text.sentences import broken_words

ALL_FORMATS: tuple[TableFormat | PictureFormat, ...] = (*TABLE_FORMATS, *PICTURE_FORMATS)
_LEFT_ALIGNED = frozenset({0})
_TRAINED_BY = {"best size": "gradient", "recommended size": "gradient", "evolved": "evolution", "gradient": "gradient"}


@click.command("compare")
@click.argument("runs", metavar="RUN RUN...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--all", "is_whole", is_flag=True, help="With --json: print the candidates or generations, and the log.")
@click.option("--to", "target", metavar="FILE", help="Write a table or the chart; the file's ending says the format.")
@click.option(
    "--format",
    "format_name",
    metavar="FORMAT",
    help=f"The format, whatever the file is called: {', '.join(ALL_FORMATS)}.",
)
@click.option(
    "--table",
    type=click.Choice(COMPARED_TABLES),
    help="Which table goes to the file: results and settings that differ, or the rows of all runs one after the other. "
    " [default: comparison]",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def compare_runs(runs: tuple[str, ...], as_json: bool, is_whole: bool, target: str | None, format_name: str | None,
                 table: ComparedTableName | None, force: bool) -> None:  # fmt: skip
    """Put runs side by side, also while they go on: settings that differ, and results.

    Scores are called comparable only where the data, the rows held out and the scoring are the same.
    """
    if is_whole and not as_json:
        raise click.UsageError("--all is for --json; add it, or --table with --to FILE for a table of all rows")
    folders = [find_run(run, home()) for run in runs]
    twice = next((folder for folder in folders if folders.count(folder) > 1), None)
    if twice is not None:
        raise RunError(f"run {twice.name} is named twice; name each run to compare once")
    if target is not None:
        if target.endswith("/"):
            raise ExportError(f"{target} is a folder; name a file in it")
        _export(folders, Path(target), table, format_name, force=force)
        echo(f"wrote {target}", err=True)
        return
    if format_name is not None:
        raise ExportError("--format is the format of a file; add --to, or --json to print an object")
    if table is not None:
        raise ExportError("--table is the table in a file; add --to, such as --to all.csv")
    views = [RunFollower(folder).look() for folder in folders]
    for view in views:
        if view.broken:
            echo(broken_words(view.folder.name, view.broken), err=True)
    found = compare(views)
    if as_json:
        rows = {"rows": dict(zip(found.ids, map(rows_of, views), strict=True))} if is_whole else {}
        print_json(details(found) | rows)
    else:
        _print(found)


def _export(
    folders: Sequence[Path], to: Path, table: ComparedTableName | None, format_name: str | None, *, force: bool
) -> None:
    """Write a table or the curves, depending on the format."""
    chosen = named_format(to, format_name, ALL_FORMATS)
    match chosen:
        case "csv" | "tsv" | "json" | "md" | "html" | "tex" | "parquet" | "xlsx":
            export_comparison(folders, to, table=table or "comparison", format=chosen, force=force)
        case "png" | "svg":
            if table is not None:
                raise ExportError(
                    f"a .{chosen} file holds the chart, no table; leave out --table, or name a .csv or .json"
                )
            export_compared_chart(folders, to, format=chosen, force=force)
        case _:
            assert_never(chosen)


def details(found: Comparison) -> JsonObject:
    """Return a comparison as an object: by name, then by the id of a run."""
    return {
        "runs": list(found.ids),
        "results": {fact.name: dict(zip(found.ids, fact.values, strict=True)) for fact in found.results},
        "different_settings": {
            name: dict(zip(found.ids, values, strict=True)) for name, values in found.settings.different
        },
        "same_settings": found.settings.same,
        "settings_of_one_kind": found.settings.not_shared,
        "test_scores": [
            {
                "run": found.ids[one.run],
                "network": one.network,
                "trained_by": _TRAINED_BY[one.name],
                "scoring": one.scoring,
                "test_score": one.test_score,
            }
            for one in found.tested
        ],
        "curves_not_comparable": found.unlike_curves or None,
        "test_scores_not_comparable": found.unlike_tests or None,
    }


def _print(found: Comparison) -> None:
    best = glyphs_for(unicode=has_unicode()).best
    rows = [
        (
            fact.name,
            *(
                cell_text(value, fact.unit) + (f" {best}" if place in fact.best else "")
                for place, value in enumerate(fact.values)
            ),
        )
        for fact in shown_results(found)
    ]
    print_table(("result", *found.names), rows, left=_LEFT_ALIGNED)
    echo()
    if found.settings.different:
        different = [(name, *map(cell_text, values)) for name, values in found.settings.different]
        print_table(("setting that differs", *found.names), different, left=_LEFT_ALIGNED)
    echo(same_text(found))
    echo()
    echo(comparison_answer(found))

"""``nnsize export``: take a run's tables and networks home."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, assert_never

import click

from nnsize_engine.errors import ExportError
from nnsize_engine.export.atomic_file import named_format
from nnsize_engine.export.chart_file import CHARTS, PICTURE_FORMATS, ChartName, PictureFormat, export_chart
from nnsize_engine.export.model_file import NETWORK_FORMATS, NETWORKS, NetworkFormat, export_network, helper_note
from nnsize_engine.export.recipe_file import RECIPE_FORMATS, RecipeFormat, export_recipe, recipe_text
from nnsize_engine.export.run_archive import export_archive
from nnsize_engine.export.table_file import (
    TABLE_FORMATS,
    TableFormat,
    export_run,
    export_text,
)
from nnsize_engine.export.tables import TABLES, TableName
from nnsize_engine.results.records import NetworkName
from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.commands.output import echo, print_document
from nnsize_tui.text.sentences import broken_words

AnyFormat = TableFormat | NetworkFormat | PictureFormat | RecipeFormat | Literal["zip"]
ALL_FORMATS: tuple[AnyFormat, ...] = (*TABLE_FORMATS, *NETWORK_FORMATS, *PICTURE_FORMATS, *RECIPE_FORMATS, "zip")


@click.command()
@click.argument("run")
@click.option("--to", "target", metavar="FILE", help="The file; its ending says the format  [default: standard output]")
@click.option(
    "--format",
    "format_name",
    metavar="FORMAT",
    help=f"The format, whatever the file is called: {', '.join(ALL_FORMATS)}.",
)
@click.option(
    "--table",
    type=click.Choice(TABLES),
    metavar="TABLE",
    help="Of a size search: candidates, a row each as in scikit-learn's cv_results_; fits; references; of several "
    "parameters also importances (shares of the variance) and effects (of each value). Of an evolution: "
    "generations; of several strategies also strategies.  [default: candidates, generations]",
)
@click.option(
    "--network",
    type=click.Choice(NETWORKS),
    help="Which network goes into a .skops, .joblib or .npz file, or is trained by a .py program: a search's best or "
    "recommended one; an evolution's evolved one, the one trained by gradient, or that one quantized.  "
    "[default: best, evolved]",
)
@click.option(
    "--chart",
    is_flag=False,
    flag_value="curve",
    type=click.Choice(CHARTS),
    help="Which chart goes into a .png or .svg file: scores by size or an evolution's convergence (curve), or the "
    "heat map of a search over several parameters (map), or how much each of these matters and its effect "
    "(parameters).  [default: curve]",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def export(run: str, target: str | None, format_name: str | None, table: TableName | None,
           network: NetworkName | None, chart: ChartName | None, force: bool) -> None:  # fmt: skip
    """Write a run's results, also while it goes on; every number with all its digits.

    Tables are .csv, .tsv, .json, .md, .html, .tex (booktabs), .parquet or .xlsx (the last two need the extras
    parquet and excel). A network is a fitted scikit-learn pipeline in .skops (read it with skops.io.load) or
    .joblib, or its arrays in .npz: of a search the best or the recommended candidate, trained on all training rows.
    A chart is a picture, .png or .svg (with the extra pictures). A .py file is a program that rebuilds the run with
    scikit-learn alone, a .toml file holds the settings that start it again. A .zip file is the whole run, which
    'nnsize import' takes back, here or on another machine.
    """
    folder = find_run(run, home())
    if target is not None and target.endswith("/"):
        raise ExportError(f"{target} is a folder; name a file in it")
    is_output = target is None or target == "-"
    to = Path(target or "-")
    if chart is not None and is_output:
        raise ExportError("a chart is not text for standard output; name a file, such as --to chart.png")
    chosen = named_format(to, format_name or ("csv" if is_output else None), ALL_FORMATS)
    _check(chosen, {"table": table, "network": network, "chart": chart}, is_output=is_output)
    _warn_of_broken(folder)
    if is_output:
        print_document(_text(folder, table, network, chosen))
        return
    note = _write(folder, to, chosen, _Asked(table=table, network=network, chart=chart), force=force)
    echo(f"wrote {target}", err=True)
    if note and network is None:
        echo(note, err=True)
    for words in _loading_words(folder, chosen):
        echo(words, err=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the options name; None for the default."""

    table: TableName | None
    network: NetworkName | None
    chart: ChartName | None


def _write(folder: Path, to: Path, chosen: AnyFormat, asked: _Asked, *, force: bool) -> str:
    """Write a file; return a note on the network in it."""
    match chosen:
        case "csv" | "tsv" | "json" | "md" | "html" | "tex" | "parquet" | "xlsx":
            export_run(folder, to, table=asked.table, format=chosen, force=force)
        case "skops" | "joblib" | "npz":
            return export_network(folder, to, name=asked.network, format=chosen, force=force)
        case "png" | "svg":
            export_chart(folder, to, name=asked.chart or "curve", format=chosen, force=force)
        case "py" | "toml":
            export_recipe(folder, to, network=asked.network, format=chosen, force=force)
        case "zip":
            export_archive(folder, to, force=force)
        case _:
            assert_never(chosen)
    return ""


def _warn_of_broken(folder: Path) -> None:
    """Say on standard error what of the run is not whole, and so not in the file."""
    words = broken_words(folder.name, RunFollower(folder).look().broken)
    if words:
        echo(words, err=True)


def _loading_words(folder: Path, chosen: AnyFormat) -> list[str]:
    """Return what is to be known to load a written file."""
    if chosen not in NETWORK_FORMATS:
        return []
    words = [helper_note(folder, chosen)]
    if chosen == "joblib":
        words.append("loading a joblib file runs whatever code is in it; a .skops file runs none")
    return [sentence for sentence in words if sentence]


def _text(folder: Path, table: TableName | None, network: NetworkName | None, chosen: AnyFormat) -> str:
    """Return the text for standard output. Formats that are no text were refused before."""
    match chosen:
        case "csv" | "tsv" | "json" | "md" | "html" | "tex":
            return export_text(folder, table, chosen)
        case "py" | "toml":
            return recipe_text(folder, chosen, network)
        case "parquet" | "xlsx" | "skops" | "joblib" | "npz" | "png" | "svg" | "zip":
            raise AssertionError(f"a .{chosen} file is no text")
        case _:
            assert_never(chosen)


def _held_by(chosen: AnyFormat) -> Literal["table", "network", "chart", "recipe", "run"]:
    """Return the kind of content that a format holds."""
    match chosen:
        case "csv" | "tsv" | "json" | "md" | "html" | "tex" | "parquet" | "xlsx":
            return "table"
        case "skops" | "joblib" | "npz":
            return "network"
        case "png" | "svg":
            return "chart"
        case "py" | "toml":
            return "recipe"
        case "zip":
            return "run"
        case _:
            assert_never(chosen)


def _check(chosen: AnyFormat, asked: Mapping[str, str | None], *, is_output: bool) -> None:
    """Refuse options that contradict the format: a file holds one thing."""
    holds = _held_by(chosen)
    for name, value in asked.items():
        if value is None or name == holds or (name == "network" and chosen == "py"):
            continue
        if holds == "table":
            *others, last = [f".{ending}" for ending in (NETWORK_FORMATS if name == "network" else PICTURE_FORMATS)]
            known = f"{', '.join(others)} or {last}"
            raise ExportError(f"--{name} goes with a {name}'s file: add --to with a name in {known}")
        what = {"network": "a network", "chart": "a chart", "recipe": "how the run is made", "run": "a run"}[holds]
        words = "name a .csv or .json" if name == "table" else "name another file for it"
        raise ExportError(f"a .{chosen} file holds {what}, no {name}; leave out --{name}, or {words}")
    if is_output and (holds in ("network", "chart", "run") or chosen in ("parquet", "xlsx")):
        what = f"a .{chosen} file" if holds == "table" else f"a {holds}"
        raise ExportError(f"{what} is not text for standard output; name a file, such as --to {holds}.{chosen}")

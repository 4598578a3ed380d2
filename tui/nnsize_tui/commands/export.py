"""``nnsize export``: take a run's tables and networks home."""

from pathlib import Path

import click

from nnsize_engine.errors import ExportError
from nnsize_engine.export import FORMATS, export_run, export_text
from nnsize_engine.model_file import NETWORK_FORMATS, NETWORKS, export_network
from nnsize_engine.records import NetworkName
from nnsize_engine.runs import find_run, home
from nnsize_engine.tables import TABLES, TableName
from nnsize_engine.whole_file import named_format


@click.command(short_help="Write a run's results, its best network or its chart to a file.")
@click.argument("run")
@click.option("--to", "target", metavar="FILE", help="The file; its ending says the format  [default: standard output]")
@click.option(
    "--format",
    "format_name",
    metavar="|".join((*FORMATS, *NETWORK_FORMATS)),
    help="The format, whatever the file is called.",
)
@click.option(
    "--table",
    type=click.Choice(TABLES),
    help="Of a size search: one row a candidate, as in scikit-learn's cv_results_, or one a fit. "
    "Of an evolution: one row a generation.  [default: candidates, generations]",
)
@click.option(
    "--network",
    type=click.Choice(NETWORKS),
    help="Which network goes into a .skops, .joblib or .npz file: a search's best; an evolution's evolved one, or the "
    "one trained by gradient.  [default: best, evolved]",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def export(run: str, target: str | None, format_name: str | None, table: TableName | None,
           network: NetworkName | None, force: bool) -> None:  # fmt: skip
    """Write a run's results, also while it goes on; every number with all its digits.

    Tables are .csv, .tsv, .json or .md. A network is a fitted scikit-learn pipeline in .skops (read it with
    skops.io.load) or .joblib, or its arrays in .npz: of a search the best candidate, trained on all training rows.
    """
    folder = find_run(run, home())
    if target is not None and target.endswith("/"):
        raise ExportError(f"{target} is a folder; name a file in it")
    is_output = target is None or target == "-"
    to = Path(target or "-")
    chosen = named_format(to, format_name or ("csv" if is_output else None), (*FORMATS, *NETWORK_FORMATS))
    _check(chosen, table, network, is_output=is_output)
    if chosen == "skops" or chosen == "joblib" or chosen == "npz":
        export_network(folder, to, name=network, format=chosen, force=force)
    elif is_output:
        click.echo(export_text(folder, table, chosen), nl=False)
        return
    else:
        export_run(folder, to, table=table, format=chosen, force=force)
    click.echo(f"wrote {target}", err=True)


def _check(chosen: str, table: TableName | None, network: NetworkName | None, *, is_output: bool) -> None:
    """Refuse what does not go together: a file holds a table or a network."""
    if chosen not in NETWORK_FORMATS:
        if network is not None:
            raise ExportError("--network goes with a network's file: add --to with a name in .skops, .joblib or .npz")
    elif table is not None:
        raise ExportError(f"a .{chosen} file holds a network, no table; leave out --table, or name a .csv or .json")
    elif is_output:
        raise ExportError(f"a network is not text for standard output; name a file, such as --to network.{chosen}")

"""``nnsize export``: take a run's tables home."""

from pathlib import Path

import click

from nnsize_engine.errors import ExportError
from nnsize_engine.export import FORMATS, choose_format, export_run, export_text
from nnsize_engine.runs import find_run, home
from nnsize_engine.tables import TABLES, TableName


@click.command(short_help="Write a run's results as CSV, TSV, JSON or Markdown.")
@click.argument("run")
@click.option("--to", "target", metavar="FILE", help="The file; its ending says the format  [default: standard output]")
@click.option("--format", "format_name", metavar="|".join(FORMATS), help="The format, whatever the file is called.")
@click.option(
    "--table",
    type=click.Choice(TABLES),
    default=TABLES[0],
    show_default=True,
    help="One row a candidate, as in scikit-learn's cv_results_, or one a fit.",
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def export(run: str, target: str | None, format_name: str | None, table: TableName, force: bool) -> None:  # fmt: skip
    """Write a run's results, also while it goes on; every number with all its digits."""
    folder = find_run(run, home())
    if target is None or target == "-":
        chosen = choose_format(Path("-"), format_name or "csv")
        click.echo(export_text(folder, table, chosen), nl=False)
        return
    if target.endswith("/"):
        raise ExportError(f"{target} is a folder; name a file in it")
    export_run(folder, Path(target), table=table, format=format_name, force=force)
    click.echo(f"wrote {target}", err=True)

"""``nnsize report``: a run, or several, as one HTML file for others."""

from pathlib import Path

import click

from nnsize_engine.errors import ExportError, RunError
from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.commands.output import echo, print_document
from nnsize_tui.text.sentences import broken_words


@click.command()
@click.argument("runs", metavar="RUN [RUN...]", nargs=-1, required=True)
@click.option("--to", "target", metavar="FILE", help="The file, such as report.html  [default: nnsize-RUN-report.html]")
@click.option("--force", is_flag=True, help="Replace a file that exists.")
def report(runs: tuple[str, ...], target: str | None, force: bool) -> None:
    """Write a report: the answer, charts, tables, settings, versions and the program, also while a run goes on.

    The file needs nothing else: no network, no nnsize. Any browser shows it, light or dark, on a phone, on paper. It
    holds no rows of the data, and takes less than a megabyte. Several runs become a comparison.
    """
    # Imported here, because no other command needs what draws pages, and all of them would begin later.
    from nnsize_engine.report.html_file import report_text, write_report

    folders = [find_run(run, home()) for run in runs]
    twice = next((folder for folder in folders if folders.count(folder) > 1), None)
    if twice is not None:
        raise RunError(f"run {twice.name} is named twice; name each run to compare once")
    if target is not None and target.endswith("/"):
        raise ExportError(f"{target} is a folder; name a file in it")
    for folder in folders:
        words = broken_words(folder.name, RunFollower(folder).look().broken)
        if words:
            echo(words, err=True)
    if target == "-":
        print_document(report_text(folders))
        return
    to = (
        Path(target)
        if target is not None
        else Path(f"nnsize-{'-'.join(folder.name for folder in folders)}-report.html")
    )
    write_report(folders, to, force=force)
    echo(f"wrote {to}", err=True)

"""``nnsize import``: take a run out of the file that an export wrote."""

from pathlib import Path

import click

from nnsize_engine.export.import_archive import import_archive
from nnsize_engine.runs.folders import home
from nnsize_engine.text import shell_word
from nnsize_tui.commands.output import echo
from nnsize_tui.text.sentences import broken_words


@click.command("import")
@click.argument("file", metavar="FILE")
def import_run(file: str) -> None:
    """Take a run out of a .zip file that 'nnsize export RUN --to run.zip' wrote, here or on another machine.

    It keeps its name unless a run here has it. One that was at work is stopped, and 'nnsize resume' goes on with it.
    The file may come from anybody: only what an export writes is taken, and nothing in it is run.
    """
    found = import_archive(Path(file), home())
    name = found.folder.name
    former = "" if name == found.former else f", which was {found.former}"
    echo(f"imported run {name}{former}; look at it with: nnsize show {shell_word(name)}")
    if found.broken:
        echo(broken_words(name, found.broken), err=True)

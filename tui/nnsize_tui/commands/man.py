"""``nnsize man``: manual pages."""

from pathlib import Path

import click

from nnsize_engine.errors import ExportError
from nnsize_tui.commands.output import echo, print_document


@click.command()
@click.argument("command", required=False)
@click.option("--to", "target", metavar="FOLDER", help="Write the pages of all commands into this folder.")
@click.pass_context
def man(context: click.Context, command: str | None, target: str | None) -> None:
    """Print the manual page of COMMAND, or of nnsize itself, or write all pages into a folder.

    The pages hold what --help says.

    \b
    nnsize man size | man -l -
    nnsize man --to ~/.local/share/man/man1 && man nnsize-size
    """
    # Imported here, because these modules load all commands.
    from nnsize_tui.commands.all_commands import COMMANDS
    from nnsize_tui.commands.man_page import EXPLORER, explorer_page, man_page, man_pages

    group = context.find_root().command
    assert isinstance(group, click.Group)
    if target is not None:
        if command is not None:
            raise click.UsageError("--to writes the pages of all commands; leave out COMMAND, or --to")
        _write(man_pages(group), Path(target).expanduser())
    elif command in (EXPLORER, EXPLORER.removeprefix("nnsize-")):
        print_document(explorer_page())
    elif command is None or command in COMMANDS:
        print_document(man_page(group, command or ""))
    else:
        raise click.NoSuchCommand(command, ctx=context)


def _write(pages: dict[str, str], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / f"{name}.1").write_text(text, encoding="utf-8")
    except OSError as error:
        raise ExportError(f"the pages cannot be written into {folder}: {error.strerror or error}") from error
    echo(f"wrote {len(pages)} pages into {folder}", err=True)

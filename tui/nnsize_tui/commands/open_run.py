"""``nnsize open``: show a run in the explorer, as ``nnsize-tui`` does."""

import click


@click.command("open", short_help="Show a run, or all runs, in the explorer.")
@click.argument("run", required=False)
@click.pass_context
def open_run(context: click.Context, run: str | None) -> None:
    """Show a run in the explorer; without RUN, all of them. It is nnsize-tui by another name."""
    from nnsize_tui.cli import main

    context.exit(main([] if run is None else ["--", run]))

"""``nnsize completion``: the script that lets a shell complete command lines."""

import click

from nnsize_tui.commands.completion_scripts import SCRIPTS
from nnsize_tui.commands.output import print_document


@click.command("completion")
@click.argument("shell", type=click.Choice(tuple(SCRIPTS)))
def completion(shell: str) -> None:
    """Print a script after which SHELL completes nnsize and nnsize-tui when you press tab.

    It completes commands, options, runs, data, columns of the file that the line names, scorings, strategies and other
    values.

    \b
    bash, in ~/.bashrc:
      source <(nnsize completion bash)
    zsh, once:
      nnsize completion zsh > "${fpath[1]}/_nnsize"
    fish, once:
      nnsize completion fish > ~/.config/fish/completions/nnsize.fish
    """
    print_document(SCRIPTS[shell])

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
    bash:  nnsize completion bash > ~/.local/share/bash-completion/completions/nnsize
    zsh:   nnsize completion zsh > "${fpath[1]}/_nnsize"
    fish:  nnsize completion fish > ~/.config/fish/completions/nnsize.fish

    In bash, nnsize-tui is completed once nnsize has been, or with this line in ~/.bashrc instead:

    \b
    source <(nnsize completion bash)
    """
    print_document(SCRIPTS[shell])

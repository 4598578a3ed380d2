"""``nnsize``: everything the explorer does, without a screen."""

import io
import os
import sys

import click

from nnsize_engine import __version__
from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes.memory import lacks_memory, limit_words
from nnsize_tui.commands.compare import compare_runs
from nnsize_tui.commands.data import data
from nnsize_tui.commands.delete import delete
from nnsize_tui.commands.evolve import evolve
from nnsize_tui.commands.export import export
from nnsize_tui.commands.extend import extend
from nnsize_tui.commands.html_report import report
from nnsize_tui.commands.import_run import import_run
from nnsize_tui.commands.label import label
from nnsize_tui.commands.look import runs, show
from nnsize_tui.commands.open_run import open_run
from nnsize_tui.commands.output import echo
from nnsize_tui.commands.size import size
from nnsize_tui.commands.steer import pause, resume, stop
from nnsize_tui.commands.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="nnsize")
def cli() -> None:
    """How many neurons does a neural network need, and can evolution train it?

    A run is named by its id, any unambiguous beginning of it, or "last". nnsize-tui shows the same on a screen.

    Defaults of your own stand in the sections [size], [evolve] and [cluster] of nnsize/config.toml in the configuration
    folder of your system, such as ~/.config; NNSIZE_CONFIG names another file.
    """


for command in (
    size, evolve, data, runs, show, compare_runs, report, export, import_run, extend, pause, resume, stop, delete,
    verify, label, open_run,
):  # fmt: skip
    cli.add_command(command)
for alias, command in {"ls": runs, "rm": delete}.items():
    cli.add_command(command, alias)


def _discard_output() -> None:
    """Write nothing more to standard output, even while Python closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _out_of_memory() -> str:
    return f"memory ran out; {limit_words() or 'close other programs, or take a larger machine'}"


def main() -> None:
    """Run the command line. A mistake of the user ends in one sentence and exit code 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # the user's names need not be ASCII, even if the output must be
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        echo(error.format_message())
        code = 2
    except click.ClickException as error:
        echo(f"nnsize: {error.format_message()}", err=True)
        code = 2
    except NnsizeError as error:
        echo(f"nnsize: {error}", err=True)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        # The reader of the output is gone; a run goes on. Python would complain again while closing.
        _discard_output()
        code = 1
    except (OSError, UnicodeError, MemoryError, ImportError) as error:
        if not lacks_memory(error) and isinstance(error, ImportError):
            raise
        _discard_output()
        echo(f"nnsize: {_out_of_memory() if lacks_memory(error) else error}", err=True)
        code = 2
    sys.exit(code)

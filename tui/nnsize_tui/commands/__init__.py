"""``nnsize``: everything the explorer does, without a screen."""

import io
import os
import sys
from pathlib import Path

import click

from nnsize_engine import __version__
from nnsize_engine.errors import NnsizeError
from nnsize_tui.commands.all_commands import AllCommands
from nnsize_tui.commands.near_misses import usage_sentence
from nnsize_tui.commands.output import echo
from nnsize_tui.commands.short_forms import own_name


@click.group(
    cls=AllCommands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
        "token_normalize_func": own_name(""),
    },
)
@click.version_option(__version__, "-V", "--version", prog_name="nnsize", message="%(prog)s %(version)s")
def cli() -> None:
    """How many neurons does a neural network need, and can evolution train it?

    A run is named by its id, any unambiguous beginning of it, or "last". nnsize-tui shows the same on a screen.

    Defaults of your own stand in the sections [size], [evolve] and [cluster] of nnsize/config.toml in the configuration
    folder of your system, such as ~/.config; NNSIZE_CONFIG names another file.
    """


def _discard_output() -> None:
    """Write nothing more to standard output, even while Python closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_closed_streams() -> None:
    """Open the standard streams that the caller closed (``>&-``), of which Python makes None, on the null device."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # open until the end


def main() -> None:
    """Run the command line. A mistake of the user ends in one sentence and exit code 2."""
    _open_closed_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):  # the user's names need not be ASCII, even if the output must be
        sys.stdout.reconfigure(errors="backslashreplace")
    if "_NNSIZE_COMPLETE" in os.environ:
        from nnsize_tui.commands.completion import register_shells

        register_shells()
    try:
        code = cli.main(prog_name="nnsize", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        echo(error.format_message())
        code = 2
    except click.ClickException as error:
        echo(f"nnsize: {usage_sentence(error)}", err=True)
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
        code = _refuse(error)
    sys.exit(code)


def _refuse(error: Exception) -> int:
    """Print an error of the system or of memory; return the exit code."""
    from nnsize_engine.processes.memory import lacks_memory, limit_words

    is_memory = lacks_memory(error)
    if not is_memory and isinstance(error, ImportError):
        raise error
    _discard_output()
    advice = limit_words() or "close other programs, or take a larger machine"
    echo(f"nnsize: {f'memory ran out; {advice}' if is_memory else error}", err=True)
    return 2

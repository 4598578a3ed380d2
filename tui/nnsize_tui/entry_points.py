"""The entry points of ``nnsize`` and ``nnsize-tui``: Ctrl-C ends them without a traceback, also while they load.

While modules load, nothing has been done yet, and Ctrl-C ends the process. As an exception it would be lost where
Python calls back while it imports, or turned into another exception.
"""

# Only modules that Python has loaded before; `signal` itself would load ten others, with Ctrl-C still an exception.
import _signal  # type: ignore[import-not-found]
import os
import sys

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


def nnsize() -> None:
    """Run the command line."""
    _handle_interrupts(_signal.SIG_DFL)
    from nnsize_tui.commands import main

    try:
        sys.unraisablehook = _end_if_interrupted
        _handle_interrupts(_signal.default_int_handler)
        main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        _handle_interrupts(_signal.SIG_DFL)  # Python would report an interrupt while it ends


def nnsize_tui() -> None:
    """Show the explorer; it handles Ctrl-C itself once it runs."""
    _handle_interrupts(_signal.SIG_DFL)
    from nnsize_tui.cli import main

    sys.exit(main())


def _handle_interrupts(handler: object) -> None:
    """Set the handler of Ctrl-C, unless it is ignored, as in the background of a script."""
    if _signal.getsignal(_signal.SIGINT) != _signal.SIG_IGN:
        _signal.signal(_signal.SIGINT, handler)


def _end_if_interrupted(unraisable: "sys.UnraisableHookArgs") -> None:
    """End if Ctrl-C came where Python cannot raise an exception and would print and forget it."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        os._exit(INTERRUPTED)
    sys.__unraisablehook__(unraisable)

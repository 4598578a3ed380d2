"""Loading of modules while a command runs already: Ctrl-C ends the process meanwhile.

As an exception it would be lost where Python calls back while it imports, or turned into another exception.
"""

import contextlib
import signal
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Let Ctrl-C end the process while modules load, unless it is handled or ignored."""
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)

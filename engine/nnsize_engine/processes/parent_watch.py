"""Processes that end with their parent, even if the parent was killed."""

import os
import threading
import time

_POLL_SECONDS = 0.5


def end_with(parent: int) -> None:
    """Start a thread that ends this process at most half a second after its parent, given by process id.

    The thread polls, because macOS has no signal for the end of a parent (Linux has ``prctl``).
    """
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_POLL_SECONDS)
    os._exit(1)

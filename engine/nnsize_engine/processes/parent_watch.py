"""Processes that end with their parent, even if the parent was killed."""

import contextlib
import os
import select
import sys
import threading
import time

_POLL_SECONDS = 0.2


def end_with(parent: int) -> None:
    """Start a thread that ends this process as soon as its parent, given by process id, has ended.

    On Linux the thread waits for the end itself; elsewhere it looks five times a second. Linux's signal for the end of
    a parent is no way: it comes when the parent's thread that started this process ends.
    """
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # the parent is gone already, or the kernel is older than 5.3
            handle = os.pidfd_open(parent)
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            if os.getppid() == parent:  # not another process of that id
                poll.poll()
    while os.getppid() == parent:
        time.sleep(_POLL_SECONDS)
    os._exit(1)

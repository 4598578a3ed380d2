"""Processes that end with their parent, even if the parent was killed."""

import contextlib
import os
import select
import signal
import sys
import threading
import time

_POLL_SECONDS = 0.2

_PR_SET_PDEATHSIG = 1  # in <sys/prctl.h>


def end_with(parent: int) -> None:
    """Start a thread that ends this process as soon as its parent, given by process id, has ended.

    On Linux the thread waits for the end itself; elsewhere it looks five times a second. Linux's signal for the end of
    a parent is no way: it comes when the parent's thread that started this process ends.
    """
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def be_killed_with(parent: int) -> None:
    """Let the kernel kill this process when its parent ends, even while a library holds the interpreter.

    Linux does so, too, when the parent's thread that started this process ends; so this is only for processes that
    this thread waits for. Elsewhere it is :func:`end_with`.
    """
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):  # another libc
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    end_with(parent)  # it may be gone already


def _watch(parent: int) -> None:
    wait_for_end(parent)
    os._exit(1)


def wait_for_end(parent: int) -> None:
    """Wait until the parent of this process, given by its process id, has ended."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # the parent is gone already, or the kernel is older than 5.3
            handle = os.pidfd_open(parent)
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            if os.getppid() == parent:  # not another process of that id
                poll.poll()
    while os.getppid() == parent:
        time.sleep(_POLL_SECONDS)

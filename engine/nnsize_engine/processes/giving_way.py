"""A process that gives way to others for a while, and then no longer.

A lower priority (``nice``) is no way: without privileges, a process cannot raise it again. Neither can it leave the
policy SCHED_IDLE. Every process can leave SCHED_BATCH and the idle class of input and output. Both exist only on
Linux, and are those of single threads; a thread begins with those of the thread that starts it.
"""

import os
import sys
from contextlib import suppress

MAX_LOOKS = 10  # for threads that were started while those before them were restored; one look usually finds all


class GivingWay:
    """This process lets others go first, from when this is made until its end, if it was an ordinary process."""

    def __init__(self) -> None:
        """Change this thread, and so all threads that it starts from now on."""
        import psutil

        self._io: tuple[int, int] | None = None
        """Class and level of input and output before; None if nothing was changed."""

        if sys.platform == "linux" and os.sched_getscheduler(0) == os.SCHED_OTHER:
            with suppress(OSError, psutil.Error):
                process = psutil.Process()
                before = process.ionice()
                process.ionice(psutil.IOPRIO_CLASS_IDLE)
                self._io = (before.ioclass, before.value)
                os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))

    def end(self) -> None:
        """Let no thread of this process give way any more."""
        if sys.platform == "linux" and self._io is not None:
            threads: set[str] = set()
            for _ in range(MAX_LOOKS):
                found = set(os.listdir("/proc/self/task")) - threads  # noqa: PTH208  # names alone
                if not found:
                    return
                for thread in found:
                    _restore(int(thread), self._io)
                threads |= found


def _restore(thread: int, io: tuple[int, int]) -> None:
    import psutil

    if sys.platform == "linux":
        with suppress(OSError, psutil.Error):  # it has ended
            os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))
            psutil.Process(thread).ionice(*io)

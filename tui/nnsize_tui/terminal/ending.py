"""The end of the explorer by a signal or with its terminal, also while the main thread waits for that terminal.

A thread of its own waits for both. Python's handler in C writes the number of each signal to a pipe at once, whatever
the main thread does; the handlers in Python run in the main thread only.
"""

import math
import os
import select
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable

ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

MAX_END_SECONDS = 1.0
"""Seconds after a signal in which the app may end by itself, restoring the terminal; then it is ended."""

LOOK_SECONDS = 1.0
"""Seconds between two questions whether the terminal is there, for systems whose ``poll`` does not report its loss."""

LOST = select.POLLHUP | select.POLLERR

INTERRUPTED, ENDED_BY_FORCE = 130, 1
"""Exit codes after Ctrl-C, and after an end that the app did not make itself."""


def watch_for_end(ask: Callable[[int], None], leave: Callable[[int], None]) -> None:
    """End at SIGTERM, SIGINT, SIGHUP and the loss of the terminal; a signal that is ignored, as by ``nohup``, stays so.

    Args:
        ask: asks the app to end with an exit code; called in the main thread between any two instructions.
        leave: restores the terminal at this signal without waiting for it; called in another thread if the app did not
            end in time.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, _: ask(INTERRUPTED if number == signal.SIGINT else 0))
    threading.Thread(target=_watch, args=(reading, leave), name="nnsize-end", daemon=True).start()


def _watch(reading: int, leave: Callable[[int], None]) -> None:
    """Wait for a signal, and for the loss of the terminal."""
    # Restoring the terminal would otherwise stop a process in the background.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    for stream in (sys.__stdin__, sys.__stderr__):
        if stream is not None:
            poll.register(stream.fileno(), 0)  # a loss is always reported
    told: int | None = None
    deadline = math.inf
    while True:
        wait = min(LOOK_SECONDS, max(0.0, deadline - time.monotonic()))
        for file, found in poll.poll(1000 * wait):
            if file == reading:
                signals = [number for number in os.read(reading, 4096) if number in ENDING_SIGNALS]
                if signals and told is None:
                    told, deadline = signals[0], time.monotonic() + MAX_END_SECONDS
            elif found & LOST:
                os._exit(ENDED_BY_FORCE)
            else:
                poll.unregister(file)  # this system cannot poll terminals
        end_without_terminal()
        if told is not None and time.monotonic() >= deadline:
            try:
                leave(told)
            finally:
                os._exit(ENDED_BY_FORCE)


def end_without_terminal() -> None:
    """Exit if the terminal is gone, with or without a hang-up signal.

    Reading its input would return at once forever and keep a processor busy. Nothing is lost: the explorer computes
    nothing, and there is no terminal to restore.
    """
    try:
        termios.tcgetattr(sys.__stdin__ or 0)
    except (termios.error, OSError, ValueError):
        os._exit(ENDED_BY_FORCE)

"""A process for work that must not delay other work: ``python -m`` this module.

The work arrives by standard input and its results leave by standard output, both pickled. The process can be killed at
any moment; it ends by itself when its parent does.
"""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from nnsize_engine.processes.parallel import Halt, WorkersLostError
from nnsize_engine.processes.parent_watch import be_killed_with

GivenT = TypeVar("GivenT")
ResultT = TypeVar("ResultT")

NICENESS = 19  # the lowest priority there is

_POLL_SECONDS = 0.05  # between two looks at the signal to halt

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Threads that wait for each other on busy processors compute more slowly than one thread."""

_END = "end"

_LOWEST = "lowest"
"""The argument for the lowest priority."""


def stream_from_side_process(
    function: Callable[[GivenT], Iterable[ResultT]], given: GivenT, halt: Halt, *, is_lowest: bool
) -> Iterator[ResultT]:
    """Call a function in a process of its own and yield its results as they come.

    The process is killed, and no further result is yielded, once ``halt`` is set. ``is_lowest`` gives it the lowest
    priority instead of this process's.

    Raises:
        WorkersLostError: the process ended before the function did.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(os.getpid()), *([_LOWEST] if is_lowest else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | _ONE_THREAD | {"PYTHONSAFEPATH": "1"},
    )
    was_halted = threading.Event()
    threading.Thread(target=_kill_at_halt, args=(process, halt, was_halted), daemon=True).start()
    try:
        yield from _results(process, (function, given))
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        code = process.wait()
        if not was_halted.is_set():
            raise WorkersLostError(f"its process {_ending(code)}") from error
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()
        process.wait()


def _results(process: "subprocess.Popen[bytes]", work: tuple[Any, Any]) -> Iterator[Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    pickle.dump(work, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
    process.stdin.close()
    while (found := pickle.load(process.stdout)) != (_END, None):
        yield found[1]


def _kill_at_halt(process: "subprocess.Popen[bytes]", halt: Halt, was_halted: threading.Event) -> None:
    while process.poll() is None:
        if halt.is_set():
            was_halted.set()
            process.kill()
            return
        time.sleep(_POLL_SECONDS)


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    words = signal.strsignal(-code) or f"signal {-code}"
    return f"was ended ({words.lower()}), most often because memory ran out"


def main() -> None:
    """Read the work, do it, and write the results."""
    be_killed_with(int(sys.argv[1]))  # not getppid: the parent may be gone already
    if _LOWEST in sys.argv:
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
    # What a library prints must not get among the results.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    function, given = pickle.load(sys.stdin.buffer)
    for result in function(given):
        pickle.dump(("result", result), output, protocol=pickle.HIGHEST_PROTOCOL)
        output.flush()
    pickle.dump((_END, None), output)
    output.flush()


if __name__ == "__main__":
    main()

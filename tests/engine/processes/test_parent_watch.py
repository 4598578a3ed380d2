"""Side processes end within a second after their parent was killed, whatever they are doing."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.tmux import is_there
from support.waiting import wait_until

MAX_SECONDS = 1.0

BUSY = "while True: sum(range(10_000))"

WATCHED = {
    "idle": "import time; time.sleep(600)",
    "busy": BUSY,
    "reading": "import sys; sys.stdin.read()",
}


def family(work: str, *, thread: bool = False, watch: str = "end_with") -> tuple["subprocess.Popen[str]", int]:
    """Start a parent and its watched child; return the parent, and the child's process id."""
    child = f"import sys; from nnsize_engine.processes.parent_watch import {watch}; {watch}(int(sys.argv[1]))\n{work}"
    starts = f"child = subprocess.Popen([sys.executable, '-c', {child!r}, str(os.getpid())], stdin=subprocess.PIPE)"
    if thread:  # which has ended when the parent goes on
        begins = "one = threading.Thread(target=start); one.start(); one.join()"
        starts = f"def start():\n    global child\n    {starts}\n{begins}"
    code = f"import os, subprocess, sys, threading, time\n{starts}\nprint(child.pid, flush=True)\ntime.sleep(600)"
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.stdout.close()
    wait_until(lambda: len(list(Path(f"/proc/{pid}/task").iterdir())) > 1)  # it watches
    return parent, pid


def kill(parent: "subprocess.Popen[str]") -> None:
    parent.kill()
    parent.wait()


@pytest.mark.parametrize("work", WATCHED)
def test_a_child_ends_at_once_when_its_parent_is_killed(work: str) -> None:
    parent, child = family(WATCHED[work])
    assert is_there(child)
    kill(parent)
    begun = time.process_time()
    killed = time.monotonic()
    wait_until(lambda: not is_there(child))
    # On a machine that is busy this process waits for the processor, too.
    assert time.monotonic() - killed < MAX_SECONDS or time.process_time() - begun < MAX_SECONDS / 10


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a signal for it")
def test_the_kernel_kills_a_child_whose_library_holds_the_interpreter() -> None:
    # A regular expression that takes years runs without a break.
    parent, child = family("import re; re.match('(a*)*b', 'a' * 60)", watch="be_killed_with")
    time.sleep(0.5)
    assert is_there(child)
    kill(parent)
    wait_until(lambda: not is_there(child), 60)


def test_a_child_outlives_the_thread_that_started_it() -> None:
    parent, child = family(WATCHED["idle"], thread=True)
    time.sleep(0.5)
    assert is_there(child)
    kill(parent)
    wait_until(lambda: not is_there(child))


def test_a_child_whose_parent_was_gone_before_it_looked_ends() -> None:
    code = "import time; from nnsize_engine.processes.parent_watch import end_with; end_with(1 << 22); time.sleep(600)"
    assert subprocess.run([sys.executable, "-c", code], timeout=300, check=False).returncode == 1

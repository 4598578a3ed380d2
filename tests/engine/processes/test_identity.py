"""Processes that still run, that ended, and that have the number of another."""

import contextlib
import dataclasses
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from nnsize_engine.processes.identity import ProcessIdentity, has_ended, is_alive, this_process


def test_this_process_is_alive() -> None:
    assert is_alive(this_process()) is True


def test_a_process_with_a_reused_number_is_not_the_one_that_was_meant() -> None:
    assert is_alive(dataclasses.replace(this_process(), start="1")) is False


def test_another_process_with_that_number_may_be_called_anything_and_is_left_alone() -> None:
    program = "import sys; open('/proc/self/comm', 'wb').write(b'\\xff) Z'); print(1, flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()
        was_meant = dataclasses.replace(this_process(), pid=child.pid, start="1")
        assert is_alive(was_meant) is False
        child.stdin.close()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert is_alive(was_meant) is False
        assert os.waitpid(child.pid, os.WNOHANG)[0] == child.pid  # its end is still there to be collected
        child.returncode = 0


def test_nothing_is_known_of_another_machine() -> None:
    assert is_alive(dataclasses.replace(this_process(), host="elsewhere")) is None


def test_a_child_that_ended_but_was_not_collected_is_dead() -> None:
    program = (
        "import os\n"
        "from nnsize_engine.processes.identity import has_ended, is_alive, this_process\n"
        "import dataclasses\n"
        "read, write = os.pipe()\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    os.write(write, this_process().start.encode())\n"
        "    os._exit(0)\n"
        "start = os.read(read, 100).decode()\n"
        "child = dataclasses.replace(this_process(), pid=pid, start=start)\n"
        "os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)\n"
        "assert is_alive(child) is False\n"
        "assert has_ended(pid)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_a_number_that_no_process_has_is_dead() -> None:
    me = this_process()
    ghost = ProcessIdentity(pid=2**22 + 1, start=me.start, host=me.host)
    assert is_alive(ghost) is False
    assert has_ended(ghost.pid)
    assert not has_ended(os.getpid())


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux counts clock ticks")
def test_a_start_is_the_count_of_clock_ticks_that_every_earlier_version_stored() -> None:
    ticks = Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]
    assert this_process().start == ticks


def test_a_clock_that_is_set_while_a_start_is_read_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    start, boot = this_process().start, psutil.boot_time()
    boots = iter([boot, boot + 3600.0])
    monkeypatch.setattr(psutil, "boot_time", lambda: next(boots, boot))
    assert this_process().start == start


def test_a_process_without_a_stored_start_may_be_any_that_has_its_number() -> None:
    assert is_alive(dataclasses.replace(this_process(), start="")) is None
    assert is_alive(dataclasses.replace(this_process(), start="", pid=2**22 + 1)) is False


@pytest.mark.skipif(not psutil.LINUX, reason="the run was computed on Linux")
def test_the_runner_of_a_run_of_the_first_version_is_written_as_this_process_is() -> None:
    file = Path(__file__).parents[2] / "saved_runs" / "version-1" / "run.sqlite"
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        pid, start, host = connection.execute("SELECT pid, process_start, host FROM runner").fetchone()
    runner, me = ProcessIdentity(pid=pid, start=start, host=host), this_process()
    for theirs, ours in ((runner.start, me.start), (runner.host.split(" ", 1)[1], me.host.split(" ", 1)[1])):
        assert re.sub(r"[0-9a-f]+", "0", theirs) == re.sub(r"[0-9a-f]+", "0", ours)
    assert is_alive(runner) is None
    assert is_alive(dataclasses.replace(runner, host=me.host)) is False

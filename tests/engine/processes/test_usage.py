"""Processor time and memory of a process and its children."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from nnsize_engine.processes import usage
from nnsize_engine.processes.identity import this_process
from nnsize_engine.processes.usage import UsageFollower

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux says it")


CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])"


def test_what_the_children_of_a_runner_use_counts() -> None:
    use = UsageFollower()
    with subprocess.Popen([sys.executable, "-c", CHILD], start_new_session=True) as runner:
        try:
            start = Path(f"/proc/{runner.pid}/stat").read_text().rpartition(")")[2].split()[19]
            identity = replace(this_process(), pid=runner.pid, start=start)
            assert use.look(identity) is None  # there is nothing to compare with
            deadline, most = time.monotonic() + 60, 0.0
            while most < 0.05:  # the runner itself only waits
                assert time.monotonic() < deadline
                found = use.look(identity)
                assert found is not None
                most = max(most, found.processors if found.megabytes > 5 else 0.0)
        finally:
            os.killpg(runner.pid, signal.SIGKILL)


def test_nothing_is_known_of_a_process_that_ended_or_is_elsewhere() -> None:
    use = UsageFollower()
    assert use.look(None) is None
    for other in (replace(this_process(), host="elsewhere"), replace(this_process(), start="1")):
        assert use.look(other) is None
        assert use.look(other) is None


def test_a_child_that_is_listed_late_counts_only_what_it_used_since_the_last_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [1000.0]

    class Child:
        def create_time(self) -> float:
            return 990.0

        def cpu_times(self) -> SimpleNamespace:
            return SimpleNamespace(user=10.0, system=10.0)

        def memory_full_info(self) -> SimpleNamespace:
            return SimpleNamespace(_asdict=lambda: {"rss": 3e6, "pss": 2e6})

    children: list[Child] = []

    monkeypatch.setattr(usage, "time", SimpleNamespace(time=lambda: clock[0], monotonic=lambda: clock[0]))
    monkeypatch.setattr(usage, "_with_children", lambda _: list(children))
    use = UsageFollower()
    assert use.look(this_process()) is None
    children.append(Child())
    clock[0] += 2.0
    found = use.look(this_process())
    assert found is not None
    assert found.processors == pytest.approx(20 / 12)  # 20 seconds in 12, of which 2 were since the last look
    assert found.megabytes == 2

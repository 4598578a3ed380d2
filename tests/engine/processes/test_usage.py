import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

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

"""What becomes of the explorer when its terminal does."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from support.waiting import wait_until


def test_an_explorer_whose_terminal_is_gone_ends_also_without_a_hang_up(run_home: Path) -> None:
    run_home.mkdir()
    leader, follower = pty.openpty()
    command = [Path(sys.executable).with_name("nnsize-tui")]
    # A session of its own has no controlling terminal, so nobody sends it a signal.
    environment = os.environ | {"TERM": "xterm-256color"}
    with subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=environment, start_new_session=True
    ) as process:
        os.close(follower)
        assert os.read(leader, 1000)
        os.close(leader)
        wait_until(lambda: process.poll() is not None)

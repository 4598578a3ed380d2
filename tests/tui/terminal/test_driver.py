"""What becomes of the explorer when its terminal does."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from nnsize_tui.terminal.driver import LEAVE, SlowLinkDriver
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


async def test_what_is_taken_back_at_once_is_what_textual_takes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(SlowLinkDriver, "write", lambda _, data: written.append(data))
    driver = SlowLinkDriver(App())
    driver._in_band_window_resize = True
    driver.attrs_before = None
    driver.exit_event.set()  # its keyboard is not read
    LinuxDriver.stop_application_mode(driver)
    assert "".join(written) == LEAVE

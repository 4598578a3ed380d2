"""In a real terminal, a runner waits while a run is set up: it takes the run, or ends with the setup."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import list_runs, read_state
from support.terminal import Terminal, terminal
from support.waiting import wait_until

MODULE = "nnsize_engine.runner.waiting"
CTRL_S, ESCAPE, CTRL_Q = "\x13", "\x1b", "\x11"


def waiting_below(pid: int) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(pid).children():
        try:
            if MODULE in child.cmdline():
                found.append(child)
        except psutil.Error:  # it has ended
            continue
    return found


def set_up(explorer: Terminal) -> psutil.Process:
    """Open the setup; return the runner that waits then."""
    explorer.read_until(lambda written: b"Quit" in written)
    assert not waiting_below(explorer.pid)
    explorer.press("n")
    wait_until(lambda: bool(waiting_below(explorer.pid)))
    (runner,) = waiting_below(explorer.pid)
    return runner


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_it_takes_the_run_that_is_started(run_home: Path) -> None:
    with terminal() as explorer:
        runner = set_up(explorer)
        explorer.read_until(lambda written: b"Background" in written)
        explorer.press(CTRL_S)
        wait_until(lambda: bool(list_runs(run_home)) and read_state(list_runs(run_home)[0])[0].runner is not None)
        (folder,) = list_runs(run_home)
        found = read_state(folder)[0].runner
        assert found is not None
        assert found.pid == runner.pid
        explorer.press(CTRL_Q)
        explorer.ended()
    assert not is_gone(runner)  # the run outlives the explorer
    wait_until(lambda: read_state(folder)[0].done > 0)
    launch.stop(folder)
    assert launch.wait_for_end(folder) == "stopped"
    wait_until(lambda: is_gone(runner))


@pytest.mark.usefixtures("run_home")
@pytest.mark.parametrize("end", ["left", "quit", "killed", "hung up"])
def test_it_ends_with_the_setup_however_that_ends(end: str) -> None:
    with terminal() as explorer:
        runner = set_up(explorer)
        match end:
            case "left":
                explorer.press(ESCAPE)
            case "quit":
                explorer.press(CTRL_Q)
                explorer.ended()
            case "killed":
                os.kill(explorer.pid, signal.SIGKILL)
                explorer.ended()
            case "hung up":
                explorer.kill(signal.SIGHUP)
                explorer.ended()
        wait_until(lambda: is_gone(runner))

"""Requests to a runner that several processes make at once."""

import fcntl
import os
from pathlib import Path

from nnsize_engine.runs import control_file, launch
from support.made_runs import made_run


def test_a_pause_does_not_replace_a_stop(tmp_path: Path) -> None:
    control_file.ask(tmp_path, "stop")
    control_file.ask(tmp_path, "pause")
    assert control_file.wish(tmp_path) == "stop"
    control_file.ask(tmp_path, "run")
    control_file.ask(tmp_path, "pause")
    assert control_file.wish(tmp_path) == "pause"


def test_a_folder_that_stays_locked_is_asked_all_the_same(tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        control_file.ask(tmp_path, "stop")
    finally:
        os.close(handle)
    assert control_file.wish(tmp_path) == "stop"


def test_who_stops_a_run_does_not_wait_for_one_that_was_let_go_on_since(run_home: Path) -> None:
    folder = made_run(run_home, "target", state="running", fits=3)
    control_file.ask(folder, "stop")
    control_file.ask(folder, "run")
    assert launch.wait_for_end(folder) == "running"

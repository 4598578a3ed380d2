"""Ctrl-C in the first second of any command shows no traceback and leaves no run going that was not announced."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.folders import list_runs, read_state
from support.commands import NNSIZE, nnsize
from support.made_runs import made_run

STARTING = (
    ("size", "digits", "--neurons", "50:150:20", "--json"),
    ("size", "digits", "--neurons", "50:150:20", "--detach"),
    ("size", "table.csv"),
    ("evolve", "--generations", "100000"),
    ("evolve", "--generations", "100000", "--detach"),
)
OTHERS = (
    ("runs",),
    ("show", "zibiro"),
    ("data", "table.csv"),
    ("size", "--estimate"),
    ("export", "zibiro", "--to", "candidates.csv"),
    ("compare", "zibiro", "bagote"),
    ("extend", "zibiro", "--repeats", "2"),
    ("resume", "bagote"),
    ("--help",),
)
SECONDS = (0.05, 1.2)
"""When Ctrl-C is pressed, at the earliest and at the latest."""

PYTHON_ITSELF = ("Fatal Python error: init", "<frozen site>", "from nnsize_tui.entry_points import")
"""Words of an interrupt before any line of ours was run; on a busy machine Python alone takes that long."""


def interrupted(command: Sequence[str], after: float) -> tuple[str, int]:
    """Press Ctrl-C some seconds after a command was started; return all that it wrote, and its exit code."""
    with subprocess.Popen(
        [NNSIZE, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background ignore it
    ) as process:
        time.sleep(after)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to every process in front
        written, _ = process.communicate(timeout=120)
    return written, process.returncode


@pytest.fixture
def runs(run_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a finished and a stopped search, and a table."""
    monkeypatch.chdir(tmp_path)
    made_run(run_home, "zibiro")
    made_run(run_home, "bagote", state="stopped", fits=5)
    Path("table.csv").write_text("a,b,y\n" + "".join(f"{row},{row * row % 7},{row % 2}\n" for row in range(60)))
    return run_home


def unannounced(home: Path, before: Sequence[Path], written: str) -> list[str]:
    """Return the live runs that are not named in what a command wrote; stop all that are live."""
    live = [folder.name for folder in list_runs(home) if folder not in before and read_state(folder)[1] in LIVE_STATES]
    for name in live:
        nnsize("stop", name)
    return [name for name in live if name not in written]


@pytest.mark.parametrize(("commands", "seed"), [(STARTING, 1), (STARTING, 2), (OTHERS, 3)])
def test_it_leaves_no_traceback_and_no_unannounced_run(
    runs: Path, commands: Sequence[Sequence[str]], seed: int
) -> None:
    chance = random.Random(seed)
    for command in commands:
        after = chance.uniform(*SECONDS)
        before = list_runs(runs)
        written, code = interrupted(command, after)
        while any(words in written for words in PYTHON_ITSELF):
            after *= 1.5
            written, code = interrupted(command, after)
        said = f"{command} after {after:.3f} s, exit code {code}: {written}"
        assert "Traceback" not in written, said
        assert "Exception ignored" not in written, said
        assert code in (-signal.SIGINT, 130, 0, 2), said
        assert not unannounced(runs, before, written), said


def test_a_run_that_was_just_started_detached_is_stopped(runs: Path) -> None:
    before = list_runs(runs)
    with subprocess.Popen(
        [NNSIZE, "evolve", "--generations", "100000", "--detach"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        while not (made := [folder for folder in list_runs(runs) if folder not in before]):
            assert process.poll() is None
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        written, _ = process.communicate(timeout=120)
    (folder,) = made
    assert process.returncode == 130
    assert f"stopped; everything finished is kept, go on with: nnsize resume {folder.name} --follow" in written
    assert read_state(folder)[1] == "stopped"

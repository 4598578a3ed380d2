"""Kills: SIGKILL at random moments of every kind of run; the result equals that of the undisturbed run, bit for bit."""

import contextlib
import os
import signal
import time
from pathlib import Path
from random import Random

from campaign.outcome import Outcome
from campaign.settings_of_runs import run_settings
from campaign.whole_runs import MAX_RUN_SECONDS, WRITTEN_ONCE, facts_of, faults_of, wait_for_end, whole_run
from nnsize_engine.errors import RunError
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.stall_file import FILE_NAME as STALL_NAME
from nnsize_engine.runs.stall_file import read_stall
from support.waiting import wait_until

MAX_KILLS = 9  # of one run

START_SHARE = 0.25  # of kills, while a runner starts

START_SECONDS = (0.3, 0.3, 1.5)  # that a runner takes until it computes: a forked one, or one that loads its libraries

LOOK_SECONDS = 0.01  # between two looks at how far a run is


def try_kills(chance: Random, folder: Path) -> Outcome:
    """Kill a run some times, let it end, and compare it."""
    name, settings = run_settings(chance)
    whole = whole_run(settings)
    total = read_state(whole)[0].done
    run = launch.start(settings, folder / "home")
    kills = 0
    for _ in range(chance.randint(4, MAX_KILLS)):
        if chance.random() < 0.1:
            _stop_and_resume(run)
        _wait_for_moment(chance, run, total)
        if not _kill(run):
            break
        kills += 1
        seen = facts_of(run)
        if chance.random() < 0.1:
            (run / f"{FILE_NAME}-shm").unlink(missing_ok=True)  # an index that SQLite makes again
        launch.resume(run)
        now = facts_of(run)
        missing = [row for table in WRITTEN_ONCE for row in set(seen[table]) - set(now[table])]
        if missing:
            return Outcome(tried=kills, failures=(f"{name}: lost after a kill: {missing[0][:300]}",))
    wait_for_end(run)
    return Outcome(tried=kills, failures=_faults(name, run, whole))


def _wait_for_moment(chance: Random, run: Path, total: int) -> None:
    """Wait for a random moment of a start, or of the work that is left."""
    if chance.random() < START_SHARE:
        time.sleep(chance.uniform(0, chance.choice(START_SECONDS)))
        return
    done = read_state(run)[0].done
    until = done + chance.uniform(0, 0.5) * (total - done)
    deadline = time.monotonic() + MAX_RUN_SECONDS
    while True:
        header, state = read_state(run)
        if state not in LIVE_STATES or (state != "starting" and header.done >= until):
            break
        assert time.monotonic() < deadline, f"at {header.done} of {total}, and gets no further"
        time.sleep(LOOK_SECONDS)
    time.sleep(chance.uniform(0, chance.choice((0.01, 0.1, 0.4))))


def _stop_and_resume(run: Path) -> None:
    """Let a run end and go on in between, as its user may: an evolution then leaves a checkpoint."""
    with contextlib.suppress(RunError):  # it is finished
        launch.stop(run)
        launch.wait_for_end(run)
        launch.resume(run)


def _kill(run: Path) -> bool:
    """Kill the runner of a run; return whether it was at work."""
    header, state = read_state(run)
    if state not in LIVE_STATES or header.runner is None:
        return False
    runner = header.runner
    with contextlib.suppress(ProcessLookupError):
        os.kill(runner.pid, signal.SIGKILL)
    wait_until(lambda: is_alive(runner) is False)
    return read_state(run)[1] == "interrupted"


def _faults(name: str, run: Path, whole: Path) -> tuple[str, ...]:
    faults = faults_of(run, facts_of(whole))
    # A runner that is killed after it stored its end, and before it tidied up, leaves its blank file of stalls.
    known = {path.name for path in whole.iterdir()} | {f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"}
    if read_stall(run) is None:
        known.add(STALL_NAME)
    left = {path.name for path in run.iterdir()} - known
    if left:
        faults.append(f"files are left: {sorted(left)}")
    return tuple(f"{name}: {words}" for words in faults)

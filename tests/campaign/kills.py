"""Kills: SIGKILL at random moments of every kind of run; the result equals that of the undisturbed run, bit for bit."""

import contextlib
import os
import signal
import time
from pathlib import Path
from random import Random

from campaign.outcome import Outcome
from campaign.settings_of_runs import run_settings
from campaign.whole_runs import WRITTEN_ONCE, difference, facts_of, wait_for_end, whole_run
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.start_runner import LOG_NAME
from support.waiting import wait_until

MAX_KILLS = 8  # of one run

MAX_WORK_SECONDS = 3.0  # of an undisturbed run; on a busy machine it may have taken longer, or compiled first

START_SECONDS = 1.2  # that a runner usually imports and reads before it computes


def try_kills(chance: Random, folder: Path) -> Outcome:
    """Kill a run some times, let it end, and compare it."""
    name, settings = run_settings(chance)
    whole = whole_run(settings)
    seconds = min(MAX_WORK_SECONDS, read_state(whole)[0].active_seconds)
    run = launch.start(settings, folder / "home")
    kills = 0
    for _ in range(chance.randint(2, MAX_KILLS)):
        if chance.random() < 0.75:  # at work, not while it starts
            wait_until(lambda: read_state(run)[1] != "starting")
        time.sleep(chance.uniform(0, chance.choice((0.2 * seconds, 0.5 * seconds, seconds + START_SECONDS))))
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
    faults = []
    if differs := difference(facts_of(run), facts_of(whole)):
        faults.append(f"{name}: another result: {differs}")
    verdict = examine(run)
    if verdict.condition != "whole":
        faults.append(f"{name}: {verdict.condition}: {verdict.broken}")
    log = (run / LOG_NAME).read_text(errors="replace")
    if "Traceback" in log:
        faults.append(f"{name}: a traceback in {LOG_NAME}: {log[-1500:]}")
    known = {path.name for path in whole.iterdir()} | {f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"}
    left = {path.name for path in run.iterdir()} - known
    if left:
        faults.append(f"{name}: files are left: {sorted(left)}")
    return tuple(faults)

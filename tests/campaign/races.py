"""Races: processes that start, steer, extend, export and delete one run at the same moment."""

import json
import os
import shutil
import signal
import time
import traceback
from pathlib import Path
from random import Random

from campaign.in_process import run_command
from campaign.outcome import Outcome
from campaign.scratch import runners_of
from campaign.settings_of_runs import SEARCHES
from campaign.whole_runs import TABLES, WRITTEN_ONCE, difference, facts_of, wait_for_end, whole_run
from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import create
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.folders import holds_run, read_state
from nnsize_engine.runs.start_runner import LOG_NAME, start_runner
from nnsize_engine.settings.watched import WatchedSettings
from support.waiting import wait_until

OPERATIONS: dict[str, tuple[str, ...]] = {
    "resume": ("resume", "target"),
    "pause": ("pause", "target"),
    "stop": ("stop", "target"),
    "delete": ("delete", "target", "--yes"),
    "extend": ("extend", "target", "--repeats", "2"),
    "export": ("export", "target"),
    "archive": ("export", "target", "--to", "run.zip", "--force"),
    "show": ("show", "target", "--json"),
    "runs": ("runs", "--json"),
    "verify": ("verify", "target"),
    "import": ("import", "whole.zip"),
}

WEIGHTS = (6, 3, 4, 2, 3, 2, 2, 2, 2, 2, 1)

STATES = ("new", "running", "stopped", "interrupted", "finished")
"""What the run is before the race."""

SETTINGS = SEARCHES["grid"]


def try_race(chance: Random, folder: Path) -> Outcome:
    """Let a few processes do something with one run at once, then look whether it is as whole as before."""
    home = folder / "home"
    working = folder / "working"
    working.mkdir()
    os.chdir(working)
    run = _made(chance.choice(STATES), home, chance)
    names = chance.choices(list(OPERATIONS), WEIGHTS, k=chance.randint(2, 4))
    if "import" in names:
        run_command("export", "target", "--to", "whole.zip")
    begin = time.monotonic() + 0.05
    children = [
        _forked(OPERATIONS[name], begin + chance.choice((0.0, chance.uniform(0, 0.3))), folder) for name in names
    ]
    faults = [fault for child in children for fault in _result(child, folder)]
    faults += _faults_after(chance, run)
    return Outcome(failures=tuple(f"{' + '.join(names)}: {fault}" for fault in faults))


def _made(state: str, home: Path, chance: Random) -> Path:
    """Bring a run called target to a state."""
    run = home / "target"
    if state == "finished":
        shutil.copytree(whole_run(SETTINGS), run)
        return run
    create(run, run.name, SETTINGS)
    start_runner(run)
    if state != "new":
        wait_until(lambda: read_state(run)[1] != "starting")
        time.sleep(chance.uniform(0, 0.3))
    if state == "interrupted":
        for pid in runners_of(home):
            os.kill(pid, signal.SIGKILL)
    elif state == "stopped":
        run_command("stop", "target")
    return run


def _forked(arguments: tuple[str, ...], moment: float, folder: Path) -> int:
    """Run a command in a copy of this process, which has loaded everything, at a moment."""
    child = os.fork()
    if child:
        return child
    faults: list[str]
    try:
        time.sleep(max(0.0, moment - time.monotonic()))
        faults = list(run_command(*arguments).faults)
    except BaseException:
        faults = [traceback.format_exc(limit=-3)]
    (folder / f"faults-{os.getpid()}").write_text(json.dumps(faults))
    os._exit(0)


def _result(child: int, folder: Path) -> list[str]:
    """Wait for a copy and return what went wrong in it."""
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        return [f"a process ended with {code}"]
    found: list[str] = json.loads((folder / f"faults-{child}").read_text())
    return found


def _faults_after(chance: Random, run: Path) -> list[str]:
    """Return what is wrong with the run after the race: one runner at most, whole, and it can be finished."""
    at_work = runners_of(run.parent)
    if not holds_run(run):
        wait_until(lambda: not runners_of(run.parent))
        left = sorted(path.name for path in run.iterdir()) if run.exists() else []
        return [f"deleted, and these are left: {left}"] if left else []
    faults = []
    if len(at_work) > 1:
        time.sleep(2)  # the second one has been refused, or is ending
        if len(runners_of(run.parent)) > 1:
            faults.append("two runners are at work")
    try:
        state = read_state(run)[1]
        if state in LIVE_STATES and chance.random() < 0.6:
            run_command("stop", run.name)
        if chance.random() < 0.3:
            faults += _faults_when_finished(run)
        verdict = examine(run)
        if verdict.condition != "whole":
            faults.append(f"the run is {verdict.condition}: {verdict.broken}")
    except NnsizeError as error:
        faults.append(f"the run cannot be read: {error}")
    log = run / LOG_NAME
    if log.exists() and "Traceback" in log.read_text(errors="replace"):
        faults.append(f"a traceback in its log: {log.read_text(errors='replace')[-1500:]}")
    return faults


def _faults_when_finished(run: Path) -> list[str]:
    """Let the run come to its end, and compare it with one that was alone."""
    header, state = read_state(run)
    if state not in ("starting", "running", "finished"):
        launch.resume(run)
    runner = header.runner
    if state == "finished" and runner is not None:
        wait_until(lambda: is_alive(runner) is not True)
    wait_for_end(run)
    settings = read_state(run)[0].settings
    assert not isinstance(settings, WatchedSettings)
    tables = TABLES if settings == SETTINGS else WRITTEN_ONCE
    differs = difference(facts_of(run), facts_of(whole_run(settings)), tables)
    return [f"another result: {differs}"] if differs else []

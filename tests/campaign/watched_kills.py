"""Watched searches: their process is killed, interrupted or loses a worker, while commands look and steer."""

import contextlib
import os
import signal
import time
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import psutil
from sklearn.datasets import load_iris
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, RandomizedSearchCV
from sklearn.tree import DecisionTreeClassifier

import nnsize
from campaign.in_process import run_command
from campaign.outcome import Outcome
from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.folders import run_folders
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import WatchedView
from support.waiting import wait_until

X, Y = load_iris(return_X_y=True)

MAX_START_SECONDS = 200.0  # until the run is there; a busy machine needs many times the usual one

LOOKS: tuple[tuple[str, ...], ...] = (
    ("show", "target"), ("show", "target", "--json"), ("show", "target", "--all"), ("runs", "--json"),
    ("verify", "target"), ("export", "target", "--to", "table.csv", "--force"),
    ("export", "target", "--to", "run.zip", "--force"), ("report", "target", "--to", "run.html", "--force"),
)  # fmt: skip

STEERS: tuple[tuple[str, ...], ...] = (
    ("pause", "target"), ("resume", "target"), ("stop", "target"), ("extend", "target", "--repeats", "2"),
    ("delete", "target", "--yes"),
)  # fmt: skip
"""Commands that a live watched run refuses."""

WAYS = ("kill", "kill", "interrupt", "kill a worker", "leave")
"""Events that may befall the process of the search."""

Scores = dict[tuple[int, int], float | None]


class SlowTree(DecisionTreeClassifier):  # type: ignore[misc]  # scikit-learn has no type hints
    """A tree that takes some time, and fails at one depth."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> "SlowTree":
        time.sleep(0.02)
        if self.max_depth == 3:
            raise ValueError("no tree of depth 3")
        super().fit(X, y, sample_weight)
        return self


def _searches(jobs: int | None) -> dict[str, Any]:
    tree, depths = SlowTree(random_state=0), {"max_depth": list(range(1, 15))}
    return {
        "grid": GridSearchCV(tree, depths, n_jobs=jobs, return_train_score=True),
        "random": RandomizedSearchCV(
            tree, depths, n_iter=9, n_jobs=jobs, random_state=1, scoring=["accuracy", "f1_macro"], refit="accuracy"
        ),
        "halving": HalvingGridSearchCV(tree, depths, n_jobs=jobs, random_state=2, min_resources=30),
    }


def try_watched_kill(chance: Random, folder: Path) -> Outcome:
    """Watch a search in a copy of this process, do something to it, and compare what is kept with the whole search."""
    name, jobs, way = chance.choice(list(_searches(None))), chance.choice((None, None, 2)), chance.choice(WAYS)
    working = folder / "working"
    working.mkdir()
    os.chdir(working)
    child = _forked(name, jobs)
    try:
        run = _begun(folder / "home", child)
        shown, faults = _disturbed(chance, run, child, way)
        _, status = os.waitpid(child, 0)
    finally:
        _kill_all(child)
    faults += _faults_after(run, shown, _whole(name), way, os.waitstatus_to_exitcode(status))
    return Outcome(failures=tuple(f"{name} with {jobs} jobs, {way}: {fault}" for fault in faults))


def _forked(name: str, jobs: int | None) -> int:
    """Run a watched search in a copy of this process, as the leader of a group; return its process id."""
    child = os.fork()
    if child:
        return child
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = 1
    with contextlib.suppress(BaseException), Path(os.devnull).open("w") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
        nnsize.watch(_searches(jobs)[name], "campaign", verbose=0).fit(X, Y)
        code = 0
    os._exit(code)


def _begun(home: Path, child: int) -> Path:
    """Wait for the run of a search."""
    found: list[Path] = []

    def is_there() -> bool:
        found[:] = run_folders(home) if home.exists() else []
        return bool(found)

    wait_until(is_there, MAX_START_SECONDS)
    assert psutil.pid_exists(child)
    return found[0]


def _disturbed(chance: Random, run: Path, child: int, way: str) -> tuple[Scores, list[str]]:
    """Look at the run until a random moment, then do to its process what is to be done; return what was shown."""
    faults: list[str] = []
    moment = time.monotonic() + chance.uniform(0, chance.choice((0.3, 1.5)))
    shown: Scores = {}
    while True:
        shown |= _scores(run)
        if time.monotonic() >= moment:
            break
        command = chance.choice((*LOOKS, *STEERS))
        faults += run_command(*(run.name if word == "target" else word for word in command)).faults
        if not run.exists():
            return shown, [*faults, f"{command[0]} removed a run at work"] if _is_at_work(child) else faults
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError, psutil.Error):
        match way:
            case "kill":
                os.kill(child, signal.SIGKILL)
            case "interrupt":
                os.kill(child, signal.SIGINT)
            case "kill a worker":
                workers = psutil.Process(child).children(recursive=True)
                if workers:
                    chance.choice(workers).kill()
    return shown, faults


def _is_at_work(child: int) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(psutil.Process(child).status() != psutil.STATUS_ZOMBIE)
    return False


def _kill_all(child: int) -> None:
    """Kill the group of a search: its workers may outlive it for a while."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _scores(run: Path) -> Scores:
    """Return the score of every fit that is shown, None for one that failed."""
    try:
        view = RunFollower(run).look()
    except NnsizeError:  # it is being made
        return {}
    assert isinstance(view, WatchedView)
    return {
        (fit.candidate, fit.fold): None if fit.error else fit.test_score
        for summary in view.summaries
        for fit in summary.fits
        if fit is not None
    }


@lru_cache(maxsize=8)
def _whole(name: str) -> Scores:
    """Return the scores of a search that nothing disturbs, and nobody watches."""
    import warnings

    search = _searches(None)[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = search.fit(X, Y).cv_results_
    scorer = "accuracy" if name == "random" else "score"
    return {
        (number, split): None if params["max_depth"] == 3 else float(results[f"split{split}_test_{scorer}"][number])
        for number, params in enumerate(results["params"])
        for split in range(search.n_splits_)
    }


def _faults_after(run: Path, shown: Scores, whole: Scores, way: str, code: int) -> list[str]:
    """Return what is wrong with a run whose search has ended."""
    if not run.exists():  # deleted after its end
        return []
    faults = _faults_of_looks(run)
    kept, header = _scores(run), RunFollower(run).look().header
    state = RunFollower(run).look().state
    if lost := shown.keys() - kept.keys():
        faults.append(f"fits that were shown are lost: {sorted(lost)[:5]}")
    if strange := [place for place in kept if kept[place] != whole.get(place)]:
        faults.append(f"other scores: {[(place, kept[place], whole.get(place)) for place in strange[:3]]}")
    if state in LIVE_STATES:
        faults.append(f"the run is {state} after its process has ended with {code}")
    if code == 0 and (state != "finished" or kept != whole):
        faults.append(f"the search ended well, and the run is {state} with {len(kept)} of {len(whole)} fits")
    if code == 1 and state not in (("stopped", "failed") if way != "kill a worker" else ("failed",)):
        faults.append(f"the search raised an error, and the run is {state}: {header.reason}")
    verdict = examine(run)
    if verdict.condition != "whole":
        faults.append(f"the run is {verdict.condition}: {verdict.broken}")
    return faults + _faults_of_delete(run)


def _faults_of_looks(run: Path) -> list[str]:
    faults: list[str] = []
    looks = (("show", run.name), ("show", run.name, "--json"), ("report", run.name, "--to", "end.html", "--force"))
    for words in looks:
        ended = run_command(*words)
        faults += ended.faults
        if ended.code != 0 and words[0] == "show":
            faults.append(f"{words} ended with {ended.code}: {ended.errors[-300:]}")
    return faults


def _faults_of_delete(run: Path) -> list[str]:
    deleted = run_command("delete", run.name, "--yes")
    if deleted.code != 0 or run.exists():
        return [*deleted.faults, f"it cannot be deleted: {deleted.errors[-300:]}"]
    return list(deleted.faults)

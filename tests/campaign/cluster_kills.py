"""Kills on a cluster: workers and the scheduler at random moments; the result is that of one machine, bit for bit."""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from campaign.outcome import Outcome
from campaign.whole_runs import MAX_RUN_SECONDS, WRITTEN_ONCE, Facts, facts_of, faults_of, wait_for_end, whole_run
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.search import SizeSettings
from support.clusters import Machines, machines
from support.waiting import wait_until

WORKERS = 2

SCHEDULER_SHARE = 0.3  # of kills; the others end a worker

BLIND_SHARE = 0.25  # of kills that come at once, when the last ones may not have been noticed yet

MAX_WORK_SECONDS = 3.0  # of undisturbed work before a kill

LONG_RUNS: dict[str, StartedSettings] = {
    "search": SizeSettings(
        data="breast_cancer", neurons="20:60", cv=2, references=False,
        network=NetworkParameters(max_iter=2000, tol=0, n_iter_no_change=2000),
    ),
    "evolution": EvolutionSettings(
        data="breast_cancer", layers="32,16", strategy="shade", fitness="log_loss", members=120, generations=800,
        tol=0, batch_size=200, batch_generations=7, reference=False,
    ),
}  # fmt: skip
"""About a minute of two workers each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kills:
    """The kills of one run, and their effects."""

    workers: int
    schedulers: int
    repeated: int
    """Fits or members that were under way on a worker that died, as the log counts them."""

    failures: tuple[str, ...]


def try_cluster_kills(chance: Random, folder: Path) -> Outcome:
    """Kill workers and the scheduler of a run on a cluster some times, and compare it."""
    name, settings = chance.choice(list(LONG_RUNS.items()))
    found = kill_parts(chance, folder, settings, chance.randint(4, 8))
    return Outcome(
        tried=found.workers + found.schedulers, failures=tuple(f"{name}: {words}" for words in found.failures)
    )


def kill_parts(chance: Random, folder: Path, settings: StartedSettings, kills: int) -> Kills:
    """Run on a cluster of processes, of which one is killed and started again at random moments."""
    whole = facts_of(whole_run(settings))
    workers = schedulers = 0
    failures: list[str] = []
    with machines(WORKERS) as there:
        run = launch.start(replace(settings, cluster=there.settings(1)), folder / "home")
        seen: set[str] = set()
        while workers + schedulers < kills and _wait_for_moment(chance, run):
            seen |= stored_once(run)
            if chance.random() < SCHEDULER_SHARE:
                there.restart_scheduler()
                schedulers += 1
            else:
                _kill_worker(chance, there)
                workers += 1
        wait_for_end(run)
    missing = seen - stored_once(run)
    if missing:
        failures.append(f"lost or computed again after a kill: {len(missing)} rows such as {min(missing)[:300]}")
    failures += _faults(run, whole)
    repeated = sum("is repeated" in line.text for line in RunFollower(run).look().log)
    return Kills(workers=workers, schedulers=schedulers, repeated=repeated, failures=tuple(failures))


def _wait_for_moment(chance: Random, run: Path) -> bool:
    """Wait for a random moment of the work; return whether the run is still at work."""
    if chance.random() >= BLIND_SHARE:
        wait_until(lambda: _is_computing(run) or not _is_live(run), MAX_RUN_SECONDS, look_seconds=0.2)
    time.sleep(chance.uniform(0, MAX_WORK_SECONDS))
    return _is_live(run)


def _is_live(run: Path) -> bool:
    return read_state(run)[1] in LIVE_STATES


def _is_computing(run: Path) -> bool:
    cluster = RunFollower(run).look().cluster
    return cluster is not None and any(worker.busy_with for worker in cluster.workers)


def _kill_worker(chance: Random, there: Machines) -> None:
    there.workers.pop(chance.randrange(len(there.workers))).kill()
    there.start_worker()


def stored_once(run: Path) -> set[str]:
    """Return all rows that never change, with the seconds that they took, which are others if it is done again."""
    with closing(sqlite3.connect(run / FILE_NAME)) as connection:
        return {f"{table} {row!r}" for table in WRITTEN_ONCE for row in connection.execute(f"SELECT * FROM {table}")}


def _faults(run: Path, whole: Facts) -> list[str]:
    faults = faults_of(run, whole)
    runner = read_state(run)[0].runner
    if runner is not None and is_alive(runner):
        faults.append("its runner is alive")
    return faults

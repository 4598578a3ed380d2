"""Runs that were not interrupted, computed once for each settings, and the facts by which runs are compared."""

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

import nnsize_engine
from campaign.scratch import end_runners, remove_all
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.start_runner import LOG_NAME
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.stored_settings import settings_to_json
from support.waiting import wait_until

MAX_RUN_SECONDS = 500.0  # a run takes one or two; a busy machine needs many times that

FOLDER_VARIABLE = "NNSIZE_CAMPAIGN"
"""Environment variable with the folder of a campaign."""

TABLES = (
    "fit", "score", "reference", "reference_score", "final_test", "final_network", "generation", "series_generation",
    "series_result", "network_scores", "network",
)  # fmt: skip

WRITTEN_ONCE = ("fit", "score", "reference", "reference_score", "generation", "series_generation", "series_result")
"""Tables whose rows never change; others hold the best until now, or tests of a choice that an extension changes."""

_TIMES = frozenset({"fit_seconds", "score_seconds", "seconds", "elapsed", "checksum", "curve_checksum"})

Facts = dict[str, list[str]]


def campaign_folder() -> Path:
    """Return the folder of this campaign."""
    return Path(os.environ[FOLDER_VARIABLE])


@lru_cache(maxsize=1)
def _sources() -> str:
    """Return a hash of the engine's sources: another engine may have other results."""
    found = hashlib.sha256()
    for path in sorted(Path(nnsize_engine.__path__[0]).rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def whole_run(settings: StartedSettings) -> Path:
    """Return the folder of a finished run that nothing disturbed."""
    key = hashlib.sha256(f"{_sources()} {settings.kind} {settings_to_json(settings)}".encode()).hexdigest()[:16]
    folder = campaign_folder() / "whole" / key
    if not folder.exists():
        home = campaign_folder() / "whole" / f".{key}-{os.getpid()}"
        remove_all(home)
        made = launch.start(settings, home)
        try:
            wait_for_end(made)
        finally:
            end_runners(home)
        folder.parent.mkdir(exist_ok=True)
        try:
            made.rename(folder)
        except OSError:  # the other process was faster
            shutil.rmtree(made)
        remove_all(home)
    return folder


def wait_for_end(folder: Path) -> None:
    """Wait until a run is finished and its runner is gone.

    Raises:
        AssertionError: it ended otherwise, or not in time.
    """
    wait_until(lambda: read_state(folder)[1] not in LIVE_STATES, MAX_RUN_SECONDS)
    header, state = read_state(folder)
    assert state == "finished", f"the run ended {state}: {header.reason}"
    runner = header.runner
    assert runner is not None
    wait_until(lambda: is_alive(runner) is False, MAX_RUN_SECONDS)


def facts_of(folder: Path) -> Facts:
    """Return everything that a run found, without times and without the order in which it was found."""
    found: Facts = {}
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.row_factory = sqlite3.Row
        for table in TABLES:
            rows = connection.execute(f"SELECT * FROM {table}").fetchall()
            found[table] = sorted(repr(_fact(table, dict(row))) for row in rows)
    return found


def _fact(table: str, row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in _TIMES and (table, name) != ("fit", "number")}
    if table == "series_result":
        kept["scores"] = {name: value for name, value in json.loads(kept["scores"]).items() if name not in _TIMES}
    return kept


def difference(found: Facts, expected: Facts, tables: tuple[str, ...] = TABLES) -> str:
    """Return in words the first difference of two runs in these tables; empty if there is none."""
    for table in tables:
        if found[table] != expected[table]:
            more = [row for row in found[table] if row not in expected[table]]
            less = [row for row in expected[table] if row not in found[table]]
            return f"{table}: {len(more)} other rows, {len(less)} missing; {str(more[:1])[:400]} {str(less[:1])[:400]}"
    return ""


def faults_of(run: Path, expected: Facts) -> list[str]:
    """Return in words what is wrong with a run that has ended, which should have the facts of an undisturbed one."""
    faults = []
    if differs := difference(facts_of(run), expected):
        faults.append(f"another result: {differs}")
    verdict = examine(run)
    if verdict.condition != "whole":
        faults.append(f"{verdict.condition}: {verdict.broken}")
    log = (run / LOG_NAME).read_text(errors="replace")
    if "Traceback" in log:
        faults.append(f"a traceback in {LOG_NAME}: {log[-1500:]}")
    return faults

"""The campaign works, and its first trials of each kind survive; ``make campaign`` tries thousands."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from campaign.corruptions import CORRUPTIONS
from campaign.filled_runs import filled_runs
from campaign.settings_of_runs import COMPARISONS, EVOLUTIONS, SEARCHES, run_settings
from campaign.whole_runs import FOLDER_VARIABLE
from nnsize_engine.runs.checksums import FACTS, LOSS_CURVE
from nnsize_engine.runs.database import FILE_NAME
from nnsize_engine.settings.strategies import DIFFERENTIAL_STRATEGIES, FAMILIES
from support.hostile_runs import columns_of

TESTS = Path(__file__).parent.parent

TRIALS = {
    "kills": 3,
    "disks": 1,
    "races": 3,
    "terminals": 1,
    "users": 1,
    "watched": 1,
    "corruption": 40,
    "folders": 15,
    "inputs": 100,
}
"""Half a minute of two processors, the longest first; the seeds begin with 1, so that it is always the same."""

MIN_KILLS = 9
"""That the trials of kills make."""


def campaign(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a campaign in a folder of its own."""
    command = [sys.executable, "-m", "campaign", "--folder", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=1800, cwd=TESTS, check=False)


def test_the_first_trials_of_every_kind_survive(tmp_path: Path) -> None:
    trials = [word for kind, number in TRIALS.items() for word in ("--trials", kind, str(number))]
    done = campaign(tmp_path / "campaign", *trials)
    assert done.returncode == 0, done.stdout + done.stderr
    tried = {}
    for kind in TRIALS:
        line = next(line for line in done.stdout.splitlines() if line.startswith(kind))
        tried[kind], failed = int(line.split()[1]), line.split()[3]
        assert failed == "0"
    assert tried["kills"] >= MIN_KILLS
    rooted = os.geteuid() == 0
    for kind in TRIALS.keys() - {"kills", "disks"}:
        assert tried[kind] == (TRIALS[kind] if rooted or kind != "users" else 0)


def test_there_are_kills_of_every_kind_of_run_and_strategy() -> None:
    names = {run_settings(Random(f"kills {seed}"))[0] for seed in range(1, 500)}
    assert names == {*SEARCHES, *EVOLUTIONS, *COMPARISONS}
    assert set(EVOLUTIONS) >= {*DIFFERENTIAL_STRATEGIES, *FAMILIES}


def test_every_table_of_facts_is_corrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    filled_runs.cache_clear()
    changed: set[str] = set()
    for name, source in filled_runs().items():
        before = rows_of(source)
        for seed in range(60):
            shutil.copytree(source, tmp_path / "damaged", dirs_exist_ok=False)
            CORRUPTIONS["plausible value"](Random(f"{name} {seed}"), tmp_path / "damaged")
            after = rows_of(tmp_path / "damaged")
            changed |= {table for table in before if before[table] != after[table]}
            shutil.rmtree(tmp_path / "damaged")
    filled_runs.cache_clear()
    assert changed >= FACTS.keys() - {LOSS_CURVE}  # a column of fits


def rows_of(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of each table."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables_of(folder)}


def tables_of(folder: Path) -> set[str]:
    return {table for table, _ in columns_of(folder)}


def test_an_interrupted_campaign_goes_on_and_the_next_one_takes_other_seeds(tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    folder.mkdir()
    for _ in range(2):
        assert campaign(folder, "--only", "inputs", "--minutes", "0.02", "--jobs", "1").returncode == 0
    ended = json.loads((folder / "state.json").read_text())
    assert ended["has_ended"]
    assert ended["first_seed"] > 1
    (folder / "state.json").write_text(json.dumps(ended | {"has_ended": False, "seconds": 0.0}))
    assert campaign(folder, "--only", "inputs", "--minutes", "0.02", "--jobs", "1").returncode == 0
    more = json.loads((folder / "state.json").read_text())
    assert more["first_seed"] == ended["first_seed"]
    assert more["counts"]["inputs"]["trials"] > ended["counts"]["inputs"]["trials"]


def test_a_failed_trial_is_named_with_the_command_that_repeats_it(tmp_path: Path) -> None:
    from campaign.outcome import Outcome
    from campaign.tally import Tally, read_tally, table_lines

    tally = Tally()
    tally.add("kills", 7, Outcome(tried=3), 1.0)
    tally.add("kills", 8, Outcome(tried=2, failures=("grid: another result",)), 1.0)
    tally.add("disks", 1, Outcome(tried=0, not_tried="only root can mount a small disk"), 0.0)
    tally.write(tmp_path / "state.json")
    kept = read_tally(tmp_path / "state.json")
    assert kept == tally
    lines = table_lines(tally, 1.0)
    assert next(line for line in lines if line.startswith("kills")).split() == [
        "kills", "5", "4", "1", "500", "2", "no", "8",
    ]  # fmt: skip
    assert next(line for line in lines if line.startswith("disks")).endswith("only root can mount a small disk")
    assert "kills 8: make campaign ONLY=kills SEED=8" in lines
    assert "  grid: another result" in lines

"""The campaign works, and its first trials of each kind survive; ``make campaign`` tries thousands."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent

TRIALS = {
    "corruption": 60,
    "folders": 20,
    "inputs": 150,
    "kills": 2,
    "races": 2,
    "users": 1,
    "disks": 1,
    "terminals": 1,
}
"""A minute of each process, most of it for runners; the seeds begin with 1, so that it is always the same."""


def campaign(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a campaign in a folder of its own."""
    command = [sys.executable, "-m", "campaign", "--folder", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=1800, cwd=TESTS, check=False)


@pytest.mark.parametrize(
    "kinds", [("corruption", "folders", "inputs", "users"), ("kills", "races", "disks", "terminals")]
)
def test_the_first_trials_of_every_kind_survive(kinds: tuple[str, ...], tmp_path: Path) -> None:
    trials = [word for kind in kinds for word in ("--trials", kind, str(TRIALS[kind]))]
    done = campaign(tmp_path / "campaign", *trials, "--jobs", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    for kind in kinds:
        line = next(line for line in done.stdout.splitlines() if line.startswith(kind))
        assert line.split()[3] == "0"


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
    assert next(line for line in lines if line.startswith("kills")).split() == ["kills", "5", "4", "1", "500", "2"]
    assert next(line for line in lines if line.startswith("disks")).endswith("only root can mount a small disk")
    assert "kills 8: make campaign ONLY=kills SEED=8" in lines
    assert "  grid: another result" in lines

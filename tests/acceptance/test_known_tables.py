"""Tables in the layout of well-known ones go to a sensible answer with no option but the target."""

import json
from pathlib import Path

import pytest

from support.commands import nnsize
from support.known_tables import KNOWN, write_known_table

pytestmark = pytest.mark.usefixtures("forked_processes")


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_table_goes_to_a_sensible_answer_with_the_target_alone(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNSIZE_HOME", str(tmp_path))
    target, scoring, score = KNOWN[name]
    path = write_known_table(name, tmp_path)
    # The sizes, folds and references are left out to save time: what is tried is the reading of the table.
    less = ("--neurons", "4,16", "--cv", "3", "--no-references")
    done = nnsize("size", str(path), "--target", target, *less, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["scoring"] == scoring
    assert result["recommended"]["mean_test_score"] > score

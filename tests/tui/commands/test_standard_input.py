"""A table on standard input is kept, so that its run can be resumed."""

import json
import subprocess
from pathlib import Path

import pytest

from nnsize_engine.runs.folders import list_runs, read_state
from support.commands import NNSIZE

CONTENT = b"a,b,y\n" + b"".join(b"%d.5,%d,%s\n" % (place, place % 3, b"pq"[place % 2 :][:1]) for place in range(40))


def nnsize(*arguments: str, content: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([NNSIZE, *arguments], input=content, capture_output=True, timeout=300)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NNSIZE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_data_looks_at_standard_input_and_keeps_nothing(home: Path) -> None:
    done = nnsize("data", "-", "--json", content=CONTENT)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["file_rows"] == 40
    assert list((home / ".tables").iterdir()) == []


def test_a_run_keeps_its_copy_until_it_is_deleted(home: Path) -> None:
    options = ["--neurons", "2", "--cv", "2", "--max-iter", "3"]
    done = nnsize("size", "-", *options, content=CONTENT)
    assert done.returncode == 0, done.stderr
    (copy,) = (home / ".tables").iterdir()
    assert copy.read_bytes() == CONTENT
    assert copy.stat().st_mode & 0o777 == 0o600
    (folder,) = list_runs(home)
    table = read_state(folder)[0].settings.table
    assert table is not None
    assert table.choice.source == str(copy)
    assert nnsize("data", "-", content=CONTENT).returncode == 0
    assert copy.exists()  # the run names it
    assert nnsize("delete", folder.name, "--yes", content=b"").returncode == 0
    assert not copy.exists()


def test_an_empty_standard_input_is_refused(home: Path) -> None:
    done = nnsize("data", "-", content=b"")
    assert done.returncode == 2
    assert "is empty; expected is a line of column names" in done.stderr.decode()
    assert list((home / ".tables").iterdir()) == []

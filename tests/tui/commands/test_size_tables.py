"""``nnsize size`` and ``nnsize evolve`` on a table of one's own."""

import hashlib
import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from nnsize_engine.errors import DataError
from nnsize_engine.preflight import client
from nnsize_engine.preflight.client import Question, inspect_table
from nnsize_engine.processes.identity import has_ended
from nnsize_engine.results.records import State
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import list_runs, read_state
from nnsize_engine.runs.table_check import check_unchanged
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.commands import cli
from support.commands import nnsize, nnsize_here
from support.made_runs import made_run
from support.made_summaries import made_estimate
from support.waiting import wait_until


@pytest.fixture
def folder(run_home: Path, tmp_path: Path) -> Path:
    """With two tables, and a folder for runs beside them."""
    assert not run_home.exists()
    random = np.random.default_rng(0)
    rows = [f"{x:.3f};{kind};{'yes' if x > 0.2 else 'no'};{x * 2:.3f}"
            for x, kind in zip(random.normal(size=80), random.choice(["a", "b", ""], 80), strict=True)]  # fmt: skip
    (tmp_path / "table.csv").write_text("\n".join(["x;kind;good;price", *rows]) + "\n")
    (tmp_path / "rare.csv").write_text("x,y\n" + "".join(f"{i},{'b' if i % 8 == 0 else 'a'}\n" for i in range(60)))
    return tmp_path


def test_a_search_of_a_table_says_what_it_found_and_is_started_again_from_its_file(folder: Path) -> None:
    done = nnsize(
        "size", "table.csv", "--target", "good", "--ignore", "price", "--neurons", "2,3", "--cv", "2",
        "--max-iter", "20", "--alpha", "0.1,0.01", "--positive", "yes", "--stratify", "--json", cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first = json.loads(done.stdout)
    assert (first["state"], first["fits"]) == ("finished", 8)
    assert "separator: semicolon; --separator names another" in done.stderr.splitlines()
    shown = nnsize_here("show", "last", cwd=folder)
    assert f"{folder}/table.csv" in shown.stdout

    (folder / "run.toml").write_text(nnsize_here("show", "last", "--config").stdout)
    again = nnsize("size", "--config", "run.toml", "--json", cwd=folder)
    second = json.loads(again.stdout)
    for name in ("best", "recommended", "test_score", "fits"):
        assert second[name] == first[name]
    runs = [read_state(run)[0].settings for run in list_runs(folder / "home")]
    assert runs[0] == runs[1]


@pytest.mark.parametrize("state", ["stopped", "paused"])
def test_a_file_that_changed_is_noticed_at_resume(folder: Path, state: State) -> None:
    file = folder / "table.csv"
    table = TableSettings(
        choice=TableChoice(source=str(file), target=("good",)), task="binary", rows=80, inputs=5, classes=2,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
    )  # fmt: skip
    check_unchanged(table)
    made_run(folder / "home", "bagote", SizeSettings(data="table.csv", table=table), state=state)
    file.write_text(file.read_text() + "0.5;a;yes;1.0\n")
    refused = nnsize_here("resume", "bagote", "--follow")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"nnsize: {file} has changed since this run began; put it back as it was and resume, or start a "
        "new run with it as it is now\n"
    )
    file.unlink()
    with pytest.raises(DataError, match="is not there any more; put it back and resume"):
        launch.resume(folder / "home" / "bagote")


def test_an_evolution_of_a_table_has_its_encoded_inputs(folder: Path) -> None:
    done = nnsize("evolve", "table.csv", "--layers", "3", "--members", "9", "--generations", "2", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["fitness"], result["data"]) == ("squared_error", "table.csv")
    assert result["weights"] == (1 + 3 + 2 + 1) * 3 + 4  # x; a, b and missing; yes and no; a bias
    assert any("last column" in line for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("size", "rare.csv", "--min-class-rows", "1000"),
            "target 'y' has no classes with 1,000 rows or more, and two are needed; choose a smaller number",
        ),
        (("size", "none.csv"), "there is no file "),
        (("size", "table.csv", "--target", "god"), "table.csv has no column 'god' for --target; did you mean 'good'?"),
        (("evolve", "iris", "--rows", "10"), "rows is for a table of your own; the data iris is built in"),
        (("size", "--config", "none.toml"), "none.toml cannot be read: No such file or directory"),
    ],
    ids=["rare class", "no file", "no column", "built in", "no settings"],
)
def test_what_is_wrong_is_one_sentence_and_leaves_no_run(
    folder: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    done = nnsize_here(*arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"nnsize: {sentence}")
    assert done.stderr.count("\n") == 1
    assert not list_runs(folder / "home")


def test_ctrl_c_while_looking_ends_the_process_that_looks(folder: Path) -> None:
    slow = folder / "slow.py"
    slow.write_text(
        "import os, sys, time\n"
        "sys.stdin.read()\n"  # the question: now the one who asked is waiting for the answer
        f"open({str(folder / 'looking')!r} + '.part', 'w').write(str(os.getpid()))\n"
        f"os.rename({str(folder / 'looking')!r} + '.part', {str(folder / 'looking')!r})\n"
        "time.sleep(600)\n"
    )
    program = (
        "import sys\n"
        "from nnsize_engine.preflight.client import Question\n"
        "begin = Question.begin\n"
        f"Question.begin = lambda self, _: begin(self, [sys.executable, {str(slow)!r}])\n"
        "from nnsize_tui.commands import main\n"
        "sys.argv = ['nnsize', 'size', 'table.csv']\n"
        "main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folder,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until((folder / "looking").exists)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert has_ended(int((folder / "looking").read_text()))
    assert not list_runs(folder / "home")


def test_a_look_that_is_killed_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = Question.begin
    monkeypatch.setattr(Question, "begin", lambda self, _: begin(self, ["sh", "-c", "kill -9 $$"]))
    with pytest.raises(DataError, match="looking at the data was ended by signal 9; if memory ran out, take a part"):
        inspect_table(TableChoice(source=str(folder / "table.csv")))


def test_an_estimate_starts_nothing(run_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "estimate", lambda _: made_estimate(seconds=0.5, has_ended=False))
    search = ["size", "iris", "--neurons", "2,4", "--cv", "3", "--alpha", "0.1,1", "--repeats", "2", "--estimate"]
    shown = CliRunner().invoke(cli, search)
    assert shown.output == "4 candidates x 3 folds x 2 repeats = 24 fits\nat most about 13s, 1 at a time\n"
    found = json.loads(CliRunner().invoke(cli, [*search, "--json"]).output)
    assert (found["candidates"], found["fits"], found["workers"], found["is_upper_bound"]) == (4, 24, 1, True)
    assert found["seconds"] == pytest.approx(24 * 0.5 + 0.5 * 3 / 2)
    assert not run_home.exists()

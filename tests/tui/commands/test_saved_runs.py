"""Commands print runs that every past format saved."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from nnsize_engine.runs import launch, steer
from nnsize_tui.commands import cli
from support.commands import nnsize_here

SAVED_RUNS = Path(__file__).parents[2] / "saved_runs"


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("path", sorted(SAVED_RUNS.iterdir()), ids=lambda path: path.name)
def test_a_saved_run_is_shown_listed_and_exported(path: Path, run_home: Path, tmp_path: Path) -> None:
    shutil.copytree(path, run_home / "saved")
    assert "finished" in printed("show", "saved")
    assert "saved" in printed("runs")
    assert json.loads(printed("show", "saved", "--json"))["state"] == "finished"
    if path.name.endswith("watched"):
        program = nnsize_here("show", "saved", "--python")
        assert (program.returncode, "a program of yours already" in program.stderr) == (2, True)
    else:
        assert "import" in printed("show", "saved", "--python")
    is_search = path.name in ("version-1", "version-2-best") or path.name.endswith(("size", "kept", "watched"))
    table = "candidates" if is_search else "generations"
    printed("export", "saved", "--to", str(tmp_path / f"{table}.csv"))
    assert len((tmp_path / f"{table}.csv").read_text().splitlines()) > 2


SMALL_RUNS = ("version-3-size", "version-3-comparison")


@pytest.fixture
def saved(run_home: Path) -> tuple[Path, Path]:
    """Return a saved search and a saved evolution, both finished."""
    search, evolution = (Path(shutil.copytree(SAVED_RUNS / name, run_home / name)) for name in SMALL_RUNS)
    return search, evolution


def test_json_with_all_has_the_rows_and_the_log_in_every_command(
    saved: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    search, evolution = saved
    whole = json.loads(printed("show", search.name, "--json", "--all"))
    assert len(whole["candidates"]) > 1
    assert whole["log"]
    monkeypatch.setattr(launch, "start", lambda settings, *_, **__: search if settings.kind == "size" else evolution)
    monkeypatch.setattr(launch, "resume", lambda *_, **__: None)
    monkeypatch.setattr(launch, "extend", lambda *_, **__: None)
    monkeypatch.setattr(steer, "wait_until_at_work", lambda *_: "finished")
    monkeypatch.setattr(steer, "resume", lambda *_, **__: "finished")
    extended = ("extend", search.name, "--repeats", "5")
    for command in (
        ("size", "iris"),
        ("size", "iris", "--detach"),
        ("resume", search.name),
        ("resume", search.name, "--follow"),
        extended,
        (*extended, "--follow"),
    ):
        short = json.loads(printed(*command, "--json"))
        found = json.loads(printed(*command, "--json", "--all"))
        assert (found["candidates"], found["log"]) == (whole["candidates"], whole["log"]), command
        assert short == {key: value for key, value in found.items() if key not in ("candidates", "log")}
    assert json.loads(printed("evolve", "iris", "--json", "--all"))["all_generations"]


def test_json_of_several_runs_with_all_has_the_rows_of_each(saved: tuple[Path, Path]) -> None:
    search, evolution = saved
    listed = {one["run"]: one for one in json.loads(printed("runs", "--json", "--all"))}
    compared = json.loads(printed("compare", search.name, evolution.name, "--json", "--all"))["rows"]
    for found in (listed, compared):
        assert found[search.name]["candidates"]
        assert found[evolution.name]["all_generations"]
    assert "rows" not in json.loads(printed("compare", search.name, evolution.name, "--json"))
    for command in (("runs",), ("compare", search.name, evolution.name)):
        refused = nnsize_here(*command, "--all")
        assert (refused.returncode, "--all is for --json" in refused.stderr) == (2, True)


def test_a_saved_comparison_is_a_table_of_strategies(run_home: Path) -> None:
    shutil.copytree(SAVED_RUNS / "version-3-comparison", run_home / "saved")
    lines = [" ".join(line.split()) for line in printed("show", "saved").splitlines()]
    rows = lines[lines.index("strategy seeds best 25% 75% test evals evals/s time") + 1 :]
    assert rows[0].startswith("hill-climbing 2/2 0.1769 0.1762 0.1775 1.0000 600")
    assert rows[1].startswith("lm-ma-es 2/2 0.2517 0.2358 0.2676 0.9778 588")
    assert rows[2].startswith("gradient 0.1663")

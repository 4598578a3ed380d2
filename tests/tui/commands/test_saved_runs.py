"""Commands print runs that every past format saved."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

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


def test_a_saved_comparison_is_a_table_of_strategies(run_home: Path) -> None:
    shutil.copytree(SAVED_RUNS / "version-3-comparison", run_home / "saved")
    lines = [" ".join(line.split()) for line in printed("show", "saved").splitlines()]
    rows = lines[lines.index("strategy seeds best 25% 75% test evals evals/s time") + 1 :]
    assert rows[0].startswith("hill-climbing 2/2 0.1769 0.1762 0.1775 1.0000 600")
    assert rows[1].startswith("lm-ma-es 2/2 0.2517 0.2358 0.2676 0.9778 588")
    assert rows[2].startswith("gradient 0.1663")

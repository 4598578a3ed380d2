"""``nnsize importances``, and the tables and pictures of importances that are exported."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nnsize_engine.errors import ExportError, RunError
from nnsize_engine.export.draw_chart import pictures_of
from nnsize_engine.runs.follower import RunFollower
from nnsize_tui.commands.export import export
from nnsize_tui.commands.importances import importances
from support.commands import nnsize_here
from support.made_runs import GRID, LAYERED, SMALL, made_run, make_evolution
from support.made_watched import HALVING, made_watched


@pytest.fixture(autouse=True)
def runs(run_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search over a grid, one over sizes, and a folder to write to."""
    made_run(run_home, "grid", GRID, is_surface=True)
    made_run(run_home, "small", SMALL)
    monkeypatch.chdir(tmp_path)


def asked(*arguments: str) -> Result:
    return CliRunner().invoke(importances, arguments, standalone_mode=False)


def test_the_table_begins_with_the_answer_and_has_an_effect_for_each_parameter() -> None:
    printed = asked("grid").output
    assert printed.startswith("neurons matters most: 82 % (81–83) of the variance between candidates; then alpha, 15 %")
    lines = [line.split() for line in printed.splitlines()]
    assert lines[1] == ["part", "share", "total"]
    assert [line[0] for line in lines[2:5]] == ["neurons", "alpha", "activation"]
    assert [line[-1] for line in lines if line[:2] == ["effect", "of"]] == ["neurons:", "alpha:", "activation:"]
    assert "95 % intervals, from the spread over 3 folds" in printed


def test_layers_of_a_grid_are_parameters(run_home: Path) -> None:
    made_run(run_home, "layers", LAYERED, is_surface=True)
    assert asked("layers").output.startswith("layer 2 matters most")


def test_json_has_every_digit_and_shares_that_add_up() -> None:
    found = json.loads(asked("grid", "--json").output)
    assert sum(part["share"] for part in found["parts"]) == pytest.approx(1, abs=1e-3)
    assert found["parts"][0]["low"] < found["parts"][0]["share"] < found["parts"][0]["high"]
    assert {part["kind"] for part in found["parts"]} == {"parameter", "interaction", "noise"}
    assert found["is_grid"]
    effects = {effect["parameter"]: effect["values"] for effect in found["effects"]}
    assert [value["value"] for value in effects["activation"]] == ["relu", "tanh"]
    assert effects["activation"][0]["mean_score"] < effects["activation"][1]["mean_score"]


def test_failed_candidates_are_interpolated_and_said(run_home: Path) -> None:
    made_run(run_home, "holes", GRID, is_surface=True, failed=[(3, 1), (7, 0)])
    printed = asked("holes").output
    assert printed.startswith("neurons matters most: 82 %")
    assert "Compared are 34 of 36 candidates." in printed
    assert "interpolated" in printed


def test_a_watched_search_has_importances_too(run_home: Path) -> None:
    made_watched(run_home, "watched")
    printed = asked("watched").output
    assert " of the variance between candidates" in printed
    assert [line for line in printed.splitlines() if line.startswith("effect of")] != []
    assert exported("watched", "--table", "effects").output.splitlines()[1].startswith(("C,", "kernel,"))
    made_watched(run_home, "halving", HALVING)
    assert "varies only C" in str(asked("halving").exception)


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("small", "varies only neurons; importances compare parameters, so a search needs two that vary"),
        ("evo", "is an evolution, which has no importances; name a search"),
        ("begun", "has no importances yet: candidates with scores (1 so far) must differ in two parameters; wait for"),
    ],
)
def test_a_run_without_importances_says_why(run_home: Path, run: str, words: str) -> None:
    made_run(run_home, "begun", GRID, state="stopped", fits=1)
    make_evolution(run_home, "evo")
    found = asked(run).exception
    assert isinstance(found, RunError)
    assert words in str(found)


def test_a_refusal_is_one_sentence_and_exit_code_two() -> None:
    done = nnsize_here("importances", "small")
    assert done.returncode == 2
    assert done.stderr.startswith("nnsize: run small varies only neurons")
    assert len(done.stderr.splitlines()) == 1


def exported(*arguments: str) -> Result:
    return CliRunner().invoke(export, arguments, standalone_mode=False)


def test_both_tables_are_exported() -> None:
    shares = exported("grid", "--table", "importances").output.splitlines()
    assert shares[0] == "part,kind,share,share_low,share_high,total,total_low,total_high"
    assert shares[1].startswith("neurons,parameter,0.82")
    effects = exported("grid", "--table", "effects").output.splitlines()
    assert effects[0] == "parameter,value,mean_score,standard_error,score_beside_best"
    assert len(effects) == 1 + 6 + 2 + 3
    assert isinstance(exported("small", "--table", "importances").exception, RunError)


def test_a_picture_has_the_bars_and_the_effects() -> None:
    assert exported("grid", "--chart", "parameters", "--to", "parameters.svg").exit_code == 0
    drawn = Path("parameters.svg").read_text()
    assert all(words in drawn for words in ("neurons × alpha", "effect of activation", "noise"))


def test_an_evolution_has_no_such_picture(run_home: Path) -> None:
    view = RunFollower(make_evolution(run_home, "evo")).look()
    with pytest.raises(ExportError, match="which has a curve and no importances of parameters"):
        pictures_of(view, "parameters")

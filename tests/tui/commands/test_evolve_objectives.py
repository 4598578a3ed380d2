"""``nnsize evolve`` with the fitness that gradients cannot follow: files, code of the user, exports."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import find_run, list_runs, read_state
from nnsize_engine.settings.evolution import EvolutionSettings
from support.commands import nnsize
from support.made_runs import EVOLUTION, make_evolution
from support.waiting import wait_until

SMALL = ("--layers", "4", "--members", "20", "--generations", "3")

FUNCTION = """
import pathlib, time
def share(y_true, outputs):
    pathlib.Path(__file__).with_name("ran").touch()
    time.sleep(0.01)
    return float(((outputs > 0.5) == (y_true == 1)).mean())
def nothing(y_true, outputs):
    return float("nan")
def broken(y_true, outputs):
    raise ValueError("no such class")
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "shares.py").write_text(FUNCTION)
    return tmp_path


def test_a_cost_matrix_in_a_file_is_stored_with_the_run_and_its_settings(run_home: Path, tmp_path: Path) -> None:
    (tmp_path / "cost.csv").write_text(",1,0\n1,0,5\n0,1,0\n")
    done = nnsize("evolve", *SMALL, "--cost", "cost.csv", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    folder = find_run(result["run"], run_home)
    settings = read_state(folder)[0].settings
    assert isinstance(settings, EvolutionSettings)
    assert (settings.fitness, settings.cost) == ("cost", "0,1;5,0")
    assert result["fitness"] == "cost"
    assert result["winner"] in ("evolved", "gradient", "equal")
    shown = nnsize("show", folder.name).stdout
    assert re.search(r"cost +0,1;5,0\n", shown)
    assert "By cost on test rows" in shown
    config = tmp_path / "again.toml"
    config.write_text(nnsize("show", folder.name, "--config").stdout)
    (tmp_path / "cost.csv").unlink()
    again = nnsize("evolve", "--config", str(config), "--json")
    assert json.loads(again.stdout)["best_fitness"] == result["best_fitness"]


def test_a_settings_file_names_a_cost_matrix_relative_to_its_folder(run_home: Path, tmp_path: Path) -> None:
    del run_home
    (tmp_path / "cost.csv").write_text("0,1\n5,0\n")
    (tmp_path / "run.toml").write_text('kind = "evolution"\ncost = "cost.csv"\n')
    done = nnsize("evolve", "--config", str(tmp_path / "run.toml"), *SMALL, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["fitness"] == "cost"


def test_a_function_is_announced_before_it_runs_and_its_folder_is_kept(run_home: Path, code: Path) -> None:
    done = nnsize("evolve", *SMALL, "--fitness", "shares:share", "--json", cwd=code)
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"fitness shares:share runs Python code: share of {code}/shares.py\n"
    result = json.loads(done.stdout)
    assert result["best_fitness"] == pytest.approx(result["train_score"])
    shown = nnsize("show", result["run"]).stdout
    assert f"{code}/shares:share" in shown
    assert "By shares:share on test rows" in shown
    assert len(list_runs(run_home)) == 1


def test_a_function_that_returns_nan_leaves_no_run_behind(run_home: Path, code: Path) -> None:
    done = nnsize("evolve", *SMALL, "--fitness", "shares.py:nothing", cwd=code)
    assert (done.returncode, list_runs(run_home)) == (2, [])
    assert "nnsize: fitness shares:nothing returned nan; it must return a number" in done.stderr


def test_a_function_that_raises_leaves_no_run_behind_and_a_mended_one_evolves(run_home: Path, code: Path) -> None:
    done = nnsize("evolve", *SMALL, "--fitness", "shares:broken", cwd=code)
    assert (done.returncode, list_runs(run_home)) == (2, [])
    assert "Traceback" not in done.stderr
    assert (
        "nnsize: fitness shares:broken raised ValueError: no such class; correct the function, and start again"
        in done.stderr
    )
    mended = (code / "shares.py").read_text().replace('raise ValueError("no such class")', "return 0.5")
    (code / "shares.py").write_text(mended)
    done = nnsize("evolve", *SMALL, "--fitness", "shares:broken", "--json", cwd=code)
    assert (done.returncode, json.loads(done.stdout)["best_fitness"]) == (0, 0.5)


def test_a_settings_file_runs_no_code_unless_it_is_allowed(run_home: Path, code: Path) -> None:
    config = code / "run.toml"
    config.write_text('kind = "evolution"\nfitness = "shares:share"\n')
    refused = nnsize("evolve", "--config", str(config), *SMALL, "--estimate")
    assert refused.returncode == 2
    assert f"nnsize: the settings file makes the Python function {code}/shares:share the fitness" in refused.stderr
    assert "add --run-code" in refused.stderr
    assert not (code / "ran").exists()
    assert list_runs(run_home) == []
    allowed = nnsize("evolve", "--config", str(config), *SMALL, "--run-code", "--json")
    assert allowed.returncode == 0, allowed.stderr
    assert (code / "ran").exists()


def test_a_run_of_someone_else_runs_its_function_only_when_allowed(run_home: Path, code: Path) -> None:
    settings = EvolutionSettings(
        layers="3", members=20, generations=10_000, tol=0, fitness=f"{code}/shares:share", reference=False
    )
    folder = launch.start(settings, run_home)
    wait_until(lambda: (code / "ran").exists())
    launch.stop(folder)
    assert launch.wait_for(folder, lambda state: state == "stopped", 60) == "stopped"
    wait_until(lambda: not (folder / "runner.lock").exists() or read_state(folder)[1] == "stopped")
    (code / "ran").unlink()
    refused = nnsize("resume", folder.name)
    assert refused.returncode == 2
    assert refused.stderr == (
        f"nnsize: run {folder.name} would run the Python function {code}/shares:share on this machine; look at it, and "
        f"if you trust it type: nnsize resume {folder.name} --run-code\n"
    )
    assert read_state(folder)[1] == "stopped"
    assert not (code / "ran").exists()
    allowed = nnsize("resume", folder.name, "--run-code")
    assert allowed.returncode == 0, allowed.stderr
    wait_until(lambda: (code / "ran").exists())
    launch.stop(folder)
    launch.wait_for(folder, lambda state: state == "stopped", 60)


def test_no_runner_calls_a_function_without_the_argument_that_allows_it(tmp_path: Path, code: Path) -> None:
    settings = replace(EVOLUTION, data="breast_cancer", fitness=f"{code}/shares:share")
    folder = make_evolution(tmp_path, "bagote", settings, state="stopped")
    done = subprocess.run(
        [sys.executable, "-m", "nnsize_engine.runner", str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "would run the Python function" in done.stdout + done.stderr
    assert not (code / "ran").exists()


def test_rounded_networks_are_exported_as_they_evolved(run_home: Path, tmp_path: Path) -> None:
    done = nnsize("evolve", "iris", *SMALL, "--bits", "2", "--activation", "step", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["quantized"]["epochs"] == result["gradient"]["epochs"]
    names: dict[str, int] = {}
    for name in ("evolved", "gradient", "quantized"):
        to = tmp_path / f"{name}.npz"
        exported = nnsize("export", result["run"], "--to", str(to), "--network", name)
        assert exported.returncode == 0, exported.stderr
        arrays = np.load(to)
        names[name] = len(np.unique(arrays["coefs_0"]))
        assert str(arrays["activation"]) == ("logistic" if name == "gradient" else "step")
    assert names["evolved"] <= 3
    assert names["quantized"] <= 3
    assert names["gradient"] == 16
    plain = nnsize("evolve", "iris", *SMALL, "--detach").stdout.strip()
    wait_until(lambda: read_state(find_run(plain, run_home))[1] == "finished")
    missing = nnsize("export", plain, "--to", str(tmp_path / "x.npz"), "--network", "quantized")
    assert missing.returncode != 0
    assert (
        f"run {plain} has no quantized network; its evolved one is neither rounded nor made of steps" in missing.stderr
    )

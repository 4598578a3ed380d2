"""``nnsize evolve``: what it does and shows, in a pipe, in a terminal and as JSON."""

import io
import json
import re
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from nnsize_engine.preflight import client
from nnsize_engine.results.estimates import EvolutionEstimate
from nnsize_engine.runs.folders import list_runs, read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_tui.commands.evolution_report import result_of
from nnsize_tui.commands.live import LiveDisplay
from nnsize_tui.commands.plain import PlainDisplay
from nnsize_tui.text.evolution import fraction
from support.commands import NNSIZE, nnsize, nnsize_here
from support.made_runs import EVOLUTION, add_made_generations, made_generation, made_run, make_evolution
from support.waiting import wait_until

SMALL = ("--layers", "6", "--members", "40")


@pytest.mark.usefixtures("run_home")
def test_an_evolution_in_a_pipe_ends_with_its_last_generations_and_the_answer() -> None:
    done = nnsize("evolve", *SMALL, "--generations", "12", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    for name in ("first population", *(f"generation {number} of 12" for number in range(1, 13))):
        assert done.stderr.count(f"{name}: best accuracy ") == 1
    assert done.stdout.startswith("gen    best    mean     std  diversity  accepted     F    CR")
    name = done.stderr.split()[1]
    assert done.stdout.splitlines()[-1] == (
        f"explore it: nnsize-tui {name}    take it home: nnsize export {name} --to network.skops (or generations.csv)"
    )


def test_the_result_as_json_is_all_of_standard_output_and_does_not_depend_on_threads(run_home: Path) -> None:
    results = []
    for jobs in ("1", "2"):
        done = nnsize("evolve", *SMALL, "--generations", "5", "--jobs", jobs, "--json")
        assert done.returncode == 0, done.stderr
        results.append(json.loads(done.stdout))
    one, two = results
    folder = next(folder for folder in list_runs(run_home) if folder.name == two["run"])
    assert two == json.loads(json.dumps(result_of(look(folder)))) | {"name": "", "note": "", "tags": []}
    assert (one["weights"], one["members"], one["generations"], one["evaluations"]) == (193, 40, 5, 240)
    assert (one["state"], one["data"], one["fitness"], one["scoring"]) == (
        "finished",
        "breast_cancer",
        "accuracy",
        "accuracy",
    )
    assert one["best_fitness"] == one["train_score"]  # on the same rows, by the same name
    assert 0 < one["test_score"] <= 1
    assert one["gradient"]["epochs"] > 1
    changing = {"run": None, "seconds": None, "workers": None, "gradient": None}
    assert one | changing == two | changing
    assert (one["workers"], two["workers"]) == (1, 2)


@pytest.mark.usefixtures("run_home")
def test_an_evolution_without_a_reference_has_none() -> None:
    done = nnsize("evolve", "iris", "--strategy", "auto", "--generations", "20", "--no-reference",
                  "--validation-fraction", "0.2", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["gradient"], result["strategy"], result["fitness"], result["members"]) == (
        None,
        "hill-climbing",
        "log_loss",
        100,
    )
    assert result["held_out"] > 0


LONG = ("digits", "--layers", "50", "--members", "300", "--generations", "100000")


def test_ctrl_c_stops_cleanly_and_resume_goes_on(run_home: Path) -> None:
    with subprocess.Popen(
        [NNSIZE, "evolve", *LONG, "--json"],
        # As a terminal starts it; tests that run in the background pass on that they ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until(lambda: any(read_state(folder)[0].done for folder in list_runs(run_home)))
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=300)
    (folder,) = list_runs(run_home)
    result = json.loads(output)
    assert (process.returncode, result["state"]) == (130, "stopped")
    assert result["generations"] >= 1
    assert errors == (
        f"stopping ...\nstopped; everything finished is kept, go on with: nnsize resume {folder.name} --follow\n"
    )
    assert nnsize("resume", "last").stdout in [f"run {folder.name} is {state}\n" for state in ("starting", "running")]
    wait_until(lambda: read_state(folder)[0].done > result["generations"])
    assert nnsize_here("pause", "last").stdout == f"run {folder.name} is paused\n"
    assert nnsize_here("stop", "last").stdout == f"run {folder.name} is stopped\n"
    assert nnsize_here("delete", "last", "--yes").returncode == 0
    assert list_runs(run_home) == []


@pytest.mark.parametrize("way", ["", "--json", "--detach"])
@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ((40, 192), "init first.npy has shape (40, 192); it must be (members, 193), with at least 5 members"),
        ((4, 193), "init first.npy has shape (4, 193); it must be (members, 193), with at least 5 members"),
        (None, "init .*/first.npy cannot be read as a .npy file: No such file or directory"),
    ],
    ids=["weights", "members", "none"],
)
def test_an_array_of_the_wrong_shape_is_refused_and_leaves_no_run(
    run_home: Path, tmp_path: Path, shape: tuple[int, int] | None, sentence: str, way: str
) -> None:
    if shape is not None:
        np.save(tmp_path / "first.npy", np.zeros(shape))
    done = nnsize_here("evolve", "--layers", "6", "--init", "first.npy", *filter(None, [way]), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    expected = sentence if shape is None else re.escape(sentence)
    assert re.fullmatch(f"nnsize: {expected}.*\n", done.stderr)
    assert list_runs(run_home) == []


def test_a_population_of_ones_own(run_home: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "first.npy", np.random.default_rng(0).uniform(-1, 1, (24, 193)))
    done = nnsize("evolve", "--layers", "6", "--init", "first.npy", "--generations", "1", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["members"] == 24
    assert "as in the file" in nnsize_here("show", "last").stdout
    assert len(list_runs(run_home)) == 1


RESULT = {
    "run": "bagote",
    "state": "finished",
    "reason": None,
    "data": "iris",
    "layers": [6, 3],
    "strategy": "best1bin",
    "fitness": "log_loss",
    "scoring": "accuracy",
    "weights": 63,
    "members": 30,
    "generations": 40,
    "total_generations": 40,
    "evaluations": 30 * 41,
    "restarts": 0,
    "seconds": 42.0,
    "workers": 2,
    "precision": "float32",
    "best_generation": 40,
    "best_fitness": pytest.approx(0.1),
    "held_out": pytest.approx(0.102),
    "train_score": pytest.approx(0.965),
    "test_score": pytest.approx(0.951),
    "train_loss": pytest.approx(0.11),
    "test_loss": pytest.approx(0.13),
    "test_fitness": None,
    "quantized": None,
    "winner": None,
    "gradient": {
        "fitness": pytest.approx(0.09),
        "test_fitness": None,
        "train_score": pytest.approx(0.975),
        "test_score": pytest.approx(0.961),
        "train_loss": pytest.approx(0.1),
        "test_loss": pytest.approx(0.12),
        "seconds": 0.4,
        "epochs": 90,
        "error": None,
    },
}


def look(folder: Path) -> EvolutionView:
    view = RunFollower(folder).look()
    assert isinstance(view, EvolutionView)
    return view


def test_the_result_is_one_object(run_home: Path) -> None:
    make_evolution(run_home, "bagote")
    done = nnsize_here("show", "last", "--json")
    assert done.returncode == 0, done.stderr
    details = json.loads(done.stdout)
    assert {name: details[name] for name in RESULT} == RESULT
    assert (details["kind"], details["settings"]["members"], details["data_facts"]["train_rows"]) == (
        "evolution",
        30,
        100,
    )
    assert json.loads(nnsize_here("runs", "--json").stdout) == [details]


def test_a_result_before_anything_is_known(run_home: Path) -> None:
    view = look(make_evolution(run_home, "bagote", EvolutionSettings(), state="running", generations=-1))
    result = result_of(view)
    assert (result["members"], result["weights"], result["generations"], result["evaluations"]) == (20485, 4097, 0, 0)
    assert (result["best_fitness"], result["test_score"], result["gradient"]) == (None, None, None)
    json.dumps(result, allow_nan=False)


def test_an_evolution_is_listed_and_shown_beside_searches(run_home: Path) -> None:
    make_evolution(run_home, "bagote")
    make_evolution(run_home, "bagoti", EvolutionSettings(), state="stopped", generations=3, age=1)
    made_run(run_home, "rumeno", age=2)
    listed = nnsize_here("runs").stdout.splitlines()
    assert listed[0].split() == "run kind started state done data network scoring best score test".split()
    assert listed[1].split()[0:2] == ["bagote", "evolution"]
    assert "finished  40/40  iris" in listed[1]
    assert listed[1].endswith("6,3      log_loss  gen 40  0.1000  0.9510")
    assert "stopped    3/10  breast_cancer  64,32    accuracy   gen 3  0.9600" in listed[2]
    assert listed[3].split()[:2] == ["rumeno", "size"]
    shown = nnsize_here("show", "bagote")
    assert shown.returncode == 0, shown.stderr
    for line in (
        "  members             30",
        "  mutation            0.5:1",
        "  recombination       0.7",
        "finished, 40 of 40 generations, 42s elapsed, best log_loss 0.1121",
        "gen    best    mean     std  held-out  diversity  accepted     F    CR   time",
        " 40  0.1121  0.1428  0.0154    0.1421     0.0714         1  0.50  0.80  0.50s",
    ):
        assert line in shown.stdout.splitlines()
    assert "0.9510" in shown.stdout
    assert "nnsize export bagote --to network.skops" in shown.stdout
    assert "an evolution made up for a test" in shown.stdout
    assert "  mutation            adapts\n" in _shown(run_home, EvolutionSettings(strategy="shade"))
    assert "held-out" not in _shown(run_home, EvolutionSettings())


def _shown(home: Path, settings: EvolutionSettings) -> str:
    name = f"x{len(list(home.iterdir()))}"
    make_evolution(home, name, settings)
    return nnsize_here("show", name).stdout


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().err.splitlines() if "generation" in line or "population" in line]


def test_in_a_pipe_every_generation_of_a_few_has_a_line(run_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_evolution(run_home, "bagote", EvolutionSettings(), state="running", generations=1)
    display, follower = PlainDisplay(), RunFollower(folder)
    display.show(follower.look())
    assert lines_of(capsys) == [
        "first population: best accuracy 0.5100, mean 0.3500 ± 0.0800, 0.50s",
        "generation 1 of 10: best accuracy 0.5460, mean 0.3980 ± 0.0740, 1.0s",
    ]
    add_made_generations(folder, [made_generation(number, EvolutionSettings()) for number in range(2, 11)])
    display.show(follower.look())
    assert [line.partition(":")[0] for line in lines_of(capsys)] == [f"generation {n} of 10" for n in range(2, 11)]


def test_in_a_pipe_many_generations_are_thinned_to_twenty_lines(
    run_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = replace(EVOLUTION, generations=100)
    display, follower = PlainDisplay(), RunFollower(make_evolution(run_home, "bagote", settings))
    display.show(follower.look())
    display.show(follower.look())
    lines = lines_of(capsys)
    assert [line.partition(":")[0] for line in lines[:3]] == [
        "first population",
        "generation 5 of 100",
        "generation 10 of 100",
    ]
    assert len(lines) == 21
    assert all("held-out " in line for line in lines)


def test_in_a_pipe_slow_generations_each_have_a_line(run_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = replace(EVOLUTION, generations=1000)
    folder = make_evolution(run_home, "bagote", settings, state="running", generations=0)
    slow = [replace(made_generation(n, settings), seconds=6.0, elapsed=6.0 * n) for n in range(1, 4)]
    brief = [replace(made_generation(n, settings), seconds=2.0, elapsed=18.0 + 2 * (n - 3)) for n in range(4, 40)]
    add_made_generations(folder, [*slow, *brief])
    PlainDisplay().show(RunFollower(folder).look())
    names = [line.partition(":")[0].removesuffix(" of 1000") for line in lines_of(capsys)]
    assert names == ["first population", "generation 1", "generation 2", "generation 3", "generation 33"]


@pytest.mark.parametrize("last", [-1, 0, 7])
def test_in_a_terminal_the_last_generations_are_live(run_home: Path, last: int) -> None:
    folder = make_evolution(run_home, "bagote", EvolutionSettings(), state="running", generations=last)
    output = io.StringIO()
    with LiveDisplay(Console(file=output, force_terminal=True, width=80, height=24)) as display:
        display.show(RunFollower(folder).look())
    text = output.getvalue()
    name = f"generation {last + 1}" if last >= 0 else "first population"
    assert f"{name} at 33%" in text.replace("\n", " ")
    assert ("diversity" in text) == (last >= 0)
    assert "Ctrl-C stops it" in text


def test_the_bar_is_full_at_the_end_and_only_there(run_home: Path) -> None:
    parts = [
        fraction(look(make_evolution(run_home, f"r{last}", EvolutionSettings(), state="running", generations=last)))
        for last in range(-1, 10)
    ]
    assert parts == sorted(parts)
    assert 0 < parts[0] < 1 / 11
    assert parts[-1] < 1
    early = make_evolution(run_home, "early", EvolutionSettings(), generations=3)
    assert fraction(look(early)) == 1


def test_an_estimate_counts_and_times_and_starts_nothing(run_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = EvolutionEstimate(
        members=10, first_seconds=0.01, member_seconds=0.02, load_seconds=1.0, gradient_seconds=0.0, workers=2
    )
    monkeypatch.setattr(client, "estimate", lambda _: measured)
    small = ("iris", "--layers", "2", "--members", "10", "--generations", "4", "--no-reference")
    found = json.loads(nnsize_here("evolve", *small, "--estimate", "--json").stdout)
    assert (found["weights"], found["members"], found["evaluations"]) == (19, 10, 50)
    assert found["seconds"] == pytest.approx(1.0 + 10 * 0.01 + 4 * 10 * 0.02)
    assert found["is_upper_bound"]
    assert not list_runs(run_home)

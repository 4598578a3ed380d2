"""``nnsize evolve``: what its options mean, what it refuses, and what it shows."""

import contextlib
import io
import json
import math
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from nnsize_engine import inquiry, launch
from nnsize_engine.evolution_settings import EvolutionSettings
from nnsize_engine.inquiry import EvolutionEstimate
from nnsize_engine.memory import check_memory
from nnsize_engine.recommended import recommended
from nnsize_engine.run_view import EvolutionView, RunFollower
from nnsize_engine.runs import list_runs, read_state
from nnsize_tui.commands import main
from nnsize_tui.commands.evolution_report import result_of
from nnsize_tui.commands.evolve_options import OPTIONS
from nnsize_tui.commands.live import LiveDisplay
from nnsize_tui.commands.plain import PlainDisplay
from nnsize_tui.evolution_text import fraction
from support.commands import NNSIZE, nnsize, nnsize_here
from support.made_runs import EVOLUTION, add_made_generations, made_generation, made_run, make_evolution
from support.waiting import wait_until


class StartedError(Exception):
    """Stands for a run that was started."""

    def __init__(self, settings: EvolutionSettings) -> None:
        self.settings = settings


@contextlib.contextmanager
def nothing_starts() -> Iterator[None]:
    def start(chosen: EvolutionSettings, _: Path) -> Path:
        check_memory(chosen)
        raise StartedError(chosen)

    with mock.patch.object(launch, "start", start):
        yield


def asked(*arguments: str) -> EvolutionSettings:
    """The settings that a command line stands for."""
    with nothing_starts(), mock.patch.object(sys, "argv", ["nnsize", "evolve", *arguments]):
        with pytest.raises(StartedError) as caught:
            main()
        return caught.value.settings


def refused(*arguments: str) -> str:
    """The sentence with which a command line is refused."""
    errors, output = io.StringIO(), io.StringIO()
    with (
        nothing_starts(),
        mock.patch.object(sys, "argv", ["nnsize", "evolve", *arguments]),
        contextlib.redirect_stderr(errors),
        contextlib.redirect_stdout(output),
        pytest.raises(SystemExit) as caught,
    ):
        main()
    assert caught.value.code == 2
    assert output.getvalue() == ""
    text = errors.getvalue()
    assert text.startswith("nnsize: ")
    assert text.count("\n") == 1
    return text.removeprefix("nnsize: ").rstrip("\n")


MEANINGS: list[tuple[tuple[str, ...], dict[str, Any]]] = [
    ((), {}),
    (("iris",), {"data": "iris"}),
    (("diabetes",), {"data": "diabetes", "fitness": "squared_error"}),
    (("diabetes", "--fitness", "r2"), {"data": "diabetes", "fitness": "r2"}),
    (("--layers", "8"), {"layers": "8"}),
    (("--layers", "8x4"), {"layers": "8x4"}),
    (("--activation", "tanh"), {"activation": "tanh"}),
    (("--fitness", "log_loss"), {"fitness": "log_loss"}),
    (("--weight-decay", "0.01"), {"weight_decay": 0.01}),
    (("--strategy", "rand1exp"), {"strategy": "rand1exp"}),
    (("--mutation", "0.7"), {"mutation": 0.7}),
    (("--mutation", "0.5:1"), {"mutation": (0.5, 1.0)}),
    (("--recombination", "0.9"), {"recombination": 0.9}),
    (("--popsize", "2"), {"popsize": 2}),
    (("--members", "50"), {"members": 50}),
    (("--generations", "0"), {"generations": 0}),
    (("--init", "sobol", "--members", "64"), {"init": "sobol", "members": 64}),
    (("--bounds", "-2:1"), {"bounds": "-2:1"}),
    (("--bounds=-1:1",), {"bounds": "-1:1"}),
    (("--bounds", "-2:2,-1:1,-1:1"), {"bounds": "-2:2,-1:1,-1:1"}),
    (("--bounds", "glorot:3"), {"bounds": "glorot:3"}),
    (("--tol", "0"), {"tol": 0.0}),
    (("--atol", "1e-3"), {"atol": 1e-3}),
    (("--seed", "7"), {"seed": 7}),
    (("--batch-size", "32"), {"batch_size": 32}),
    (("--batch-generations", "3"), {"batch_generations": 3}),
    (("--restart-after", "20"), {"restart_after": 20}),
    (("--validation-fraction", "0.1"), {"validation_fraction": 0.1}),
    (("--early-stopping", "--validation-fraction", "0.1"), {"early_stopping": True, "validation_fraction": 0.1}),
    (("--no-early-stopping",), {"early_stopping": False}),
    (("--n-iter-no-change", "9"), {"n_iter_no_change": 9}),
    (("--p-best", "0.2"), {"p_best": 0.2}),
    (("--archive", "2"), {"archive": 2.0}),
    (("--memory", "6"), {"memory": 6}),
    (("--scoring", "f1"), {"scoring": "f1"}),
    (("--test-size", "0.2"), {"test_size": 0.2}),
    (("--test-size", "100"), {"test_size": 100}),
    (("--split-seed", "1"), {"split_seed": 1}),
    (("--no-scale",), {"scale": False}),
    (("--scale",), {"scale": True}),
    (("--no-reference",), {"reference": False}),
    (("--stratify",), {"stratify": True}),
    (("--jobs", "2"), {"jobs": 2}),
    (("--precision", "float64"), {"precision": "float64"}),
]


@pytest.mark.parametrize(("arguments", "meaning"), MEANINGS, ids=lambda value: " ".join(value))
def test_each_option_is_one_setting(arguments: tuple[str, ...], meaning: dict[str, Any]) -> None:
    assert asked(*arguments) == EvolutionSettings(**meaning)


def test_every_setting_has_an_option_and_a_meaning_here() -> None:
    names = {field.name for field in fields(EvolutionSettings)} - {"table"}
    assert {*OPTIONS, "data"} == names
    assert {name for _, meaning in MEANINGS for name in meaning} == names


@pytest.mark.parametrize(
    ("arguments", "meaning"),
    [
        ((), {}),
        (("diabetes",), {"data": "diabetes"}),
        (("--generations", "50", "--seed", "3"), {"generations": 50, "seed": 3}),
        (("--members", "40"), {"members": 40}),
        (("--popsize", "2"), {"popsize": 2, "members": None}),
        (("--init", "/there/first.npy"), {"init": "/there/first.npy", "members": None}),
        (("--validation-fraction", "0"), {"validation_fraction": 0.0, "early_stopping": False}),
        (("--fitness", "accuracy"), {"fitness": "accuracy"}),
    ],
    ids=lambda value: " ".join(value) or "nothing",
)
def test_auto_is_what_is_recommended_where_nothing_else_is_asked_for(
    arguments: tuple[str, ...], meaning: dict[str, Any]
) -> None:
    assert asked("--strategy", "auto", *arguments) == recommended(**meaning)


def test_a_file_is_remembered_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert asked("--init", "first.npy").init == str(tmp_path / "first.npy")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert asked("--init", "~/first.npy").init == str(tmp_path / "first.npy")


BAD_INPUT = [
    (("irs",), "unknown data 'irs'; choose one of breast_cancer, wine, iris, digits, diabetes, synthetic"),
    (("--bounds", "1:-1"), "bounds '1:-1': '1:-1' is reversed or empty; the lower limit comes first"),
    (("--bounds", "-1:1,-1:1"), "bounds '-1:1,-1:1' has 2 ranges; the network has 3 layers"),
    (("--bounds", "nan:1"), "bounds 'nan:1': 'nan' is not a finite number"),
    (("--members", "4"), "members is 4; it must be a whole number, between 5 and 100000000"),
    (("--members", "5", "--strategy", "rand2bin"), "members is 5; it must be a whole number, between 6 and 100000000"),
    (("--members", "100000000"), "100,000,000 members of 4,097 weights need 3.3 TB of memory, and "),
    (("--popsize", "5", "--members", "50"), "popsize and members both say how many members there are; give one of"),
    (("--popsize", "0"), "popsize is 0; it must be a whole number, between 1 and"),
    (("--recombination", "7"), "recombination is 7.0; it must be a number at least 0 and at most 1"),
    (("--recombination", "NaN"), "recombination is nan; it must be a number at least 0 and at most 1"),
    (("--mutation", "2"), "mutation is 2.0; it must be a number at least 0 and below 2"),
    (("--mutation", "1:0.5"), "mutation is 1:0.5; the smaller end comes first"),
    (("--mutation", "0.5:nan"), "mutation is nan; it must be a number at least 0 and below 2"),
    (("--mutation", "a"), "mutation 'a' is neither a number nor a range; write for example 0.7 or 0.5:1"),
    (("--mutation", "1:1:1"), "mutation '1:1:1' is neither a number nor a range; write for example 0.7 or 0.5:1"),
    (("--strategy", "shade", "--mutation", "0.5"), "strategy shade finds mutation and recombination by itself; leave"),
    (("--layers", "64,x"), "layers '64,x' does not read as neurons of each hidden layer, 1 to 1,000,000; write for"),
    (("--layers", "0"), "layers '0' does not read as neurons of each hidden layer"),
    (("--strategy", "best1bim"), "unknown strategy 'best1bim'; the nearest is 'best1bin', and all are auto, best1bin"),
    (("--fitness", "squared_error"), "fitness 'squared_error' does not fit two classes; choose log_loss, or a"),
    (
        ("diabetes", "--fitness", "accuracy"),
        "fitness 'accuracy' does not fit regression; choose squared_error, or a scoring: ",
    ),
    (("--scoring", "r2"), "scoring 'r2' does not fit two classes; choose one of "),
    (("--activation", "sin"), "activation is 'sin'; it must be one of identity, logistic, relu, tanh"),
    (
        ("--init", "gauss"),
        "init is 'gauss'; it must be one of latinhypercube, sobol, halton, random, glorot, or a .npy",
    ),
    (("--generations", "x"), "Invalid value for '--generations': 'x' is not a valid integer"),
    (("--generations", "-1"), "generations is -1; it must be a whole number, between 0 and 10000000"),
    (("--tol", "inf"), "tol is inf; it must be a number at least 0"),
    (("--weight-decay", "1e999"), "weight-decay is inf; it must be a number at least 0"),
    (("--early-stopping",), "early-stopping watches held-out rows; give a validation-fraction above 0 too"),
    (("--validation-fraction", "1"), "validation-fraction is 1.0; it must be a number at least 0 and below 1"),
    (("--p-best", "0"), "p-best is 0.0; it must be a number above 0 and at most 1"),
    (("--test-size", "half"), "test-size is 'half'; it must be a fraction between 0 and 1"),
    (("--jobs", "0"), "jobs is 0; it must be a whole number, between 1 and 1024"),
    (("--precision", "float16"), "Invalid value for '--precision': 'float16' is not one of 'float64', 'float32'"),
]


@pytest.mark.parametrize(("arguments", "sentence"), BAD_INPUT, ids=lambda value: " ".join(value)[:40])
def test_bad_input_gets_one_sentence_and_exit_code_2(arguments: tuple[str, ...], sentence: str) -> None:
    assert refused(*arguments).startswith(sentence)


ODD = [
    "nan",
    "-inf",
    "1e999",
    "",
    " ",
    "-",
    "--",
    "-1:1",
    "0x10",
    "1_0",
    "٣",
    "1e5",
    "9" * 400,
    "½",
    "\ud800",
    ":",
    ",",
]


@pytest.mark.parametrize("option", [name for name, (_, metavar, _) in OPTIONS.items() if metavar])
@pytest.mark.parametrize("value", [*ODD, "9" * 5000, "glorot:1e308", "64," * 400 + "64", "x.npy", "\n.npy"])
def test_whatever_an_option_is_given_it_is_taken_or_refused(option: str, value: str) -> None:
    take_or_refuse(f"--{option.replace('_', '-')}", value)


@given(
    option=st.sampled_from([name for name, (_, metavar, _) in OPTIONS.items() if metavar]),
    value=st.one_of(
        st.text(st.characters(exclude_characters="\0"), max_size=20),
        st.integers().map(str),
        st.floats().map(str),
        st.lists(st.sampled_from([*"0159.:,-xe", "nan", "inf", "glorot:"]), max_size=12).map("".join),
    ),
)
@example(option="mutation", value="nan:nan")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_and_neither_does_any_other_text_make_a_traceback(option: str, value: str) -> None:
    take_or_refuse(f"--{option.replace('_', '-')}", value)


def take_or_refuse(option: str, value: str) -> None:
    errors = io.TextIOWrapper(io.BytesIO(), errors="backslashreplace")  # as Python's own standard error
    with (
        nothing_starts(),
        mock.patch.object(sys, "argv", ["nnsize", "evolve", option, value]),
        contextlib.redirect_stderr(errors),
        pytest.raises((StartedError, SystemExit)) as caught,
    ):
        main()
    if isinstance(caught.value, StartedError):
        assert all(math.isfinite(number) for number in asdict(caught.value.settings).values() if _is_real(number))
        return
    assert isinstance(caught.value, SystemExit)
    assert caught.value.code == 2
    errors.seek(0)
    assert errors.read().startswith("nnsize: ")


def _is_real(value: object) -> bool:
    return isinstance(value, float)


SMALL = ("--layers", "6", "--members", "40")


@pytest.mark.usefixtures("run_home")
def test_an_evolution_in_a_pipe_ends_with_its_last_generations_and_the_answer() -> None:
    done = nnsize("evolve", *SMALL, "--generations", "12", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    for name in ("first population", *(f"generation {number} of 12" for number in range(1, 13))):
        assert done.stdout.count(f"{name}: best accuracy ") == 1
    assert "gen    best    mean     std  diversity  accepted     F    CR" in done.stdout
    name = done.stdout.split()[1]
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
    assert two == json.loads(json.dumps(result_of(look(folder))))
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
        "shade",
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
        output, errors = process.communicate(timeout=120)
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
    "gradient": {
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
        "gen    best    mean     std  held out  diversity  accepted     F    CR   time",
        " 40  0.1121  0.1428  0.0154    0.1421     0.0714         1  0.50  0.80  0.50s",
    ):
        assert line in shown.stdout.splitlines()
    assert "0.9510" in shown.stdout
    assert "nnsize export bagote --to network.skops" in shown.stdout
    assert "an evolution made up for a test" in shown.stdout
    assert "  mutation            adapts\n" in _shown(run_home, EvolutionSettings(strategy="shade"))
    assert "held out" not in _shown(run_home, EvolutionSettings())


def _shown(home: Path, settings: EvolutionSettings) -> str:
    name = f"x{len(list(home.iterdir()))}"
    make_evolution(home, name, settings)
    return nnsize_here("show", name).stdout


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().out.splitlines() if "generation" in line or "population" in line]


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
    assert all("held out" in line for line in lines)


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
    monkeypatch.setattr(inquiry, "estimate_evolution", lambda _: measured)
    small = ("iris", "--layers", "2", "--members", "10", "--generations", "4", "--no-reference")
    found = json.loads(nnsize_here("evolve", *small, "--estimate", "--json").stdout)
    assert (found["weights"], found["members"], found["evaluations"]) == (19, 10, 50)
    assert found["seconds"] == pytest.approx(1.0 + 10 * 0.01 + 4 * 10 * 0.02)
    assert found["is_upper_bound"]
    assert not list_runs(run_home)

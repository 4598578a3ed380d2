"""What the options of ``nnsize evolve`` mean, and what it refuses."""

import contextlib
import io
import math
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nnsize_engine.export.model_file import export_network
from nnsize_engine.runs import launch
from nnsize_engine.runs.first_network import check_first_network
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.descriptions import CLUSTER_TEXTS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.population_memory import check_memory
from nnsize_tui.commands import main
from nnsize_tui.commands.evolve_options import OPTIONS
from support.made_runs import make_evolution


class StartedError(Exception):
    """Stands for a run that was started."""

    def __init__(self, settings: EvolutionSettings) -> None:
        self.settings = settings


@contextlib.contextmanager
def nothing_starts() -> Iterator[None]:
    def start(chosen: EvolutionSettings, _: Path, **__: object) -> Path:
        check_memory(chosen)
        check_first_network(chosen)
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


OF_FAMILIES = {"init": "glorot", "bounds": "glorot:10", "tol": 0.0}
"""Defaults of families of optimizers."""

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
    (("--evaluations", "30000"), {"evaluations": 30_000}),
    (("--seconds", "2.5"), {"seconds": 2.5}),
    (
        ("--strategy", "Sep_CMA_ES", "--step", "0.1"),
        {"strategy": "sep-cma-es", "step": 0.1, "evaluations": 20_000, **OF_FAMILIES},
    ),
    (("--strategy", "SepCMA", "--seconds", "2"), {"strategy": "sep-cma-es", "seconds": 2.0, **OF_FAMILIES}),
    (
        ("--strategy", "sep-cma-es", "--init", "random", "--generations", "5", "--tol", "0.1"),
        {"strategy": "sep-cma-es", "generations": 5, **OF_FAMILIES, "init": "random", "tol": 0.1},
    ),
    (("--strategy", "L-SHADE"), {"strategy": "lshade"}),
    (("--init", "sobol", "--members", "64"), {"init": "sobol", "members": 64}),
    (("--bounds", "-2:1"), {"bounds": "-2:1"}),
    (("--bounds=-1:1",), {"bounds": "-1:1"}),
    (("--bounds", "-2:2,-1:1,-1:1"), {"bounds": "-2:2,-1:1,-1:1"}),
    (("--bounds", "glorot:3"), {"bounds": "glorot:3"}),
    (("--tol", "0"), {"tol": 0.0}),
    (("--atol", "1e-3"), {"atol": 1e-3}),
    (("--repeats", "3"), {"repeats": 3}),
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
    (
        ("diabetes", "--target-scale", "log"),
        {"data": "diabetes", "fitness": "squared_error", "target_scale": "log"},
    ),
    (("--no-reference",), {"reference": False}),
    (("--stratify",), {"stratify": True}),
    (("--cluster", "local:2"), {"cluster": ClusterSettings(where="local:2")}),
    (
        ("--cluster", "tcp://a:1", "--workers", "2:9", "--cluster-wait", "5"),
        {"cluster": ClusterSettings(where="tcp://a:1", workers=(2, 9), wait_seconds=5.0)},
    ),
    (("--jobs", "2"), {"jobs": 2}),
    (("--precision", "float64"), {"precision": "float64"}),
    (("--activation", "step"), {"activation": "step"}),
    (("--bits", "2"), {"bits": 2}),
    (("--cost", "0,1;5,0"), {"fitness": "cost", "cost": "0,1;5,0"}),
    (("--fitness", "cost", "--cost", "0,1.50;5,0"), {"fitness": "cost", "cost": "0,1.5;5,0"}),
    (("--fitness", "fbeta:0.5"), {"fitness": "fbeta:0.5"}),
    (("diabetes", "--fitness", "quantile:0.9"), {"data": "diabetes", "fitness": "quantile:0.9"}),
    (("--fitness", "sklearn.metrics:accuracy_score"), {"fitness": "sklearn.metrics:accuracy_score"}),
]


@pytest.mark.parametrize(("arguments", "meaning"), MEANINGS, ids=lambda value: " ".join(value))
def test_each_option_is_one_setting(arguments: tuple[str, ...], meaning: dict[str, Any]) -> None:
    assert asked(*arguments) == EvolutionSettings(**meaning)


def test_every_setting_has_an_option_and_a_meaning_here() -> None:
    names = {field.name for field in fields(EvolutionSettings)} - {"table", "compared"}
    assert {*OPTIONS, "data"} == names | CLUSTER_TEXTS.keys()  # three options make one setting
    assert {name for _, meaning in MEANINGS for name in meaning} == names


@pytest.mark.parametrize(
    ("arguments", "meaning"),
    [
        ((), {}),
        (("diabetes",), {"data": "diabetes"}),
        (("--generations", "50", "--seed", "3"), {"generations": 50, "seed": 3}),
        (("--members", "40"), {"members": 40}),
        (("--init", "/there/first.npy"), {"init": "/there/first.npy"}),
        (("--bits", "2", "--activation", "step"), {"bits": 2, "activation": "step"}),
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
    (("--strategy", "auto", "--popsize", "2"), "strategy hill-climbing has no popsize; leave it out"),
    (("irs",), "unknown data 'irs'; did you mean 'iris'? Choose one of breast_cancer, wine, iris, digits, diabetes"),
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
    (
        ("--fitness", "squared_error"),
        "fitness 'squared_error' does not fit two classes; choose log_loss, cost, fbeta:2, or a",
    ),
    (("--fitness", "logloss"), "unknown fitness 'logloss'; the nearest is 'log_loss', and all are log_loss, cost"),
    (
        ("diabetes", "--fitness", "accuracy"),
        "fitness 'accuracy' does not fit regression; choose squared_error, quantile:0.9, or a scoring: ",
    ),
    (("--fitness", "fbeta"), "fitness is 'fbeta'; it needs a beta above 0, as in fbeta:2"),
    (("--fitness", "fbeta:-1"), "fitness is 'fbeta:-1'; it needs a beta above 0, as in fbeta:2"),
    (("--fitness", "quantile:x"), "fitness is 'quantile:x'; it needs a quantile between 0 and 1, both excluded, as in"),
    (("diabetes", "--fitness", "quantile:1"), "fitness is 'quantile:1'; it needs a quantile between 0 and 1"),
    (("--fitness", "quantile:0.5"), "fitness 'quantile:0.5' does not fit two classes; choose log_loss, cost, fbeta:2,"),
    (("iris", "--fitness", "fbeta:2"), "fitness 'fbeta:2' does not fit more than two classes; choose log_loss, cost,"),
    (("--fitness", "no_such_module:f"), "fitness no_such_module:f: there is no module no_such_module in "),
    (("--fitness", "there/metrics.py:f"), "fitness there/metrics.py:f: there is no module metrics in "),
    (
        ("--cost", "there.csv"),
        "cost there.csv cannot be read: No such file or directory; name a CSV file, or write the",
    ),
    (
        ("--cost", "0,1,2;1,0,1"),
        "cost has 2 rows of 3 numbers, and 2 rows of 2 are needed: the classes of breast_cancer",
    ),
    (
        ("--cost", "0,1;1,0", "--fitness", "accuracy"),
        "cost is the matrix of fitness cost, and fitness is accuracy; leave",
    ),
    (("--fitness", "cost"), "fitness cost needs a cost matrix: name its CSV file with --cost, or write it, such as"),
    (("diabetes", "--cost", "0,1;1,0"), "cost is about classes, and diabetes has numbers to predict; leave it out"),
    (("--bits", "3"), "bits is 3; weights are rounded to 8, 4, 2 or 1 bits, or not at all without this setting"),
    (("--fitness-groups", "hospital"), "fitness-groups is for a table of your own; the data breast_cancer is built in"),
    (("--scoring", "r2"), "scoring 'r2' does not fit two classes; choose one of "),
    (("--activation", "sin"), "activation is 'sin'; it must be one of identity, logistic, relu, tanh"),
    (
        ("--init", "gauss"),
        "init is 'gauss'; it must be one of latinhypercube, sobol, halton, random, glorot, a .npy file, an exported "
        "network (.npz or .skops), or a run",
    ),
    (("--init", "none.npz"), "init none.npz cannot be read as a network that nnsize exported: No such file"),
    (("--strategy", "sepcmas"), "unknown strategy 'sepcmas'; the nearest is 'sep-cma-es', and all are auto, best1bin"),
    (("--strategy", "sep-cma-es", "--mutation", "0.5"), "strategy sep-cma-es has no mutation; leave it out"),
    (("--strategy", "sep-cma-es", "--popsize", "7"), "strategy sep-cma-es has no popsize; leave it out"),
    (("--strategy", "sep-cma-es", "--archive", "2"), "strategy sep-cma-es has no archive; leave it out"),
    (("--strategy", "sep-cma-es", "--members", "1"), "members is 1; it must be a whole number, between 2 and"),
    (("--strategy", "sep-cma-es", "--step", "0"), "step is 0.0; it must be a number above 0 and at most 1000"),
    (("--step", "0.1"), "strategy best1bin has no step; it is for "),
    (("--evaluations", "3"), "evaluations is 3, and the first population has 20,485 members; give more evaluations"),
    (("--evaluations", "1000", "--init", "first.npy"), "with evaluations, give members too: as many as the array of"),
    (("--seconds", "0"), "seconds is 0.0; it must be a number above 0"),
    (("--strategy", "lshade", "--seconds", "3"), "strategy lshade shrinks its population with the evaluations; "),
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


ADVICE: list[tuple[tuple[str, ...], str, list[tuple[str, ...]]]] = [
    (("--strategy", "best1bim"), "unknown strategy 'best1bim'; the nearest is 'best1bin', and", [("best1bin",)]),
    (("--strategy", "lmmaes2"), "unknown strategy 'lmmaes2'; the nearest is 'lm-ma-es', and", [("lm-ma-es",)]),
    (
        ("--strategy", "cma-es"),
        "strategy cma-es takes at most 1,000 weights, and this network has 4,097; choose sep-cma-es or lm-ma-es, or "
        "smaller layers",
        [("sep-cma-es",), ("lm-ma-es",), ("cma-es", "--layers", "8")],
    ),
    (
        ("--cost", "0,1,2;1,0,1"),
        "cost has 2 rows of 3 numbers, and 2 rows of 2 are needed: the classes of breast_cancer",
        [("0,1;1,0",)],
    ),
    (
        ("--bits", "3"),
        "bits is 3; weights are rounded to 8, 4, 2 or 1 bits, or not at all without this setting",
        [("8",), ("4",), ("2",), ("1",)],
    ),
    (("--evaluations", "0"), "evaluations is 0; it must be a whole number, between 1 and ", [("20485",)]),
    (("--evaluations", "-5"), "evaluations is -5; it must be a whole number, between 1 and ", [("20485",)]),
    (
        ("--evaluations", "300"),
        "evaluations is 300, and the first population has 20,485 members; give more evaluations, or fewer members",
        [("20485",), ("300", "--members", "300")],
    ),
    (("--seconds", "0"), "seconds is 0.0; it must be a number above 0", [("0.1",)]),
    (("--seconds", "-3"), "seconds is -3.0; it must be a number above 0", [("0.1",)]),
    (("--generations", "-1"), "generations is -1; it must be a whole number, between 0 and 10000000", [("0",), ("9",)]),
    (("--members", "0"), "members is 0; it must be a whole number, between 5 and", [("5",)]),
    (
        ("--seconds", "9", "--strategy", "lshade"),
        "strategy lshade shrinks its population with the evaluations; seconds alone do not say how many there will be: "
        "give evaluations or generations too",
        [("9", "--strategy", "lshade", "--generations", "5"), ("9", "--strategy", "lshade", "--evaluations", "99999")],
    ),
]
"""Options with something wrong, what is said, and what the sentence advises instead."""


@pytest.mark.parametrize(("wrong", "sentence", "advised"), ADVICE, ids=lambda value: " ".join(map(str, value))[:40])
def test_the_advice_of_a_sentence_is_accepted(
    wrong: tuple[str, ...], sentence: str, advised: list[tuple[str, ...]]
) -> None:
    assert refused(*wrong).startswith(sentence)
    for values in advised:
        asked(wrong[0], *values)


def test_a_network_of_another_shape_is_refused_and_the_advice_works(run_home: Path, tmp_path: Path) -> None:
    run = make_evolution(run_home, "zelodo")
    export_network(run, tmp_path / "net.npz")
    wide = ("iris", "--strategy", "lm-ma-es", "--bounds", "-9:9")
    for init in ("zelodo", str(tmp_path / "net.npz")):
        assert refused(*wide, "--layers", "7", "--init", init) == (
            f"init {Path(init).name} is a network 4-6-3-3, and this one is 4-7-3; evolve the same with --layers 6,3"
        )
        asked(*wide, "--layers", "6,3", "--init", init)


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


@pytest.mark.parametrize("option", [name for name, (_, metavar) in OPTIONS.items() if metavar])
@pytest.mark.parametrize("value", [*ODD, "9" * 5000, "glorot:1e308", "64," * 400 + "64", "x.npy", "\n.npy"])
def test_whatever_an_option_is_given_it_is_taken_or_refused(option: str, value: str) -> None:
    take_or_refuse(f"--{option.replace('_', '-')}", value)


@given(
    option=st.sampled_from([name for name, (_, metavar) in OPTIONS.items() if metavar]),
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

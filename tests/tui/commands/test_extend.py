"""``nnsize extend``: what it says, refuses and starts."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.runs import launch
from nnsize_engine.settings.evolution_extension import EvolutionExtension
from nnsize_engine.settings.extension import Extension
from nnsize_engine.settings.run import RunExtension
from support.commands import nnsize, nnsize_here
from support.made_comparisons import make_comparison
from support.made_runs import AUTO, EVOLUTION, SMALL, add_made_generations, made_generation, made_run, make_evolution
from support.views import evolution_view, size_view

RISING = replace(SMALL, neurons="2:17:2")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[RunExtension]:
    """Start no runner, and list the extensions that were asked for."""
    found: list[RunExtension] = []
    monkeypatch.setattr(launch, "extend", lambda _, extension, **_code: found.append(extension))
    return found


def test_without_options_the_larger_sizes_that_the_answer_advises_are_added(
    run_home: Path, asked: list[RunExtension]
) -> None:
    made_run(run_home, "bagote", RISING, is_surface=True)
    done = nnsize_here("extend", "bagote")
    assert asked == [Extension(neurons="18:33:2")]
    assert done.stdout.startswith("run bagote is extended: + 8 sizes; 24 fits more, about ")
    assert done.returncode == 0


def test_each_option_is_a_part_of_the_extension(run_home: Path, asked: list[RunExtension]) -> None:
    made_run(run_home, "bagote")
    nnsize_here("extend", "bagote", "--neurons", "3,12", "--repeats", "2", "--fold-rounds", "3")
    made_run(run_home, "zibiro", AUTO, is_surface=True)
    nnsize_here("extend", "zibiro", "--max-neurons", "128")
    assert asked == [Extension(neurons="3,12", repeats=2, fold_rounds=3), Extension(max_neurons=128)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "the curve of run bagote does not rise at its largest size, so that no sizes are advised; say what to add "
         "with --neurons, --repeats or --fold-rounds"),
        (("--neurons", "10,2"), "the run has the sizes 10,2 already; name further ones"),
        (("--neurons", "2:a"), "neurons '2:a': '2:a' is neither a whole number nor a range"),
        (("--neurons", "auto"), "auto cannot be added to the sizes 2:60:8; name further sizes, or start a new run with "
         "neurons auto"),
        (("--max-neurons", "200"), "the run has the sizes 2:60:8; add some with neurons"),
        (("--repeats", "0"), "repeats is 0, but the run has 1"),
        (("--repeats", "1"), "that adds nothing to the run; name further sizes, more repeats or more rounds of folds"),
        (("--fold-rounds", "2000"), "fold-rounds is 2000; it must be a whole number, between 1 and 1000"),
        (("--repeats", "x"), "Invalid value for '--repeats'"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_said_in_one_sentence(run_home: Path, arguments: tuple[str, ...], message: str) -> None:
    folder = made_run(run_home, "bagote", replace(SMALL, neurons="2:60:8"), is_surface=True)
    before = size_view(folder)
    done = nnsize_here("extend", "bagote", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"nnsize: {message}")
    assert size_view(folder) == before


def test_runs_that_cannot_be_extended_are_refused(run_home: Path) -> None:
    made_run(run_home, "live", state="paused", fits=3)
    make_evolution(run_home, "evolved")
    for name, message in (
        ("live", "run live is paused; stop it or let it end, and then extend it"),
        ("evolved", "run evolved is an evolution; extend it with --generations, --evaluations or --seconds"),
    ):
        done = nnsize_here("extend", name, "--repeats", "2")
        assert (done.returncode, done.stderr) == (2, f"nnsize: {message}\n")


@pytest.mark.usefixtures("run_home")
def test_an_extended_run_is_followed_and_says_so() -> None:
    small = ("--cv", "2", "--max-iter", "20", "--json")
    first = json.loads(nnsize("size", "iris", "--neurons", "2,3", *small).stdout)
    done = nnsize("extend", first["run"], "--neurons", "4", "--fold-rounds", "2", "--follow", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["state"], found["fits"], found["total_fits"]) == (0, "finished", 12, 12)
    assert found["run"] == first["run"]
    shown = nnsize_here("show", "last").stdout
    assert "  extended            + 1 size, + 1 round of folds\n" in shown
    assert "  fold-rounds         2\n" in shown
    again = nnsize_here("show", "last", "--config").stdout
    assert 'neurons = "2,3,4"\n' in again
    assert "fold-rounds = 2\n" in again


def test_without_options_an_evolution_that_still_improves_gets_twice_its_limits(
    run_home: Path, asked: list[RunExtension]
) -> None:
    make_evolution(run_home, "bagote", replace(EVOLUTION, evaluations=2000))
    done = nnsize_here("extend", "bagote")
    assert asked == [EvolutionExtension(generations=80, evaluations=4000)]
    assert done.stdout == (
        "run bagote is extended: 80 generations in all (40 before), 4,000 evaluations in all (2,000 before); "
        "about 20s more\n"
    )
    assert done.returncode == 0


def test_each_limit_of_an_evolution_is_a_part_of_the_extension(run_home: Path, asked: list[RunExtension]) -> None:
    make_evolution(run_home, "bagote")
    nnsize_here("extend", "bagote", "--generations", "50", "--evaluations", "3000", "--seconds", "1.5")
    assert asked == [EvolutionExtension(generations=50, evaluations=3000, seconds=1.5)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--generations", "20"), "generations is 20, but the run has 40; it is the number in all, and generations are "
         "never taken away"),
        (("--generations", "40"), "that adds nothing to the run; give it more generations, evaluations or seconds"),
        (("--generations", "-1"), "generations is -1, but the run has 40"),
        (("--generations", "99000000"), "generations is 99000000; it must be a whole number, between 0 and 10000000"),
        (("--generations", "x"), "Invalid value for '--generations'"),
        (("--evaluations", "0"), "evaluations is 0; it must be a whole number, between 1 and"),
        (("--evaluations", "9000"), "generations is 40, and the run has done 40; give it more generations, too"),
        (("--generations", "50", "--evaluations", "1230"), "evaluations is 1,230, and the run has done 1,230, too many "
         "for one more generation; give it more evaluations, too"),
        (("--generations", "50", "--seconds", "3"), "seconds is 3, and the run has done 20s of computing; give it more "
         "seconds, too"),
        (("--seconds", "nan"), "seconds is nan; it must be"),
        (("--seconds", "-1"), "seconds is -1.0; it must be"),
        (("--neurons", "4"), "run bagote is an evolution; extend it with --generations, --evaluations or --seconds"),
        (("--neurons", "4", "--generations", "50"), "run bagote is an evolution; extend it with --generations"),
    ],
)  # fmt: skip
def test_limits_that_cannot_be_are_refused_in_one_sentence(
    run_home: Path, arguments: tuple[str, ...], message: str
) -> None:
    folder = make_evolution(run_home, "bagote")
    before = evolution_view(folder)
    done = nnsize_here("extend", "bagote", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"nnsize: {message}")
    assert evolution_view(folder) == before


def test_a_comparison_of_strategies_is_not_extended(run_home: Path) -> None:
    folder = make_comparison(run_home, "bagote")
    before = evolution_view(folder)
    for arguments in ((), ("--evaluations", "90000")):
        done = nnsize_here("extend", "bagote", *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert "a run that compares strategies cannot be extended" in done.stderr
        assert "start a new run with larger limits" in done.stderr
    assert evolution_view(folder) == before


def test_a_search_has_no_limits_of_an_evolution(run_home: Path) -> None:
    made_run(run_home, "bagote")
    done = nnsize_here("extend", "bagote", "--generations", "50")
    assert (done.returncode, done.stderr) == (
        2,
        "nnsize: run bagote is a size search; extend it with --neurons, --max-neurons, --repeats or --fold-rounds\n",
    )


def test_an_evolution_that_does_not_improve_gets_no_advice(run_home: Path) -> None:
    folder = make_evolution(run_home, "bagote", generations=9)
    stalled = made_generation(9)
    add_made_generations(folder, [replace(stalled, number=number) for number in range(10, 41)])
    done = nnsize_here("extend", "bagote")
    assert (done.returncode, done.stderr) == (
        2,
        "nnsize: run bagote does not improve any more, so that no limits are advised; say what to add with "
        "--generations, --evaluations or --seconds\n",
    )


@pytest.mark.usefixtures("run_home")
def test_an_extended_evolution_is_followed_and_says_so() -> None:
    given = ("evolve", "iris", "--layers", "4", "--members", "20", "--fitness", "log_loss", "--tol", "0", "--json")
    first = json.loads(nnsize(*given, "--generations", "5").stdout)
    done = nnsize("extend", first["run"], "--generations", "12", "--follow", "--json")
    whole = json.loads(nnsize(*given, "--generations", "12").stdout)
    found = json.loads(done.stdout)
    assert (done.returncode, found["run"], found["state"]) == (0, first["run"], "finished")
    assert (found["generations"], found["evaluations"]) == (whole["generations"], whole["evaluations"]) == (12, 260)
    assert found["test_score"] == whole["test_score"]
    assert "  extended            12 generations in all (5 before)\n" in nnsize_here("show", first["run"]).stdout


@pytest.mark.usefixtures("run_home")
def test_the_advice_for_an_evolution_that_converged_works() -> None:
    given = ("evolve", "iris", "--layers", "4", "--members", "20", "--generations", "5", "--json")
    first = json.loads(nnsize(*given, "--tol", "1e9").stdout)
    for arguments in ((), ("--generations", "99")):
        done = nnsize_here("extend", first["run"], *arguments)
        assert (done.returncode, done.stderr) == (
            2,
            f"nnsize: run {first['run']} ended because the population converged in generation 1, and larger limits do "
            "not change that; start a new run with --tol 0, or with --restart-after\n",
        )
    for advice in (("--tol", "0"), ("--tol", "1e9", "--restart-after", "2")):
        assert json.loads(nnsize(*given, *advice).stdout)["generations"] == 5

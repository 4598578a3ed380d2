"""``nnsize extend``: what it says, refuses and starts."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.runs import launch
from nnsize_engine.settings.extension import Extension
from support.commands import nnsize, nnsize_here
from support.made_runs import AUTO, SMALL, made_run, make_evolution
from support.views import size_view

RISING = replace(SMALL, neurons="2:17:2")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Extension]:
    """Start no runner, and list the extensions that were asked for."""
    found: list[Extension] = []
    monkeypatch.setattr(launch, "extend", lambda _, extension: found.append(extension))
    return found


def test_without_options_the_larger_sizes_that_the_answer_advises_are_added(
    run_home: Path, asked: list[Extension]
) -> None:
    made_run(run_home, "bagote", RISING, is_surface=True)
    done = nnsize_here("extend", "bagote")
    assert asked == [Extension(neurons="18:33:2")]
    assert done.stdout.startswith("run bagote is extended: + 8 sizes; 24 fits more, about ")
    assert done.returncode == 0


def test_each_option_is_a_part_of_the_extension(run_home: Path, asked: list[Extension]) -> None:
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
        ("evolved", "run evolved is an evolution; only a size search can be extended"),
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

"""``nnsize delete``: several runs, old runs, and what is asked and refused before."""

from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from nnsize_engine.errors import RunError
from nnsize_engine.runs import launch
from nnsize_engine.runs.label import LabelChange
from nnsize_engine.runs.relabel import relabel
from nnsize_tui.commands import cli
from nnsize_tui.commands.delete import delete
from support.commands import nnsize_here
from support.made_runs import enter_state, made_corrupt, made_run


def _runs(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir())


def test_several_runs_are_deleted_and_their_room_is_told(run_home: Path) -> None:
    for name in ("bagote", "kuteva", "malodi"):
        made_run(run_home, name)
    relabel(run_home / "malodi", LabelChange(name="old one"))
    done = nnsize_here("delete", "bagote", "old one", "bago", "--yes")
    assert done.returncode == 0
    lines = done.stdout.split("\n")
    assert lines[:2] == ["run bagote is deleted", "run malodi is deleted"]
    assert lines[2].startswith("2 of 2 runs are deleted, ")
    assert lines[2].endswith(" freed")
    assert _runs(run_home) == ["kuteva"]


def test_without_a_terminal_the_runs_are_listed_and_kept(run_home: Path) -> None:
    for name in ("bagote", "kuteva"):
        made_run(run_home, name)
    made_corrupt(run_home, "damage")
    done = nnsize_here("rm", "bagote", "kuteva", "damage")
    assert done.returncode == 2
    assert done.stderr.startswith("nnsize: deleting these 3 runs, ")
    assert done.stderr.endswith(" on disk, needs a confirmation; add --yes\n")
    for words in ("bagote", "kuteva", "damage", "12 fits", "unreadable", " kB"):
        assert words in done.stdout
    assert len(_runs(run_home)) == 3


@pytest.mark.parametrize(("answer", "is_deleted"), [("y\n", True), ("n\n", False)])
def test_the_question_lists_the_runs_with_their_size(
    run_home: Path, monkeypatch: pytest.MonkeyPatch, answer: str, is_deleted: bool
) -> None:
    for name in ("bagote", "kuteva"):
        made_run(run_home, name)
    monkeypatch.setattr(import_module("nnsize_tui.commands.delete"), "_can_ask", lambda: True)
    done = CliRunner().invoke(delete, ["bagote", "kuteva"], input=answer)
    assert "Delete these 2 runs and all their results (" in done.output
    assert "on disk" in done.output
    assert (_runs(run_home) == []) is is_deleted
    assert ("nothing deleted" in done.output) is not is_deleted


def test_old_runs_go_and_live_ones_stay(run_home: Path) -> None:
    for name, state in (("oldest", "finished"), ("alive", "running"), ("halted", "stopped")):
        made_run(run_home, name, state=state, fits=5, age=1000)  # type: ignore[arg-type]
    made_corrupt(run_home, "damage")
    done = nnsize_here("delete", "--older-than", "30d", "--yes")
    assert "2 of 2 runs are deleted" in done.stdout
    assert _runs(run_home) == ["alive", "damage"]
    assert nnsize_here("delete", "--older-than", "30d").stdout == "no run is older than 30d; nothing deleted\n"


def test_with_runs_named_only_the_older_ones_of_them_go(run_home: Path) -> None:
    for name in ("bagote", "kuteva"):
        made_run(run_home, name)
    assert nnsize_here("delete", "bagote", "--older-than", "4w", "--yes").stdout == "run bagote is deleted\n"
    assert _runs(run_home) == ["kuteva"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "say which runs: name them, or give --older-than 30d"),
        (("--older-than", "soon"), "older-than is 'soon'; it must be a number of hours, days or weeks, such as 12h"),
        (("bagote", "nix"), "there is no run 'nix'; 'nnsize runs' lists them"),
        (("bagote", "alive", "--yes"), "run alive is running; stop it before deleting it; --stop does both"),
    ],
)
def test_what_cannot_be_deleted_is_said_before_anything_is(
    run_home: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    made_run(run_home, "bagote")
    made_run(run_home, "alive", state="running", fits=3)
    done = nnsize_here("delete", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(f"nnsize: {sentence}")
    assert done.stderr.count("\n") == 1
    assert _runs(run_home) == ["alive", "bagote"]


def test_live_runs_are_stopped_first_if_that_is_asked_for(run_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_run(run_home, "bagote")
    folder = made_run(run_home, "alive", state="running", fits=3)
    monkeypatch.setattr(launch, "stop", lambda _: enter_state(folder, "stopped"))
    done = CliRunner().invoke(delete, ["alive", "bagote", "--stop", "--yes"])
    assert done.exit_code == 0
    assert "2 of 2 runs are deleted" in done.output
    assert _runs(run_home) == []


def test_one_that_cannot_be_deleted_keeps_no_other(run_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("bagote", "kuteva"):
        made_run(run_home, name)
    truly = launch.delete

    def refuse(folder: Path) -> tuple[str, ...]:
        if folder.name == "bagote":
            raise RunError("run bagote cannot be deleted: Permission denied")
        return truly(folder)

    monkeypatch.setattr(launch, "delete", refuse)
    done = CliRunner().invoke(cli, ["delete", "bagote", "kuteva", "--yes"])
    assert done.exit_code == 2
    assert "nnsize: run bagote cannot be deleted: Permission denied" in done.output
    assert "1 of 2 runs are deleted" in done.output
    assert _runs(run_home) == ["bagote"]


def test_open_is_the_explorer(run_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def main(arguments: list[str]) -> int:
        asked.append(arguments)
        return 3

    monkeypatch.setattr("nnsize_tui.cli.main", main)
    made_run(run_home, "bagote")
    assert CliRunner().invoke(cli, ["open", "bagote"]).exit_code == 3
    assert CliRunner().invoke(cli, ["open"]).exit_code == 3
    assert asked == [["--", "bagote"], []]
    monkeypatch.undo()
    done = nnsize_here("open", "bagote")
    assert done.returncode == 2
    assert "the explorer needs a terminal" in done.stderr

"""``nnsize label``, the labels of new runs, and where commands show them."""

import json
from pathlib import Path

import pytest

from nnsize_engine.runs.label import LabelChange, RunLabel, read_label
from nnsize_engine.runs.relabel import relabel
from support.commands import nnsize_here
from support.made_runs import made_corrupt, made_run

QUICK = ("size", "iris", "--neurons", "2", "--cv", "2", "--max-iter", "3", "--no-references")


def test_a_new_run_has_the_label_that_it_was_given(run_home: Path) -> None:
    done = nnsize_here(*QUICK, "--name", "a b", "--note", "why", "--tag", "x", "--tag", "#y", "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert (found["name"], found["note"], found["tags"]) == ("a b", "why", ["x", "y"])
    (folder,) = run_home.iterdir()
    assert read_label(folder) == RunLabel(name="a b", note="why", tags=("x", "y"))
    shown = nnsize_here("show", "a b").stdout
    assert [line.split(maxsplit=1) for line in shown.split("\n")[1:4]] == [
        ["name", "a b"],
        ["tags", "x, y"],
        ["note", "why"],
    ]
    assert json.loads(nnsize_here("show", "a b", "--json").stdout)["name"] == "a b"
    (listed,) = json.loads(nnsize_here("ls", "--json").stdout)
    assert listed["tags"] == ["x", "y"]
    again = nnsize_here(*QUICK, "--name", "a b")
    assert again.returncode == 2
    assert again.stderr == (
        f"nnsize: there is a run 'a b' already, which is {folder.name}; choose another name, or delete that run first\n"
    )
    assert list(run_home.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--name", "last"), "the name is 'last', which means the newest run; give the run another name"),
        (("--tag", "a b"), "a tag is 'a b'; it must be one word without commas, such as baseline"),
        (("--note", "\x1b[2J"), "the note is '\\x1b[2J'; it must be plain text in one line"),
        (("--untag", "a"), "the run has no tag 'a'; it has none"),
    ],
)
def test_a_label_that_is_refused_is_one_sentence(run_home: Path, arguments: tuple[str, str], sentence: str) -> None:
    made_run(run_home, "target")
    for command in (("label", "target"), QUICK):
        if command == QUICK and "--untag" in arguments:
            continue
        done = nnsize_here(*command, *arguments)
        assert done.returncode == 2
        assert done.stderr == f"nnsize: {sentence}\n"
    assert len(list(run_home.iterdir())) == 1


def test_a_label_changes_later_part_by_part(run_home: Path) -> None:
    made_run(run_home, "target", state="running", fits=3)
    assert nnsize_here("label", "target").stdout == "run target: no name, note or tags\n"
    assert nnsize_here("label", "target", "--name", "one", "--tag", "a").stdout == "run target: one  #a\n"
    assert nnsize_here("label", "one", "--note", "n", "--tag", "b").stdout == "run target: one  #a #b  n\n"
    done = nnsize_here("label", "one", "--name", "", "--untag", "a", "--json")
    assert json.loads(done.stdout) == {"run": "target", "name": "", "note": "n", "tags": ["b"]}


def test_names_have_a_column_where_a_run_has_one(run_home: Path) -> None:
    folder = made_run(run_home, "target")
    made_corrupt(run_home, "damage")
    assert nnsize_here("runs").stdout.split("\n")[0].split()[:2] == ["run", "kind"]
    relabel(folder, LabelChange(name="ünnamed"))
    relabel(run_home / "damage", LabelChange(name="full disk"))
    lines = nnsize_here("runs").stdout.split("\n")
    assert lines[0].split()[:2] == ["run", "name"]
    assert lines[1].split()[:3] == ["target", "ünnamed", "size"]
    assert lines[2].split() == ["damage", "full", "disk", "unreadable"]

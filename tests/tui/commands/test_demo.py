"""``nnsize demo``."""

from pathlib import Path

from support.commands import nnsize_here


def test_the_examples_are_added_once_and_can_be_looked_at(run_home: Path) -> None:
    first = nnsize_here("demo")
    assert first.returncode == 0
    assert "demo-1  added: article 1: how many neurons?" in first.stdout
    assert "explore it: nnsize-tui demo-1" in first.stdout
    assert {folder.name for folder in run_home.iterdir()} >= {"demo-1", "demo-2", "demo-3"}
    assert "demo-2  here: " in nnsize_here("demo", "demo-2").stdout
    assert "55 neurons are recommended" in nnsize_here("show", "demo-1").stdout


def test_an_unknown_example_is_refused(run_home: Path) -> None:
    refused = nnsize_here("demo", "demo-9")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("nnsize: there is no example 'demo-9'; did you mean 'demo-")
    assert not run_home.exists() or not list(run_home.iterdir())

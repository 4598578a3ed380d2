"""``nnsize report``."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from nnsize_tui.commands import cli
from support.made_runs import SMALL, made_run, make_evolution


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    path = tmp_path / "here"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def test_a_report_is_named_after_its_run(run_home: Path, here: Path) -> None:
    made_run(run_home, "zibiro")
    done = CliRunner().invoke(cli, ["report", "zibi"], catch_exceptions=False)
    assert done.exit_code == 0
    assert done.stderr == "wrote nnsize-zibiro-report.html\n"
    assert "<h1>zibiro</h1>" in (here / "nnsize-zibiro-report.html").read_text()


def test_several_runs_make_one_report(run_home: Path, here: Path) -> None:
    made_run(run_home, "zibiro")
    make_evolution(run_home, "gudedo")
    done = CliRunner().invoke(cli, ["report", "zibiro", "gudedo", "--to", "both.html"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "<h1>zibiro and gudedo</h1>" in (here / "both.html").read_text()


def test_a_report_can_go_to_standard_output(run_home: Path, here: Path) -> None:
    made_run(run_home, "zibiro")
    done = CliRunner().invoke(cli, ["report", "zibiro", "--to", "-"], catch_exceptions=False)
    assert done.stdout.startswith("<!doctype html>")
    assert not list(here.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "there is no run 'nothing'"),
        (["zibiro", "zibiro"], "run zibiro is named twice; name each run to compare once"),
        (["zibiro", "--to", "report.pdf"], "the ending of 'report.pdf' names no format; choose one of html"),
        (["zibiro", "--to", "nowhere/report.html"], "the folder nowhere does not exist"),
        (["zibiro", "--to", "here/"], "here/ is a folder; name a file in it"),
        (
            ["zibiro", "--to", "there.html"],
            "there.html exists already; choose another name, or replace it with --force",
        ),
    ],
)
def test_a_mistake_is_one_sentence(run_home: Path, here: Path, arguments: list[str], words: str) -> None:
    made_run(run_home, "zibiro", SMALL)
    (here / "there.html").write_text("mine")
    done = CliRunner().invoke(cli, ["report", *arguments])
    assert done.exit_code != 0
    assert words in str(done.exception)
    assert (here / "there.html").read_text() == "mine"

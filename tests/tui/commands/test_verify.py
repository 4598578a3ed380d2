"""``nnsize verify`` and ``nnsize import``, and how commands and the explorer say that a run is not whole."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nnsize_engine.errors import NnsizeError
from nnsize_tui.app.config import ExplorerConfig
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.commands import cli
from support.hostile_runs import HOSTILE_TEXT, SCHEMAS, edit
from support.made_runs import made_run, make_evolution
from support.pilots import shown, until, until_shown
from support.signed_runs import unsigned

BROKEN = "fit of candidate 0, fold 1: its checksum is another"


@pytest.fixture
def home(run_home: Path) -> Path:
    run_home.mkdir()
    made_run(run_home, "whole")
    return run_home


def nnsize(*arguments: str) -> Result:
    result = CliRunner().invoke(cli, arguments)
    if result.exception is not None and not isinstance(result.exception, NnsizeError | SystemExit):
        raise result.exception
    return result


def broken(home: Path, name: str = "hurt") -> Path:
    folder = made_run(home, name, age=1)
    edit(folder, "UPDATE fit SET test_score = 0.1888 WHERE candidate = 0 AND fold = 1")
    return folder


@pytest.mark.usefixtures("home")
def test_a_whole_run_is_said_to_be_whole() -> None:
    found = nnsize("verify", "whole")
    assert (found.exit_code, found.stdout) == (0, "run whole is whole: 15 facts\n")
    as_json = json.loads(nnsize("verify", "whole", "--json").stdout)
    assert as_json == {
        "run": "whole", "condition": "whole", "facts": 15, "unsigned": 0, "broken": [], "notes": []
    }  # fmt: skip


def test_what_is_broken_is_named_with_how_to_mend_it(home: Path) -> None:
    broken(home)
    found = nnsize("verify", "hurt")
    assert found.exit_code == 1
    assert found.stdout.split("\n")[:3] == [
        "run hurt is not whole: besides 14 facts,",
        f"  {BROKEN}",
        "  compute again what is broken: nnsize resume hurt",
    ]
    assert json.loads(nnsize("verify", "hurt", "--json").stdout)["broken"] == [BROKEN]


def test_all_runs_are_looked_through_whatever_one_of_them_is(home: Path) -> None:
    make_evolution(home, "evolution", generations=3, age=2)
    assert nnsize("verify", "--all").exit_code == 0
    broken(home)
    SCHEMAS["view"](made_run(home, "hostile", age=3))
    unsigned(made_run(home, "old", age=4))
    found = nnsize("verify", "--all")
    assert found.exit_code == 1
    for words in (
        "run whole is whole", "run evolution is whole", "run hurt is not whole", "run hostile cannot be read",
        "facts have no checksum, because an earlier version stored them",
    ):  # fmt: skip
        assert words in found.stdout
    listed = json.loads(nnsize("verify", "--all", "--json").stdout)
    assert {one["run"]: one["condition"] for one in listed} == {
        "whole": "whole", "evolution": "whole", "hurt": "broken", "hostile": "unreadable", "old": "whole"
    }  # fmt: skip


@pytest.mark.parametrize("arguments", [[], ["whole", "--all"], ["nothing"], ["--al", "x"]])
def test_a_wrong_call_has_another_exit_code(home: Path, arguments: list[str]) -> None:
    assert home.exists()
    result = CliRunner().invoke(cli, ["verify", *arguments])
    assert result.exit_code == 2 or isinstance(result.exception, NnsizeError)  # which main turns into 2


def test_without_runs_there_is_nothing_broken(run_home: Path) -> None:
    found = nnsize("verify", "--all")
    assert (found.exit_code, found.stdout) == (0, f"no runs yet in {run_home}\n")
    assert json.loads(nnsize("verify", "--all", "--json").stdout) == []


def test_hostile_texts_are_harmless(home: Path) -> None:
    edit(home / "whole", "INSERT INTO network_scores (name, seconds, steps) VALUES (?, 1, 1)", values=(HOSTILE_TEXT,))
    found = nnsize("verify", "whole")
    assert found.exit_code == 1
    assert all(sign.isprintable() for line in found.stdout.split("\n") for sign in line)


def test_lists_and_show_say_that_a_run_is_not_whole(home: Path) -> None:
    broken(home)
    words = f"Run hurt is not whole. Left out: {BROKEN}. Resuming it computes that again."
    listed = nnsize("runs")
    assert words in listed.stderr
    assert "Run whole" not in listed.stderr
    report = nnsize("show", "hurt").stdout
    assert f"not whole, and left out: {BROKEN}" in report
    assert "compute it again: nnsize resume hurt" in report
    assert json.loads(nnsize("show", "hurt", "--json").stdout)["broken"] == [BROKEN]
    assert json.loads(nnsize("show", "whole", "--json").stdout)["broken"] == []
    assert "0.1888" not in report
    assert words in nnsize("compare", "hurt", "whole").stderr
    exported = nnsize("export", "hurt", "--table", "fits")
    assert words in exported.stderr
    assert "0.1888" not in exported.stdout
    assert exported.stdout.count("\n") == 12  # a heading, and the fits that are whole


def test_a_run_is_taken_along_by_commands(home: Path, tmp_path: Path) -> None:
    to = str(tmp_path / "run.zip")
    assert nnsize("export", "whole", "--to", to).stderr == f"wrote {to}\n"
    words = nnsize("import", to).stdout
    (name,) = (path.name for path in home.iterdir() if path.name != "whole")
    assert words == f"imported run {name}, which was whole; look at it with: nnsize show {name}\n"
    assert nnsize("verify", "--all").exit_code == 0
    broken(home)
    nnsize("export", "hurt", "--to", to, "--force")
    assert "is not whole. Left out: fit of candidate 0" in nnsize("import", to).stderr
    for options, words in (
        (("--format", "zip"), "a run is not text for standard output"),
        (("--to", to), "exists already"),
        (("--to", str(tmp_path / "x.zip"), "--table", "fits"), "a .zip file holds a run, no table"),
    ):
        assert words in str(nnsize("export", "whole", *options).exception)
    assert "cannot be imported: No such file" in str(nnsize("import", str(tmp_path / "none.zip")).exception)


async def test_the_explorer_says_it_in_the_list_and_on_the_screen_of_the_run(home: Path) -> None:
    broken(home)
    explorer = ExplorerApp(home, unicode=True, config=ExplorerConfig(refresh=0.1))
    async with explorer.run_test(size=(120, 40), notifications=True) as pilot:
        await until_shown(pilot, "! not whole", "finished", "whole")
        await pilot.press("end")
        await until_shown(pilot, "Run hurt is not whole. Left out: fit of candidate 0")
        await pilot.press("enter")
        await until_shown(pilot, "neurons", "Run hurt is not whole. Left out: fit of candidate 0")
        assert "0.1888" not in shown(pilot)
        assert "! not whole" in shown(pilot).splitlines()[0]
        assert "finished" not in shown(pilot)
        assert explorer.screen.check_action("resume", ()) is True
        await pilot.press("escape")
        await pilot.press("home")
        await until(pilot, lambda: "Run hurt" not in shown(pilot))
        assert explorer.screen.check_action("resume", ()) is not True  # the other one is finished, and whole

"""What commands print cannot control the terminal, whatever names, logs, reasons and arguments hold."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

import nnsize_tui
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.runs.database import FILE_NAME
from nnsize_tui import cli as explorer
from nnsize_tui.commands import cli
from nnsize_tui.commands.live import LiveDisplay
from support.hostile_runs import HOSTILE_NAMES, HOSTILE_TEXT, edit
from support.made_runs import made_run
from support.signed_runs import edit_signed
from support.views import size_view

COMMANDS = Path(nnsize_tui.__file__).parent / "commands"


def assert_harmless(output: str) -> None:
    bad = {sign for line in output.split("\n") for sign in line if not sign.isprintable()}
    assert not bad


def with_hostile_texts(home: Path, name: str) -> Path:
    folder = made_run(home, "target", state="failed", fits=3, failed=[(0, 0)]).rename(home / name)
    edit_signed(folder, "UPDATE run SET reason = ?, id = ?, versions = ?", values=(
        HOSTILE_TEXT, HOSTILE_TEXT, json.dumps({HOSTILE_TEXT: HOSTILE_TEXT})
    ))  # fmt: skip
    edit(folder, "UPDATE log SET text = ?", values=(HOSTILE_TEXT,))
    edit_signed(folder, "UPDATE fit SET error = ? WHERE error IS NOT NULL", values=(HOSTILE_TEXT,))
    return folder


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_commands_print_hostile_texts_as_escapes(run_home: Path, name: str) -> None:
    folder = with_hostile_texts(run_home, name)
    other = made_run(run_home, "other")
    path = str(folder)
    for arguments in (
        ["runs"], ["show", path], ["show", path, "--json"], ["show", path, "--all"], ["show", path, "--python"],
        ["show", path, "--config"], ["export", path], ["export", path, "--table", "fits"],
        ["export", path, "--table", "fits", "--format", "md"], ["compare", path, str(other)],
        ["compare", path, str(other), "--json"], ["stop", path], ["delete", path], ["delete", path, "--yes"],
        ["show", HOSTILE_TEXT], ["delete", f"/{name}"],
    ):  # fmt: skip
        assert_harmless(CliRunner().invoke(cli, arguments, standalone_mode=False).output)


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "\x1b]0;owned\x07"],
        ["show", "bagote", "--\x1b[2J"],
        ["\x1b[2J"],
        ["size", "--neurons", "\x9b31m\u202e"],
        ["size", "--data", "/\x1b[2J.csv"],
        ["export", "bagote", "--to", "/nowhere/\x1b[2J.csv"],
        ["export", "bagote", "--format", "\x1b[2J"],
        ["size", "--config", "\x1b[2J.toml"],
        ["data", os.fsdecode(b"\xff\x1b")],
    ],
)
def test_an_echoed_argument_is_harmless(run_home: Path, arguments: list[str]) -> None:
    made_run(run_home, "bagote")
    done = subprocess.run(
        [sys.executable, "-c", "from nnsize_tui.commands import main; main()", *arguments],
        capture_output=True, check=False, timeout=120, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 2
    assert_harmless(done.stderr.decode())


def test_the_explorer_says_what_it_refuses_without_escape_sequences(
    capsys: pytest.CaptureFixture[str],
) -> None:
    explorer._refuse(HOSTILE_TEXT)
    with pytest.raises(SystemExit):
        explorer.main(["--\x1b[2J"])
    assert_harmless(capsys.readouterr().err)


def test_a_live_display_shows_hostile_texts_as_they_are_without_markup(run_home: Path) -> None:
    folder = with_hostile_texts(run_home, "[blink]x[red]")
    console = Console(record=True, force_terminal=False, width=200)
    display = LiveDisplay(console)
    display.show(size_view(folder))
    with console.capture() as capture:
        console.print(display._live.get_renderable())
    assert "[blink]x[red]" in capture.get()
    assert_harmless(capture.get())


def test_commands_print_by_the_function_that_escapes() -> None:
    for file in COMMANDS.glob("*.py"):
        if file.name != "output.py":
            assert not re.search(r"\bclick\.(secho|echo)\b|\bprint\(", file.read_text()), file.name


def test_deleting_says_what_stays(run_home: Path) -> None:
    folder = made_run(run_home, "bagote")
    for name in ("a.txt", "b.txt", "c.txt", "d\x1b.txt"):
        (folder / name).touch()
    done = CliRunner().invoke(cli, ["delete", "bagote", "--yes"])
    assert done.output == (
        f"run bagote is deleted; not its own, and left in {folder}: a.txt, b.txt, c.txt and 1 more\n"
    )
    assert not (folder / FILE_NAME).exists()


@pytest.mark.parametrize("name", ["$(touch owned)", "a; touch owned", "`touch owned`", "it's", "a b"])
def test_a_printed_command_can_be_pasted_into_a_shell(run_home: Path, name: str) -> None:
    folder = made_run(run_home, "target").rename(run_home / name)
    output = CliRunner().invoke(cli, ["show", str(folder)]).output
    hint = output.split("take it home: ")[1].split("\n")[0]
    assert shlex.split(hint)[:4] == ["nnsize", "export", name, "--to"]
    explored = output.split("explore it: ")[1].split("    take")[0]
    assert shlex.split(explored) == ["nnsize-tui", name]
    assert shlex.split(quoted(name)) == [name]

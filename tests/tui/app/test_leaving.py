"""What the shell says after the explorer has left the screen."""

import signal
from pathlib import Path

import pytest

from nnsize_tui.app.leaving import leaving_lines, next_steps, typed_command
from support.made_runs import made_run
from support.terminal import terminal

LEFT = b"\x1b[?1049l"
"""Leaves the alternate screen."""


def test_runs_that_go_on_are_named_with_the_way_back(home: Path) -> None:
    live = [made_run(home, name, state="running") for name in ("zibiro", "zelodo", "kuta", "a b", "e1", "e2", "e3")]
    paused = made_run(home, "halted", state="paused")
    ended = made_run(home, "done")
    assert leaving_lines([ended], home) == []
    assert leaving_lines([live[0], ended, live[0]], home) == ["run zibiro goes on; come back with: nnsize-tui zibiro"]
    assert leaving_lines([live[3]], home) == ["run a b goes on; come back with: nnsize-tui 'a b'"]
    assert leaving_lines([*live, paused], home) == [
        "7 runs go on: zibiro, zelodo, kuta, a b, e1 and 2 more; come back with: nnsize-tui",
        "run halted is paused; come back with: nnsize-tui halted",
    ]
    elsewhere = made_run(home.parent / "elsewhere", "zuma", state="running")
    assert leaving_lines([elsewhere, home / "gone"], home) == [
        f"run {elsewhere} goes on; come back with: nnsize-tui {elsewhere}"
    ]


def test_the_way_back_is_what_a_shell_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = tmp_path / "bin" / "nnsize-tui"
    command.parent.mkdir()
    command.touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert typed_command(str(command)) == str(command)
    assert ".venv/bin/nnsize size YOURS.csv --neurons auto" in next_steps(".venv/bin/nnsize-tui")[1]
    monkeypatch.setenv("PATH", str(command.parent))
    assert typed_command(str(command)) == "nnsize-tui"
    assert typed_command("/lib/nnsize_tui/__main__.py") == "nnsize-tui"


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
@pytest.mark.parametrize("key", ["q", "\x03"])
def test_leaving_a_live_run_says_so_on_the_shell(home: Path, size: tuple[int, int], key: str) -> None:
    made_run(home, "zibiro", state="running", fits=5)
    with terminal(size=size) as opened:
        opened.read_until(lambda written: b"zibiro" in written and b"Quit" in written)
        opened.press(key)
        assert opened.ended() == 0
        after = opened.written.rpartition(LEFT)[2]
        assert b"run zibiro goes on; come back with: nnsize-tui zibiro" in after


def test_a_signal_says_so_too(home: Path) -> None:
    made_run(home, "zibiro", state="running", fits=5)
    with terminal("zibiro") as opened:
        opened.read_until(lambda written: b"fits" in written)
        opened.kill(signal.SIGTERM)
        assert opened.ended() == 0
        assert b"run zibiro goes on" in opened.written.rpartition(LEFT)[2]


def test_without_live_runs_nothing_is_said(home: Path) -> None:
    made_run(home, "zibiro")
    with terminal() as opened:
        opened.read_until(lambda written: b"zibiro" in written and b"Quit" in written)
        opened.press("q")
        assert opened.ended() == 0
        assert b"nnsize" not in opened.written.rpartition(LEFT)[2]


def test_a_demonstration_ends_with_what_to_do_next_and_shows_one_screen(home: Path) -> None:
    del home
    with terminal("--start") as opened:
        opened.read_until(lambda written: b"240 fits" in written or b"/240" in written)
        opened.press("q")
        assert opened.ended() == 0
        assert b"How many neurons does my network need?" not in opened.written, "the home screen was shown first"
        before, _, after = opened.written.rpartition(LEFT)
        assert b"is started: the built-in search" in before
        assert b"goes on; come back with: nnsize-tui" in after
        assert all(line.encode() in after for line in next_steps("nnsize-tui"))

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nnsize_engine import __version__
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import list_runs, read_state
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.cli import main
from support.made_runs import made_corrupt, made_run
from support.terminal import terminal
from support.waiting import wait_until

SHORT = SizeSettings(data="iris", scoring="accuracy", neurons="2,3", cv=2)
LEFT = b"\x1b[?1049l"
"""Leaves the alternate screen."""

MOUSE_OFF = b"\x1b[?1000l"


def nnsize_tui(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "nnsize_tui", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **variables},
    )


def test_without_a_terminal_one_sentence_names_the_other_command(home: Path) -> None:
    del home
    done = nnsize_tui(TERM="xterm")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "needs a terminal" in done.stderr
    assert "'nnsize size'" in done.stderr


def test_help_and_version_need_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for option, expected in (("--help", "usage: nnsize-tui"), ("--version", f"nnsize {__version__}")):
        with pytest.raises(SystemExit) as ended:
            main([option])
        assert ended.value.code == 0
        assert expected in capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_a_terminal_that_cannot_be_drawn_on_is_refused_in_one_sentence() -> None:
    with terminal(TERM="dumb") as opened:
        assert opened.ended() == 2
        assert b"cannot draw on a terminal of type 'dumb'" in opened.written
        assert b"nnsize size" in opened.written
        assert b"\x1b" not in opened.written


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nosuch", "there is no run 'nosuch'"),
        ("zi", "ambiguous"),
        ("./nowhere", "there is no run in"),
        ("damage", "cannot be read"),
    ],
)
def test_a_run_that_cannot_be_opened_is_one_sentence(home: Path, name: str, reason: str) -> None:
    made_run(home, "zibiro")
    made_run(home, "zikola")
    made_corrupt(home, "damage")
    with terminal(name) as opened:
        assert opened.ended() == 2
        assert reason.encode() in opened.written
        assert opened.written.count(b"\n") == 1
        assert LEFT not in opened.written


def test_the_explorer_opens_shows_the_runs_and_leaves_the_terminal_as_it_was(home: Path) -> None:
    made_run(home, "zibiro")
    with terminal() as opened:
        opened.read_until(lambda written: b"zibiro" in written and b"Quit" in written)
        opened.press("q")
        assert opened.ended() == 0
        assert LEFT in opened.written
        assert MOUSE_OFF in opened.written


def test_a_run_is_opened_by_the_beginning_of_its_id(home: Path) -> None:
    made_run(home, "zibiro")
    with terminal("zib") as opened:
        opened.read_until(lambda written: b"folds of 2" in written and b"best and recommended" in written)
        opened.press("q")
        assert opened.ended() == 0


def test_without_utf8_only_ascii_is_written(home: Path) -> None:
    made_run(home, "zibiro")
    with terminal("last", LANG="C") as opened:
        opened.read_until(lambda written: b"folds of 2" in written and b"best" in written)
        opened.press("q")
        opened.ended()
        assert opened.written.isascii()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_go_it_leaves_the_terminal_as_it_was(home: Path, number: signal.Signals) -> None:
    made_run(home, "zibiro")
    with terminal() as opened:
        opened.read_until(lambda written: b"Quit" in written)
        opened.kill(number)
        opened.ended()
        assert LEFT in opened.written
        assert MOUSE_OFF in opened.written


def test_movements_of_the_mouse_are_not_asked_for(home: Path) -> None:
    made_run(home, "zibiro")
    with terminal() as opened:
        opened.read_until(lambda written: b"Quit" in written)
        assert b"\x1b[?1002h" in opened.written
        assert b"\x1b[?1003h" not in opened.written


def test_a_run_goes_on_when_the_explorer_is_killed(home: Path) -> None:
    folder = launch.start(SHORT, home)
    with terminal("last") as opened:
        opened.read_until(lambda written: b"fits" in written)
        opened.kill(signal.SIGKILL)
        assert opened.ended() == -signal.SIGKILL
    wait_until(lambda: read_state(folder)[1] == "finished")
    assert read_state(folder)[0].done == 4


def test_start_starts_the_built_in_search_and_opens_it(home: Path) -> None:
    with terminal("--start") as opened:
        opened.read_until(lambda written: b"240 fits" in written or b"/240" in written)
        (folder,) = list_runs(home)
        assert read_state(folder)[0].settings == SizeSettings()
        opened.press("s")
        wait_until(lambda: read_state(folder)[1] == "stopped")
        opened.press("q")
        assert opened.ended() == 0
    assert read_state(folder)[1] == "stopped"


LOADED = """
import sys
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.follow.runs import RunsFollower
import nnsize_tui.cli, nnsize_tui.screens.search.screen
import nnsize_tui.screens.export.dialog, nnsize_tui.screens.dialogs.help
print("\\n".join(sys.modules))
"""


def test_the_screens_load_nothing_that_is_slow() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=300)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "textual" in loaded
    assert loaded.isdisjoint({"numba", "scipy", "sklearn", "pandas", "joblib", "numpy", "plotext", "click"})

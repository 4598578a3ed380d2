"""A user works over SSH, and the connection breaks: the whole program with a real server and a real client."""

import csv
import os
import re
import shlex
import signal
from pathlib import Path

from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.folders import list_runs, read_state
from support.ssh_server import needs_sshd, ssh_server
from support.tmux import NNSIZE_TUI, Tmux, is_there, needs_tmux, tmux
from support.views import size_view
from support.waiting import wait_until

FITS = re.compile(r"(\d+)/240 fits")


def fits_shown(text: str) -> int:
    """Return the number of finished fits on the screen; -1 if it shows none."""
    found = FITS.search(text)
    return int(found[1]) if found else -1


def open_explorer(terminal: Tmux, folder: Path) -> None:
    """Wait for the shell after the login, open the explorer there, and write its process number to a file."""
    terminal.until(str.strip)  # the prompt
    terminal.write(f"echo ready-$((1 + 1)); cd {shlex.quote(str(folder))} && echo $$ > explorer.pid")
    terminal.until_shown("ready-2")
    terminal.write(f"exec {shlex.quote(str(NNSIZE_TUI))}")
    terminal.until_shown("New search", "Quit")


@needs_tmux
@needs_sshd
def test_a_search_outlives_the_connection_it_was_started_over(home: Path, tmp_path: Path) -> None:
    variables = {"NNSIZE_HOME": str(home), "XDG_CONFIG_HOME": str(tmp_path / "config"), "LC_ALL": "C.UTF-8"}
    working = Path.cwd()
    with ssh_server(tmp_path / "ssh", variables) as server, tmux(*server.login(), size=(100, 30)) as terminal:
        open_explorer(terminal, working)
        terminal.press("n")
        terminal.until_shown("A new search", "Start")
        terminal.press("C-s")
        before = fits_shown(terminal.until(lambda text: fits_shown(text) > 0))
        (folder,) = list_runs(home)
        explorer = int(Path("explorer.pid").read_text())

        os.kill(terminal.process(), signal.SIGKILL)  # the client; nobody says good-bye
        terminal.wait_for_end()
        wait_until(lambda: not is_there(explorer))
        runner = read_state(folder)[0].runner
        assert runner is not None
        wait_until(lambda: read_state(folder)[0].done > before)
        assert is_alive(runner) or read_state(folder)[1] not in LIVE_STATES  # in this order: it may end meanwhile

        terminal.run(server.login())
        open_explorer(terminal, working)
        terminal.until_shown(folder.name)
        terminal.press("Enter")
        assert fits_shown(terminal.until(lambda text: fits_shown(text) >= 0 and folder.name in text)) > before
        terminal.press("s")  # which does nothing, should it be finished
        terminal.until(lambda text: "■ stopped" in text or "✓ finished" in text)

        terminal.press("x")
        terminal.until_shown(f"nnsize-{folder.name}.csv", "enter Write")
        terminal.press("Enter")
        terminal.until_shown("Written to")
        terminal.press("q")
        terminal.wait_for_end()
    view = size_view(folder)
    with Path(f"nnsize-{folder.name}.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    splits = range(view.settings.splits)
    exported = [[row[f"split{split}_test_score"] for split in splits] for row in rows]
    stored = [[summary.scores[split] for split in splits] for summary in view.summaries]
    assert [[float(cell) if cell else None for cell in cells] for cells in exported] == stored
    assert sum(bool(cell) for cells in exported for cell in cells) == view.header.done > before

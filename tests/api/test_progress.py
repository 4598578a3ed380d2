"""The progress of a search: in a terminal, in a notebook, elsewhere, and nothing where it is not wanted."""

import io
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sklearn.datasets import load_iris

from nnsize import MLPClassifier, SizeSearchCV
from nnsize._progress import Lines, Silence, Snapshot, display_for
from nnsize._progress_notebook import NotebookDisplay, progress_html
from nnsize._progress_terminal import TerminalDisplay

SNAPSHOT = Snapshot(
    done=3, total=12, words="9 <b>neurons</b> \x1b[2J are", remaining=61.0, folder=Path("/runs/my run"), note="(1 kB)"
)


class _Notebook:
    """A stand-in for IPython in a notebook, which collects outputs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shown: list[str] = []
        ipython, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
        notebook = self

        class Handle:
            def update(self, content: str) -> None:
                notebook.shown.append(content)

        def show(content: str, display_id: bool) -> Handle:
            assert display_id
            self.shown.append(content)
            return Handle()

        ipython.version_info = (9, 0)  # type: ignore[attr-defined]  # matplotlib asks for it
        ipython.get_ipython = lambda: types.SimpleNamespace(kernel=object())  # type: ignore[attr-defined]
        display.HTML = str  # type: ignore[attr-defined]
        display.display = show  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        monkeypatch.setitem(sys.modules, "IPython.display", display)


def test_a_terminal_shows_a_bar_and_the_name_of_the_run_once() -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=80, color_system=None)
    with TerminalDisplay(console) as display:
        display.show(SNAPSHOT)
        display.show(SNAPSHOT)
    said = file.getvalue()
    assert said.count("watch it: nnsize-tui 'my run' (1 kB)") == 1
    assert "3 of 12 fits, about 1m01s left" in said
    assert "9 <b>neurons</b> \\x1b[2J are" in said


@pytest.mark.usefixtures("run_home", "warm")
def test_a_notebook_shows_one_output_that_changes(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    notebook = _Notebook(monkeypatch)
    X, y = load_iris(return_X_y=True)
    run = SizeSearchCV(MLPClassifier(max_iter=5), neurons=[2, 4, 8], cv=2).fit(X, y).run_
    assert f"watch it: nnsize-tui {run.name}" in notebook.shown[0]
    assert "6 of 6 fits" in notebook.shown[-1]
    assert "are recommended" in notebook.shown[-1]
    assert "<svg" in notebook.shown[-1]
    before = len(notebook.shown)
    SizeSearchCV(MLPClassifier(max_iter=5), neurons=[2, 4], cv=2, store=False).fit(X, y)
    assert "4 of 4 fits" in notebook.shown[-1]
    assert "<svg" not in notebook.shown[-1]
    count = len(notebook.shown)
    assert count > before
    SizeSearchCV(MLPClassifier(max_iter=5), neurons=[2], cv=2, verbose=0).fit(X, y)
    assert len(notebook.shown) == count
    assert capfd.readouterr() == ("", "")


def test_texts_stay_texts_in_a_notebook() -> None:
    assert "9 &lt;b&gt;neurons&lt;/b&gt;" in progress_html(SNAPSHOT)


def test_the_display_suits_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(display_for(0), Silence)
    assert isinstance(display_for(1), Lines)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert isinstance(display_for(1), TerminalDisplay)
    _Notebook(monkeypatch)
    assert isinstance(display_for(1), NotebookDisplay)

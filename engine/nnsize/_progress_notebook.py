"""The progress of a search in a notebook: a bar, the answer so far and, with matplotlib, the score curve, live."""

import html
import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Self

from nnsize._progress import Snapshot
from nnsize_engine.errors import NnsizeError

_SHOW_SECONDS = 0.5  # between two changes of the output; each is sent to the browser

_CURVE_SECONDS = 3.0  # between two drawings of the curve, which take a tenth of a second


class NotebookDisplay:
    """A display that changes one output of the cell."""

    shows_answers = True

    def __init__(self) -> None:
        self._display: Any = import_module("IPython.display")
        self._handle: Any = None
        self._last: Snapshot | None = None
        self._shown = self._drawn = -_CURVE_SECONDS
        self._curve = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._last is not None:
            self._put(self._last)

    def show(self, snapshot: Snapshot) -> None:
        """Change the output, unless it was changed a moment ago."""
        self._last = snapshot
        if time.monotonic() - self._shown >= _SHOW_SECONDS:
            self._put(snapshot)

    def _put(self, snapshot: Snapshot) -> None:
        if snapshot.folder is not None and (time.monotonic() - self._drawn >= _CURVE_SECONDS or not snapshot.remaining):
            self._curve = _curve_of(snapshot) or self._curve
            self._drawn = time.monotonic()
        content = self._display.HTML(progress_html(snapshot) + self._curve)
        if self._handle is None:
            self._handle = self._display.display(content, display_id=True)
        else:
            self._handle.update(content)
        self._shown = time.monotonic()


def progress_html(snapshot: Snapshot) -> str:
    """Return the progress as HTML; all texts in it stay texts."""
    lines = [snapshot.words, " ".join(filter(None, [snapshot.invitation, snapshot.note]))]
    shown = "".join(f"<div>{html.escape(line)}</div>" for line in lines if line)
    bar = f'<progress value="{snapshot.fraction:.4f}" max="1" style="width: 20em"></progress>'
    return f"<div>{bar} {html.escape(snapshot.counted)}</div>{shown}"


def _curve_of(snapshot: Snapshot) -> str:
    """Return the score curve of a run as a picture in HTML; empty without matplotlib, or before there is a score."""
    if snapshot.folder is None or find_spec("matplotlib") is None:
        return ""
    from nnsize_engine.export.draw_chart import draw

    try:
        picture = draw([snapshot.folder], "curve", "svg").decode()
    except NnsizeError:
        return ""
    return f'<div style="max-width: 45em">{picture[picture.find("<svg") :]}</div>'

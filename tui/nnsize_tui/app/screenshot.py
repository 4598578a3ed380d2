"""Picture of the screen as an SVG file."""

import contextlib
import itertools
import time
from pathlib import Path
from typing import Any

from textual.app import App


def save_screen(app: App[Any], folder: Path, run: str | None) -> Path:
    """Write the screen into a folder, under a name that does not exist yet; return the path.

    Args:
        app: the app.
        folder: the folder to write into.
        run: name of the open run, for the file name.

    Raises:
        OSError: the file cannot be written.
    """
    # Without the attribute, some programs drop leading blanks of a text.
    content = app.export_screenshot(title="nnsize").replace("<text ", '<text xml:space="preserve" ')
    stem = f"nnsize-{run or 'runs'}-{time.strftime('%Y%m%d-%H%M%S')}"
    for number in itertools.count(1):
        path = folder / (f"{stem}.svg" if number == 1 else f"{stem}-{number}.svg")
        with contextlib.suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write(content)
            return path
    raise AssertionError("numbers do not end")

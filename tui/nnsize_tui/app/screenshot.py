"""What the screen shows, as an SVG file."""

import contextlib
import itertools
import time
from pathlib import Path
from typing import Any

from textual.app import App


def save_screen(app: App[Any], folder: Path, run: str | None) -> Path:
    """Write what is seen into a folder, under a name that no file there has yet.

    Args:
        app: whose screen it is.
        folder: where to write.
        run: the run that is open, for the name.

    Raises:
        OSError: it cannot be written there.
    """
    # Without the attribute, some programs drop the blanks that a text begins with.
    content = app.export_screenshot(title="nnsize").replace("<text ", '<text xml:space="preserve" ')
    stem = f"nnsize-{run or 'runs'}-{time.strftime('%Y%m%d-%H%M%S')}"
    for number in itertools.count(1):
        path = folder / (f"{stem}.svg" if number == 1 else f"{stem}-{number}.svg")
        with contextlib.suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write(content)
            return path
    raise AssertionError("numbers do not end")

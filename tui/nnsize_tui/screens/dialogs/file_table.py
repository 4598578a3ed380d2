"""The files and folders of one folder."""

import functools
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.text import escape_text
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.columns import Column, fit_columns
from nnsize_tui.widgets.live_table import LiveTable

COLUMNS = (
    Column(key="name", title="name", width=24, is_left=True, grows=60, is_sortable=False),
    Column(key="size", title="size", width=8, rank=1, is_sortable=False),
    Column(key="changed", title="changed", width=16, is_left=True, rank=2, is_sortable=False),
)

UP = ".."
UNITS = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file or a folder."""

    name: str
    path: str
    is_folder: bool


class FileTable(LiveTable[Entry]):
    """Show folders, then files; sizes are read only of rows in sight."""

    def forget_sizes(self) -> None:
        """Forget the sizes, so that they are read again."""
        _facts.cache_clear()

    def key_of(self, item: Entry) -> Hashable:
        return item.name

    def columns_for(self, width: int) -> Sequence[Column]:
        return fit_columns(COLUMNS, width)

    def cell(self, item: Entry, column: Column) -> Line:
        if column.key == "name":
            name = escape_text(item.name)
            return [(f"{name}/", "accent")] if item.is_folder else [(name, "text")]
        if item.name == UP:
            return [("", "dim")]
        size, changed = _facts(item.path)
        if column.key == "size":
            return [("" if item.is_folder or size is None else size_text(size), "text")]
        return [(time.strftime("%Y-%m-%d %H:%M", time.localtime(changed)) if changed is not None else "gone", "dim")]


@functools.lru_cache(maxsize=1024)
def _facts(path: str) -> tuple[int | None, float | None]:
    """Return the size and the last change of a file, cached from the time when it was first in sight."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None, None
    return found.st_size, found.st_mtime


def size_text(size: int) -> str:
    """Return bytes with a unit: ``512 B``, ``3.4 kB``, ``120 MB``."""
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.1f} {UNITS[unit]}" if unit and value < 9.95 else f"{value:.0f} {UNITS[unit]}"

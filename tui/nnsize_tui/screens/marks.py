"""The runs that were marked to be compared, and the keys for that."""

from collections.abc import Collection
from pathlib import Path

from textual.binding import Binding

from nnsize_tui.chart.lines import MOST

COMPARE = Binding("c", "compare", "Compare", id="home.compare",
                  tooltip="The marked runs side by side; a single one with that under the cursor")  # fmt: skip
"""What is next once a run is marked."""

KEYS: tuple[Binding, ...] = (
    Binding("space", "mark", "Mark", id="home.mark", tooltip="Mark the run to compare it with others; again: unmark"),
    Binding("u", "unmark", "Unmark", id="home.unmark", show=False, tooltip="Unmark all runs"),
)  # fmt: skip


LEAST = 2  # and the engine's own module for comparing is not loaded before the first comparison


class Marks:
    """Marked runs, in the order in which they were marked."""

    def __init__(self) -> None:
        self._folders: list[Path] = []

    def __contains__(self, folder: Path) -> bool:
        return folder in self._folders

    def __len__(self) -> int:
        return len(self._folders)

    def turn(self, folder: Path) -> bool:
        """Mark a run, or unmark it; False where there are already as many as can be told apart."""
        if folder in self._folders:
            self._folders.remove(folder)
        elif len(self._folders) == MOST:
            return False
        else:
            self._folders.append(folder)
        return True

    def clear(self) -> None:
        """Unmark all."""
        self._folders.clear()

    def keep(self, folders: Collection[Path]) -> None:
        """Forget those that are not there any more."""
        self._folders = [folder for folder in self._folders if folder in folders]

    def to_compare(self, chosen: Path | None) -> tuple[Path, ...]:
        """The marked runs; a single one with the run under the cursor; nothing where that is not two."""
        folders = list(self._folders)
        if len(folders) == 1 and chosen is not None and chosen not in folders:
            folders.append(chosen)
        return tuple(folders) if len(folders) >= LEAST else ()

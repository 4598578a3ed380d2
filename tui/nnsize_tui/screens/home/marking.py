"""The runs that were marked to be compared, and what a screen with a table of runs does with them."""

from collections.abc import Collection
from pathlib import Path

from textual.binding import Binding

from nnsize_engine.charts.description import MAX_LINES
from nnsize_tui.screens.shared.steering import SteeringScreen

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
        elif len(self._folders) == MAX_LINES:
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


class MarkingScreen(SteeringScreen):
    """Marks the run under the cursor, and compares those that are marked; a child class shows the marks."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = Marks()

    def show_marks(self) -> None:
        """Show the rows with the marks that they have now."""
        raise NotImplementedError

    def step_down(self) -> None:
        """Move the cursor to the next run."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys work now."""
        if action == "mark":
            return self._readable() is not None
        if action == "compare":
            return bool(self._to_compare())
        if action == "unmark":
            return len(self.marks) > 0
        return super().check_action(action, parameters)

    def action_mark(self) -> None:
        """Mark the run under the cursor, or unmark it, and go on to the next one."""
        target = self.target()
        if target is None:
            return
        if not self.marks.turn(target.folder):
            words = f"{len(self.marks)} runs are marked, which is as many as can be told apart; unmark one first."
            self.notify(words, severity="warning", markup=False)
            return
        self.show_marks()
        self.step_down()

    def action_unmark(self) -> None:
        """Unmark all runs."""
        self.marks.clear()
        self.show_marks()

    def action_compare(self) -> None:
        """Show the marked runs beside each other."""
        from nnsize_tui.screens.compare.screen import CompareScreen

        folders = self._to_compare()
        if folders and self.app.screen is self:
            self.app.push_screen(CompareScreen(folders))

    def _to_compare(self) -> tuple[Path, ...]:
        return self.marks.to_compare(self._readable())

    def _readable(self) -> Path | None:
        """The run under the cursor, if it can be read."""
        target = self.target()
        return target.folder if target is not None and target.state is not None else None

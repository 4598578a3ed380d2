"""Mark runs in the table of all runs: to compare them, or to pause, stop, delete, export or tag them together."""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from textual.binding import Binding

from nnsize_engine.charts.description import MAX_LINES
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.shared.target import Target

COMPARE = Binding("c", "compare", "Compare", id="home.compare",
                  tooltip="The marked runs side by side; a single one with that under the cursor")  # fmt: skip
"""The key that compares the marked runs."""

KEYS: tuple[Binding, ...] = (
    Binding("space", "mark", "Mark", id="home.mark",
            tooltip="Mark runs to compare, steer, delete, export, tag together; again: unmark"),
    Binding("shift+down", "mark_on(1)", "Mark down", id="home.mark_down", show=False,
            tooltip="Mark the run and go down"),
    Binding("shift+up", "mark_on(-1)", "Mark up", id="home.mark_up", show=False, tooltip="Mark the run and go up"),
    Binding("A", "mark_all", "Mark all", id="home.mark_all", show=False,
            tooltip="Mark all runs that the table shows: all that the filter keeps"),
    Binding("u", "unmark", "Unmark", id="home.unmark", show=False, tooltip="Unmark all runs"),
)  # fmt: skip


MIN_COMPARED = 2  # runs; the engine has the same limit in a module that is loaded only for a comparison


class Marks:
    """Marked runs, in the order in which they were marked."""

    def __init__(self) -> None:
        self._folders: list[Path] = []

    def __contains__(self, folder: Path) -> bool:
        return folder in self._folders

    def __len__(self) -> int:
        return len(self._folders)

    @property
    def folders(self) -> Sequence[Path]:
        """The marked runs, in the order in which they were marked."""
        return tuple(self._folders)

    def turn(self, folder: Path) -> None:
        """Mark a run, or unmark it."""
        if folder in self._folders:
            self._folders.remove(folder)
        else:
            self._folders.append(folder)

    def add(self, folders: Iterable[Path]) -> None:
        """Mark runs that are not marked."""
        self._folders += [folder for folder in folders if folder not in self._folders]

    def clear(self) -> None:
        """Unmark all."""
        self._folders.clear()

    def keep(self, folders: Collection[Path]) -> None:
        """Unmark the runs that are gone."""
        self._folders = [folder for folder in self._folders if folder in folders]

    def to_compare(self, chosen: Path | None) -> tuple[Path, ...]:
        """Return the marked runs, a single one together with the run under the cursor; empty for fewer than two."""
        folders = list(self._folders)
        if len(folders) == 1 and chosen is not None and chosen not in folders:
            folders.append(chosen)
        return tuple(folders) if len(folders) >= MIN_COMPARED else ()


class Marking(Component):
    """Mark the run under the cursor, and compare the marked runs."""

    def __init__(
        self,
        screen: BaseScreen[None],
        *,
        target: Callable[[], Target | None],
        show: Callable[[], None],
        step: Callable[[int], None],
        shown: Callable[[], Iterable[Path]],
    ) -> None:
        """``target`` is the run under the cursor; ``show`` shows the marks, ``step`` moves by a number of rows.

        ``shown`` are the runs that the filter keeps.
        """
        self._screen = screen
        self._target, self._show, self._step, self._shown = target, show, step, shown
        self.marks = Marks()

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether there is a run to mark, to unmark or to compare."""
        del parameters
        allowed: dict[str, Callable[[], object]] = {
            "mark": self._target,
            "mark_on": self._target,
            "mark_all": self._target,
            "unmark": self.marks.__len__,
            "compare": self._to_compare,
        }
        return bool(allowed[action]())

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why there is nothing to mark, to unmark or to compare."""
        reasons = {"unmark": "no run is marked", "compare": "no two runs are marked"}
        return "" if self.can_do(action, parameters) else reasons.get(action, "there is no run to mark")

    def action_mark(self) -> None:
        """Mark the run under the cursor, or unmark it, and move to the next one."""
        target = self._target()
        if target is not None:
            self.marks.turn(target.folder)
            self._show()
            self._step(1)

    def action_mark_on(self, rows: int) -> None:
        """Mark the run under the cursor, and move by a number of rows."""
        target = self._target()
        if target is not None:
            self.marks.add([target.folder])
            self._show()
            self._step(rows)

    def action_mark_all(self) -> None:
        """Mark all runs that the table shows."""
        self.marks.add(self._shown())
        self._show()

    def action_unmark(self) -> None:
        """Unmark all runs."""
        self.marks.clear()
        self._show()

    def action_compare(self) -> None:
        """Show the marked runs side by side."""
        from nnsize_tui.screens.compare.screen import CompareScreen

        folders = self._to_compare()
        if len(folders) > MAX_LINES:
            words = f"{len(folders)} runs are marked, and {MAX_LINES} can be told apart in a chart; unmark some first."
            self._screen.notify(words, severity="warning", markup=False)
        elif folders and self._screen.app.screen is self._screen:
            self._screen.app.push_screen(CompareScreen(folders))

    def _to_compare(self) -> tuple[Path, ...]:
        return self.marks.to_compare(self._readable())

    def _readable(self) -> Path | None:
        """Return the run under the cursor, if it can be read."""
        target = self._target()
        return target.folder if target is not None and target.state is not None else None

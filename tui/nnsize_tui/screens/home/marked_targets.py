"""The marked runs, as keys steer them together."""

from collections.abc import Callable, Sequence

from nnsize_tui.follow.messages import RunRow
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.shared.target import Target


class MarkedTargets:
    """The runs that are marked in the table of all runs."""

    def __init__(self, screen: BaseScreen[None], targets: Callable[[], Sequence[Target]]) -> None:
        self._screen, self._targets = screen, targets

    @property
    def targets(self) -> Sequence[Target]:
        """The marked runs; none if there are none."""
        return self._targets()

    def export(self) -> None:
        """Open the export dialog for all of them."""
        from nnsize_tui.screens.export.dialog import ExportDialog
        from nnsize_tui.screens.home.marked_offer import MarkedOffer

        self._screen.app.push_screen(ExportDialog(self._screen.explorer.glyphs, MarkedOffer(self.targets)))


def target_of(row: RunRow) -> Target:
    """Return a run of the table, for the keys that steer it."""
    if row.header is None:
        return Target(folder=row.folder, state=row.state, done=0)
    is_broken = row.view is not None and bool(row.view.broken)
    return Target(folder=row.folder, state=row.state, done=row.header.done, kind=row.header.kind, is_broken=is_broken)

"""The key that shows the workers of a run on a cluster."""

from collections.abc import Callable
from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from nnsize_engine.runs.view import AnyView
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.shared.panes import Panes
from nnsize_tui.widgets.workers_pane import WorkersPane

WORKERS = Binding("c", "workers", "Workers", id="run.workers",
                  tooltip="The workers of the cluster alone; again: everything")  # fmt: skip


class WorkersKey(Component):
    """Show the workers alone, and everything again."""

    def __init__(self, screen: Screen[None], panes: Panes[Any, Any], view: Callable[[], AnyView | None]) -> None:
        self._screen, self._panes, self._view = screen, panes, view

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether the run has a cluster."""
        del action, parameters
        view = self._view()
        return view is not None and view.settings.cluster is not None

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why there are no workers."""
        return "" if self.can_do(action, parameters) else "the run has no cluster"

    def action_workers(self) -> None:
        """Show the workers alone; everything again if they are."""
        if self._panes.focus_on == "workers":
            self._panes.show_all()
            return
        self._panes.show_only("workers")
        self._screen.query_one(WorkersPane).focus()

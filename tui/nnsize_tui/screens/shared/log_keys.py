"""The keys of the log of an open run, and their actions."""

from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from nnsize_tui.screens.component import Component
from nnsize_tui.screens.shared.panes import Panes
from nnsize_tui.widgets.log_pane import LogPane

LOG = Binding("l", "log", "Log", id="run.log", tooltip="Show or hide the log")


class LogKeys(Component):
    """Show and hide the log; choose its lines and their order."""

    def __init__(self, screen: Screen[None], panes: Panes[Any, Any]) -> None:
        self._screen, self._panes = screen, panes
        self.is_wanted: bool | None = None
        """True or False as the user chose; None before that: the log is shown where there is room for it."""

    @property
    def _pane(self) -> LogPane:
        return self._screen.query_one(LogPane)

    def action_log(self) -> None:
        """Show or hide the log."""
        self._panes.show_all()
        self.is_wanted = not self._pane.display
        self._panes.place()

    def action_log_level(self) -> None:
        """Show only the log's warnings and errors, or everything again."""
        self._show()
        self._pane.next_level()

    def action_log_order(self) -> None:
        """Reverse the order of the log."""
        self._show()
        self._pane.reverse()

    def _show(self) -> None:
        """Show the log, so that the effect of a key can be seen."""
        if not self._pane.display:
            self.action_log()

"""A screen that is left once, however often that is asked for, and that is nothing but removed from then on."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from textual import events
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.messages import Prune
from textual.screen import Screen, ScreenResultType

from nnsize_engine.runs.view import AnyView, RunFollower
from nnsize_engine.settings.run import Kind
from nnsize_tui.follow.pending_requests import PendingRequests
from nnsize_tui.terminal.glyphs import Glyphs

if TYPE_CHECKING:
    pass


class BaseScreen(Screen[ScreenResultType]):
    """Every screen of the explorer is one."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave, and with it what lies on top; nothing where that was done before, by a quicker key or click.

        Textual leaves whichever screen is in front.
        """
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)

    async def _dispatch_message(self, message: Message) -> None:
        """What is being removed shows nothing any more: its parts may not be there, before they ever were, or again."""
        if isinstance(message, Prune | events.Unmount | events.Callback) or (self.is_attached and not self._pruning):
            await super()._dispatch_message(message)


class Explorer(Protocol):
    """What screens need of the app."""

    glyphs: Glyphs
    pending_requests: PendingRequests
    refresh_seconds: float | None
    """Between two looks at runs, where the user wants others than usual."""

    def follower(self, folder: Path) -> RunFollower:
        """Who looks at this run: one for all screens."""

    def open_run(self, folder: Path, kind: Kind, view: AnyView | None = None) -> None:
        """Show one run on top of the table."""

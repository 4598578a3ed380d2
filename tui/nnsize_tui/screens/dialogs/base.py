"""A screen that is left once, however often that is asked for, and that is nothing but removed from then on."""

from textual import events
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.messages import Prune
from textual.screen import Screen, ScreenResultType


class LeavingScreen(Screen[ScreenResultType]):
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

"""The bottom line: the keys that work now; each can be clicked."""

from collections.abc import Iterable

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.screen import Screen

from nnsize_tui.widgets.canvas import Canvas, Line, Piece

GAP = "  "
PALETTE_ACTION = "palette"
"""The action of the key that opens the command palette."""

LAST_ACTIONS = (
    "larger", "picture", "every", "best", "follow", "sort", "log", "copy", "filter", "save_screen", "grid",
    "chart_smooth", "extend", "training", "again", "delete",
)  # fmt: skip
"""Actions that come last, in this order. Where there is no room for all keys, the last ones are left out."""


class KeyBar(Canvas):
    """The keys and words of the bindings of the screen and of the focused widget."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._update)

    def _update(self, _: Screen[object]) -> None:
        if self.is_mounted:
            self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        del height
        line: list[Piece] = [(" ", "text")]
        for key, words, _ in self.entries(width):
            line += [(key, "title"), (f" {words}{GAP}", "dim")]
        yield line

    def entries(self, width: int) -> list[tuple[str, str, Binding]]:
        """Return key, words and binding of the keys that have room; help, palette and quit always have room."""
        shown: dict[str, tuple[str, str, Binding]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.action not in shown:
                shown[binding.action] = (self.app.get_key_display(binding), binding.description, binding)
        entries = list(shown.values())
        always = 3 if PALETTE_ACTION in shown else 2
        entries, last = sorted(entries[:-always], key=self._place), entries[-always:]
        while entries and sum(cell_len(key + words) + 1 + len(GAP) for key, words, _ in (*entries, *last)) > width:
            del entries[-1]
        return [*entries, *last]

    def _place(self, entry: tuple[str, str, Binding]) -> tuple[bool, int]:
        """Return the rank of an entry; bindings without a rank keep their order."""
        action = entry[2].action.partition("(")[0]
        is_unwanted = action in getattr(self.screen, "unwanted", ())
        return is_unwanted, LAST_ACTIONS.index(action) if action in LAST_ACTIONS else -1

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        end = 1
        for key, words, binding in self.entries(self.size.width):
            end += cell_len(key + words) + 1 + len(GAP)
            if event.x < end:
                self.app.simulate_key(binding.key)
                return

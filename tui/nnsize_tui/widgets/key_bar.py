"""The bottom line: the keys that work now; each can be clicked."""

from collections.abc import Iterable

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.screen import Screen

from nnsize_tui.widgets.canvas import Canvas, Line, Piece

GAP = "  "
HELP_ACTION, EXPLAIN_ACTION, PALETTE_ACTION, QUIT_ACTION = "keys", "explain", "palette", "quit"
"""The actions of the keys that open the help, explain what is under the cursor, open the palette, and quit."""

LAST_ACTIONS = (
    "larger", "picture", "every", "best", "follow", "sort", "log", "copy", "filter", "save_screen", "grid",
    "chart_smooth", "importances", "label", "extend", "training", "again", "delete",
)  # fmt: skip
"""Actions that come last, in this order. Where there is no room for all keys, the last ones are left out."""


NARROW = 100  # columns below which words are short, and some keys have room before others
SHORT_WORDS = {"New search": "New"}
"""Words of a narrow bottom line."""

Entry = tuple[str, str, Binding]


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

    def entries(self, width: int) -> list[Entry]:
        """Return key, words and binding of the keys that have room; help, palette and quit always have room.

        Where no key opens the help, since it is typed, the key that explains the field has room in its place.
        """
        explains = getattr(self.screen, "OFFERS_EXPLANATION", False)
        shown: dict[str, Entry] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.action not in shown:
                shown[binding.action] = (self.app.get_key_display(binding), binding.description, binding)
        if HELP_ACTION in shown and not explains:
            shown.pop(EXPLAIN_ACTION, None)
        always = [one for one in (HELP_ACTION, PALETTE_ACTION, QUIT_ACTION) if one in shown] or list(shown)[-2:]
        if HELP_ACTION not in shown and EXPLAIN_ACTION in shown:
            always.insert(0, EXPLAIN_ACTION)
        last = [shown.pop(action) for action in always]
        entries = sorted(shown.values(), key=self._place)
        kept = getattr(self.screen, "kept", ()) if width < NARROW else ()
        if width < NARROW and _columns(*entries, *last) > width:
            entries = [(key, SHORT_WORDS.get(words, words), binding) for key, words, binding in entries]
        while entries and _columns(*entries, *last) > width:
            others = [place for place, one in enumerate(entries) if one[2].action not in kept]
            del entries[others[-1] if others else -1]
        return [*entries, *last]

    def _place(self, entry: Entry) -> tuple[bool, int]:
        """Return the rank of an entry; bindings without a rank keep their order."""
        action = entry[2].action.partition("(")[0]
        is_unwanted = action in getattr(self.screen, "unwanted", ())
        is_last = action in LAST_ACTIONS and action not in getattr(self.screen, "wanted", ())
        return is_unwanted, LAST_ACTIONS.index(action) if is_last else -1

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        end = 1
        for key, words, binding in self.entries(self.size.width):
            end += cell_len(key + words) + 1 + len(GAP)
            if event.x < end:
                self.app.simulate_key(binding.key)
                return


def _columns(*entries: Entry) -> int:
    return sum(cell_len(key + words) + 1 + len(GAP) for key, words, _ in entries)

"""The keys of the setup screen, and the words that its help explains."""

from collections.abc import Sequence
from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from nnsize_tui.screens.setup.panes import WRITTEN

KEYS: tuple[Binding, ...] = (
    Binding("ctrl+s", "start(True)", "Start", id="setup.start", priority=True,
            tooltip="Start the run in the background, and open it"),
    Binding("ctrl+g", "start(False)", "Background", id="setup.background", priority=True,
            tooltip="Start the run in the background, and go back to all runs"),
    Binding("enter", "pick", "Pick", id="setup.pick",
            tooltip="Choose from a list, with a line of words on each entry: a file, columns, a scoring, yes or no"),
    Binding("enter", "next_field", "Next", id="setup.next_field",
            tooltip="Where there is no list: the field below; on the line more: show more"),
    Binding("ctrl+d", "data", "Data", id="setup.data", priority=True,
            tooltip="Look at the data: columns, missing values, warnings, rows"),
    Binding("ctrl+n", "more", "More", id="setup.more", priority=True,
            tooltip="Show or hide the parameters of the network, and how the file is read"),
    Binding("ctrl+o", "presets", "Presets", id="setup.presets", priority=True,
            tooltip="Begin from a list: the built-in runs, your last runs, settings in files of this folder"),
    Binding("ctrl+x", "save", "Save", id="setup.save", priority=True,
            tooltip="Save the settings as a file, for this list and for nnsize --config"),
    Binding("ctrl+r", "reset", "Reset", id="setup.reset", priority=True,
            tooltip="The field as it usually is; pressed again, all fields"),
    Binding("ctrl+l", "anew", "Anew", id="setup.anew", priority=True, show=False,
            tooltip="Begin anew: all fields as they usually are, with the defaults of your settings file"),
    Binding("escape", "leave", "Back", id="setup.leave", tooltip="Back to all runs without starting; what is "
            "typed is kept"),
    Binding("up,shift+tab", "move(-1)", "Up", id="setup.up", show=False, tooltip="The field above"),
    Binding("down,tab", "move(1)", "Down", id="setup.down", show=False, tooltip="The field below"),
    Binding("pageup", "page(-1)", "Page up", id="setup.page_up", show=False, tooltip="A page of fields up"),
    Binding("pagedown", "page(1)", "Page down", id="setup.page_down", show=False, tooltip="A page of fields down"),
)  # fmt: skip


def anew_key(screen: Screen[Any]) -> str:
    """Return the key that begins anew, which the user may have changed."""
    bound = [active.binding for active in screen.active_bindings.values() if active.binding.id == "setup.anew"]
    return screen.app.get_key_display(bound[0]).replace("^", "ctrl+") if bound else "the key of Anew"


WORDS: Sequence[tuple[str, str]] = (
    ("< value >", "one of a few: left, right and space take another one, enter shows many as a list"),
    ("candidates", "networks to try: every size with every combination of the parameters' values"),
    ("fits", "trainings: every candidate on every fold, with every seed"),
    ("members", "networks in an evolution's population; each generation evaluates as many"),
    ("about 2m10s", "computed from networks really trained here for a moment, or a few small generations"),
    ("at most 2m10s", "the same, where training may come to its end, or a population converge, before that"),
    ("inputs", "numbers that the network sees of a row, after encoding"),
    *WRITTEN,
)

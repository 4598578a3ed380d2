"""Commands for the palette: those of the current screen, those that work everywhere, and those without a key."""

from collections.abc import Iterable, Sequence

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode

from nnsize_engine.settings.glossary import GLOSSARY
from nnsize_engine.settings.run import STEP_NAMES
from nnsize_tui.app.refusals import is_possible, reason_of
from nnsize_tui.follow.messages import RunRow
from nnsize_tui.screens.dialogs.palette import Command
from nnsize_tui.terminal.key_bindings import bindings_of
from nnsize_tui.terminal.themes import CHOICES
from nnsize_tui.text.kinds import WORDS
from nnsize_tui.widgets.canvas import Canvas

HIDDEN_ACTIONS = frozenset({"palette", "theme_step"})
"""Actions that are not in the palette: opening it, and the next theme, as every theme is listed."""


def commands_of(app: App[None], runs: Sequence[RunRow]) -> list[Command]:
    """Return the commands of the current screen, then those that work everywhere, then those that move the cursor."""
    screen, focused = app.screen, app.screen.focused
    commands = [*_bound(app, screen), *_bound(app, app)]
    for name, words in CHOICES.items():
        commands.append(Command(name=f"Theme: {name}", note=words, keys="", action=f"take_theme({name!r})", node=app))
    note = "Write a file for the theme, refresh rate, bell, notifications, mouse and keys that you want"
    commands.append(Command(name="Settings file", note=note, keys="", action="settings_file", node=app))
    commands += [_opening(app, row) for row in runs if row.header is not None]
    if isinstance(focused, Canvas):  # inputs have keys for editing, which are no commands
        commands += _bound(app, focused)
    return [*commands, *_terms(app)]


def _terms(app: App[None]) -> Iterable[Command]:
    """Yield the words of the glossary; choosing one opens the help there."""
    for term, words in GLOSSARY:
        yield Command(name=term, note=words, keys="word", action=f"term({term!r})", node=app, is_term=True)


def _bound(app: App[None], node: DOMNode) -> Iterable[Command]:
    """Return the commands that keys have on a screen or widget."""
    for binding in bindings_of(node):
        name = binding.action.partition("(")[0]
        if name in HIDDEN_ACTIONS or not binding.description:
            continue
        yield Command(
            name=binding.description,
            note=str(binding.tooltip or binding.description),
            keys=keys_text(app, binding),
            action=binding.action,
            node=node,
            is_possible=is_possible(app, binding.action, node),
            why_not=_why_not(app, binding.action, node),
        )


def _why_not(app: App[None], action: str, node: DOMNode) -> str:
    """Return the reason why an action means nothing now; empty if it does."""
    if is_possible(app, action, node):
        return ""
    return reason_of(app, action, node) or "there is nothing here that it could act on"


def keys_text(app: App[None], binding: Binding) -> str:
    """Return the keys of a binding as they are labelled on a keyboard."""
    return " ".join(app.get_key_display(Binding(key, "")) for key in binding.key.split(","))


def _opening(app: App[None], row: RunRow) -> Command:
    assert row.header is not None
    kind = WORDS[row.header.kind].name
    steps = f"{row.header.done:,} {STEP_NAMES[row.header.kind]}s"
    return Command(
        name=f"Open run {row.folder.name} {row.label.name}".rstrip(),
        note=f"{kind} on {row.header.settings.data}, {row.state}, {steps}",
        keys="",
        action=f"open_known_run({str(row.folder)!r})",
        node=app,
    )

"""What the setup screen's fields are chosen from: files, columns, scorings, strategies."""

from textual.app import App

from nnsize_tui.screens.dialogs.pick_file import PickFile
from nnsize_tui.screens.dialogs.pick_names import PickNames, column_names
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.fields import Field
from nnsize_tui.screens.setup.parse import join_names, split_names
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.terminal.glyphs import Glyphs

_LONG = ("scoring", "fitness", "strategy")
"""One of so many that a list is of use."""


def has_list(field: Field, state: SetupState) -> bool:
    """Whether there is a list to choose a field's value from."""
    return field.kind == "file" or bool(field.kind == "columns" and state.columns) or field.key in _LONG


async def pick(app: App[None], glyphs: Glyphs, field: Field, state: SetupState) -> Draft | None:
    """Ask for a field's value with a list; the changed draft, or None when nothing was chosen.

    Must be awaited in a worker.
    """
    if field.kind == "file":
        typed = state.draft["data"].strip()
        path = await app.push_screen_wait(PickFile(glyphs, state.draft.real.get(typed, typed)))
        return state.draft.at(str(path)) if path is not None else None
    now: tuple[str, ...]
    if field.kind == "columns":
        names, now = column_names(state.columns, state.summary), split_names(state.draft[field.key])
    else:
        names, now = [(name, "") for name in state.options(field)], (state.value(field),)
    picker = PickNames(glyphs, field.label, names, now, many=field.kind == "columns")
    picked = await app.push_screen_wait(picker) if names else None
    return state.draft.changed(field.key, join_names(picked)) if picked is not None else None

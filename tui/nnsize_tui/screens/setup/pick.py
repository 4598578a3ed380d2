"""Choose values on other screens: a file, columns, a scoring, a strategy, a preset, columns to leave out."""

import asyncio
from pathlib import Path
from typing import Any

from textual.app import App
from textual.screen import Screen

from nnsize_engine.results.table_summary import DataSummary
from nnsize_tui.screens.data.screen import DataScreen
from nnsize_tui.screens.dialogs.pick_file import PickFile
from nnsize_tui.screens.dialogs.pick_names import PickNames, column_names
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.evolution import is_typed_fitness
from nnsize_tui.screens.setup.fields import Field
from nnsize_tui.screens.setup.parse import join_names, split_names
from nnsize_tui.screens.setup.presets import list_presets
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.terminal.glyphs import Glyphs

_LISTED_FIELDS = ("scoring", "fitness", "strategy")
"""Fields with so many values that a list helps."""


def has_list(field: Field, state: SetupState) -> bool:
    """Return whether a field's value can be chosen from a list."""
    return (
        field.kind == "file"
        or bool(field.kind in ("column", "columns") and state.columns)
        or field.key in _LISTED_FIELDS
    )


def takes_several(field: Field, state: SetupState) -> bool:
    """Return whether several names are possible, in their order: scorings of a search, strategies to compare."""
    return (field.key, state.draft.kind) in (("scoring", "size"), ("strategy", "evolution"))


async def pick(app: App[None], glyphs: Glyphs, field: Field, state: SetupState) -> Draft | None:
    """Ask for a field's value with a list; return the changed draft, None if nothing was picked.

    Must be awaited in a worker.
    """
    if field.kind == "file":
        typed = state.draft["data"].strip()
        path = await app.push_screen_wait(PickFile(glyphs, state.draft.real.get(typed, typed)))
        return state.draft.at(str(path)) if path is not None else None
    now: tuple[str, ...]
    if field.kind in ("column", "columns"):
        names, now = column_names(state.columns, state.summary), split_names(state.draft[field.key])
    else:
        names, now = [(name, "") for name in state.options(field)], split_names(state.value(field))
    takes = is_typed_fitness if field.key == "fitness" else None
    has_several = field.kind == "columns" or takes_several(field, state)
    picker = PickNames(
        glyphs,
        field.label,
        names,
        now,
        many=has_several,
        keeps_order=has_several and field.kind != "columns",
        takes=takes,
    )
    picked = await app.push_screen_wait(picker) if names else None
    if picked is None:
        return None
    return state.draft.changed(field.key, picked[0] if field.key == "fitness" else join_names(picked))


async def pick_preset(screen: Screen[Any], glyphs: Glyphs, home: Path) -> Draft | None:
    """Ask for a preset; return its draft, None if nothing was picked or the screen was left meanwhile.

    Must be awaited in a worker.

    Raises:
        NnsizeError: the settings of a run or a file cannot be read.
    """
    presets = await asyncio.to_thread(list_presets, home, Path.cwd())
    if screen.app.screen is not screen:
        return None
    names = [(one.name, one.note) for one in presets]
    picked = await screen.app.push_screen_wait(PickNames(glyphs, "presets", names, (), many=False))
    return next((one.draft() for one in presets if picked and one.name == picked[0]), None)


async def show_data(app: App[None], data: DataSummary, state: SetupState) -> Draft | None:
    """Show the data; return the draft with other columns left out, None if they are the same.

    Must be awaited in a worker.
    """
    is_builtin = bool(state.builtin)
    ignored = await app.push_screen_wait(DataScreen(data, can_ignore=not is_builtin))
    if is_builtin or set(ignored) == set(split_names(state.draft["ignore"])):
        return None
    return state.draft.changed("ignore", join_names(ignored))

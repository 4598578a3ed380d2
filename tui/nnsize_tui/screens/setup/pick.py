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
from nnsize_tui.screens.setup.choices import choices_of, has_choices, takes_several, takes_typed
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.fields import Field
from nnsize_tui.screens.setup.parse import join_names, split_names
from nnsize_tui.screens.setup.presets import list_presets
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.terminal.glyphs import Glyphs


def has_list(field: Field, state: SetupState) -> bool:
    """Return whether a field's value can be chosen from a list."""
    return field.kind == "file" or bool(
        state.columns if field.kind in ("column", "columns") else has_choices(field, state)
    )


async def pick(app: App[None], glyphs: Glyphs, field: Field, state: SetupState) -> Draft | None:
    """Ask for a field's value with a list; return the changed draft, None if nothing was picked.

    Must be awaited in a worker.
    """
    if field.kind == "file":
        typed = state.draft["data"].strip()
        path = await app.push_screen_wait(PickFile(glyphs, state.draft.real.get(typed, typed)))
        return state.draft.at(str(path)) if path is not None else None
    if field.kind in ("column", "columns"):
        return await _pick_columns(app, glyphs, field, state)
    return await _pick_value(app, glyphs, field, state)


async def _pick_columns(app: App[None], glyphs: Glyphs, field: Field, state: SetupState) -> Draft | None:
    names, now = column_names(state.columns, state.summary), split_names(state.draft[field.key])
    picked = await app.push_screen_wait(PickNames(glyphs, field.label, names, now, many=field.kind == "columns"))
    return None if picked is None else state.draft.changed(field.key, join_names(picked))


async def _pick_value(app: App[None], glyphs: Glyphs, field: Field, state: SetupState) -> Draft | None:
    """Ask for one or several of the values that are offered; a typed one is taken where it is valid."""
    values, has_several = choices_of(field, state), takes_several(field, state)
    empty = field.empty or "empty"
    value = state.value(field)
    now = tuple(one.strip() for one in value.split(",")) if has_several else (value or empty,)
    picker = PickNames(
        glyphs,
        field.label,
        [(name or empty, words) for name, words in values],
        now,
        many=has_several,
        keeps_order=has_several,
        takes=lambda text: takes_typed(field, text, state),
    )
    picked = await app.push_screen_wait(picker) if values else None
    if picked is None:
        return None
    return state.draft.changed(field.key, ",".join("" if name == empty else name for name in picked))


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

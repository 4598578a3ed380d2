"""The draft with which a setup begins, and what is kept when it is left without a start."""

from typing import Any

from nnsize_engine.errors import NnsizeError
from nnsize_engine.settings.run import Kind
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.setup.default_draft import usual_draft
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.kept_draft import draft_fields, draft_from_fields, is_half_filled


def begin_draft(screen: BaseScreen[Any], kind: Kind, last: Draft | None) -> tuple[Draft, float | None]:
    """Return the draft of a new setup, and when it was left half-filled; None if it was not.

    Without a half-filled one it is the last one of this session, or the usual one.
    """
    saved = screen.explorer.saved_draft(kind)
    kept = None if saved is None else draft_from_fields(kind, saved[0])
    if saved is not None and kept is not None:
        return kept, saved[1]
    return last or fresh_draft(screen, kind), None


def fresh_draft(screen: BaseScreen[Any], kind: Kind) -> Draft:
    """Return the draft with the user's defaults; say why they cannot be read."""
    try:
        return usual_draft(kind)
    except NnsizeError as error:
        screen.notify(str(error), severity="error", timeout=8, markup=False)
        return Draft(kind=kind)


def save_if_half_filled(screen: BaseScreen[Any], draft: Draft) -> None:
    """Save a draft for the next setup if it differs from the usual one."""
    try:
        begun = usual_draft(draft.kind)
    except NnsizeError:
        begun = Draft(kind=draft.kind)
    screen.explorer.save_draft(draft.kind, draft_fields(draft) if is_half_filled(draft, begun) else None)

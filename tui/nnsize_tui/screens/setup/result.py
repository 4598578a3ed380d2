"""The value that the setup screen returns."""

from dataclasses import dataclass
from pathlib import Path

from nnsize_tui.screens.setup.draft import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupResult:
    """The last draft, and the run that was started from it."""

    draft: Draft
    started: Path | None = None
    """The folder of the run; None if none was started."""

    is_watched: bool = True
    """True if the run is opened now."""

"""Settings of the explorer: what a user may choose, and the defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SETTINGS = ("theme", "refresh", "bell", "notify", "mouse", "keys")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerConfig:
    """Everything as it usually is, unless the file says otherwise."""

    theme: str | None = None
    """One of :data:`nnsize_tui.terminal.themes.CHOICES`; None for what suits the terminal."""

    refresh: float | None = None
    """Seconds between two looks at runs, and between two drawings of new data; None for as often as usual."""

    bell: bool = False
    """Whether the terminal's bell rings when a run ends."""

    notify: bool = False
    """Whether the terminal is asked to notify when a run ends (OSC 9)."""

    mouse: bool = True
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """The keys for an action by its id, as Textual names them."""

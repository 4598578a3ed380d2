"""Settings of the explorer and their defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SETTINGS = ("theme", "refresh", "bell", "notify", "mouse", "keys")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerConfig:
    """Settings of the explorer, with their defaults."""

    theme: str | None = None
    """One of :data:`nnsize_tui.terminal.themes.CHOICES`; None for the one that suits the terminal."""

    refresh: float | None = None
    """Seconds between two looks at runs and between two drawings of new data; None for the usual ones."""

    bell: bool = False
    """True to ring the bell of the terminal when a run ends."""

    notify: bool = False
    """True to ask the terminal for a notification (OSC 9) when a run ends."""

    mouse: bool = True
    """True to let the terminal report clicks and the wheel."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Keys, in Textual's names, by the id of their action."""

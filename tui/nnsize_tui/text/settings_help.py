"""The settings of the explorer with explanations, for the help and for the template of the user's file."""

from nnsize_tui.terminal.themes import CHOICES

MIN_REFRESH_SECONDS, MAX_REFRESH_SECONDS = 0.1, 60.0

ABOUT: tuple[tuple[str, str, str], ...] = (
    ("theme", '"dark"', f"of the start; {', '.join(CHOICES)}"),
    ("refresh", "0.5", f"seconds between two looks at runs, {MIN_REFRESH_SECONDS:g} to {MAX_REFRESH_SECONDS:g}"),
    ("bell", "false", "true rings the terminal's bell when a run ends"),
    ("notify", "false", "true asks the terminal to notify when a run ends (OSC 9)"),
    ("mouse", "true", "false leaves the mouse to the terminal"),
)
"""Every setting except the keys: its name, a value as TOML, and an explanation."""

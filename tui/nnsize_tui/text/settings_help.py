"""What the settings of the explorer are called and about: for the help, and for the file that has them all."""

from nnsize_tui.terminal.themes import CHOICES

LEAST_REFRESH, MOST_REFRESH = 0.1, 60.0

ABOUT: tuple[tuple[str, str, str], ...] = (
    ("theme", '"dark"', f"of the start; {', '.join(CHOICES)}"),
    ("refresh", "0.5", f"seconds between two looks at runs, {LEAST_REFRESH:g} to {MOST_REFRESH:g}"),
    ("bell", "false", "true rings the terminal's bell when a run ends"),
    ("notify", "false", "true asks the terminal to notify when a run ends (OSC 9)"),
    ("mouse", "true", "false leaves the mouse to the terminal"),
)
"""Every setting but the keys: its name, a value as a file has it, and what it is about."""

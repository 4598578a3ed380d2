"""``python -m nnsize_tui``."""

from nnsize_tui.entry_points import nnsize_tui

nnsize_tui()

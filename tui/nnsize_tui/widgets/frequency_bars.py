"""Horizontal bars of labels and their frequencies."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from nnsize_engine.results.table_summary import Level
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.lines import cut_text

EIGHTHS = "▏▎▍▌▋▊▉█"
MAX_LABEL_COLUMNS = 24


def frequency_bars(levels: Sequence[Level], rows: int, width: int, glyphs: Glyphs) -> Iterable[Line]:
    """Yield a line for each label: its name, rows, share of all rows, and a bar relative to the most frequent label."""
    most = max((level.rows for level in levels), default=0)
    if not most or not rows:
        return
    names = [level.label or "(empty)" for level in levels]
    name_room = min(MAX_LABEL_COLUMNS, max(map(cell_len, names)), max(4, width // 3))
    count_room = len(f"{most:,}")
    bar_room = width - name_room - count_room - 10
    for level, name in zip(levels, names, strict=True):
        share = f"{100 * level.rows / rows:3.0f}%" if 1000 * level.rows >= 10 * rows else " <1%"
        yield [
            (" " + set_cell_size(cut_text(name, name_room, glyphs), name_room), "text"),
            (f"  {level.rows:>{count_room},} ", "text"),
            (f"{share} ", "dim"),
            (_bar(level.rows / most, bar_room, unicode=glyphs.unicode), "done"),
        ]


def _bar(share: float, room: int, *, unicode: bool) -> str:
    """Return a bar for a share; at least its smallest part."""
    if room < 1:
        return ""
    eighths = max(1, round(8 * share * room))
    if not unicode:
        return "#" * max(1, round(share * room))
    return "█" * (eighths // 8) + (EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")

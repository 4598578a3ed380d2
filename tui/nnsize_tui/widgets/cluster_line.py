"""The cluster of an open run in one line: its workers, what waits for them, how much they finish, their memory."""

from rich.cells import cell_len

from nnsize_engine.runs.view import AnyView
from nnsize_engine.text import escape_text
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text.cluster import header_words, trouble_words
from nnsize_tui.widgets.canvas import Line, Piece

GAP = "   "
"""Blanks between two facts."""


def cluster_line(view: AnyView, width: int) -> Line:
    """Return the fullest words about the cluster of a run that have room; what is wrong with workers has a colour."""
    cluster = view.cluster
    assert cluster is not None, "the run has a cluster, and a runner"
    if not cluster.workers:
        return [(f" {escape_text(cluster.where)}{GAP}", "dim"), ("no worker is connected", "warn")]
    known, trouble = header_words(cluster, view.kind), trouble_words(cluster)
    for words in known:
        if cell_len(GAP.join([*words, *trouble])) + 2 <= width:
            return _pieces(words, trouble)
    return _pieces(known[-1], trouble)


def _pieces(words: list[str], troubles: list[str]) -> Line:
    found: list[Piece] = []
    for word in words:
        ink: Ink = "accent" if word.endswith("busy") else "dim"
        found.append((GAP if found else " ", "dim"))
        found.append((word, ink))
    return [*found, *((f"{GAP}{word}", "warn") for word in troubles)]

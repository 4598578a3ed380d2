"""The workers of the cluster that computes a run."""

import time
from collections.abc import Callable, Sequence

from rich.cells import cell_len, set_cell_size

from nnsize_engine.results.cluster_facts import ClusterFacts, WorkerFacts
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text.cluster import host_text, is_nearly_full, seen_words, summary_of, worker_memory
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.scroll_lines import ScrollLines

MAX_NAME_SHARE = 0.25
"""Share of the width that the names of workers may take, and those of hosts: both can be long addresses."""

MIN_BUSY_COLUMNS = 12
"""Columns that the work under way keeps; hosts are hidden if it has fewer."""

_NUMBERS: tuple[tuple[str, int, Callable[[WorkerFacts, float], str]], ...] = (
    ("fits", 6, lambda worker, _: f"{worker.fits_done}"),
    ("memory", 14, lambda worker, _: worker_memory(worker)),
    ("seen", 8, seen_words),
)
"""Title, width and text of each column of numbers."""


class WorkersPane(ScrollLines):
    """A line for each worker: host, finished fits, memory, when it was last heard of, and what it computes."""

    _cluster: ClusterFacts | None = None

    def show(self, cluster: ClusterFacts | None) -> None:
        """Show the workers as of now; None while no runner is at work."""
        if cluster != self._cluster:
            self._cluster = cluster
            self.redraw_soon()

    def pane_title(self) -> str:
        cluster = self._cluster
        if cluster is None:
            return "workers"
        whole = f"workers: {summary_of(cluster)}"
        return (
            whole if len(whole) + 16 <= self.size.width else f"workers: {cluster.busy} of {len(cluster.workers)} busy"
        )

    def fixed(self, width: int) -> Sequence[Line]:
        if self._cluster is None or not self._cluster.workers:
            return []
        name, host = self._widths(width)
        titles = "".join(f"{title:>{columns}}" for title, columns, _ in _NUMBERS)
        return [[(f"{'worker':<{name}}{'host':<{host}}"[: name + host] + f"{titles}  busy with", "dim")]]

    def content(self, width: int) -> Sequence[Line]:
        if self._cluster is None:
            return [[("no runner is at work, and so no worker is connected", "dim")]]
        if not self._cluster.workers:
            return [[("no worker is connected", "warn")]]
        now, (name, host) = time.time(), self._widths(width)
        return [self._row(worker, name, host, now) for worker in self._cluster.workers]

    def _row(self, worker: WorkerFacts, name: int, host: int, now: float) -> Line:
        seen = seen_words(worker, now)
        pieces: list[Piece] = [
            (self._fitted(worker.name, name), "text"),
            (self._fitted(host_text(worker.host), host), "dim"),
        ]
        for title, columns, text in _NUMBERS:
            is_bad = (title == "memory" and is_nearly_full(worker)) or (title == "seen" and seen != "now")
            ink: Ink = "warn" if is_bad else "text"
            pieces.append((f"{text(worker, now):>{columns}}", ink))
        return [*pieces, ("  ", "text"), (worker.busy_with or "idle", "accent" if worker.busy_with else "dim")]

    def _widths(self, width: int) -> tuple[int, int]:
        """Return the columns of names and of hosts, each with a blank; 0 for hosts that have no room."""
        assert self._cluster is not None, "there are workers"
        most = int(MAX_NAME_SHARE * width)
        names = [worker.name for worker in self._cluster.workers]
        hosts = [host_text(worker.host) for worker in self._cluster.workers]
        name, host = (
            min(most, max(len(title), *map(cell_len, texts)) + 1)
            for title, texts in (("worker", names), ("host", hosts))
        )
        numbers = sum(columns for _, columns, _ in _NUMBERS) + 2
        return (name, host) if width - name - host - numbers >= MIN_BUSY_COLUMNS else (name, 0)

    def _fitted(self, text: str, columns: int) -> str:
        """Return a text in a column with a blank at its end; of a long one the end, which tells it from others."""
        if columns == 0:
            return ""
        room = columns - 1
        if cell_len(text) > room:
            cut = self.glyphs.ellipsis[: room // 2]
            text = cut + text[-(room - len(cut)) :]
        return set_cell_size(text, room) + " "

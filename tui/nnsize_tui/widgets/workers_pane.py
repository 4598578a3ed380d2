"""The workers of the cluster that computes a run."""

import time
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from nnsize_engine.results.cluster_facts import ClusterFacts, WorkerFacts
from nnsize_tui.text.cluster import host_text, is_nearly_full, is_silent, seen_words, trouble_words, worker_memory
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.scroll_lines import ScrollLines

MAX_NAME_SHARE = 0.25
"""Share of the width that the names of workers may take, and those of hosts: both can be long addresses."""

MIN_BUSY_COLUMNS = 18
"""Columns that the work under way keeps; hosts are hidden if it has fewer."""

NUMBERS = (7, 13, 8)
NARROW_NUMBERS = (6, 11, 7)
"""Columns of the finished fits, of the memory, and of the time since a worker was heard of; on a narrow screen."""

MIN_WIDTH = 72
"""Columns of the pane below which it is narrow."""

BAR = 10
"""Columns of the bar of memory on a wide screen."""

MIN_WIDTH_FOR_BARS = 110
"""Columns of the pane from which on it has bars of memory."""


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
        if cluster is None or not cluster.workers:
            return "workers"
        return ", ".join([f"workers: {cluster.busy} of {len(cluster.workers)} busy", *trouble_words(cluster)])

    def fixed(self, width: int) -> Sequence[Line]:
        if self._cluster is None or not self._cluster.workers:
            return []
        name, host = self._widths(width)
        places = f"{'worker':<{name}}{'host':<{host}}"[: name + host]
        done, memory, seen = _numbers(width)
        numbers = f"{'done':>{done}}{'memory':>{memory + _bar_columns(width)}}{'seen':>{seen}}"
        return [[(f" {places}{numbers}  busy with", "dim")]]

    def content(self, width: int) -> Sequence[Line]:
        if self._cluster is None:
            return [[(" no runner is at work, and so no worker is connected", "dim")]]
        if not self._cluster.workers:
            return [[(" no worker is connected", "warn")]]
        now, (name, host), (done, _, seen) = time.time(), self._widths(width), _numbers(width)
        return [
            [
                (" " + self._fitted(worker.name, name), "text"),
                (self._fitted(host_text(worker.host), host), "dim"),
                (f"{worker.fits_done:>{done},}", "text"),
                *self._memory(worker, width),
                (f"{seen_words(worker, now):>{seen}}", "warn" if is_silent(worker, now) else "dim"),
                (f"  {worker.busy_with or 'idle'}", "accent" if worker.busy_with else "dim"),
            ]
            for worker in self._cluster.workers
        ]

    def _memory(self, worker: WorkerFacts, width: int) -> list[Piece]:
        """Return the memory of a worker in numbers, and as a bar where there is room for one."""
        words: Piece = (f"{worker_memory(worker):>{_numbers(width)[1]}}", "warn" if is_nearly_full(worker) else "text")
        if not _bar_columns(width):
            return [words]
        if not worker.memory_limit:
            return [(" " * _bar_columns(width), "dim"), words]
        filled = min(BAR, round(BAR * worker.memory / worker.memory_limit))
        return [
            ("  " + self.glyphs.done * filled, "warn" if is_nearly_full(worker) else "done"),
            (self.glyphs.rest * (BAR - filled), "faint"),
            words,
        ]

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
        numbers = 1 + sum(_numbers(width)) + _bar_columns(width) + 2
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


def _numbers(width: int) -> tuple[int, int, int]:
    return NUMBERS if width >= MIN_WIDTH else NARROW_NUMBERS


def _bar_columns(width: int) -> int:
    """Return the columns of the bar of memory, with its blanks; 0 if it has no room."""
    return BAR + 2 if width >= MIN_WIDTH_FOR_BARS else 0

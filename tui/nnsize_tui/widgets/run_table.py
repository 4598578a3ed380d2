"""All runs and where each stands."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from nnsize_engine.run_reader import RunHeader
from nnsize_engine.run_view import AnyView, SizeView
from nnsize_engine.settings import SizeSettings
from nnsize_tui import text
from nnsize_tui.messages import RunRow
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.live_table import Column, LiveTable, fit_columns
from nnsize_tui.widgets.state_piece import bar, state_piece

COLUMNS = (
    Column(key="run", title="run", width=6, is_left=True, grows=6, is_sortable=False),
    Column(key="data", title="data", width=13, is_left=True, rank=4, is_sortable=False),
    Column(key="neurons", title="neurons", width=9, is_left=True, rank=5, grows=8, is_sortable=False),
    Column(key="scoring", title="scoring", width=14, is_left=True, rank=8, grows=8, is_sortable=False),
    Column(key="folds", title="folds", width=5, rank=9, is_sortable=False),
    Column(key="state", title="state", width=13, is_left=True, is_sortable=False),
    Column(key="done", title="done", width=9, is_left=True, rank=3, grows=20, is_sortable=False),
    Column(key="best", title="best", width=6, rank=1, grows=2, is_sortable=False),
    Column(key="mean", title="mean", width=7, rank=1, grows=2, is_sortable=False),
    Column(key="elapsed", title="elapsed", width=7, rank=6, is_sortable=False),
    Column(key="left", title="left", width=6, rank=2, is_sortable=False),
    Column(key="started", title="started", width=16, rank=7, is_sortable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunItem:
    """One row: a run, and what was asked of it that it has not done yet."""

    run: RunRow
    wish: str = ""


class RunTable(LiveTable[RunItem]):
    """Runs as rows, newest first."""

    def key_of(self, item: RunItem) -> Hashable:
        return item.run.folder

    def columns_for(self, width: int) -> Sequence[Column]:
        return fit_columns(COLUMNS, width)

    def cell(self, item: RunItem, column: Column) -> Line:
        run = item.run
        if column.key == "run":
            return [(run.folder.name, "strong")]
        if run.header is None or run.state is None:
            return [("unreadable", "bad")] if column.key == "state" else [("", "text")]
        if column.key == "state":
            return [state_piece(run.state, item.wish, self.glyphs)]
        if column.key == "done":
            return self._done(run.header, item, column.width)
        return _fact(run.header, column.key) or _result(run.view, item, column)

    def _done(self, header: RunHeader, item: RunItem, width: int) -> Line:
        assert item.run.state is not None
        percent = width >= 14
        share = f" {100 * header.done // header.total:3d}%" if percent else ""
        return [*bar(header.done, header.total, width - len(share), item.run.state, self.glyphs), (share, "dim")]


def _fact(header: RunHeader, key: str) -> Line:
    """A cell that the run's settings fill."""
    settings = header.settings
    match key:
        case "data":
            return [(settings.data, "text")]
        case "neurons":
            return [(settings.neurons if isinstance(settings, SizeSettings) else settings.layers, "text")]
        case "scoring":
            return [(settings.scoring if isinstance(settings, SizeSettings) else settings.fitness, "text")]
        case "folds":
            return [(str(settings.cv) if isinstance(settings, SizeSettings) else text.NONE, "text")]
        case "started":
            return [(text.moment_text(header.created), "dim")]
        case "elapsed":
            return [(text.seconds_text(header.active_seconds), "dim")]
    return []


def _result(view: AnyView | None, item: RunItem, column: Column) -> Line:
    """A cell that the run's results fill."""
    if view is None:
        return [("", "text")]
    if column.key == "left":
        is_live = item.run.state in ("starting", "running", "paused")
        return [(text.seconds_text(view.remaining) if is_live else "", "text")]
    if not isinstance(view, SizeView) or view.choice is None:
        return [(text.NONE, "dim")]
    if column.key == "best":
        return [(text.neurons_text(view.choice.best), "text")]
    return [(text.score_text(view.choice.best_mean, 6 if column.width > 8 else 4), "text")]

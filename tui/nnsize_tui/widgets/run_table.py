"""All runs and where each stands."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from nnsize_engine.evolution_settings import layers_text
from nnsize_engine.run_reader import RunHeader
from nnsize_engine.run_settings import Kind
from nnsize_engine.run_view import AnyView, SizeView
from nnsize_engine.settings import SizeSettings
from nnsize_tui import text
from nnsize_tui.messages import RunRow
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.filter_table import FilterTable
from nnsize_tui.widgets.live_table import Column, fit_columns
from nnsize_tui.widgets.run_header import fraction, searched_short
from nnsize_tui.widgets.state_piece import bar, state_piece

COLUMNS = (
    Column(key="run", title="run", width=6, is_left=True, grows=6, is_sortable=False),
    Column(key="kind", title="kind", width=6, is_left=True, rank=2, is_sortable=False),
    Column(key="data", title="data", width=13, is_left=True, rank=4, is_sortable=False),
    Column(key="network", title="network", width=10, is_left=True, rank=5, grows=4, is_sortable=False),
    Column(key="fitness", title="by", width=14, is_left=True, rank=8, is_sortable=False),
    Column(key="method", title="method", width=8, is_left=True, rank=9, grows=7, is_sortable=False),
    Column(key="state", title="state", width=13, is_left=True, is_sortable=False),
    Column(key="done", title="done", width=8, is_left=True, rank=3, grows=20, is_sortable=False),
    Column(key="best", title="best", width=6, rank=1, grows=2, is_sortable=False),
    Column(key="score", title="score", width=7, rank=1, grows=2, is_sortable=False),
    Column(key="elapsed", title="elapsed", width=7, rank=7, is_sortable=False),
    Column(key="left", title="left", width=6, rank=6, is_sortable=False),
    Column(key="started", title="started", width=16, rank=10, is_sortable=False),
)

KINDS: Mapping[Kind, str] = MappingProxyType({"size": "size", "evolution": "evolve"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunItem:
    """One row: a run, and what was asked of it that it has not done yet."""

    run: RunRow
    wish: str = ""
    is_marked: bool = False
    """To be compared with others."""


class RunTable(FilterTable[RunItem]):
    """Runs as rows, newest first."""

    def key_of(self, item: RunItem) -> Hashable:
        return item.run.folder

    def columns_for(self, width: int) -> Sequence[Column]:
        return fit_columns(COLUMNS, width)

    def mark(self, item: RunItem) -> Piece:
        return (self.glyphs.on, "accent") if item.is_marked else (" ", "text")

    def words_of(self, item: RunItem) -> str:
        """What the run is and where it stands."""
        run = item.run
        if run.header is None or run.state is None:
            return f"{run.folder.name} unreadable"
        facts = [run.folder.name, run.state, item.wish]
        for key in ("kind", "data", "network", "fitness", "method", "started"):
            facts += [piece for piece, _ in _fact(run.header, key)]
        return " ".join(facts)

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
        done = _fraction(item.run, header)
        share = f" {int(100 * done + 1e-9):3d}%" if width >= 14 else ""
        return [*bar(done, 1, width - len(share), item.run.state, self.glyphs), (share, "dim")]


def _fraction(run: RunRow, header: RunHeader) -> float:
    """How much is done, from 0 to 1; while there was no time to read the run, by its header alone."""
    if run.view is not None:
        return fraction(run.view)
    return 1.0 if run.state == "finished" else header.done / max(1, header.total)


def _fact(header: RunHeader, key: str) -> Line:
    """A cell that the run's settings fill."""
    settings = header.settings
    is_size = isinstance(settings, SizeSettings)
    match key:
        case "kind":
            return [(KINDS[header.kind], "dim" if is_size else "accent")]
        case "data":
            return [(settings.data, "text")]
        case "network":
            return [(searched_short(settings) if isinstance(settings, SizeSettings) else layers_text(settings), "text")]
        case "fitness":
            return [(settings.scoring if isinstance(settings, SizeSettings) else settings.fitness, "text")]
        case "method":
            return [(splits_short(settings) if isinstance(settings, SizeSettings) else settings.strategy, "text")]
        case "started":
            return [(text.moment_text(header.created), "dim")]
        case "elapsed":
            return [(text.seconds_text(header.active_seconds), "dim")]
    return []


def splits_short(settings: SizeSettings) -> str:
    """``5 folds``, or ``5×3 fits`` with three repeats: of each candidate."""
    return f"{settings.cv} folds" if settings.repeats == 1 else f"{settings.cv}×{settings.repeats} fits"


def _result(view: AnyView | None, item: RunItem, column: Column) -> Line:
    """A cell that the run's results fill: which size or generation is best, and its score."""
    if view is None:
        return [("", "text")]
    if column.key == "left":
        is_live = item.run.state in ("starting", "running", "paused")
        return [(text.seconds_text(view.remaining) if is_live else "", "text")]
    best, score = _best(view, column.width)
    if column.key == "best":
        return [(best, "dim" if best == text.NONE else "text")]
    return [(text.score_in(score, column.width), "dim" if score is None else "text")]


def _best(view: AnyView, width: int) -> tuple[str, float | None]:
    """The best size and its mean score; or the generation that the evolved network is from, and its fitness."""
    if isinstance(view, SizeView):
        if view.choice is None:
            return text.NONE, None
        return text.neurons_text(view.choice.best), view.choice.best_mean
    if not view.generations:
        return text.NONE, None
    newest = view.generations[-1]
    evolved = view.evolved
    steps, score = (evolved.steps, evolved.fitness) if evolved is not None else (newest.number, newest.best)
    words = f"gen {steps}"
    return words if len(words) <= width else str(steps), score

"""A size search, live: table, curve, folds, log, and the answer in words."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region

from nnsize_engine.run_settings import Kind
from nnsize_engine.run_view import AnyView, SizeView
from nnsize_tui import text
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.open_run import CLOSE, LOG, OpenRunScreen
from nnsize_tui.screens.run_layout import WIDE, Part, arrange
from nnsize_tui.screens.steering import KEYS
from nnsize_tui.widgets.candidate_table import SORTABLE, CandidateTable, in_order, items_of, width_of
from nnsize_tui.widgets.fold_pane import FoldPane
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.log_pane import LogPane
from nnsize_tui.widgets.run_header import Answer, RunSummary
from nnsize_tui.widgets.score_curve import ScoreCurve


class RunScreen(OpenRunScreen[SizeView]):
    """Follows one size search until it is closed."""

    KINDS: ClassVar[tuple[Kind, ...]] = ("size",)
    BINDINGS: ClassVar[list[BindingType]] = [
        CLOSE,
        *KEYS,
        Binding("o,greater_than_sign", "sort(1)", "Sort", id="run.sort", tooltip="Sort by the next column"),
        Binding("less_than_sign", "sort(-1)", "Sort back", id="run.sort_back", show=False,
                tooltip="Sort by the column before"),
        Binding("O", "reverse", "Reverse", id="run.reverse", show=False, tooltip="Turn the order of the rows round"),
        LOG,
        Binding("z", "zoom", "Zoom", id="run.zoom", tooltip="The chart alone, the table alone, everything"),
    ]  # fmt: skip

    def __init__(self, folder: Path, view: SizeView | None = None) -> None:
        super().__init__(folder, view)
        self._curve: ScoreCurve | None = None

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield RunSummary(glyphs, id="summary")
        yield Answer(glyphs, id="answer")
        yield CandidateTable(glyphs, id="table")
        yield ChartView(unicode=glyphs.unicode, id="chart")
        yield FoldPane(glyphs, id="folds")
        yield LogPane(glyphs, id="log")
        yield KeyBar(glyphs, id="keys")

    def on_mount(self) -> None:
        self.query_one(CandidateTable).sorted_by = "neurons"  # the base class then does the rest

    def mine(self, view: AnyView) -> SizeView | None:
        return view if isinstance(view, SizeView) else None

    def show_parts(self, view: SizeView) -> None:
        self._curve = ScoreCurve(view)
        self._show_rows(view)

    def _show_rows(self, view: SizeView, *, at_once: bool = False) -> None:
        table = self.query_one(CandidateTable)
        rows = in_order(items_of(view), table.sorted_by or "neurons", is_descending=table.is_descending)
        table.show(rows, at_once=at_once)
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.query_one(CandidateTable).chosen
        if self._curve is not None and chosen is not None:
            self.query_one(FoldPane).show(chosen.summary, self.view.under_way if self.view else ())
            self.query_one(ChartView).show(self._curve.chart(chosen.summary.candidate.number))

    def answer_of(self, view: SizeView) -> str:
        answer = text.answer_text(view, unicode=self.explorer.glyphs.unicode)
        if view.state in ("failed", "refused") and view.choice is not None and view.header.reason:
            return f"The run {view.state}: {view.header.reason}. {answer}"
        return answer

    def places(self, width: int, height: int) -> Mapping[Part, Region]:
        is_wide = width >= WIDE
        return arrange(
            width,
            height,
            answer=max(1 if is_wide else 2, self.query_one(Answer).height_at(width)),
            table=width_of(self.query_one(CandidateTable).items, is_wide=is_wide),
            focus=self.focus_on,
            has_log=self.has_log,
            folds=(self.view.settings.cv if self.view else 5) + 4,
        )

    # What the keys do.

    def on_live_table_moved(self) -> None:
        self._show_chosen()

    def on_live_table_title_clicked(self, message: LiveTable.TitleClicked) -> None:
        """Sort by that column; turn the order round if it already is."""
        if self.query_one(CandidateTable).sorted_by == message.column:
            self.action_reverse()
        else:
            self._sort_by(message.column)

    def action_sort(self, step: int) -> None:
        """Sort by the column so many further on."""
        now = self.query_one(CandidateTable).sorted_by or "neurons"
        self._sort_by(SORTABLE[(SORTABLE.index(now) + step) % len(SORTABLE)])

    def action_reverse(self) -> None:
        """Turn the order of the rows round."""
        table = self.query_one(CandidateTable)
        table.is_descending = not table.is_descending
        if self.view is not None:
            self._show_rows(self.view, at_once=True)

    def _sort_by(self, column: str) -> None:
        table = self.query_one(CandidateTable)
        table.sorted_by = column
        table.is_descending = column in ("mean", "train")  # the good ones first
        if self.view is not None:
            self._show_rows(self.view, at_once=True)

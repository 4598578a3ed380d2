"""The screen that compares runs, live: their curves in one picture, their results, and the settings that differ."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region

from nnsize_engine.answers.comparison_answer import comparison_answer
from nnsize_engine.charts.comparison_charts import WORDS, ComparisonCharts, Measure, measures_of
from nnsize_engine.comparison.compare import MIN_RUNS, Comparison, compare, headings, run_names
from nnsize_engine.results.records import State
from nnsize_engine.runs.view import AnyView
from nnsize_tui.follow import runs
from nnsize_tui.follow.compared_runs import ComparedRunsSeen, follow_compared_runs
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.compare.compared_runs import ComparedRun, ComparedRuns
from nnsize_tui.screens.compare.layout import FOCUSES, PARTS, Focus, Part, arrange
from nnsize_tui.screens.compare.table import CompareTable
from nnsize_tui.screens.shared import chart_zoom, pane_borders, side_by_side
from nnsize_tui.screens.shared.chart_zoom import ChartZoom
from nnsize_tui.screens.shared.live_frames import LiveFrames
from nnsize_tui.screens.shared.pane_borders import PaneBorders
from nnsize_tui.screens.shared.panes import Panes
from nnsize_tui.screens.shared.picture_grid import PARTS as PICTURES
from nnsize_tui.screens.shared.side_by_side import SideBySide
from nnsize_tui.widgets.explored_chart import ExploredChart
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.run_header import Answer
from nnsize_tui.widgets.title_bar import TitleBar

SAVED_AS = "compared pictures"

LOOK_SECONDS = 0.5
"""Seconds between two reads of the runs."""

MAX_ANSWER_LINES = 4
"""Lines of the answer above the table."""


class CompareScreen(BaseScreen[None]):
    """Follow several runs until the screen is closed."""

    READABLE: ClassVar[str] = "Answer, CompareTable, KeyBar"
    CSS_PATH = "../../styles/compare.tcss"
    WORDS: ClassVar[Sequence[tuple[str, str]]] = (
        ("best mean", "the highest mean score over folds; its standard error says how far to trust a difference"),
        ("test score", "of the network that a run ends with, on rows held out from everything before"),
        ("training fitness", "of an evolved network, without weight decay; held-out: on rows evolution does not see"),
        ("by gradient", "the same network as the evolved one, trained by gradient"),
        ("evaluations", "fitness computations: what evolutions of unlike populations are compared by"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", id="compare.close", tooltip="Back to all runs; from one part, to both"),
        Binding("m", "picture(1)", "Picture", id="compare.picture",
                tooltip="The next picture: other scores, or fitness by evaluations, generation or seconds"),
        Binding("M", "picture(-1)", "Picture back", id="compare.picture_back", show=False,
                tooltip="The picture before"),
        *side_by_side.KEYS,
        Binding("z", "zoom", "Zoom", id="compare.zoom",
                tooltip="The charts alone, the chosen one of several, the table alone, everything"),
        Binding("x", "export", "Export", id="compare.export",
                tooltip="Take home a table, of the comparison or of all rows, to a file or the clipboard; the chart"),
        Binding("y", "copy", "Copy", id="compare.copy",
                tooltip="Copy to the clipboard: the comparison, the answer, a result or setting of one run"),
        Binding("tab", "app.focus_next", "Next pane", id="compare.next", show=False, tooltip="The next pane"),
        *chart_zoom.KEYS,
        *pane_borders.KEYS,
    ]  # fmt: skip

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__()
        self.folders = tuple(folders)
        self._names = run_names(self.folders)
        self._pace = runs.Pace(LOOK_SECONDS)
        self._views: tuple[AnyView, ...] = ()
        """The newest views of all runs; empty until every run was read."""

        self._frames: LiveFrames[ComparedRunsSeen] = LiveFrames(self, self._show_runs)
        self._standing: list[tuple[str, State | None]] = []
        """Why each run cannot be read, and its state, as they were seen last."""

        self._found: Comparison | None = None
        self._curves = ComparisonCharts()
        self._measures: tuple[Measure, ...] = ()
        self._measure: Measure | None = None
        self._zoom = self.hold(ChartZoom(self))
        self.panes: Panes[Part, Focus] = self.hold(
            Panes(
                self,
                parts=PARTS,
                focuses=FOCUSES,
                arrange=self._arrange,
                table="table",
                skips=lambda focus: self._side_by_side.skips(focus),
            )
        )
        self._borders = self.hold(PaneBorders(self, "comparison", self.panes))
        self._side_by_side = self.hold(
            SideBySide(
                self,
                self.panes,
                self._zoom,
                saved_as=SAVED_AS,
                pictures=lambda: len(self._measures),
                show=lambda: self._show_picture(at_once=True),
            )
        )

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield TitleBar(glyphs, id="title")
        yield ComparedRuns(glyphs, id="compared")
        yield Answer(glyphs, id="answer")
        yield CompareTable(glyphs, id="table")
        yield from side_by_side.pictures_of(glyphs)
        yield KeyBar(glyphs, id="keys")

    @property
    def unwanted(self) -> Collection[str]:
        return self._zoom.unwanted

    def on_mount(self) -> None:
        self.query_one(ComparedRuns).show([ComparedRun(name=name, view=None) for name in self._names])
        self.panes.place()
        self.query_one(CompareTable).focus()
        self._follow()

    def on_unmount(self) -> None:
        self._pace.end()

    def on_resize(self) -> None:
        self.panes.place()

    @work(thread=True, group="follow")
    def _follow(self) -> None:
        followers = [self.explorer.follower(folder) for folder in self.folders]
        follow_compared_runs(followers, self._pace, self.post_message)

    def on_screen_resume(self) -> None:
        self._frames.show_soon()

    def on_compared_runs_seen(self, message: ComparedRunsSeen) -> None:
        """Show newer views of the runs in all parts at one moment; at once if a run ended or cannot be read."""
        standing = [
            (reason, None if view is None else view.state)
            for view, reason in zip(message.views, message.reasons, strict=True)
        ]
        before, self._standing = self._standing, standing
        self._frames.take(message, at_once=self._standing != before)

    def _show_runs(self, message: ComparedRunsSeen) -> None:
        views = tuple(view for view in message.views if view is not None)
        names = headings(views) if len(views) == len(self.folders) else self._names
        runs = [
            ComparedRun(name=name, view=view, reason=reason)
            for name, view, reason in zip(names, message.views, message.reasons, strict=True)
        ]
        self.query_one(ComparedRuns).show(runs)
        if len(views) == len(self.folders) >= MIN_RUNS:
            self._views = views
            self._found = compare(views)
            self._show_found()
            reason = next(filter(None, message.reasons), "")
            if reason:
                self.query_one(Answer).show(f"{reason}. What is shown of that run was read before.", "bad")
        elif all(view is not None or reason for view, reason in zip(message.views, message.reasons, strict=True)):
            self.query_one(Answer).show("A run cannot be read; go back and mark others.", "bad")
        self.panes.place()

    def _show_found(self) -> None:
        found = self._found
        if found is None:
            return
        self.query_one(CompareTable).show(found)
        self.query_one(Answer).show(comparison_answer(found))
        self._measures = measures_of(found, self._views)
        if self._measure not in self._measures:
            self._measure = self._measures[0] if self._measures else None
        self._show_picture()
        self.refresh_bindings()

    def _show_picture(self, *, at_once: bool = False) -> None:
        words = ""
        if self._found is not None and self._measure is not None:
            for part in self._side_by_side.in_sight:
                chart = self._curves.chart(self._measure_at(PICTURES.index(part)), self._found, self._views)
                self.query_one(f"#{part}", ExploredChart).show(chart, at_once=at_once)
            words = WORDS[self._measure_at(self._side_by_side.chosen)]
        self.query_one(TitleBar).show(f"{len(self.folders)} runs compared", words)

    def _measure_at(self, place: int) -> Measure:
        """Return what the picture at a place of the grid compares."""
        first = 0 if self._measure is None else self._measures.index(self._measure)
        return self._measures[(first + place) % len(self._measures)]

    def _arrange(self, width: int, height: int) -> Mapping[Part, Region]:
        parts = arrange(
            width,
            height,
            runs=len(self.folders),
            answer=min(MAX_ANSWER_LINES, height // 6, self.query_one(Answer).height_at(width)),
            table=self.query_one(CompareTable).needed,
            has_chart=self._measure is not None,
            focus=self.panes.focus_on,
            sizes=self._borders.sizes,
        )
        return self._side_by_side.arrange(parts)

    # Actions.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action is possible now."""
        if action == "picture":
            return len(self._measures) > 1
        if action == "zoom":
            return self._measure is not None
        if action in ("export", "copy"):
            return self._found is not None
        return super().check_action(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why an action is not possible now."""
        reasons = {
            "picture": "there is no other picture",
            "zoom": "the runs have no picture in common",
            "export": "the runs are not read yet",
            "copy": "the runs are not read yet",
        }
        if action in reasons and not self.check_action(action, parameters):
            return reasons[action]
        return super().why_not(action, parameters)

    def action_picture(self, step: int) -> None:
        """Show the next picture, or the one before."""
        if self._measure is None:
            return
        place = self._measures.index(self._measure) + step
        self._measure = self._measures[place % len(self._measures)]
        for chart in self.query(ExploredChart):
            chart.reset_zoom()
        if self.panes.focus_on == "table":
            self.panes.show_all()
        self._show_picture(at_once=True)

    def on_explored_chart_chosen(self, message: ExploredChart.Chosen) -> None:
        """Choose the picture that the mouse pressed on."""
        self._side_by_side.choose(self._side_by_side.place_of(message.chart))

    def on_explored_chart_pointed(self, message: ExploredChart.Pointed) -> None:
        """Show the chart alone, and read the curves at the mouse."""
        if self.panes.focus_on != "picture":
            self.panes.show_only("chart")
        message.chart.read_near(message.x)

    def action_export(self) -> None:
        """Open the export dialog."""
        from nnsize_tui.screens.compare.export_offer import ComparisonOffer
        from nnsize_tui.screens.export.dialog import ExportDialog

        if self.app.screen is self and self._found is not None:
            kinds = {view.header.kind for view in self._views}
            offer = ComparisonOffer(self.folders, kinds, has_chart=not self._found.unlike_curves)
            self.app.push_screen(ExportDialog(self.explorer.glyphs, offer))

    @work
    async def action_copy(self) -> None:
        """Ask for a text, and copy it to the terminal's clipboard."""
        from nnsize_tui.screens.compare.export_offer import copyable_of
        from nnsize_tui.screens.dialogs.copy_one import copy_one

        if self._found is not None and self.app.screen is self:
            answer = comparison_answer(self._found)
            await copy_one(self.app, self.explorer.glyphs, copyable_of(self._views, answer))

    def action_close(self) -> None:
        """Go back to all runs; from a part that is alone, first to both parts."""
        if self.panes.shows_all:
            self._pace.end()
            self.dismiss(None)
        else:
            self.panes.show_all()

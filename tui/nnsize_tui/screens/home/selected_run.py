"""The run under the cursor, below the table of all runs: in words, and as a chart where there is room for one."""

from textual.screen import Screen

from nnsize_tui.chart.widget import ChartView
from nnsize_tui.screens.home.run_curve import RunCurve
from nnsize_tui.screens.home.run_detail import RunDetail
from nnsize_tui.screens.home.run_table import RunItem

MIN_LINES_FOR_HALF = 32
"""Lines of the screen from which on half of it is for the chart, regardless of the number of runs."""

MIN_CURVE_LINES = 8
"""Lines that a chart needs."""

MIN_DETAIL_LINES = 6


class SelectedRun:
    """Show the selected run, and set the heights of its words and of its chart."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._detail_lines = self._curve_lines = 0
        self._curve = RunCurve()

    def reset_heights(self) -> None:
        """Set all heights again."""
        self._detail_lines = self._curve_lines = 0

    def show(self, chosen: RunItem | None, runs: int) -> None:
        """Show the run under the cursor, one of ``runs``."""
        chart = self._screen.query_one(ChartView)
        view = chosen.run.view if chosen is not None else None
        if chosen is not None:
            self._show_detail(chosen)
        lines = self._lines_for_curve(runs)
        curve = self._curve.chart(view) if lines and view is not None else None
        chart.display = curve is not None
        if curve is not None:
            if lines != self._curve_lines:
                self._curve_lines = lines
                chart.styles.height = lines
            chart.show(curve)

    def _lines_for_curve(self, runs: int) -> int:
        """Return the lines left for the chart: at least half of a tall screen, 0 for no chart."""
        height = self._screen.app.size.height
        left = height - 2 - self._detail_lines - runs - 2
        if height >= MIN_LINES_FOR_HALF:
            return max(left, height // 2)
        return left if left >= MIN_CURVE_LINES else 0

    def _show_detail(self, chosen: RunItem) -> None:
        detail = self._screen.query_one(RunDetail)
        detail.show(chosen)
        lines = max(MIN_DETAIL_LINES, detail.height_at(self._screen.app.size.width))
        if lines != self._detail_lines:  # setting a height, even to its old value, lays everything out again
            self._detail_lines = lines
            detail.styles.height = lines

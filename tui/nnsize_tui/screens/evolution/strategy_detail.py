"""The seeds of one strategy: what each reached, and why it ended."""

from collections.abc import Sequence

from nnsize_engine.results.series import SeriesView, StrategySummary, full_name
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.text import count_text, score_in, seconds_text
from nnsize_tui.widgets.canvas import Line
from nnsize_tui.widgets.scroll_lines import ScrollLines


class StrategyDetail(ScrollLines):
    """Show the seeds of the strategy under the cursor."""

    _view: EvolutionView | None = None
    _strategy: StrategySummary | None = None

    def show(self, view: EvolutionView, strategy: StrategySummary, *, at_once: bool = False) -> None:
        """Show the seeds of this strategy."""
        self._view, self._strategy = view, strategy
        if at_once:
            self.redraw()
        else:
            self.redraw_soon()

    def pane_title(self) -> str:
        one = self._strategy
        return "seeds" if one is None else f"seeds of {full_name(one.name, one.strategy)}"

    def fixed(self, width: int) -> Sequence[Line]:
        del width
        return [[(f" {'seed':>6} {'best':>8} {'train':>8} {'test':>8} {'evals':>9} {'time':>6}", "dim")]]

    def content(self, width: int) -> Sequence[Line]:
        del width
        view, strategy = self._view, self._strategy
        if view is None or strategy is None:
            return []
        return [self._row(view, one) for one in view.series if one.series.name == strategy.name]

    def _row(self, view: EvolutionView, one: SeriesView) -> Line:
        last, scores = one.generations[-1] if one.generations else None, one.scores
        best = score_in(last.best if last else None, 8)
        train = score_in(scores.train_score if scores else None, 8)
        test = score_in(scores.test_score if scores else None, 8)
        evaluations = count_text(last.evaluations) if last else ""
        time = seconds_text(last.elapsed if last else None)
        is_best = view.best_series == one.series.number and one.result is not None
        mark = self.glyphs.best if is_best else " "
        words = f"{one.series.settings.seed:>6} {best:>8} {train:>8} {test:>8} {evaluations:>9} {time:>6}"
        reason = f"  {one.result.reason}" if one.result else "  under way" if last else ""
        return [(mark, "best"), (words, "text" if one.result else "dim"), (reason, "dim")]

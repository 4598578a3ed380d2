"""The report of an evolution, or of a run that compares strategies: its figures and its sections."""

from nnsize_engine.charts.description import Band, Chart, Line
from nnsize_engine.charts.evolution_chart import EvolutionChart
from nnsize_engine.charts.finite import finite
from nnsize_engine.charts.strategies_chart import AXES, StrategiesChart
from nnsize_engine.report.evolution_tables import generations_table, networks_table, series_table, strategies_table
from nnsize_engine.report.histogram_chart import histogram_chart
from nnsize_engine.report.limits import Limits
from nnsize_engine.report.network_weights import network_blocks
from nnsize_engine.report.page import Block, ChartBlock, Section, WordsBlock
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.layer_sizes import units_text
from nnsize_engine.text import count_text, score_text, seconds_text


def evolution_figures(view: EvolutionView) -> list[tuple[str, str]]:
    """Return the numbers that matter most, as far as they are known."""
    settings, evolved = view.settings, view.evolved
    found = [("network", units_text(settings.units))]
    if view.generations:
        last = view.generations[-1]
        found.append((f"best {settings.measure}", score_text(last.best)))
        found.append(("generations", f"{last.number:,}"))
        found.append(("evaluations", count_text(last.evaluations)))
    if evolved is not None and evolved.test_score is not None:
        found.append((f"test {settings.final_scoring}", score_text(evolved.test_score)))
    if view.gradient is not None and view.gradient.test_score is not None:
        found.append(("by gradient", score_text(view.gradient.test_score)))
    return [*found, ("computing time", seconds_text(view.header.active_seconds))]


def evolution_sections(view: EvolutionView, limits: Limits) -> list[Section]:
    """Return the results of an evolution; nothing before the first population is evaluated."""
    if view.series:
        return _sections_of_strategies(view, limits)
    if not view.generations:
        return []
    return [
        Section(title="Convergence", blocks=_convergence(view)),
        Section(title="Population", blocks=_population(view)),
        *_networks(view, limits),
        Section(title="Generations", blocks=[generations_table(view, limits)]),
    ]


def _sections_of_strategies(view: EvolutionView, limits: Limits) -> list[Section]:
    if not any(one.generations for one in view.series):
        return []
    words = "Each line is the median of the best fitness over seeds; its band is from quartile to quartile."
    charts: list[Block] = []
    for axis in AXES:
        chart = StrategiesChart().chart(view, axis)
        charts.append(ChartBlock(name=f"{chart.y_label} by {axis}", chart=chart, note=words))
    return [
        Section(title="Convergence", blocks=charts),
        Section(title="Strategies", blocks=[strategies_table(view), series_table(view, limits)]),
        *([Section(title="Population", blocks=_population(view))] if view.generations else []),
        *_networks(view, limits),
        Section(title="Generations", blocks=[generations_table(view, limits)]),
    ]


def _networks(view: EvolutionView, limits: Limits) -> list[Section]:
    if view.evolved is None and view.gradient is None:
        return []
    return [Section(title="Networks", blocks=[networks_table(view, limits), *network_blocks(view.folder)])]


def _convergence(view: EvolutionView) -> list[Block]:
    chart = EvolutionChart(view)
    blocks: list[Block] = []
    for axis in ("generation", "evaluations"):
        chart.draw_by(axis)
        drawn = chart.chart(None)
        name = f"{drawn.y_label} by {axis}"
        note = "The band is the population's mean ± its standard deviation, cut where it would flatten the best."
        has_band = any(isinstance(one, Band) for one in drawn.series)
        blocks.append(ChartBlock(name=name, chart=drawn, note=note if has_band and not blocks else ""))
    return blocks


def _population(view: EvolutionView) -> list[Block]:
    """Return how the members are spread in the last generation, and how diverse they were in each."""
    last = view.generations[-1]
    blocks: list[Block] = []
    if last.low is not None and last.high is not None and any(last.counts):
        words = f"{last.members:,} members in generation {last.number:,}, by {view.settings.measure}."
        chart = histogram_chart(
            [("members", last.counts)], last.low, last.high, x_label=view.settings.measure, y_label="members"
        )
        blocks.append(ChartBlock(name="members by fitness", chart=chart, note=words))
    else:
        blocks.append(WordsBlock(text="No member of the last generation has a finite fitness."))
    numbers = tuple(map(float, view.generations.column("number")))
    diversity = tuple(finite(value) for value in view.generations.column("diversity"))
    if not any(diversity):
        return blocks  # a strategy of one member has none
    line = Line(x=numbers, y=diversity, label="diversity", role="line_3")
    note = "Root mean square distance of the weights from their mean over the population."
    chart = Chart(series=(line,), x_label="generation", y_label="diversity")
    return [*blocks, ChartBlock(name="diversity by generation", chart=chart, note=note)]

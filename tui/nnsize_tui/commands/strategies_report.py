"""The report of a run that compares strategies: a JSON object, a table, lines."""

from nnsize_engine.answers.strategies_answer import measure_text
from nnsize_engine.results.series import SeriesView, StrategySummary, ranked, summarise_strategies
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.text import score_text, seconds_text
from nnsize_tui.commands.output import JsonObject
from nnsize_tui.commands.printed_table import PrintedTable
from nnsize_tui.text import strategies


def table(view: EvolutionView) -> tuple[list[str], list[list[str]]]:
    """Return the headings and a row for each strategy, the best first, and for gradient training last."""
    columns = strategies.columns_of(view)
    summaries = ranked(summarise_strategies(view.series), view.settings.fitness)
    rows = [[column.text(one) for column in columns] for one in summaries]
    rows += [[texts.get(column.key, "") for column in columns] for texts in strategies.reference_texts(view)]
    return [column.title for column in columns], rows


def final(view: EvolutionView, is_whole: bool) -> list[PrintedTable]:
    """Return the table of strategies; with ``is_whole`` also a row for each series."""
    headings, rows = table(view)
    title = f"{measure_text(view)}: median and quartiles over seeds"
    tables = [PrintedTable(headings, rows, title=title)]
    if is_whole:
        names = ["strategy", "seed", "best", "train", "test", "evals", "time", "ended"]
        tables.append(PrintedTable(names, [_series_row(one) for one in view.series], title="every evolution"))
    return tables


def _series_row(one: SeriesView) -> list[str]:
    last = one.generations[-1] if one.generations else None
    scores = one.scores
    return [
        one.series.name,
        str(one.series.settings.seed),
        score_text(last.best if last else None),
        score_text(scores.train_score if scores else None),
        score_text(scores.test_score if scores else None),
        f"{last.evaluations:,}" if last else "",
        seconds_text(last.elapsed if last else None),
        one.result.reason if one.result else "",
    ]


def comparison_of(view: EvolutionView) -> JsonObject:
    """Return what a comparison adds to the result of an evolution: its strategies, and its series."""
    return {
        "strategies": [_strategy(one) for one in summarise_strategies(view.series)],
        "series": [_series(one) for one in view.series],
        "best_strategy": None if view.best_series is None else view.series[view.best_series].series.name,
        "best_seed": None if view.best_series is None else view.series[view.best_series].series.settings.seed,
        "gradient_objective": view.gradient.objective if view.gradient else None,
        "quantized_objective": view.quantized.objective if view.quantized else None,
    }


def _strategy(one: StrategySummary) -> JsonObject:
    return {
        "name": one.name,
        "strategy": one.strategy,
        "repeats": one.repeats,
        "done": one.done,
        "best_fitness": one.best.middle if one.best else None,
        "best_fitness_quartiles": [one.best.low, one.best.high] if one.best else None,
        "held_out": one.held_out,
        "test_score": one.test_score,
        "evaluations": one.evaluations,
        "evaluations_per_second": one.rate,
        "seconds": one.seconds,
    }


def _series(one: SeriesView) -> JsonObject:
    last, scores = one.generations[-1] if one.generations else None, one.scores
    return {
        "number": one.series.number,
        "name": one.series.name,
        "seed": one.series.settings.seed,
        "reason": one.result.reason if one.result else None,
        "generations": last.number if last else 0,
        "evaluations": last.evaluations if last else 0,
        "restarts": last.restarts if last else 0,
        "seconds": round(last.elapsed, 3) if last else 0.0,
        "best_fitness": last.best if last else None,
        "fitness": scores.fitness if scores else None,
        "held_out": scores.held_out if scores else None,
        "train_score": scores.train_score if scores else None,
        "test_score": scores.test_score if scores else None,
    }


def progress_parts(view: EvolutionView) -> list[str]:
    """Return the series under way, and its best fitness so far."""
    now = next((one for one in view.series if one.result is None), None)
    words = strategies.under_way(view)
    if now is None or not words:
        return []
    best = now.generations[-1].best if now.generations else None
    return [words if best is None else f"{words}: {score_text(best)}"]

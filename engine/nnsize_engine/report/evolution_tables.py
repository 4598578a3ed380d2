"""The tables of an evolution in its report: networks, generations, strategies."""

from collections.abc import Callable
from typing import Any

from nnsize_engine.export.kinds import make_table
from nnsize_engine.report.cells import count_cell, score_cell, seconds_cell, text_cell
from nnsize_engine.report.limits import Limits, shortened
from nnsize_engine.report.page import Cell, Column, Row, TableBlock, without_empty_columns
from nnsize_engine.results.records import NetworkScores
from nnsize_engine.results.series import full_name, ranked, summarise_strategies
from nnsize_engine.results.verdict import quantized_words
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.fitness import default_loss
from nnsize_engine.text import NONE, rate_text

_COUNTS = frozenset({"number", "accepted", "members", "evaluations", "restarts", "repeat", "seed"})
_SECONDS = frozenset({"seconds", "elapsed"})
_TITLES = {"number": "generation", "std": "std", "evaluations_per_second": "evals/s", "evaluations": "evals"}


def networks_table(view: EvolutionView, limits: Limits) -> TableBlock:
    """Return a row for the evolved network, for that trained by gradient, and for the latter as it is rounded."""
    measure, scoring = view.settings.measure, view.settings.final_scoring
    loss = default_loss(view.settings.task)
    has_loss = measure != loss
    titles = [f"{measure}: train", "held-out", "test", f"{scoring}: train", "test"]
    titles += [f"{loss}: train", "test"] if has_loss else []
    named: list[tuple[str, NetworkScores | None]] = [
        ("evolved", view.evolved),
        ("by gradient", view.gradient),
        (f"by gradient, {quantized_words(view.settings)}", view.quantized),
    ]
    rows = [_network_row(name, scores, limits, has_loss=has_loss) for name, scores in named if scores is not None]
    columns = (Column(title="network", is_number=False), *(Column(title=title) for title in titles))
    columns = (*columns, Column(title="steps", meaning="generations, or epochs"), Column(title="time"))
    return without_empty_columns(TableBlock(name="networks", columns=columns, rows=tuple(rows)))


def _network_row(name: str, scores: NetworkScores, limits: Limits, *, has_loss: bool) -> Row:
    if scores.error is not None:
        words = f"{name}: {shortened(scores.error, limits.letters)}"
        cells = [score_cell(None)] * (7 if has_loss else 5)
        return Row(cells=(text_cell(words), *cells, count_cell(None), seconds_cell(scores.seconds)), mark="failed")
    fitness = (scores.fitness, scores.held_out, scores.test_fitness)
    final = (scores.train_score, scores.test_score, *((scores.train_loss, scores.test_loss) if has_loss else ()))
    cells = [score_cell(value) for value in (*fitness, *final)]
    return Row(cells=(text_cell(name), *cells, count_cell(scores.steps), seconds_cell(scores.seconds)))


def generations_table(view: EvolutionView, limits: Limits) -> TableBlock:
    """Return a row for each generation; of very many for every n-th, and for the last one."""
    table = make_table(view, "generations")
    has_values = {name: any(cell is not None for cell in cells) for name, cells in table.items()}
    names = [name for name in table if has_values[name]]
    count = len(table["number"])
    stride = -(-count // max(1, limits.rows - 1)) or 1
    places = [*range(0, count, stride)]
    if places and places[-1] != count - 1:
        places.append(count - 1)
    rows = tuple(Row(cells=tuple(_cell(name, table[name][place]) for name in names)) for place in places)
    words = f"Every {stride}th generation and the last of {count:,}; nnsize export {view.folder.name} has all."
    columns = tuple(
        Column(title=_TITLES.get(name, name.replace("_", " ")), is_number=name != "strategy") for name in names
    )
    sorted_by = names.index("number") if not view.series else None
    return TableBlock(
        name="generations", columns=columns, rows=rows, note=words if stride > 1 else "", sorted_by=sorted_by
    )


def _cell(name: str, value: Any) -> Cell:
    if value is None:
        return Cell(text=NONE)
    if name in _COUNTS:
        return count_cell(value)
    if name in _SECONDS:
        return seconds_cell(value)
    if name == "evaluations_per_second":
        return text_cell(rate_text(value), value)
    return text_cell(value) if isinstance(value, str) else score_cell(value)


def strategies_table(view: EvolutionView) -> TableBlock:
    """Return a row for each strategy, the best first, and one for gradient training."""
    columns: list[tuple[Column, Callable[[Any], Cell]]] = [
        (Column(title="strategy", is_number=False), lambda one: text_cell(full_name(one.name, one.strategy))),
        (Column(title="seeds", meaning="that are over"), lambda one: text_cell(f"{one.done}/{one.repeats}", one.done)),
        (Column(title="median best"), lambda one: score_cell(one.best.middle if one.best else None)),
        (Column(title="25 %"), lambda one: score_cell(one.best.low if one.best else None)),
        (Column(title="75 %"), lambda one: score_cell(one.best.high if one.best else None)),
        (Column(title="held-out"), lambda one: score_cell(one.held_out)),
        (Column(title="test"), lambda one: score_cell(one.test_score)),
        (Column(title="evals"), lambda one: count_cell(None if one.evaluations is None else round(one.evaluations))),
        (Column(title="evals/s"), lambda one: text_cell(rate_text(one.rate), one.rate)),
        (Column(title="time"), lambda one: seconds_cell(one.seconds)),
    ]
    if not view.settings.validation_fraction:
        del columns[5]
    found = ranked(summarise_strategies(view.series), view.settings.fitness)
    rows = tuple(Row(cells=tuple(make(one) for _, make in columns)) for one in found)
    note = "Medians over seeds; evals/s are those of all seeds together."
    return TableBlock(name="strategies", columns=tuple(column for column, _ in columns), rows=rows, note=note)


def series_table(view: EvolutionView, limits: Limits) -> TableBlock:
    """Return a row for each evolution of a run that compares strategies."""
    titles = ("seed", "best", "train", "test", "generations", "evals", "time")
    rows = []
    for one in view.series[: limits.rows]:
        last, scores = one.generations[-1] if one.generations else None, one.scores
        rows.append(
            Row(
                cells=(
                    text_cell(one.series.name),
                    count_cell(one.series.settings.seed),
                    score_cell(last.best if last else None),
                    score_cell(scores.train_score if scores else None),
                    score_cell(scores.test_score if scores else None),
                    count_cell(last.number if last else None),
                    count_cell(last.evaluations if last else None),
                    seconds_cell(last.elapsed if last else None),
                    text_cell(shortened(one.result.reason, limits.letters) if one.result else "not over"),
                )
            )
        )
    columns = (Column(title="strategy", is_number=False), *(Column(title=title) for title in titles))
    columns = (*columns, Column(title="ended", is_number=False))
    left = len(view.series) - len(rows)
    return TableBlock(name="every evolution", columns=columns, rows=tuple(rows), note=f"{left:,} more." if left else "")

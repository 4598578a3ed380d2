"""The texts of an open run that can be copied: the row of the cursor, each of its values, the answer."""

from dataclasses import replace

from nnsize_engine.export.cell_text import cell_text
from nnsize_engine.export.table_file import table_text
from nnsize_engine.export.tables import Table, candidate_table, generation_table
from nnsize_engine.export.watched_tables import watched_candidate_table
from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import GenerationResult
from nnsize_engine.results.series import StrategySummary
from nnsize_engine.runs.view import EvolutionView, SizeView, WatchedView
from nnsize_tui.screens.shared.steering import Copyable

ROW = "row"
ANSWER = "answer"


def of_candidate(view: SizeView, number: int | None, answer: str) -> Copyable:
    """Return the row of a candidate as it is exported, its values, and the answer."""
    if number is None:
        return [(ANSWER, answer)]
    values = _row(candidate_table(view, [number]), answer)
    finals = [("best", view.final_of_best)]
    if view.choice is not None and view.choice.recommended != view.choice.best:
        finals.append(("recommended", view.final_of_recommended))
    for name, final in finals:
        if final is not None and final.test_score is not None:
            values.append((f"test score of the {name}", repr(final.test_score)))
    return values


def of_watched(view: WatchedView, place: int | None, answer: str) -> Copyable:
    """Return the row of a candidate of a watched search as it is exported, its values, and the answer."""
    if place is None:
        return [(ANSWER, answer)]
    return _row({name: cells[place : place + 1] for name, cells in watched_candidate_table(view).items()}, answer)


def of_generation(view: EvolutionView, chosen: GenerationResult | None, answer: str) -> Copyable:
    """Return the row of a generation as it is exported, its values, and the answer."""
    if chosen is None:
        return [(ANSWER, answer)]
    before = view.generations[chosen.number - 1 : chosen.number] if chosen.number else ()
    table = generation_table(replace(view, generations=Generations((*before, chosen))))  # a rate needs the one before
    return _row({name: cells[-1:] for name, cells in table.items()}, answer)


def of_strategy(chosen: StrategySummary | None, answer: str) -> Copyable:
    """Return the row of a strategy, its values, and the answer."""
    if chosen is None:
        return [(ANSWER, answer)]
    best = chosen.best
    table: Table = {
        "name": [chosen.name],
        "strategy": [chosen.strategy],
        "done": [chosen.done],
        "best": [best.middle if best else None],
        "low": [best.low if best else None],
        "high": [best.high if best else None],
        "held_out": [chosen.held_out],
        "test_score": [chosen.test_score],
        "evaluations": [chosen.evaluations],
        "evaluations_per_second": [chosen.rate],
        "seconds": [chosen.seconds],
    }
    return _row(table, answer)


def _row(table: Table, answer: str) -> list[tuple[str, str]]:
    named = [(name, cell_text(cells[0])) for name, cells in table.items()]
    return [(ROW, table_text(table, "tsv")), (ANSWER, answer), *((name, value) for name, value in named if value)]

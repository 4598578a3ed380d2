"""The report of an evolution: a JSON object, tables, lines."""

import dataclasses

from nnsize_engine.answers.steps import done_of
from nnsize_engine.comparison.settings_facts import variation_facts
from nnsize_engine.results.records import GenerationResult, NetworkScores
from nnsize_engine.results.verdict import verdict
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import names_array
from nnsize_engine.settings.series import strategies_of
from nnsize_engine.settings.strategies import FAMILIES
from nnsize_engine.settings.strategy_comparison import OWN, own_settings
from nnsize_engine.text import score_text, seconds_text
from nnsize_tui.commands import strategies_report
from nnsize_tui.commands.output import JsonObject
from nnsize_tui.commands.printed_table import PrintedTable, cut_note
from nnsize_tui.text.cluster import cluster_text
from nnsize_tui.text.generation_columns import GENERATION_COLUMNS, left_out
from nnsize_tui.text.numbers import plus_minus, table_facts

LAST = 10
"""Generations in the table at the end."""


def table(view: EvolutionView, most: int = LAST) -> tuple[list[str], list[list[str]]]:
    """Return the headings and a row for each of the last generations, newest last.

    Columns that the strategy has not are left out, and the held-out fitness if no rows are held out.
    """
    if view.series:
        return strategies_report.table(view)
    missing = left_out(view.settings)
    columns = [one for one in GENERATION_COLUMNS if one.heading and one.key not in missing]
    shown = view.generations[max(0, len(view.generations) - most) :]
    headings = [one.heading for one in columns] if shown else ["gen"]
    return headings, [[one.text(generation) for one in columns] for generation in shown]


def final(view: EvolutionView, is_whole: bool) -> list[PrintedTable]:
    """Return the table at the end: the last generations, or all of them; of a comparison its strategies."""
    if view.series:
        return strategies_report.final(view, is_whole)
    count = len(view.generations)
    columns, generations = table(view, count if is_whole else LAST)
    note = cut_note(view.folder, "last", len(generations), count, "generations")
    return [PrintedTable(columns, generations, note)]


def result_of(view: EvolutionView) -> JsonObject:
    """Return the result: the scores of the evolved network and of the one trained by gradient."""
    header, settings, evolved = view.header, view.settings, view.evolved
    last = view.generations[-1] if view.generations else None
    return {
        "run": view.folder.name,
        "state": view.state,
        "reason": header.reason,
        "data": settings.data,
        "layers": list(settings.hidden_layer_sizes),
        "strategy": ",".join(one.name for one in strategies_of(settings)),
        "fitness": settings.fitness,
        "scoring": settings.final_scoring,
        "weights": settings.weights,
        "members": first_members(view),
        "generations": last.number if last else 0,
        "total_generations": header.total,
        "evaluations": last.evaluations if last else 0,
        "restarts": last.restarts if last else 0,
        "seconds": round(header.active_seconds, 3),
        "workers": header.workers,
        "precision": settings.precision,
        "best_generation": evolved.steps if evolved else None,
        "best_fitness": evolved.fitness if evolved else None,
        "held_out": evolved.held_out if evolved else None,
        "test_fitness": evolved.test_fitness if evolved else None,
        **_scores(evolved),
        "gradient": _gradient(view.gradient) if view.gradient else None,
        "quantized": _gradient(view.quantized) if view.quantized else None,
        "winner": _winner(view),
        **(strategies_report.comparison_of(view) if view.series else {}),
    }


def _winner(view: EvolutionView) -> str | None:
    """Return which network is better by the fitness; None until the end."""
    reference = view.quantized or view.gradient
    if view.state != "finished" or view.evolved is None or reference is None:
        return None
    found = verdict(view.settings, view.evolved, reference)
    return found.winner if found else None


def first_members(view: EvolutionView) -> int:
    """Return the members of the first population, as counted: an array from a file has its own number."""
    return view.generations[0].members if view.generations else view.settings.member_count


def _scores(network: NetworkScores | None) -> JsonObject:
    names = ("train_score", "test_score", "train_loss", "test_loss")
    return {name: getattr(network, name) if network else None for name in names}


def _gradient(network: NetworkScores) -> JsonObject:
    fitness = {"fitness": network.fitness, "test_fitness": network.test_fitness}
    return (
        fitness
        | _scores(network)
        | {
            "seconds": round(network.seconds, 3),
            "epochs": network.steps,
            "error": network.error,
        }
    )


def progress_parts(view: EvolutionView) -> list[str]:
    """Return the progress of the generation under way, and the best fitness so far."""
    if view.series:
        return strategies_report.progress_parts(view)
    parts: list[str] = []
    now = view.evaluating
    if now is not None and view.state == "running" and now.members_done < now.members:
        name = f"generation {now.generation}" if now.generation else "first population"
        parts.append(f"{name} at {100 * now.members_done // max(1, now.members)}%")
    if view.generations:
        parts.append(f"best {view.settings.measure} {score_text(view.generations[-1].best)}")
    return parts


def generation_text(view: EvolutionView, generation: GenerationResult, *, unicode: bool) -> str:
    """Return the line about one generation."""
    name = f"generation {done_of(view.header, generation.number)}" if generation.number else "first population"
    spread = f"{score_text(generation.mean)} {plus_minus(unicode=unicode)} {score_text(generation.std)}"
    parts = [f"{name}: best {view.settings.measure} {score_text(generation.best)}", f"mean {spread}"]
    if generation.held_out is not None:
        parts.append(f"held-out {score_text(generation.held_out)}")
    return ", ".join([*parts, seconds_text(generation.elapsed)])


def listed(view: EvolutionView) -> tuple[str, ...]:
    """Return the cells in the list of runs: layers, fitness, generation, best fitness, test score."""
    evolved = view.evolved
    return (
        view.settings.layers,
        view.settings.measure,
        _listed_best(view),
        score_text(evolved.fitness) if evolved else "",
        score_text(evolved.test_score) if evolved and evolved.test_score is not None else "",
    )


def _listed_best(view: EvolutionView) -> str:
    """Return the generation of the evolved network, or its strategy in a comparison."""
    if view.best_series is not None:
        return view.series[view.best_series].series.name
    return f"gen {view.evolved.steps}" if view.evolved else ""


def shown_settings(settings: EvolutionSettings) -> dict[str, object]:
    """Return every setting with a value, as it takes effect: the number of members, what adapts."""
    own = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    own["scoring"] = settings.final_scoring
    own["strategy"] = ",".join(one.name for one in strategies_of(settings))
    own["cluster"] = cluster_text(settings.cluster)
    del own["compared"]
    table = own.pop("table")
    own |= {} if table is None else table_facts(table)
    if settings.members is not None or settings.strategy in FAMILIES:
        del own["popsize"]
    is_of_array = names_array(settings.init) and settings.strategy not in FAMILIES
    own["members"] = "as in the file" if is_of_array else settings.member_count
    if settings.compared:
        own = {name: value for name, value in own.items() if name not in OWN} | own_settings(settings)
    else:
        own |= variation_facts(settings)
    return {name.replace("_", "-"): value for name, value in own.items() if value is not None}

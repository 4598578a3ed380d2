"""What the commands say of a size search."""

import dataclasses
import math
from collections.abc import Sequence

from nnsize_engine.export.tables import parameters_value
from nnsize_engine.results.candidates import candidate_text, candidate_words, neurons_text
from nnsize_engine.results.statistics import best_per_size
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.parameter_grid import short_value, value_text, values_text
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import score_text, seconds_text
from nnsize_tui.commands.output import JsonObject
from nnsize_tui.text.numbers import searched_text, table_facts


def headings(view: SizeView) -> tuple[str, ...]:
    """Of the columns of :func:`rows`: one for each searched parameter, and both kinds of spread with repeats."""
    searched = [name.replace("_", "-") for name, _ in view.settings.grid]
    spread = ["over folds", "over seeds"] if view.settings.repeats > 1 else []
    done = "folds" if view.settings.repeats == 1 else "fits"
    return ("neurons", *searched, done, "mean", "std", *spread, "train", "fit time", "rank")


def rows(view: SizeView, most: int | None = None) -> list[tuple[str, ...]]:
    """One row a candidate; with ``most``, only the best-ranked ones, best first."""
    return rows_of(view, range(len(view.summaries)), most)


def rows_of(view: SizeView, numbers: Sequence[int], most: int | None = None) -> list[tuple[str, ...]]:
    """The rows of these candidates; with ``most``, only of the best-ranked ones, best first."""
    if most is not None:
        numbers = sorted(numbers, key=lambda number: view.ranks[number])[:most]
    return [_row(view, number) for number in numbers]


def numbers_by_size(view: SizeView) -> list[int]:
    """The best candidate of each size. Empty where nothing but sizes is searched."""
    if not view.settings.grid:
        return []
    return [candidate.number for candidate in best_per_size(view.summaries, view.shared).values()]


def _row(view: SizeView, number: int) -> tuple[str, ...]:
    summary, shared = view.summaries[number], view.shared[number]
    spread = [shared.std_over_folds, shared.std_over_seeds] if view.settings.repeats > 1 else []
    return (
        neurons_text(summary.candidate),
        *(short_value(value) for _, value in summary.candidate.parameters),
        f"{summary.folds_done}/{view.settings.splits}",
        score_text(shared.mean) if not summary.has_failed else "failed",
        score_text(shared.std),
        *(score_text(value) for value in spread),
        score_text(shared.train_mean),
        seconds_text(summary.fit_seconds),
        str(view.ranks[number]),
    )


def result_of(view: SizeView) -> JsonObject:
    """The result that a view holds: the best candidate, the smallest adequate one, the final test.

    Where more than sizes is searched, also the best candidate of each size.
    """
    header, choice, final = view.header, view.choice, view.final
    best: JsonObject | None = None
    adequate: JsonObject | None = None
    if choice is not None:
        best = _candidate(view, choice.best.number)
        adequate = _candidate(view, choice.adequate.number)
    by_size = best_per_size(view.summaries, view.shared).values() if view.settings.grid else ()
    result: JsonObject = {
        "run": view.folder.name,
        "state": view.state,
        "reason": header.reason,
        "fits": header.done,
        "total_fits": header.total,
        "seconds": round(header.active_seconds, 3),
        "scoring": view.settings.scoring,
        "precision": view.settings.precision,
        "trained_by": _trained_by(view.settings),
        "best": best,
        "smallest_adequate": adequate,
        "test_score": final.test_score if final is not None else None,
    }
    if by_size:
        result["best_per_size"] = [_candidate(view, candidate.number) for candidate in by_size]
    return result


def _trained_by(settings: SizeSettings) -> str:
    if "lbfgs" not in settings.solvers:
        return "nnsize"
    return "scikit-learn" if settings.solvers == {"lbfgs"} else "nnsize, and scikit-learn for lbfgs"


def _candidate(view: SizeView, number: int) -> JsonObject:
    """What is searched of a candidate, by scikit-learn's names, and its scores."""
    summary, shared = view.summaries[number], view.shared[number]
    found: JsonObject = {
        **{
            name: str(value) if value == math.inf else value
            for name, value in parameters_value(summary.candidate).items()
        },
        "mean_test_score": shared.mean,
        "std_test_score": shared.std,
    }
    if view.settings.repeats > 1:
        found |= {"std_over_folds": shared.std_over_folds, "std_over_seeds": shared.std_over_seeds}
    return found


def progress_parts(view: SizeView) -> list[str]:
    """The best so far."""
    best = view.choice
    if best is None:
        return []
    return [f"best {candidate_words(best.best)}, {view.settings.scoring} {score_text(best.best_mean)}"]


def listed(view: SizeView) -> tuple[str, ...]:
    """A search's place in the list of runs: what is searched, by what, and what was found."""
    choice = view.choice
    return (
        searched_text(view.settings),
        view.settings.scoring,
        candidate_text(choice.best) if choice else "",
        score_text(choice.best_mean) if choice else "",
        score_text(view.final.test_score) if view.final else "",
    )


def shown_settings(settings: SizeSettings) -> dict[str, object]:
    """Every setting of a search; of a table and of the networks those that are not the usual ones."""
    own = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    table, given, grid = own.pop("table"), own.pop("network").as_dict(), own.pop("grid")
    default = NetworkParameters().as_dict()
    own |= {name: value for name, value in given.items() if value != default[name]}
    own |= {name: values_text(values) for name, values in grid}
    if table is not None:
        own |= table_facts(table)
    return {
        name.replace("_", "-"): value_text(value) if isinstance(value, bool) else value
        for name, value in own.items()
        if value is not None
    }

"""What the commands say of a size search."""

import dataclasses
from collections.abc import Sequence

from nnsize_engine.network.parameters import NetworkParameters
from nnsize_engine.run_view import SizeView
from nnsize_engine.settings import SizeSettings
from nnsize_engine.tables import layers_value
from nnsize_tui.commands.output import JsonObject
from nnsize_tui.text import neurons_text, score_text, seconds_text

HEADINGS = ("neurons", "folds", "mean", "std", "train", "fit time", "rank")


def rows(view: SizeView, most: int | None = None) -> list[tuple[str, ...]]:
    """One row a candidate; with ``most``, only the best-ranked ones, best first."""
    order: Sequence[int] = range(len(view.summaries))
    if most is not None:
        order = sorted(order, key=lambda number: view.ranks[number])[:most]
    return [_row(view, number) for number in order]


def _row(view: SizeView, number: int) -> tuple[str, ...]:
    summary, shared = view.summaries[number], view.shared[number]
    return (
        neurons_text(summary.candidate),
        f"{summary.folds_done}/{view.settings.cv}",
        score_text(shared.mean) if not summary.has_failed else "failed",
        score_text(shared.std),
        score_text(shared.train_mean),
        seconds_text(summary.fit_seconds),
        str(view.ranks[number]),
    )


def result_of(view: SizeView) -> JsonObject:
    """The result that a view holds: the best candidate, the smallest adequate one, the final test."""
    header, choice, final = view.header, view.choice, view.final
    best: JsonObject | None = None
    adequate: JsonObject | None = None
    if choice is not None:
        best = _candidate(view, choice.best.number)
        adequate = _candidate(view, choice.adequate.number)
    return {
        "run": view.folder.name,
        "state": view.state,
        "reason": header.reason,
        "fits": header.done,
        "total_fits": header.total,
        "seconds": round(header.active_seconds, 3),
        "scoring": view.settings.scoring,
        "precision": view.settings.precision,
        "trained_by": "scikit-learn" if view.settings.network.solver == "lbfgs" else "nnsize",
        "best": best,
        "smallest_adequate": adequate,
        "test_score": final.test_score if final is not None else None,
    }


def _candidate(view: SizeView, number: int) -> JsonObject:
    summary, shared = view.summaries[number], view.shared[number]
    return {
        "hidden_layer_sizes": layers_value(summary.candidate.hidden_layer_sizes),
        "mean_test_score": shared.mean,
        "std_test_score": shared.std,
    }


def progress_parts(view: SizeView) -> list[str]:
    """The best so far."""
    best = view.choice
    if best is None:
        return []
    return [f"best {neurons_text(best.best)} neurons, {view.settings.scoring} {score_text(best.best_mean)}"]


def listed(view: SizeView) -> tuple[str, ...]:
    """A search's place in the list of runs: what is searched, by what, and what was found."""
    choice = view.choice
    return (
        view.settings.neurons,
        view.settings.scoring,
        neurons_text(choice.best) if choice else "",
        score_text(choice.best_mean) if choice else "",
        score_text(view.final.test_score) if view.final else "",
    )


def shown_settings(settings: SizeSettings) -> dict[str, object]:
    """Every setting of a search, and of the network's parameters those that are not scikit-learn's defaults."""
    own = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    given, default = own.pop("network").as_dict(), NetworkParameters().as_dict()
    own |= {name: value for name, value in given.items() if value != default[name]}
    return {name.replace("_", "-"): value for name, value in own.items()}

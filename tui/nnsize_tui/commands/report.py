"""What the commands print of a run: a JSON object, a table, a progress line."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from nnsize_engine.errors import RunError
from nnsize_engine.run_view import AnyView, RunFollower, SizeView
from nnsize_engine.tables import layers_value
from nnsize_tui.text import neurons_text, score_text, seconds_text

JsonObject = dict[str, object]


def print_json(value: object) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(value, indent=2))


def search_of(view: AnyView) -> SizeView:
    """A view that has to be a size search's.

    Raises:
        RunError: it is an evolution's.
    """
    if isinstance(view, SizeView):
        return view
    raise RunError(f"run {view.folder.name} is an evolution, which cannot be shown yet")


def result(folder: Path) -> JsonObject:
    """A run's result, as far as it is known."""
    return result_of(search_of(RunFollower(folder).look()))


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


def candidate_rows(view: SizeView, most: int | None = None) -> list[tuple[str, ...]]:
    """One row a candidate; with ``most``, only the best-ranked ones, best first."""
    order: Sequence[int] = range(len(view.summaries))
    if most is not None:
        order = sorted(order, key=lambda number: view.ranks[number])[:most]
    folds = view.settings.cv
    rows: list[tuple[str, ...]] = []
    for number in order:
        summary, shared = view.summaries[number], view.shared[number]
        rows.append(
            (
                neurons_text(summary.candidate),
                f"{summary.folds_done}/{folds}",
                score_text(shared.mean) if not summary.has_failed else "failed",
                score_text(shared.std),
                score_text(shared.train_mean),
                seconds_text(summary.fit_seconds),
                str(view.ranks[number]),
            )
        )
    return rows


CANDIDATE_HEADINGS = ("neurons", "folds", "mean", "std", "train", "fit time", "rank")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, left: frozenset[int] = frozenset()) -> None:
    """Print aligned columns, to the right except those named ``left``."""
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    for row in (headings, *rows):
        cells = [
            cell.ljust(width) if i in left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


def progress_text(view: SizeView) -> str:
    """How far a run is, on one line."""
    header = view.header
    parts = [view.state, f"{header.done} of {header.total} fits", f"{seconds_text(header.active_seconds)} elapsed"]
    if view.state == "running" and view.remaining is not None and header.done < header.total:
        parts.append(f"about {seconds_text(view.remaining)} left")
    if view.choice is not None:
        best = view.choice
        parts.append(f"best {neurons_text(best.best)} neurons, {view.settings.scoring} {score_text(best.best_mean)}")
    return ", ".join(parts)

"""The results of one run, by their names in a comparison, and its final networks."""

from dataclasses import dataclass
from typing import Literal

from nnsize_engine.results.candidates import candidate_words
from nnsize_engine.results.records import NetworkScores
from nnsize_engine.results.scores import find_score
from nnsize_engine.results.search_records import Candidate, FinalTest
from nnsize_engine.results.watched_words import candidate_words as watched_words
from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView, WatchedView
from nnsize_engine.settings.layer_sizes import units_text

ResultValue = float | int | str | bool | None
"""One result of one run; None if it is not known."""

Results = dict[str, tuple[ResultValue, str]]
"""The results of a run by name, each with its unit: ``score``, ``seconds``, ``count``, or empty for words."""


TestedName = Literal["best size", "recommended size", "evolved", "gradient"]
"""Names of final networks; a best size that is also recommended is called best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedNetwork:
    """A final network of a run, scored once on the test rows."""

    run: int
    """The place of its run in the comparison."""

    name: TestedName
    """Name of the network in its run."""

    network: str
    """Its neurons, such as ``75`` or ``30-64-32-1``."""

    scoring: str
    test_score: float | None
    """None until the run ends, or if the network failed."""


def results_of_search(view: SizeView) -> Results:
    """Return the results of a search."""
    choice, final, of_recommended = view.choice, view.final_of_best, view.final_of_recommended
    shared = view.shared[choice.best.number] if choice is not None else None
    column: Results = {
        "scored by": (",".join(view.settings.scorings), ""),
        "best": (candidate_words(choice.best) if choice else None, ""),
        "best mean": (choice.best_mean if choice else None, "score"),
        "standard error": (choice.standard_error if choice else None, "score"),
        "std": (shared.std if shared else None, "score"),
        "over folds": (f"{len(choice.folds)} of {view.settings.splits}" if choice else None, ""),
        "recommended": (candidate_words(choice.recommended) if choice else None, ""),
        "its mean": (choice.recommended_mean if choice else None, "score"),
        "its smoothed score": (choice.recommended_score if choice else None, "score"),
        "its test score": (of_recommended.test_score if of_recommended else None, "score"),
        "its training score": (of_recommended.train_score if of_recommended else None, "score"),
        "weights of best": (choice.best.weights if choice else None, "count"),
    }
    if view.settings.repeats > 1:
        column["std over seeds"] = (shared.std_over_seeds if shared else None, "score")
    test = {
        "final test score": (final.test_score if final else None, "score"),
        "final training score": (final.train_score if final else None, "score"),
    }
    return column | test | _by_further_scorings(view) | _progress(view, view.header.done, "fits", view.header.total)


def _by_further_scorings(view: SizeView) -> Results:
    """Return the mean and the test score of the best candidate by each further scoring."""
    column: Results = {}
    choice, final = view.choice, view.final_of_best
    for name, found in view.further.items():
        column[f"best: mean {name}"] = (found.shared[choice.best.number].mean if choice else None, "score")
        column[f"best: test {name}"] = (find_score(final.further, name).test if final else None, "score")
    return column


def is_on_all_folds(view: SizeView) -> bool:
    """Return whether the best mean is over all folds; fewer folds may be easier than the others."""
    return view.choice is not None and len(view.choice.folds) == view.settings.splits


def networks_of_search(view: SizeView, place: int) -> list[TestedNetwork]:
    """Return the networks of the best and, if it is another, of the recommended candidate; empty without them.

    Runs of earlier versions tested the best alone.
    """
    choice = view.choice
    if choice is None:
        return []
    named: list[tuple[TestedName, Candidate, FinalTest | None]] = [("best size", choice.best, view.final_of_best)]
    if choice.recommended != choice.best and view.final_of_recommended is not None:
        named.append(("recommended size", choice.recommended, view.final_of_recommended))
    return [
        TestedNetwork(
            run=place,
            name=name,
            network=candidate_words(candidate),
            scoring=view.settings.final_scoring,
            test_score=None if final is None else final.test_score,
        )
        for name, candidate, final in named
    ]


def results_of_evolution(view: EvolutionView) -> Results:
    """Return the results of an evolution."""
    last = view.generations[-1] if view.generations else None
    evolved, gradient = view.evolved, view.gradient
    column: Results = {
        "fitness": (view.settings.measure, ""),
        "scored by": (view.settings.final_scoring, ""),
        "network": (units_text(view.settings.units), ""),
        "weights": (view.settings.weights, "count"),
        "best fitness": (last.best if last else None, "score"),
        "training fitness": (evolved.fitness if evolved else None, "score"),
        "held-out fitness": (evolved.held_out if evolved else None, "score"),
        "final test score": (evolved.test_score if evolved else None, "score"),
        "final training score": (evolved.train_score if evolved else None, "score"),
        **_of_gradient(gradient),
        "from generation": (evolved.steps if evolved else None, "count"),
        "evaluations": (last.evaluations if last else None, "count"),
    }
    if view.best_series is not None:
        column["network of"] = (view.series[view.best_series].series.name, "")
    if view.series:  # the total is that of all series
        return column | _progress(view, view.header.done, "generations of all", view.header.total)
    return column | _progress(view, last.number if last else 0, "generations", view.header.total)


def _of_gradient(gradient: NetworkScores | None) -> Results:
    """Return the results of the network trained by gradient; empty without one."""
    if gradient is None:
        return {}
    return {
        "by gradient: training fitness": (gradient.fitness, "score"),
        "by gradient: held-out fitness": (gradient.held_out, "score"),
        "by gradient: test score": (gradient.test_score, "score"),
        "by gradient: training score": (gradient.train_score, "score"),
        "by gradient: seconds": (gradient.seconds, "seconds"),
    }


def networks_of_evolution(view: EvolutionView, place: int) -> list[TestedNetwork]:
    """Return the evolved network and the one trained by gradient, if they exist."""
    named: list[tuple[TestedName, NetworkScores | None]] = [("evolved", view.evolved), ("gradient", view.gradient)]
    return [
        TestedNetwork(
            run=place,
            name=name,
            network=units_text(view.settings.units),
            scoring=view.settings.final_scoring,
            test_score=scores.test_score,
        )
        for name, scores in named
        if scores is not None
    ]


def results_of_watched(view: WatchedView) -> Results:
    """Return the results of a watched search."""
    best, splits = view.best, view.settings.splits
    shared = None if best is None else view.shared[best]
    column: Results = {
        "scored by": (",".join(view.settings.scorings), ""),
        "best": (None if best is None else watched_words(view.summaries[best].candidate), ""),
        "best mean": (shared.mean if shared else None, "score"),
        "standard error": (shared.standard_error if shared else None, "score"),
        "std": (shared.std if shared else None, "score"),
        "over folds": (f"{splits} of {splits}" if shared else None, ""),
    }
    for name, found in view.further.items():
        column[f"best: mean {name}"] = (None if best is None else found.shared[best].mean, "score")
    return column | _progress(view, view.header.done, "fits", view.header.total)


def _progress(view: AnyView, done: int, steps: str, total: int) -> Results:
    return {
        steps: (f"{done} of {total}" if done != total else str(total), ""),
        "state": (view.state, ""),
        "seconds": (view.header.active_seconds, "seconds"),
    }

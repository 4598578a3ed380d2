"""Tables of a run's results: named columns of equal length."""

from collections.abc import Sequence
from typing import Literal, get_args

from nnsize_engine.results.generations import evaluation_rates
from nnsize_engine.results.records import Candidate, FitResult
from nnsize_engine.results.statistics import CandidateSummary, numpy_mean, numpy_std
from nnsize_engine.runs.view import EvolutionView, SizeView
from nnsize_engine.settings.layer_sizes import HiddenLayers
from nnsize_engine.settings.parameter_grid import Value

TableName = Literal["candidates", "fits", "references", "generations"]
"""``candidates``: one row per candidate, scikit-learn's ``cv_results_``. ``fits``: one row per candidate, fold and
repeat. ``references``: one row per reference, with the columns of ``candidates``. ``generations``: one row per
generation."""

TABLES: tuple[TableName, ...] = get_args(TableName)

Parameters = dict[str, Value | list[int]]
Cell = float | int | str | bool | None | list[int] | Parameters
Table = dict[str, list[Cell]]

_GENERATION_COLUMNS = (
    "number", "best", "mean", "std", "train", "held_out", "diversity", "accepted", "mutation", "recombination",
    "members", "evaluations", "evaluations_per_second", "seconds", "elapsed", "restarts",
)  # fmt: skip


def candidate_table(view: SizeView, numbers: Sequence[int] | None = None) -> Table:
    """Return one row per candidate, with the columns of ``GridSearchCV.cv_results_`` in its order.

    While a run is under way, an unfinished split has no value. Means, deviations and ranks are over the splits that all
    candidates have finished. As in scikit-learn, a candidate with a failed fit has no mean and ranks last.

    With repeats, every fold of every repeat is a split, as if the ``GridSearchCV`` of one seed were followed by that of
    the next. Two more columns hold the deviation over folds (of their means over seeds) and over seeds. The column
    after them holds the smoothed score, by which a size is recommended.

    A candidate that a race dropped has neither the later splits nor a mean; ``dropped_after`` is the number of folds
    after which it was dropped. ``numbers`` selects candidates; None selects all that were tried.
    """
    numbers = view.tried if numbers is None else numbers
    summaries, shared_scores = [view.summaries[n] for n in numbers], [view.shared[n] for n in numbers]
    splits = range(view.settings.splits)
    table: Table = {}
    _add_times(table, "fit_time", [[fit.fit_seconds for fit in _done(summary)] for summary in summaries])
    _add_times(table, "score_time", [[fit.score_seconds for fit in _done(summary)] for summary in summaries])
    parameters = [parameters_value(summary.candidate) for summary in summaries]
    for name in parameters[0]:
        table[f"param_{name}"] = [one[name] for one in parameters]
    table["params"] = list(parameters)
    for split in splits:
        table[f"split{split}_test_score"] = [summary.scores[split] for summary in summaries]
    table["mean_test_score"] = [shared.mean for shared in shared_scores]
    table["std_test_score"] = [shared.std for shared in shared_scores]
    table["rank_test_score"] = [view.ranks[n] for n in numbers]
    for split in splits:
        table[f"split{split}_train_score"] = [_train_score(summary.fits[split]) for summary in summaries]
    table["mean_train_score"] = [shared.train_mean for shared in shared_scores]
    table["std_train_score"] = [shared.train_std for shared in shared_scores]
    if view.settings.repeats > 1:
        table["std_over_folds"] = [shared.std_over_folds for shared in shared_scores]
        table["std_over_seeds"] = [shared.std_over_seeds for shared in shared_scores]
    table["smoothed_score"] = [_smoothed_score(view, summary) for summary in summaries]
    if view.race is not None:
        table["dropped_after"] = [None if (out := view.dropped(n)) is None else out.folds for n in numbers]
    return table


def fit_table(view: SizeView) -> Table:
    """Return one row per finished fit, by candidate, repeat and fold; a failed fit has its reason."""
    rows = [(summary.candidate, fit) for summary in view.summaries for fit in _done(summary)]
    settings = view.settings
    table: Table = {"candidate": [candidate.number for candidate, _ in rows]}
    parameters = [parameters_value(summary.candidate) for summary in view.summaries]
    for name in parameters[0]:
        table[name] = [parameters[candidate.number][name] for candidate, _ in rows]
    table["weights"] = [candidate.weights for candidate, _ in rows]
    table["fold"] = [fit.fold % settings.cv for _, fit in rows]
    if settings.fold_rounds > 1:
        table["fold_round"] = [settings.fold_of(fit.fold) // settings.cv for _, fit in rows]
    if settings.repeats > 1:
        table["repeat"] = [settings.repeat_of(fit.fold) for _, fit in rows]
    if settings.repeats > 1 or settings.finds_sizes:
        table["random_state"] = [settings.seed + settings.seed_offset_of(fit.fold) for _, fit in rows]
    return table | {
        "test_score": [fit.test_score for _, fit in rows],
        "train_score": [fit.train_score for _, fit in rows],
        "fit_time": [fit.fit_seconds for _, fit in rows],
        "score_time": [fit.score_seconds for _, fit in rows],
        "n_iter": [fit.iterations for _, fit in rows],
        "converged": [None if fit.has_converged is None else bool(fit.has_converged) for _, fit in rows],
        "error": [fit.error for _, fit in rows],
    }


def reference_table(view: SizeView) -> Table:
    """Return one row per reference, with the columns that candidates have; a failed one has its reason.

    The means are over the folds on which the candidates are compared.
    """
    references, folds = view.references, range(view.settings.folds)
    done = [[fit for fit in one.fits if fit is not None and fit.error is None] for one in references]
    table: Table = {"name": [one.name for one in references]}
    _add_times(table, "fit_time", [[fit.fit_seconds for fit in fits] for fits in done])
    _add_times(table, "score_time", [[fit.score_seconds for fit in fits] for fits in done])
    for fold in folds:
        table[f"split{fold}_test_score"] = [one.scores[fold] for one in references]
    table["mean_test_score"] = [one.mean for one in references]
    table["std_test_score"] = [one.std for one in references]
    for fold in folds:
        table[f"split{fold}_train_score"] = [
            None if (fit := one.fits[fold]) is None else fit.train_score for one in references
        ]
    table["mean_train_score"] = [one.train_mean for one in references]
    table["error"] = [one.error for one in references]
    return table


def generation_table(view: EvolutionView) -> Table:
    """Return one row per generation, the first population included."""
    rates: list[Cell] = [*evaluation_rates(view.generations)]
    return {
        name: rates if name == "evaluations_per_second" else view.generations.column(name)
        for name in _GENERATION_COLUMNS
    }


def layers_value(layers: HiddenLayers) -> int | list[int]:
    """Return hidden layers as in a scikit-learn parameter grid: a number for one layer, a list for several."""
    return layers[0] if len(layers) == 1 else list(layers)


def parameters_value(candidate: Candidate) -> Parameters:
    """Return the parameters of a candidate as in ``cv_results_["params"]``: by name, in alphabetical order."""
    named: Parameters = {
        "hidden_layer_sizes": layers_value(candidate.hidden_layer_sizes),
        **dict(candidate.parameters),
    }
    return {name: named[name] for name in sorted(named)}


def _done(summary: CandidateSummary) -> list[FitResult]:
    return [fit for fit in summary.fits if fit is not None]


def _smoothed_score(view: SizeView, summary: CandidateSummary) -> float | None:
    return None if view.choice is None else view.choice.smoothed.get(summary.candidate.number)


def _train_score(fit: FitResult | None) -> float | None:
    return None if fit is None else fit.train_score


def _add_times(table: Table, name: str, seconds: Sequence[Sequence[float]]) -> None:
    table[f"mean_{name}"] = [numpy_mean(row) if row else None for row in seconds]
    table[f"std_{name}"] = [numpy_std(row) if row else None for row in seconds]

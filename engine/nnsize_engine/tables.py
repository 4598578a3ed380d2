"""A run's results as tables: named columns of equal length."""

from collections.abc import Sequence
from typing import Literal, get_args

from nnsize_engine.neurons import HiddenLayers
from nnsize_engine.records import FitResult
from nnsize_engine.run_view import SizeView
from nnsize_engine.selection import CandidateSummary, numpy_mean, numpy_std

TableName = Literal["candidates", "fits"]
"""``candidates``: one row each, scikit-learn's ``cv_results_``. ``fits``: one row a candidate and fold."""

TABLES: tuple[TableName, ...] = get_args(TableName)

Cell = float | int | str | bool | None | list[int] | dict[str, int | list[int]]
Table = dict[str, list[Cell]]


def make_table(view: SizeView, name: TableName) -> Table:
    """The named table of a run as it stands now."""
    return candidate_table(view) if name == "candidates" else fit_table(view)


def candidate_table(view: SizeView) -> Table:
    """One row a candidate, with ``GridSearchCV.cv_results_``'s columns in its order.

    While a run is under way, a fold that is not done has no value; means and deviations, like the ranks, are over the
    folds that every candidate has finished. As in scikit-learn, one with a failed fold has no mean and ranks last.
    """
    summaries = view.summaries
    folds = range(view.settings.cv)
    table: Table = {}
    _add_times(table, "fit_time", [[fit.fit_seconds for fit in _done(summary)] for summary in summaries])
    _add_times(table, "score_time", [[fit.score_seconds for fit in _done(summary)] for summary in summaries])
    sizes = [layers_value(summary.candidate.hidden_layer_sizes) for summary in summaries]
    table["param_hidden_layer_sizes"] = list(sizes)
    table["params"] = [{"hidden_layer_sizes": size} for size in sizes]
    for fold in folds:
        table[f"split{fold}_test_score"] = [summary.scores[fold] for summary in summaries]
    table["mean_test_score"] = [shared.mean for shared in view.shared]
    table["std_test_score"] = [shared.std for shared in view.shared]
    table["rank_test_score"] = list(view.ranks)
    for fold in folds:
        table[f"split{fold}_train_score"] = [_train_score(summary.fits[fold]) for summary in summaries]
    table["mean_train_score"] = [shared.train_mean for shared in view.shared]
    table["std_train_score"] = [shared.train_std for shared in view.shared]
    return table


def fit_table(view: SizeView) -> Table:
    """One row a finished fit, failed ones with their reason; by candidate, then fold."""
    rows = [(summary.candidate, fit) for summary in view.summaries for fit in _done(summary)]
    return {
        "candidate": [candidate.number for candidate, _ in rows],
        "hidden_layer_sizes": [layers_value(candidate.hidden_layer_sizes) for candidate, _ in rows],
        "weights": [candidate.weights for candidate, _ in rows],
        "fold": [fit.fold for _, fit in rows],
        "test_score": [fit.test_score for _, fit in rows],
        "train_score": [fit.train_score for _, fit in rows],
        "fit_time": [fit.fit_seconds for _, fit in rows],
        "score_time": [fit.score_seconds for _, fit in rows],
        "n_iter": [fit.iterations for _, fit in rows],
        "converged": [None if fit.has_converged is None else bool(fit.has_converged) for _, fit in rows],
        "error": [fit.error for _, fit in rows],
    }


def layers_value(layers: HiddenLayers) -> int | list[int]:
    """Hidden layers as a scikit-learn parameter grid holds them: a number for one layer, a list for several."""
    return layers[0] if len(layers) == 1 else list(layers)


def _done(summary: CandidateSummary) -> list[FitResult]:
    return [fit for fit in summary.fits if fit is not None]


def _train_score(fit: FitResult | None) -> float | None:
    return None if fit is None else fit.train_score


def _add_times(table: Table, name: str, seconds: Sequence[Sequence[float]]) -> None:
    table[f"mean_{name}"] = [numpy_mean(row) if row else None for row in seconds]
    table[f"std_{name}"] = [numpy_std(row) if row else None for row in seconds]

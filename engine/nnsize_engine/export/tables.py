"""Tables of a run's results: named columns of equal length."""

from collections.abc import Sequence
from typing import Literal, get_args

from nnsize_engine.results.further_scores import scored_fit, scored_references, scored_summary
from nnsize_engine.results.generations import evaluation_rates
from nnsize_engine.results.references import ReferenceSummary
from nnsize_engine.results.scores import find_score
from nnsize_engine.results.search_records import Candidate, FitResult
from nnsize_engine.results.statistics import CandidateSummary, SharedStatistics, numpy_mean, numpy_std
from nnsize_engine.runs.view import EvolutionView, SizeView
from nnsize_engine.settings.layer_sizes import HiddenLayers
from nnsize_engine.settings.parameter_grid import Value
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.strategies import STRATEGY_COLUMNS, columns_of

TableName = Literal["candidates", "fits", "references", "importances", "effects", "generations", "strategies"]
"""``candidates``: one row per candidate, scikit-learn's ``cv_results_``. ``fits``: one row per candidate, fold and
repeat. ``references``: one row per reference, with the columns of ``candidates``. ``importances``: one row per
parameter and pair of a search over several. ``effects``: one row per value of these parameters. ``generations``: one
row per generation, of a run that compares strategies per generation and series. ``strategies``: one row per series of
such a run."""

TABLES: tuple[TableName, ...] = get_args(TableName)

Parameters = dict[str, Value | list[int]]
Cell = float | int | str | bool | None | list[int] | Parameters
Table = dict[str, list[Cell]]

_GENERATION_COLUMNS = (
    "number", "best", "mean", "std", "train", "held_out", "diversity", "accepted", "mutation", "recombination",
    "step_size", "temperature", "members", "evaluations", "evaluations_per_second", "seconds", "elapsed", "restarts",
)  # fmt: skip


_SCORE_COLUMNS = ("fitness", "held_out", "train_score", "test_score", "train_loss", "test_loss")

_STRATEGY_COLUMNS = (
    "name", "strategy", "repeat", "seed", "generations", "evaluations", "seconds", "restarts", "best",
    *_SCORE_COLUMNS, "reason",
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

    With several scorings, each has its columns, named by it as in ``GridSearchCV``: ``mean_test_f1``, ``rank_test_f1``.
    """
    numbers = view.tried if numbers is None else numbers
    summaries, shared_scores = [view.summaries[n] for n in numbers], [view.shared[n] for n in numbers]
    table: Table = {}
    add_times(table, "fit_time", [[fit.fit_seconds for fit in done_fits(summary)] for summary in summaries])
    add_times(table, "score_time", [[fit.score_seconds for fit in done_fits(summary)] for summary in summaries])
    parameters = [parameters_value(summary.candidate) for summary in summaries]
    for name in parameters[0]:
        table[f"param_{name}"] = [one[name] for one in parameters]
    table["params"] = list(parameters)
    add_scores(table, score_name(view.settings), summaries, shared_scores, [view.ranks[n] for n in numbers])
    for name, found in view.further.items():
        scored = [scored_summary(summary, name) for summary in summaries]
        add_scores(table, name, scored, [found.shared[n] for n in numbers], [found.ranks[n] for n in numbers])
    if view.settings.repeats > 1:
        table["std_over_folds"] = [shared.std_over_folds for shared in shared_scores]
        table["std_over_seeds"] = [shared.std_over_seeds for shared in shared_scores]
    table["smoothed_score"] = [_smoothed_score(view, summary) for summary in summaries]
    if view.race is not None:
        table["dropped_after"] = [None if (out := view.dropped(n)) is None else out.folds for n in numbers]
    return table


def score_name(settings: SizeSettings) -> str:
    """Return how ``GridSearchCV`` names the scores of the first scoring: ``score``, if it is the only one."""
    return settings.scoring if settings.further_scorings else "score"


def add_scores(
    table: Table,
    name: str,
    summaries: Sequence[CandidateSummary],
    shared_scores: Sequence[SharedStatistics],
    ranks: Sequence[int],
) -> None:
    """Add the columns of one scoring."""
    splits = range(len(summaries[0].fits)) if summaries else range(0)
    for split in splits:
        table[f"split{split}_test_{name}"] = [summary.scores[split] for summary in summaries]
    table[f"mean_test_{name}"] = [shared.mean for shared in shared_scores]
    table[f"std_test_{name}"] = [shared.std for shared in shared_scores]
    table[f"rank_test_{name}"] = list(ranks)
    for split in splits:
        table[f"split{split}_train_{name}"] = [_train_score(summary.fits[split]) for summary in summaries]
    table[f"mean_train_{name}"] = [shared.train_mean for shared in shared_scores]
    table[f"std_train_{name}"] = [shared.train_std for shared in shared_scores]


def fit_table(view: SizeView) -> Table:
    """Return one row per finished fit, by candidate, repeat and fold; a failed fit has its reason.

    With several scorings, a further one that failed has its reason in a column of its own, such as ``error_f1``.
    """
    rows = [(summary.candidate, fit) for summary in view.summaries for fit in done_fits(summary)]
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
    first = score_name(settings)
    table[f"test_{first}"] = [fit.test_score for _, fit in rows]
    table[f"train_{first}"] = [fit.train_score for _, fit in rows]
    for name in settings.further_scorings:
        table[f"test_{name}"] = [scored_fit(fit, name).test_score for _, fit in rows]
        table[f"train_{name}"] = [scored_fit(fit, name).train_score for _, fit in rows]
    errors: Table = {
        f"error_{name}": [find_score(fit.further, name).error for _, fit in rows] for name in settings.further_scorings
    }
    return table | {
        "fit_time": [fit.fit_seconds for _, fit in rows],
        "score_time": [fit.score_seconds for _, fit in rows],
        "n_iter": [fit.iterations for _, fit in rows],
        "converged": [None if fit.has_converged is None else bool(fit.has_converged) for _, fit in rows],
        "error": [fit.error for _, fit in rows],
        **errors,
    }


def reference_table(view: SizeView) -> Table:
    """Return one row per reference, with the columns that candidates have; a failed one has its reason.

    The means are over the folds on which the candidates are compared.
    """
    references = view.references
    done = [[fit for fit in one.fits if fit is not None and fit.error is None] for one in references]
    table: Table = {"name": [one.name for one in references]}
    add_times(table, "fit_time", [[fit.fit_seconds for fit in fits] for fits in done])
    add_times(table, "score_time", [[fit.score_seconds for fit in fits] for fits in done])
    folds = range(view.settings.folds)
    _add_reference_scores(table, score_name(view.settings), references, folds)
    for name in view.settings.further_scorings:
        _add_reference_scores(table, name, scored_references(references, name, view.reference_folds), folds)
    table["error"] = [one.error for one in references]
    return table


def _add_reference_scores(table: Table, name: str, references: Sequence[ReferenceSummary], folds: range) -> None:
    """Add the columns of one scoring."""
    for fold in folds:
        table[f"split{fold}_test_{name}"] = [one.scores[fold] for one in references]
    table[f"mean_test_{name}"] = [one.mean for one in references]
    table[f"std_test_{name}"] = [one.std for one in references]
    for fold in folds:
        table[f"split{fold}_train_{name}"] = [
            None if (fit := one.fits[fold]) is None else fit.train_score for one in references
        ]
    table[f"mean_train_{name}"] = [one.train_mean for one in references]


def generation_table(view: EvolutionView) -> Table:
    """Return one row per generation, the first population included, with the columns that the strategy has.

    A run that compares strategies has the rows of one series after those of the other, with the columns that any of its
    strategies has.
    """
    if view.series:
        return _series_table(view)
    left_out = STRATEGY_COLUMNS - columns_of(view.settings.strategy)
    rates: list[Cell] = [*evaluation_rates(view.generations)]
    return {
        name: rates if name == "evaluations_per_second" else view.generations.column(name)
        for name in _GENERATION_COLUMNS
        if name not in left_out
    }


def _series_table(view: EvolutionView) -> Table:
    """Return one row per generation and series."""
    has = frozenset[str]().union(*(columns_of(one.series.settings.strategy) for one in view.series))
    names = [name for name in _GENERATION_COLUMNS if name not in STRATEGY_COLUMNS - has]
    table: Table = {name: [] for name in ("strategy", "repeat", "seed", *names)}
    for one in view.series:
        count = len(one.generations)
        table["strategy"] += [one.series.name] * count
        table["repeat"] += [one.series.repeat] * count
        table["seed"] += [one.series.settings.seed] * count
        for name in names:
            is_rate = name == "evaluations_per_second"
            table[name] += evaluation_rates(one.generations) if is_rate else one.generations.column(name)
    return table


def strategy_table(view: EvolutionView) -> Table:
    """Return one row per series of a run that compares strategies: what it reached, and when."""
    table: Table = {name: [] for name in _STRATEGY_COLUMNS}
    for one in view.series:
        last, scores = one.generations[-1] if one.generations else None, one.scores
        row: list[Cell] = [one.series.name, one.series.settings.strategy, one.series.repeat, one.series.settings.seed]
        row += [last.number, last.evaluations, last.elapsed, last.restarts, last.best] if last else [None] * 5
        row += [getattr(scores, name) if scores else None for name in _SCORE_COLUMNS]
        for name, value in zip(_STRATEGY_COLUMNS, [*row, one.result.reason if one.result else None], strict=True):
            table[name].append(value)
    return table


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


def done_fits(summary: CandidateSummary) -> list[FitResult]:
    """Return the finished fits of a candidate, split by split."""
    return [fit for fit in summary.fits if fit is not None]


def _smoothed_score(view: SizeView, summary: CandidateSummary) -> float | None:
    return None if view.choice is None else view.choice.smoothed.get(summary.candidate.number)


def _train_score(fit: FitResult | None) -> float | None:
    return None if fit is None else fit.train_score


def add_times(table: Table, name: str, seconds: Sequence[Sequence[float]]) -> None:
    """Add mean and deviation of the seconds in each row."""
    table[f"mean_{name}"] = [numpy_mean(row) if row else None for row in seconds]
    table[f"std_{name}"] = [numpy_std(row) if row else None for row in seconds]

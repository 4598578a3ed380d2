"""The numbers of a score curve: of ``cv_results_``, or of a run."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnsize._plotting import view_of
from nnsize_engine.charts.watched_chart import varied_number
from nnsize_engine.results.choice import best_per_size
from nnsize_engine.runs.view import AnyView, SizeView, WatchedView


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCurve:
    """One candidate for each value of a parameter, in rising order of the values."""

    parameter: str
    score_name: str
    values: Any
    """ndarray of shape (n_values,); so are the scores."""

    mean: Any
    standard_error: Any
    train: Any = None
    best: int | None = None
    """The place of the best candidate; None if it is not on the curve."""

    recommended: int | None = None


def curve_of_results(
    results: Mapping[str, Any], parameter: str | None, scoring: str | None, chosen: Mapping[str, int | None]
) -> ScoreCurve:
    """Return the curve of ``cv_results_``; ``chosen`` are the rows of the best and of the recommended candidate.

    Raises:
        ValueError: there is no such score or parameter, or several parameters could be meant.
    """
    score = _score_in(results, scoring)
    name = parameter or _varied(results)
    values = _numbers(results, name)
    mean = np.asarray(results[f"mean_test_{score}"], dtype=float)
    splits = sum(key.startswith("split") and key.endswith(f"_test_{score}") for key in results)
    error = np.asarray(results[f"std_test_{score}"], dtype=float) / math.sqrt(splits - 1) if splits > 1 else mean * 0
    train = results.get(f"mean_train_{score}")
    rows = _best_rows(values, mean, results)
    places = {row: place for place, row in enumerate(rows)}
    on_curve = {kind: None if row is None else places.get(row) for kind, row in chosen.items()}
    return ScoreCurve(
        parameter=_short(name),
        score_name=score,
        values=values[rows],
        mean=mean[rows],
        standard_error=error[rows],
        train=None if train is None else np.asarray(train, dtype=float)[rows],
        **on_curve,
    )


def _score_in(results: Mapping[str, Any], scoring: str | None) -> str:
    known = [str(key).removeprefix("mean_test_") for key in results if str(key).startswith("mean_test_")]
    if not known:
        raise ValueError("these are no cv_results_: they have no column mean_test_score")
    if scoring is not None and scoring not in known:
        raise ValueError(f"there is no score {scoring!r}; choose one of {', '.join(known)}")
    return scoring or known[0]


def _varied(results: Mapping[str, Any]) -> str:
    """Return the one parameter with several values that are all numbers."""
    names = [str(key).removeprefix("param_") for key in results if str(key).startswith("param_")]
    found = []
    for name in names:
        numbers = _numbers_or_none(results, name)
        if numbers is not None and len(np.unique(numbers)) > 1:
            found.append(name)
    if len(found) == 1 or (found and len(names) == 1):
        return found[0]
    if len(names) == 1 and _numbers_or_none(results, names[0]) is not None:
        return names[0]  # a single value
    if not found:
        raise ValueError(f"none of the parameters {', '.join(names)} has several values that are numbers")
    raise ValueError(f"{', '.join(found)} have several values; say which one is along x, as parameter={found[0]!r}")


def _numbers(results: Mapping[str, Any], name: str) -> Any:
    if f"param_{name}" not in results:
        known = [str(key).removeprefix("param_") for key in results if str(key).startswith("param_")]
        raise ValueError(f"there is no parameter {name!r}; choose one of {', '.join(known)}")
    numbers = _numbers_or_none(results, name)
    if numbers is None:
        raise ValueError(f"the values of {name} are no numbers, which the x axis needs")
    return numbers


def _numbers_or_none(results: Mapping[str, Any], name: str) -> Any:
    """Return the values of a parameter as numbers, layers of one number as that number; None if they are none."""
    values = [value[0] if _is_one(value) else value for value in list(results[f"param_{name}"])]
    if not all(isinstance(value, int | float | np.number) and not isinstance(value, bool) for value in values):
        return None
    return np.asarray(values, dtype=float)


def _is_one(value: Any) -> bool:
    return isinstance(value, tuple | list | np.ndarray) and len(value) == 1


def _best_rows(values: Any, mean: Any, results: Mapping[str, Any]) -> list[int]:
    """Return the best row of each value, of a halving search among the rows of its last iteration, in rising order."""
    iterations = np.asarray(results.get("iter", np.zeros(len(values))))
    best: dict[float, int] = {}
    for row, value in enumerate(values):
        before = best.get(value)
        key = (iterations[row], -math.inf if math.isnan(mean[row]) else mean[row])
        if before is None or key > (iterations[before], -math.inf if math.isnan(mean[before]) else mean[before]):
            best[value] = row
    return [best[value] for value in sorted(best)]


def _short(name: str) -> str:
    last = name.rpartition("__")[2]
    return "neurons" if last == "hidden_layer_sizes" else last


def curve_of_run(run: Any) -> ScoreCurve:
    """Return the curve of a search or of a watched search.

    Raises:
        ValueError: it is an evolution, or has no curve yet.
    """
    view = view_of(run)
    curve = _curve_of_view(view)
    if not len(curve.values) or np.isnan(curve.mean).all():
        raise ValueError(f"run {view.folder.name} has no scores to draw yet")
    return curve


def _curve_of_view(view: AnyView) -> ScoreCurve:
    if isinstance(view, SizeView):
        return _of_sizes(view)
    if isinstance(view, WatchedView):
        return _of_watched(view)
    raise ValueError(f"run {view.folder.name} is an evolution; draw it by ConvergenceDisplay")


def _of_sizes(view: SizeView) -> ScoreCurve:
    """Return the best candidate of each size; of networks with several layers by their weights."""
    is_deep = any(len(layers) > 1 for layers in view.settings.candidates)
    best: dict[float, int] = {}
    for layers, candidate in best_per_size(view.summaries, view.shared).items():
        mean = view.shared[candidate.number].mean
        x = float(candidate.weights if is_deep else layers[0])
        if mean is not None and (x not in best or mean > (view.shared[best[x]].mean or -math.inf)):
            best[x] = candidate.number
    numbers = [best[x] for x in sorted(best)]
    curve = _columns("weights" if is_deep else "neurons", view, sorted(best), numbers)
    if view.choice is None:
        return curve
    places = {number: place for place, number in enumerate(numbers)}
    recommended = places.get(view.choice.recommended.number)
    return replace(curve, best=places.get(view.choice.best.number), recommended=recommended)


def _of_watched(view: WatchedView) -> ScoreCurve:
    name = varied_number([summary.candidate for summary in view.summaries])
    if name is None:
        raise ValueError(f"run {view.folder.name} varies several parameters, or one that is no number: it has no curve")
    last = {
        float(dict(summary.candidate.parameters)[name]): place
        for place, summary in enumerate(view.summaries)
        if view.shared[place].mean is not None
    }
    places = [last[value] for value in sorted(last)]
    curve = _columns(_short(name), view, sorted(last), places)
    return replace(curve, best=places.index(view.best) if view.best in places else None)


def _columns(name: str, view: SizeView | WatchedView, x: Sequence[float], places: Sequence[int]) -> ScoreCurve:
    shared = [view.shared[place] for place in places]
    train = [one.train_mean for one in shared]

    def numbers(values: Sequence[float | None]) -> Any:
        return np.asarray([math.nan if value is None else value for value in values], dtype=float)

    return ScoreCurve(
        parameter=name,
        score_name=view.settings.measure,
        values=np.asarray(x, dtype=float),
        mean=numbers([one.mean for one in shared]),
        standard_error=numbers([one.standard_error for one in shared]),
        train=None if any(value is None for value in train) else numbers(train),
    )

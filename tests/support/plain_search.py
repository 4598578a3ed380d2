"""The search of a table of numbers and classes, by the engine and by scikit-learn's own grid search."""

import threading
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.split import load_split
from nnsize_engine.results.search_records import FinalTest, FitResult
from nnsize_engine.search.events import FinishedFit
from nnsize_engine.search.final_test import final_test
from nnsize_engine.search.search import plan, run_fits
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice


def settings_of(path: Path, scoring: str, cv: int = 5, neurons: str = "4,8", **choice: Any) -> SizeSettings:
    """Return a search of short trainings on a table."""
    table = inspect_table(TableChoice(source=str(path), **choice)).table
    network = NetworkParameters(max_iter=30)
    return SizeSettings(data=path.name, table=table, neurons=neurons, cv=cv, scoring=scoring, network=network)


def fits_of(settings: SizeSettings) -> dict[tuple[int, int], FitResult]:
    """Return all fits of a search by candidate and fold."""
    search = plan(settings, load_split(settings))
    fits = run_fits(search, (), {}, 1, threading.Event(), lambda _: None)
    results = [fit.result for fit in fits if isinstance(fit, FinishedFit)]
    return {(result.candidate, result.fold): result for result in results}


def final_of(settings: SizeSettings, candidate: int) -> FinalTest:
    """Return the final test of a candidate."""
    search = plan(settings, load_split(settings))
    found = final_test(search, search.candidates[candidate], None, threading.Event(), lambda _: None)
    assert isinstance(found, FinalTest)
    return found


def scikit_learn_search(frame: pd.DataFrame, target: str, settings: SizeSettings) -> Any:
    """Return the fitted ``GridSearchCV`` over a table of numbers."""
    X, y = frame.drop(columns=target), frame[target].to_numpy(dtype=object)
    X_train, _, y_train, _ = train_test_split(X, y, test_size=0.33, random_state=42)
    encode = ColumnTransformer([("number", StandardScaler(), list(X))])
    network = MLPClassifier(random_state=0, max_iter=settings.network.max_iter)
    grid = {"network__hidden_layer_sizes": [layers[0] for layers in settings.candidates]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return GridSearchCV(
            Pipeline([("encode", encode), ("network", network)]), grid, cv=settings.cv, scoring=settings.scoring
        ).fit(X_train, y_train)


def scikit_learn_test_score(search: Any, frame: pd.DataFrame, target: str) -> float:
    """Return the score of the refitted best candidate on the held-out rows."""
    X, y = frame.drop(columns=target), frame[target].to_numpy(dtype=object)
    _, X_test, _, y_test = train_test_split(X, y, test_size=0.33, random_state=42)
    return float(search.score(X_test, y_test))


def assert_same_scores(fits: Mapping[tuple[int, int], FitResult], search: Any, cv: int) -> None:
    """Assert that the scores are scikit-learn's; a fit failed, with its reason, where scikit-learn has NaN."""
    for (candidate, fold), fit in fits.items():
        expected = search.cv_results_[f"split{fold}_test_score"][candidate]
        if np.isnan(expected):
            assert fit.test_score is None
            assert fit.error
        else:
            assert fit.test_score is not None, fit.error
            assert abs(fit.test_score - expected) < 1e-9
    assert len(fits) == cv * len(search.cv_results_["params"])

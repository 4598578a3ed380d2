"""Results of scikit-learn's own grid search."""

import warnings
from dataclasses import replace
from typing import Any

from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from nnsize_engine.data.split import load_split
from nnsize_engine.export.tables import layers_value
from nnsize_engine.network.estimator import new_estimator
from nnsize_engine.settings.search import SizeSettings


def grid_search(settings: SizeSettings, n_jobs: int = 1) -> Any:
    """Return the fitted ``GridSearchCV`` of a size search's first repeat, as article 1 writes it."""
    split = load_split(settings)
    network = new_estimator(replace(settings.network, random_state=settings.seed), settings.task)
    step = "mlp"
    if settings.scaling_of_target == "standard":
        network, step = TransformedTargetRegressor(network, transformer=StandardScaler()), "mlp__regressor"
    pipeline = Pipeline([("scale", StandardScaler()), ("mlp", network)])
    grid: dict[str, list[Any]] = {
        f"{step}__hidden_layer_sizes": [layers_value(layers) for layers in settings.candidates]
    }
    grid |= {f"{step}__{name}": list(values) for name, values in settings.grid}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        has_several = bool(settings.further_scorings)
        search = GridSearchCV(
            pipeline,
            grid,
            cv=settings.cv,
            scoring=list(settings.scorings) if has_several else settings.scoring,
            refit=settings.scoring if has_several else True,
            return_train_score=True,
            n_jobs=n_jobs,
        )
        return search.fit(split.X_train, split.y_train)


def grid_searches(settings: SizeSettings) -> list[Any]:
    """Return a fitted ``GridSearchCV`` for each seed of a search with repeats."""
    return [grid_search(replace(settings, seed=settings.seed + repeat)) for repeat in range(settings.repeats)]


def held_out_score(search: Any, settings: SizeSettings) -> float:
    """Return the score of the refitted best estimator on the held-out test rows."""
    split = load_split(settings)
    return float(search.score(split.X_test, split.y_test))

"""The program of a search: one ``GridSearchCV`` of scikit-learn, or one per seed."""

import math
import pprint
from collections.abc import Iterable, Mapping

from nnsize_engine.export.program_parts import ProgramParts, data_text
from nnsize_engine.settings.layer_sizes import HiddenLayers
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings

_SEARCH = """
{folds}search = GridSearchCV(pipeline, grid, cv={cv}, scoring={scoring!r}, n_jobs=-1)
search.fit(X_train, y_train)
print("best score:", search.best_score_)
print("best parameters:", search.best_params_)
print("test score:", search.score(X_test, y_test))
"""

_REPEATED_SEARCH = """
{folds}scores = []  # of every fold of every seed, for all candidates
for seed in range({seed}, {seed} + {repeats}):
    pipeline.set_params(network__random_state=seed)
    search = GridSearchCV(pipeline, grid, cv={cv}, scoring={scoring!r}, refit=False, n_jobs=-1)
    search.fit(X_train, y_train)
    scores += [search.cv_results_[f"split{{fold}}_test_score"] for fold in range({count})]
means = np.ascontiguousarray(np.transpose(scores)).mean(axis=1)
best = int(np.nanargmax(means))
parameters = search.cv_results_["params"][best]
pipeline.set_params(network__random_state={seed}, **parameters).fit(X_train, y_train)
print("best score:", means[best])
print("best parameters:", parameters)
print("test score:", get_scorer({scoring!r})(pipeline, X_test, y_test))
"""


_FOUND_SIZES = """
folds_of_size = {folds_of_size}  # how many folds the run trained each size on
{folds}means = {{}}
for size, count in folds_of_size.items():
    scores = []
    for fold, split in enumerate(folds[:count]):
        pipeline.set_params(network__hidden_layer_sizes=size, network__random_state={seed} + fold)
        scores += list(cross_val_score(pipeline, X_train, y_train, cv=[split], scoring={scoring!r}))
    print(f"{{size}} neurons:", [float(score) for score in scores])
    if count == {count} and not np.isnan(scores).any():
        means[size] = float(np.mean(scores))
best = max(means, key=means.get)
pipeline.set_params(network__hidden_layer_sizes=best, network__random_state={seed}).fit(X_train, y_train)
print("best score:", means[best])
print("best parameters:", {{"network__hidden_layer_sizes": best}})
print("test score:", get_scorer({scoring!r})(pipeline, X_test, y_test))
"""


def search_program(settings: SizeSettings, name: str, folds_of_size: Mapping[int, int] | None = None) -> ProgramParts:
    """Return the parts of the program of a search of this name.

    ``folds_of_size`` are the sizes that a search found and the folds of each; None for all that it may try.
    """
    usual, own = NetworkParameters().as_dict(), settings.network.as_dict()
    given = {name: value for name, value in own.items() if value != usual[name]} | {"random_state": settings.seed}
    return ProgramParts(
        docstring=_docstring(settings, name),
        network=given,
        has_scaling=True,
        grid="" if settings.finds_sizes else _grid_code(settings),
        code=_found_sizes_code(settings, folds_of_size) if settings.finds_sizes else _search_code(settings),
    )


def _docstring(settings: SizeSettings, name: str) -> str:
    words = (
        f"The search that nnsize made in its run {name}, on\n{data_text(settings.data, settings.table)},\n"
        "by scikit-learn alone: the same rows, folds, seeds and candidates, so the same scores."
    )
    if settings.race and not settings.finds_sizes:
        words += "\n\nThe run dropped sizes that were behind; this trains all of them on every fold."
    if settings.precision != "float64":
        words += "\n\nThe run computed in float32; this computes in float64, and its scores are near the run's."
    return words


def _grid_code(settings: SizeSettings) -> str:
    values: dict[str, Iterable[object]] = {"hidden_layer_sizes": [_layers(layers) for layers in settings.candidates]}
    values |= {name: list(values) for name, values in settings.grid}
    return f"grid = {_dictionary({f'network__{name}': list(values[name]) for name in values})}"


def _layers(layers: HiddenLayers) -> int | HiddenLayers:
    return layers[0] if len(layers) == 1 else layers


def _dictionary(values: Mapping[str, list[object]]) -> str:
    lines = []
    for name, listed in values.items():
        text = pprint.pformat(listed, width=100, compact=True)
        if math.inf in listed:
            text = text.replace("inf", 'float("inf")')
        indented = text.replace("\n", "\n" + " " * (len(name) + 8))
        lines.append(f"    {name!r}: {indented},\n")
    return "{\n" + "".join(lines) + "}"


def _found_sizes_code(settings: SizeSettings, folds_of_size: Mapping[int, int] | None) -> str:
    known = folds_of_size or {layers[0]: settings.folds for layers in settings.candidates}
    return _FOUND_SIZES.format(
        folds_of_size=known,
        folds=_folds_code(settings),
        count=settings.folds,
        seed=settings.seed,
        scoring=settings.scoring,
    )


def _search_code(settings: SizeSettings) -> str:
    template = _SEARCH if settings.repeats == 1 else _REPEATED_SEARCH
    return template.format(
        folds="" if settings.fold_rounds == 1 else _folds_code(settings),
        cv=settings.cv if settings.fold_rounds == 1 else "folds",
        count=settings.folds,
        scoring=settings.scoring,
        seed=settings.seed,
        repeats=settings.repeats,
    )


def _folds_code(settings: SizeSettings) -> str:
    """Return the lines that list the folds of all rounds."""
    splitter, cv = "KFold" if settings.task == "regression" else "StratifiedKFold", settings.cv
    lines = [f"folds = list({splitter}({cv}).split(X_train, y_train))"]
    if settings.fold_rounds > 1:
        lines.append(f"for number in range(1, {settings.fold_rounds}):  # further rounds shuffle the rows")
        shuffled = f"{splitter}({cv}, shuffle=True, random_state=number)"
        lines.append(f"    folds += list({shuffled}.split(X_train, y_train))")
    return "\n".join(lines) + "\n"

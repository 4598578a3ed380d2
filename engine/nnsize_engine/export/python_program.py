"""A run as a program: what computes its scores with scikit-learn and pandas alone.

It reads the data as nnsize reads it, makes the documented pipeline, and searches it by scikit-learn's own
``GridSearchCV``; the scores are equal to 1e-9. Everything that it needs to know stands in the run's settings.
"""

import math
import pprint
from collections.abc import Iterable, Mapping

from nnsize_engine.export.python_table import IMPORTS_OF_TABLES, encoder_code, table_code
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.layer_sizes import HiddenLayers
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.search import SizeSettings

_SEARCH = """
search = GridSearchCV(pipeline, grid, cv={cv}, scoring={scoring!r}, n_jobs=-1)
search.fit(X_train, y_train)
print("best score:", search.best_score_)
print("best parameters:", search.best_params_)
print("test score:", search.score(X_test, y_test))
"""

_REPEATED_SEARCH = """
scores = []  # of every fold of every seed, for all candidates
for seed in range({seed}, {seed} + {repeats}):
    pipeline.set_params(network__random_state=seed)
    search = GridSearchCV(pipeline, grid, cv={cv}, scoring={scoring!r}, refit=False, n_jobs=-1)
    search.fit(X_train, y_train)
    scores += [search.cv_results_[f"split{{fold}}_test_score"] for fold in range({cv})]
means = np.ascontiguousarray(np.transpose(scores)).mean(axis=1)
best = int(np.nanargmax(means))
parameters = search.cv_results_["params"][best]
pipeline.set_params(network__random_state={seed}, **parameters).fit(X_train, y_train)
print("best score:", means[best])
print("best parameters:", parameters)
print("test score:", get_scorer({scoring!r})(pipeline, X_test, y_test))
"""

_GRADIENT = """
pipeline.fit(X_train, y_train)
score = get_scorer({scoring!r})
print("training score:", score(pipeline, X_train, y_train))
print("test score:", score(pipeline, X_test, y_test))
"""


def python_code(settings: RunSettings, name: str) -> str:
    """The program of a run of this name."""
    is_search = isinstance(settings, SizeSettings)
    code = _search_code(settings) if isinstance(settings, SizeSettings) else _gradient_code(settings)
    parts = [
        _docstring(settings, name),
        _imports(settings, code),
        _data_code(settings),
        _split_code(settings),
        _pipeline_code(settings),
        *([_grid_code(settings)] if is_search and isinstance(settings, SizeSettings) else []),
        code.strip(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _docstring(settings: RunSettings, name: str) -> str:
    data = settings.table.choice.source if settings.table is not None else settings.data
    if isinstance(settings, EvolutionSettings):
        what = (
            f"The network that nnsize trained by gradient beside its evolution {name}: on the same rows of\n"
            f"{_in_text(data)},\n"
            "with the same layers, by scikit-learn alone. Evolution itself has no counterpart there."
        )
    else:
        what = (
            f"The search that nnsize made in its run {name}, on\n{_in_text(data)},\n"
            "by scikit-learn alone: the same rows, folds, seeds and candidates, so the same scores."
        )
    near = "" if settings.precision == "float64" or not isinstance(settings, SizeSettings) else (
        "\n\nThe run computed in float32; this computes in float64, and its scores are near the run's."
    )  # fmt: skip
    return f'"""{what}{near}\n"""'


def _in_text(name: str) -> str:
    """A name inside a docstring: nothing in it ends the docstring or is read as an escape."""
    return name.encode("unicode_escape").decode("ascii").replace('"', "'").replace("\\", "\\\\")


def _imports(settings: RunSettings, code: str) -> str:
    """The modules that the program needs, in the usual order."""
    network = "MLPRegressor" if settings.task == "regression" else "MLPClassifier"
    found = {
        "sklearn.model_selection": {"train_test_split", *(["GridSearchCV"] if "GridSearchCV" in code else [])},
        "sklearn.neural_network": {network},
        "sklearn.pipeline": {"Pipeline"},
    }
    modules = ["numpy as np"] if "np." in code else []
    if "get_scorer" in code:
        found["sklearn.metrics"] = {"get_scorer"}
    if settings.table is None:
        loader = "make_friedman1" if settings.data == "synthetic" else f"load_{settings.data}"
        found["sklearn.datasets"] = {loader}
        if not _has_no_scaling(settings):
            found["sklearn.preprocessing"] = {"StandardScaler"}
    else:
        modules = ["numpy as np", "pandas as pd"]
        text = _data_code(settings) + _pipeline_code(settings)
        modules += ["pyarrow as pa"] if "pa.ipc" in text else []
        for module, names in IMPORTS_OF_TABLES.items():
            used = {name for name in names if f"{name}(" in text}
            if used:
                found[module] = found.get(module, set()) | used
    lines = [f"import {module}" for module in modules]
    lines += [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(found.items())]
    return "\n".join(lines)


def _data_code(settings: RunSettings) -> str:
    if settings.table is not None:
        return table_code(settings.table, settings.split_seed)
    if settings.data == "synthetic":
        return "X, y = make_friedman1(n_samples=500, n_features=10, noise=1.0, random_state=0)"
    return f"X, y = load_{settings.data}(return_X_y=True)"


def _split_code(settings: RunSettings) -> str:
    stratify = ", stratify=y" if settings.stratify else ""
    return (
        "X_train, X_test, y_train, y_test = train_test_split(\n"
        f"    X, y, test_size={settings.test_size!r}, random_state={settings.split_seed}{stratify}\n)"
    )


def _pipeline_code(settings: RunSettings) -> str:
    network = _network_code(settings)
    if settings.table is not None:
        code = encoder_code(settings.table, has_scaling=not _has_no_scaling(settings))
        return f'{code}\npipeline = Pipeline([("encode", encode), ("network", {network})])'
    if _has_no_scaling(settings):
        return f'pipeline = Pipeline([("network", {network})])'
    return f'pipeline = Pipeline([("scale", StandardScaler()), ("network", {network})])'


def _has_no_scaling(settings: RunSettings) -> bool:
    return isinstance(settings, EvolutionSettings) and not settings.scale


def _network_code(settings: RunSettings) -> str:
    if isinstance(settings, EvolutionSettings):
        given: dict[str, object] = {
            "hidden_layer_sizes": settings.hidden_layer_sizes,
            "activation": settings.activation,
            "random_state": settings.seed,
        }
    else:
        usual, own = NetworkParameters().as_dict(), settings.network.as_dict()
        given = {name: value for name, value in own.items() if value != usual[name]} | {"random_state": settings.seed}
    if settings.task != "regression":
        given.pop("loss", None)
    arguments = ", ".join(f"{name}={_literal(value)}" for name, value in given.items())
    return f"{'MLPRegressor' if settings.task == 'regression' else 'MLPClassifier'}({arguments})"


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


def _literal(value: object) -> str:
    return 'float("inf")' if value == math.inf else repr(value)


def _search_code(settings: SizeSettings) -> str:
    template = _SEARCH if settings.repeats == 1 else _REPEATED_SEARCH
    return template.format(cv=settings.cv, scoring=settings.scoring, seed=settings.seed, repeats=settings.repeats)


def _gradient_code(settings: EvolutionSettings) -> str:
    return _GRADIENT.format(scoring=settings.final_scoring)

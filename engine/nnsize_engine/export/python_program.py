"""Program of a run, which computes its scores with scikit-learn and pandas alone.

The program reads the data as nnsize does, makes the documented pipeline, and searches it by scikit-learn's own
``GridSearchCV``; the scores are equal to 1e-9. It is made from the settings of the run alone.
"""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from nnsize_engine.errors import ExportError
from nnsize_engine.export.escaping import in_docstring
from nnsize_engine.export.kinds import EXPORTS, chosen_network
from nnsize_engine.export.program_parts import ProgramParts
from nnsize_engine.export.python_kept import kept_matrix_code
from nnsize_engine.export.python_table import IMPORTS_OF_TABLES, encoder_code, table_code
from nnsize_engine.export.python_weights import balance_code, column_code, has_column
from nnsize_engine.results.records import NetworkName
from nnsize_engine.runs.label import RunLabel
from nnsize_engine.runs.view import AnyView, WatchedView
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.scaler import Scaler
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.target_scale import TargetScale

_SELECTION = (
    "GridSearchCV", "GroupKFold", "GroupShuffleSplit", "KFold", "RepeatedKFold", "RepeatedStratifiedKFold",
    "StratifiedGroupKFold", "StratifiedKFold", "TimeSeriesSplit", "cross_val_score", "cross_validate",
    "train_test_split",
)  # fmt: skip
"""The names of ``sklearn.model_selection`` that a program may use."""

_MODULES = ("bz2", "gzip", "io", "json", "lzma", "re", "zipfile")
"""Modules of the standard library that code which reads a table may use."""


SCALER_CODES: Mapping[Scaler, str] = {
    "standard": "StandardScaler()",
    "robust": "RobustScaler()",
    "quantile": "QuantileTransformer(random_state=0)",
    "minmax": "MinMaxScaler()",
    "none": "",
}
"""The code of each scaler of inputs."""

_QUIET = 'warnings.filterwarnings("ignore", message="n_quantiles")  # it warns of fewer rows than its 1,000 quantiles\n'


@dataclass(frozen=True, slots=True)
class _TargetScaling:
    """The code that scales the target of a network."""

    code: str
    imports: Mapping[str, Collection[str]]


_TARGET_SCALING: Mapping[TargetScale, _TargetScaling] = {
    "none": _TargetScaling("{}", {}),
    "standard": _TargetScaling(
        "TransformedTargetRegressor({}, transformer=StandardScaler())",
        {"sklearn.compose": {"TransformedTargetRegressor"}, "sklearn.preprocessing": {"StandardScaler"}},
    ),
    "log": _TargetScaling(
        "TransformedTargetRegressor(\n    {},\n"
        "    transformer=make_pipeline(FunctionTransformer(np.log1p, np.expm1), StandardScaler()),\n)",
        {
            "sklearn.compose": {"TransformedTargetRegressor"},
            "sklearn.pipeline": {"make_pipeline"},
            "sklearn.preprocessing": {"FunctionTransformer", "StandardScaler"},
        },
    ),
}


def program_of(view: AnyView, network: NetworkName | None = None) -> str:
    """Return the program of a run.

    ``network`` is the network that the program of a search trains in the end: ``best``, also for None, or
    ``recommended``. That of an evolution always trains the one by gradient.

    Raises:
        ExportError: the run has no such network, or settings that contradict each other.
    """
    if isinstance(view, WatchedView):  # a program of the user runs it
        EXPORTS[view.kind].program(view.settings, view.header.id)
        raise AssertionError(f"run {view.header.id} has no program")
    chosen = chosen_network(view.kind, view.header.id, network)
    try:
        return _program(view.settings, _labelled(EXPORTS[view.kind].program_of_view(view, chosen), view.label))
    except (LookupError, ValueError, TypeError) as error:  # settings that no nnsize wrote
        raise ExportError(
            f"no program can be made of run {view.folder.name}: its settings are damaged ({error})"
        ) from error


def _labelled(parts: ProgramParts, label: RunLabel) -> ProgramParts:
    """Add what people call the run to the docstring: a comment above it could name another encoding of the file."""
    lines = "\n".join(map(in_docstring, label.lines))
    return replace(parts, docstring=f"{parts.docstring.rstrip()}\n\n{lines}") if lines else parts


def python_code(settings: StartedSettings, name: str) -> str:
    """Return the source of the program of a run; if the search finds its sizes, over all that it may try."""
    return _program(settings, EXPORTS[settings.kind].program(settings, name))


def _program(settings: StartedSettings, own: ProgramParts) -> str:
    parts = [
        f'"""{own.docstring}\n"""',
        _imports(settings, own),
        _data_code(settings),
        _split_code(settings),
        balance_code(settings),
        _pipeline_code(settings, own),
        _of_network(own.grid, settings),
        _of_network(own.code.strip(), settings),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _of_network(code: str, settings: StartedSettings) -> str:
    """Name the network's parameters as those of the step that scales its target, if there is one."""
    is_scaled = settings.scaling_of_target != "none"
    return re.sub("network__(?!sample_weight)", "network__regressor__", code) if is_scaled else code


def _imports(settings: StartedSettings, own: ProgramParts) -> str:
    """Return the import statements that the program needs, sorted."""
    network, code = _network_class(settings), own.code
    all_code = _data_code(settings) + _split_code(settings) + balance_code(settings) + code
    found = {
        "sklearn.neural_network": {network},
        "sklearn.pipeline": {"Pipeline"},
    }
    if selected := {name for name in _SELECTION if re.search(rf"\b{name}\(", all_code)}:
        found["sklearn.model_selection"] = selected
    _add(found, _TARGET_SCALING[settings.scaling_of_target].imports)
    _add(found, own.imports)
    modules = ["numpy as np"] if "np." in code or settings.scaling_of_target == "log" else []
    if "compute_sample_weight" in all_code:
        found["sklearn.utils.class_weight"] = {"compute_sample_weight"}
    if "get_scorer" in code:
        _add(found, {"sklearn.metrics": {"get_scorer"}})
    if settings.table is None or settings.table.kept_as == "matrix":
        if settings.table is None:
            loader = "make_friedman1" if settings.data == "synthetic" else f"load_{settings.data}"
            found["sklearn.datasets"] = {loader}
        else:
            modules = ["numpy as np"]
            _add(found, {"scipy.sparse": {"csr_array"}} if "csr_array(" in all_code else {})
        if own.scaler != "none":
            _add(found, {"sklearn.preprocessing": {SCALER_CODES[own.scaler].split("(", maxsplit=1)[0]}})
    else:
        modules = ["numpy as np", "pandas as pd"]
        text = _data_code(settings) + _pipeline_code(settings, own)
        modules = [*(name for name in _MODULES if re.search(rf"\b{name}\.", text)), *modules]
        modules += ["zstandard"] if "zstandard." in text else []
        modules += ["sklearn.externals._arff as arff"] if "arff.load" in text else []
        modules += ["pyarrow as pa"] if "pa.ipc" in text else []
        modules = ["re", *modules] if "re.fullmatch(" in text else modules
        for module, names in IMPORTS_OF_TABLES.items():
            used = {name for name in names if f"{name}(" in text}
            _add(found, {module: used} if used else {})
    modules = ["sys", *modules] if "sys.path" in code else modules
    modules = ["warnings", "", *modules] if own.scaler == "quantile" else modules
    lines = [f"import {module}" if module else "" for module in modules]
    lines += [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(found.items())]
    return "\n".join(lines)


def _add(found: dict[str, set[str]], imports: Mapping[str, Collection[str]]) -> None:
    for module, names in imports.items():
        found[module] = found.get(module, set()) | set(names)


def _data_code(settings: StartedSettings) -> str:
    if settings.table is not None and settings.table.kept_as == "matrix":
        return kept_matrix_code(settings.table)
    if settings.table is not None:
        return table_code(settings.table, settings.split_seed) + column_code(settings.table)
    if settings.data == "synthetic":
        return "X, y = make_friedman1(n_samples=500, n_features=10, noise=1.0, random_state=0)"
    return f"X, y = load_{settings.data}(return_X_y=True)"


def _split_code(settings: StartedSettings) -> str:
    has_groups = settings.table is not None and settings.table.choice.groups is not None
    is_search = isinstance(settings, SizeSettings)
    if not settings.test_size:
        names = (
            "X_train, y_train, sample_weight = X, y, sample_weight"
            if has_column(settings)
            else "X_train, y_train = X, y"
        )
        code = f"{names}  # no test rows are held out"
        return f"{code}\ngroups_train = groups" if has_groups and is_search else code
    made, given = (", sample_weight, _", ", sample_weight") if has_column(settings) else ("", "")
    if has_groups:
        return (
            f"drawn = GroupShuffleSplit(1, test_size={settings.test_size!r}, random_state={settings.split_seed})\n"
            "((train, test),) = drawn.split(X, y, groups)  # whole groups\n"
            "X_train, X_test, y_train, y_test = X.iloc[train], X.iloc[test], y[train], y[test]"
            + ("\nsample_weight = sample_weight[train]" if has_column(settings) else "")
            + ("\ngroups_train = groups[train]" if is_search else "")
        )
    if settings.takes_last_rows:
        return (
            f"X_train, X_test, y_train, y_test{made} = train_test_split(  # the last rows\n"
            f"    X, y{given}, test_size={settings.test_size!r}, shuffle=False\n)"
        )
    stratify = ", stratify=y" if settings.stratify else ""
    return (
        f"X_train, X_test, y_train, y_test{made} = train_test_split(\n"
        f"    X, y{given}, test_size={settings.test_size!r}, random_state={settings.split_seed}{stratify}\n)"
    )


def _pipeline_code(settings: StartedSettings, own: ProgramParts) -> str:
    network, before, scaler = _network_code(settings, own), "", SCALER_CODES[own.scaler]
    if settings.scaling_of_target != "none":
        network, before = "network", f"network = {network}\n"
    if own.scaler == "quantile":
        before = _QUIET + before
    if settings.table is not None and settings.table.kept_as != "matrix":
        code = encoder_code(settings.table, scaler=scaler)
        return f'{code}\n{before}pipeline = Pipeline([("encode", encode), ("network", {network})])'
    if not scaler:
        return f'{before}pipeline = Pipeline([("network", {network})])'
    return f'{before}pipeline = Pipeline([("scale", {scaler}), ("network", {network})])'


def _network_code(settings: StartedSettings, own: ProgramParts) -> str:
    is_regression = settings.task == "regression"
    given = {name: value for name, value in own.network.items() if name != "loss" or is_regression}
    arguments = ", ".join(f"{name}={_literal(value)}" for name, value in given.items())
    return _TARGET_SCALING[settings.scaling_of_target].code.format(f"{_network_class(settings)}({arguments})")


def _network_class(settings: StartedSettings) -> str:
    return "MLPRegressor" if settings.task == "regression" else "MLPClassifier"


def _literal(value: object) -> str:
    return 'float("inf")' if value == math.inf else repr(value)

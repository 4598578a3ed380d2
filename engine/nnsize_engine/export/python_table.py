"""The parts of a program that read a table and make the documented ``ColumnTransformer``."""

from collections.abc import Iterable, Mapping
from typing import Literal

from nnsize_engine.errors import ExportError
from nnsize_engine.export.python_cleaning import (
    cleaning_code,
    cleaning_functions,
    joined_code,
    rare_classes_code,
)
from nnsize_engine.export.python_format import format_code
from nnsize_engine.export.python_kept import kept_table_code
from nnsize_engine.export.python_notations import converted, functions_of
from nnsize_engine.export.python_text_file import listed, text_file_code
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_address import local_path
from nnsize_engine.settings.table_choice import OPENML

IMPORTS_OF_TABLES = {
    "sklearn.compose": ("ColumnTransformer",),
    "sklearn.datasets": ("fetch_openml",),
    "sklearn.impute": ("SimpleImputer",),
    "sklearn.pipeline": ("make_pipeline",),
    "sklearn.preprocessing": (
        "MinMaxScaler",
        "OneHotEncoder",
        "QuantileTransformer",
        "RobustScaler",
        "StandardScaler",
    ),
}
"""The names that the code may use, by module."""

_ENCODINGS: Mapping[str, Literal["number", "category"]] = {
    "number": "number",
    "boolean": "number",
    "date": "number",
    "category": "category",
    "month": "category",
    "weekday": "category",
}
"""The encoding of a column of each kind."""

_HARMLESS = '''def escape_text(names):
    """Names without control characters; a nameless column is called by its place."""
    return [
        "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in str(name))
        if str(name).strip()
        else f"Unnamed: {place}"
        for place, name in enumerate(names)
    ]
'''

_LABELS = '''def labels(column):
    """Values as text, whole numbers without a point; a missing one stays missing."""
    whole = pd.api.types.is_float_dtype(column.dtype)
    texts = [
        np.nan if missing else str(int(value)) if whole and float(value).is_integer() else str(value)
        for value, missing in zip(column.to_numpy(dtype=object), column.isna())
    ]
    return pd.Series(texts, index=column.index, dtype=object)
'''

_PART = '''def part_of(days, part):
    """A part of dates, as text."""
    numbers = getattr(pd.to_datetime(np.floor(days), unit="D").dt, part)
    return numbers.map(lambda number: str(int(number)), na_action="ignore").astype(object)
'''

_ARRAYS = """arrays = np.load({path!r})
if isinstance(arrays, np.ndarray):
    arrays = {{"": arrays}}
arrays = {{name: arrays[name] for name in arrays}}
lowered = {{name.lower(): array for name, array in arrays.items()}}
(*_, last) = arrays.values()
if set(lowered) == {{"x", "y"}}:
    inputs, targets = pd.DataFrame(lowered["x"]).add_prefix("x"), pd.DataFrame(lowered["y"]).add_prefix("y")
    table = pd.concat([inputs, targets.rename(columns={{"y0": "y"}}) if targets.shape[1] == 1 else targets], axis=1)
elif last.dtype.names:
    table = pd.DataFrame({{name: last[name] for name in last.dtype.names}})
elif len(arrays) == 1:
    table = pd.DataFrame(last, columns=[*(f"x{{place}}" for place in range(last.shape[1] - 1)), "y"])
else:
    table = pd.DataFrame({{name: array.ravel() for name, array in arrays.items()}})
"""


def table_code(table: TableSettings, split_seed: int) -> str:
    """Return code that makes ``X``, a frame of typed columns, and ``y``."""
    if table.kept_as:
        return _kept_code(table)
    kinds = dict(table.columns)
    functions, lines = [], []
    if _are_renamed(kinds) and not table.file.names:
        functions.append(_HARMLESS)
        if table.choice.separator is None:
            lines.append("table.columns = escape_text(table.columns)")
    if table.choice.missing and table.choice.separator is None:
        lines.append(_missing_code(table.choice.missing))
    if table.cleaned:
        functions += cleaning_functions(table)
        lines.append(cleaning_code(table, kinds))
    lines.append(f"table = table.dropna(subset={listed(table.choice.target)})  # rows without a target")
    lines += [
        f"table[{name!r}] = {converted(table, name)}" for name in table.choice.target if name in table.notation_of
    ]
    lines.append(rare_classes_code(table))
    lines.append(_target_code(table))
    if table.choice.sample is not None:
        lines.append(_sample_code(table, split_seed))
    lines += _row_columns_code(table, kinds)
    if "category" in kinds.values():
        functions.append(_LABELS)
    functions += functions_of(table)
    if "date" in kinds.values():
        functions += [_PART] * any(kind in ("month", "weekday") for kind in kinds.values())
    read = [_read_code(table, kinds), *filter(None, lines), _inputs_code(table)]
    return "\n\n".join(part.rstrip("\n") for part in (*_apart(functions), "\n".join(read)))


def _kept_code(table: TableSettings) -> str:
    """Return the code for columns that a run keeps, whose target is kept as it was given."""
    first, read = kept_table_code(table)
    functions, kinds = [first], dict(table.columns)
    if _are_renamed(kinds):
        functions.append(_HARMLESS)
        read += "\ntable.columns = escape_text(table.columns)"
    if "category" in kinds.values():
        functions.append(_LABELS)
    functions += functions_of(table)
    functions += [_PART] * any(kind in ("month", "weekday") for kind in kinds.values())
    return "\n\n".join(part.rstrip("\n") for part in (*_apart(functions), f"{read}\n{_inputs_code(table)}"))


def _apart(functions: Iterable[str]) -> list[str]:
    return ["\n" + function + "\n" for function in functions]


def encoder_code(table: TableSettings, *, scaler: str) -> str:
    """Return code that makes ``encode``, the documented ``ColumnTransformer``; it follows the reading code.

    ``scaler`` is the code of the transformer that scales numbers; empty without scaling.
    """
    inputs = _inputs(table)
    steps = []
    code = ""
    encodings = {_ENCODINGS[kind] for _, kind in inputs}
    if "number" in encodings:
        impute = 'SimpleImputer(strategy="mean", add_indicator=True, keep_empty_features=True)'
        if table.has_missing_numbers:
            code = f"make_pipeline({impute}, {scaler})" if scaler else impute
        else:
            code = scaler or '"passthrough"'
        code = f"scale = {code}\n"
        steps.append('("number", scale, NUMBERS)')
    if "category" in encodings:
        code += (
            "one_hot = OneHotEncoder(\n"
            '    min_frequency=0.01, max_categories=100, handle_unknown="infrequent_if_exist", sparse_output=False\n)\n'
        )
        steps.append('("category", one_hot, CATEGORIES)')
    return f"{code}encode = ColumnTransformer([{', '.join(steps)}])"


def _inputs(table: TableSettings) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind in table.columns if name not in table.choice.no_inputs]


def _row_columns_code(table: TableSettings, kinds: Mapping[str, str]) -> list[str]:
    """Return lines that order the rows, or that make ``groups``."""
    lines, choice = [], table.choice
    if choice.order_by is not None:
        values = _values_code(table, choice.order_by, kinds)
        lines.append(f'order = np.argsort({values}, kind="stable")\ntable, y = table.iloc[order], y[order]')
    if choice.groups is not None:
        lines.append(f"groups = {_values_code(table, choice.groups, kinds)}")
    if choice.fitness_groups is not None:
        values = _values_code(table, choice.fitness_groups, kinds)
        lines.append(f"fitness_groups = pd.Series({values}, index=table.index)")
    return lines


def _values_code(table: TableSettings, name: str, kinds: Mapping[str, str]) -> str:
    """Return the code of the values of a column as nnsize compares them."""
    column = f"table[{name!r}]"
    match kinds[name]:
        case "number" | "boolean" if name not in table.notation_of:
            return f'{column}.astype("float64").to_numpy()'
        case "number" | "date":
            return f"{converted(table, name)}.to_numpy()"
        case "category":
            return f"labels({column}).to_numpy()"
        case kind:
            raise ExportError(f"column {name!r} is of kind {kind!r}, which neither groups nor orders rows")


def _are_renamed(kinds: Iterable[str]) -> bool:
    """Return whether a column was renamed: it has escaped control characters or a made-up name."""
    return any("\\" in name or name.startswith("Unnamed: ") for name in kinds)


def _read_code(table: TableSettings, kinds: dict[str, str]) -> str:
    choice = table.choice
    path = choice.source
    if path.startswith(OPENML):
        what = path.removeprefix(OPENML)
        which = f"data_id={int(what)}" if what.isdecimal() else f"name={what!r}"
        return f'table = fetch_openml({which}, as_frame=True, parser="auto").frame'
    if choice.separator is not None:
        return text_file_code(table, kinds, are_renamed=_are_renamed(kinds) and not table.file.names)
    if table.file.format not in ("", "text"):
        return format_code(table, kinds)
    match path.rsplit(".", 1)[-1].lower():
        case "npz" | "npy":
            return _ARRAYS.format(path=str(local_path(path))).rstrip("\n")
        case "arrows":
            local = str(local_path(path))
            return f"with pa.OSFile({local!r}) as file:\n    table = pa.ipc.open_stream(file).read_pandas()"
        case "feather" | "arrow" | "ipc":
            return f"table = pd.read_feather({path!r}).reset_index(drop=True)"
        case "parquet" | "pq":
            return f"table = pd.read_parquet({path!r}).reset_index(drop=True)"
        case _:
            raise ExportError(
                f"the name of {choice.name} does not tell its format, so a program cannot read it; "
                "name it .parquet, .feather, .arrow, .arrows, .npy or .npz and run again"
            )


def _missing_code(missing: tuple[str, ...]) -> str:
    values: list[object] = list(missing)
    for text in missing:
        try:
            values.append(float(text))
        except ValueError:
            continue
    return (
        "for name in table:\n"
        "    if table[name].dtype != bool:\n"
        f"        table[name] = table[name].mask(table[name].isin({values!r}))\n"
    )


def _target_code(table: TableSettings) -> str:
    """Return code that makes ``y``, of the type that nnsize trains on."""
    choice = table.choice
    if table.task == "regression":
        column = repr(choice.target[0]) if len(choice.target) == 1 else listed(choice.target)
        return f'y = table[{column}].astype("float64").to_numpy()'
    if table.task == "multilabel":
        columns = ",\n".join(
            f"    np.unique({_labels_column(name, table)}, return_inverse=True)[1]" for name in choice.target
        )
        return f"y = np.column_stack([  # the larger of the two values of each label is 1\n{columns},\n])"
    column = _class_column(choice.target[0], table)
    if choice.positive is not None:
        return f'y = ({column}.astype(str) == {table.labels[1]!r}).to_numpy().astype("int64")'
    return f"y = {column}.to_numpy()"


def _class_column(name: str, table: TableSettings) -> str:
    """Return the code of a target column as classes."""
    column = f"table[{name!r}]"
    match dict(table.columns)[name]:
        case "boolean":
            return f"{column}.astype(bool)"
        case "number":
            return column + ('.astype("float64").astype("int64")' if name in table.cleaned else '.astype("int64")')
        case "category" | "date":
            return f"labels({column})" + joined_code(table)
        case kind:
            raise ExportError(f"target {name!r} is of kind {kind!r}, which is no class")


def _labels_column(name: str, table: TableSettings) -> str:
    """Return the code of a column that is one of several labels; its two numbers may be fractions."""
    is_number = dict(table.columns)[name] == "number"
    return f'table[{name!r}].astype("float64")' if is_number else _class_column(name, table)


def _sample_code(table: TableSettings, split_seed: int) -> str:
    stratify = "" if table.task in ("regression", "multilabel") else ", stratify=y"
    return (
        f"if len(table) > {table.choice.sample}:\n"
        "    rows, _ = train_test_split(\n"
        f"        np.arange(len(table)), train_size={table.choice.sample}, random_state={split_seed}{stratify}\n    )\n"
        "    rows = np.sort(rows)\n"
        "    table, y = table.iloc[rows], y[rows]"
    )


def _inputs_code(table: TableSettings) -> str:
    """Return code that makes ``X`` and lists its columns by encoding."""
    inputs = _inputs(table)
    categories = [name for name, kind in inputs if _ENCODINGS[kind] == "category"]
    numbers = [name for name, kind in inputs if _ENCODINGS[kind] == "number"]
    plain = [name for name, kind in inputs if kind in ("number", "boolean") and name not in table.notation_of]
    date = ""
    lines = [f"NUMBERS = {listed(numbers)}", f"CATEGORIES = {listed(categories)}", ""]
    made = []
    for name, kind in inputs:
        if kind == "date":
            date = name
            made.append(f"X[{name!r}] = {converted(table, name)}")
        elif kind == "number" and name in table.notation_of:
            made.append(f"X[{name!r}] = {converted(table, name)}")
        elif kind in ("month", "weekday"):
            part = "day_of_week" if kind == "weekday" else kind
            made.append(f"X[{name!r}] = part_of(X[{date!r}], {part!r})")
    lines.append("X = table.copy()")
    if plain:
        lines.append(f'X[{listed(plain)}] = X[{listed(plain)}].astype("float64")')
    texts = [name for name, kind in inputs if kind == "category"]
    if texts:
        lines.append(f"for name in {listed(texts)}:\n    X[name] = labels(table[name])")
    return "\n".join([*lines, *made, "X = X[NUMBERS + CATEGORIES]"])

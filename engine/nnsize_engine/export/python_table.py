"""The parts of a program that read a table and make the documented ``ColumnTransformer``."""

import pprint
from collections.abc import Iterable, Mapping
from typing import Literal

from nnsize_engine.errors import ExportError
from nnsize_engine.settings.table import OPENML, TableChoice, TableSettings

IMPORTS_OF_TABLES = {
    "sklearn.compose": ("ColumnTransformer",),
    "sklearn.datasets": ("fetch_openml",),
    "sklearn.impute": ("SimpleImputer",),
    "sklearn.pipeline": ("make_pipeline",),
    "sklearn.preprocessing": ("OneHotEncoder", "StandardScaler"),
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

_DAYS = '''def days(column):
    """Days since 1970-01-01 in UTC, with fractions for times; NaN where there is no date."""
    if column.dtype.kind != "M":
        texts = column.dropna().astype(str).str.strip()
        parts = texts.str.extract(r"^(\\d+)([-/.])(\\d+)[-/.](\\d+)[T ]*(\\d+)?(:[\\d:.]+)?\\s?(\\S*)$")
        first, sign, second, third, hour, minutes, zone = (parts[place] for place in range(7))
        if first.str.len().eq(4).all():
            year, month, day = first, second, third
        elif sign.eq(".").all() or second.astype(int).max() <= 12:
            year, month, day = third, second, first
        else:
            year, month, day = third, first, second
        time = ("T" + hour.str.zfill(2) + minutes + zone.str.replace("UTC", "Z")).fillna("")
        texts = year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2) + time
        found = pd.to_datetime(texts, format="ISO8601", utc=True)
    else:
        found = pd.to_datetime(column.dropna(), utc=True)
    since = found.dt.tz_localize(None).to_numpy().astype("datetime64[us]").astype("int64") / 86_400_000_000.0
    return pd.Series(since, index=found.index).reindex(column.index)
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
    kinds = dict(table.columns)
    functions, lines = [], []
    if _are_renamed(kinds):
        functions.append(_HARMLESS)
        if table.choice.separator is None:
            lines.append("table.columns = escape_text(table.columns)")
    if table.choice.missing and table.choice.separator is None:
        lines.append(_missing_code(table.choice.missing))
    lines.append(f"table = table.dropna(subset={_listed(table.choice.target)})  # rows without a target")
    lines.append(_target_code(table, kinds))
    if table.choice.sample is not None:
        lines.append(_sample_code(table, split_seed))
    if "category" in kinds.values():
        functions.append(_LABELS)
    if "date" in kinds.values():
        functions += [_DAYS] + [_PART] * any(kind in ("month", "weekday") for kind in kinds.values())
    read = [_read_code(table.choice, kinds), *lines, _inputs_code(table)]
    return "\n\n".join(part.rstrip("\n") for part in (*_apart(functions), "\n".join(read)))


def _apart(functions: Iterable[str]) -> list[str]:
    return ["\n" + function + "\n" for function in functions]


def encoder_code(table: TableSettings, *, has_scaling: bool) -> str:
    """Return code that makes ``encode``, the documented ``ColumnTransformer``; it follows the reading code."""
    inputs = _inputs(table)
    steps = []
    code = ""
    encodings = {_ENCODINGS[kind] for _, kind in inputs}
    if "number" in encodings:
        impute = 'SimpleImputer(strategy="mean", add_indicator=True, keep_empty_features=True)'
        if table.has_missing_numbers:
            code = f"make_pipeline({impute}, StandardScaler())" if has_scaling else impute
        else:
            code = "StandardScaler()" if has_scaling else '"passthrough"'
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
    return [(name, kind) for name, kind in table.columns if name not in table.choice.target]


def _are_renamed(kinds: Iterable[str]) -> bool:
    """Return whether a column was renamed: it has escaped control characters or a made-up name."""
    return any("\\" in name or name.startswith("Unnamed: ") for name in kinds)


def _read_code(choice: TableChoice, kinds: dict[str, str]) -> str:
    path = choice.source
    if path.startswith(OPENML):
        what = path.removeprefix(OPENML)
        which = f"data_id={int(what)}" if what.isdecimal() else f"name={what!r}"
        return f'table = fetch_openml({which}, as_frame=True, parser="auto").frame'
    if choice.separator is not None:
        return _delimited_code(choice, kinds)
    match path.rsplit(".", 1)[-1].lower():
        case "npz" | "npy":
            return _ARRAYS.format(path=path).rstrip("\n")
        case "arrows":
            return f"with pa.OSFile({path!r}) as file:\n    table = pa.ipc.open_stream(file).read_pandas()"
        case "feather" | "arrow" | "ipc":
            return f"table = pd.read_feather({path!r}).reset_index(drop=True)"
        case "parquet" | "pq":
            return f"table = pd.read_parquet({path!r}).reset_index(drop=True)"
        case _:
            raise ExportError(
                f"the name of {choice.name} does not tell its format, so a program cannot read it; "
                "name it .parquet, .feather, .arrow, .arrows, .npy or .npz and run again"
            )


def _delimited_code(choice: TableChoice, kinds: dict[str, str]) -> str:
    texts = [name for name, kind in kinds.items() if kind in ("category", "date")]
    names = ""
    if _are_renamed(kinds):
        header = f"pd.read_csv({choice.source!r}, sep={choice.separator!r}, encoding={choice.encoding!r}, nrows=0)"
        names = f"names = escape_text({header}.columns)\n"
    arguments = [
        f"sep={choice.separator!r}",
        f"encoding={choice.encoding!r}",
        f"decimal={choice.decimal!r}",
        *([f"na_values={_listed(choice.missing)}"] if choice.missing else []),
        *([f"dtype=dict.fromkeys({_listed(texts)}, str)"] if texts else []),
        *(["header=0", "names=names"] if names else []),
        "index_col=False",
        "low_memory=False",
    ]
    return (
        f"{names}table = pd.read_csv(\n    {choice.source!r},\n" + "".join(f"    {text},\n" for text in arguments) + ")"
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


def _target_code(table: TableSettings, kinds: dict[str, str]) -> str:
    """Return code that makes ``y``, of the type that nnsize trains on."""
    choice = table.choice
    if table.task == "regression":
        column = repr(choice.target[0]) if len(choice.target) == 1 else _listed(choice.target)
        return f'y = table[{column}].astype("float64").to_numpy()'
    if table.task == "multilabel":
        columns = ",\n".join(
            f"    np.unique({_labels_column(name, kinds)}, return_inverse=True)[1]" for name in choice.target
        )
        return f"y = np.column_stack([  # the larger of the two values of each label is 1\n{columns},\n])"
    column = _class_column(choice.target[0], kinds)
    if choice.positive is not None:
        return f'y = ({column}.astype(str) == {table.labels[1]!r}).to_numpy().astype("int64")'
    return f"y = {column}.to_numpy()"


def _class_column(name: str, kinds: dict[str, str]) -> str:
    """Return the code of a target column as classes."""
    column = f"table[{name!r}]"
    match kinds[name]:
        case "boolean":
            return f"{column}.astype(bool)"
        case "number":
            return f'{column}.astype("int64")'
        case "category" | "date":
            return f"labels({column})"
        case kind:
            raise ExportError(f"target {name!r} is of kind {kind!r}, which is no class")


def _labels_column(name: str, kinds: dict[str, str]) -> str:
    """Return the code of a column that is one of several labels; its two numbers may be fractions."""
    return f'table[{name!r}].astype("float64")' if kinds[name] == "number" else _class_column(name, kinds)


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
    plain = [name for name, kind in inputs if kind in ("number", "boolean")]
    date = ""
    lines = [f"NUMBERS = {_listed(numbers)}", f"CATEGORIES = {_listed(categories)}", ""]
    made = []
    for name, kind in inputs:
        if kind == "date":
            date = name
            made.append(f"X[{name!r}] = days(table[{name!r}])")
        elif kind in ("month", "weekday"):
            part = "day_of_week" if kind == "weekday" else kind
            made.append(f"X[{name!r}] = part_of(X[{date!r}], {part!r})")
    lines.append("X = table.copy()")
    if plain:
        lines.append(f'X[{_listed(plain)}] = X[{_listed(plain)}].astype("float64")')
    texts = [name for name, kind in inputs if kind == "category"]
    if texts:
        lines.append(f"for name in {_listed(texts)}:\n    X[name] = labels(table[name])")
    return "\n".join([*lines, *made, "X = X[NUMBERS + CATEGORIES]"])


def _listed(names: Iterable[str]) -> str:
    return pprint.pformat(list(names), width=100, compact=True)

"""The code that reads a table reads what nnsize reads, whatever the format."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.data.encode import all_rows, frame
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.load import load_table
from nnsize_engine.data.readings import AmbiguousTextsError, NotationRules, choose, find_readings
from nnsize_engine.export.python_program import python_code
from nnsize_engine.export.python_table import table_code
from nnsize_engine.settings.scorings import default_scoring
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from support import formats
from support.formats import FORMATS
from support.layouts import CASES

ROWS = 90


def mixed(*, is_plain: bool = False) -> pd.DataFrame:
    """A column of each kind with missing values; plain ones hold nothing that only pandas knows."""
    random = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "x": random.normal(size=ROWS),
            "whole": random.integers(-5, 5, ROWS),
            "flag": random.random(ROWS) < 0.5,
            "code": random.integers(1, 4, ROWS),
            "kind": random.choice(["a", "b", "c c"], ROWS),
            "when": pd.Timestamp("2023-06-30 23:00") + pd.to_timedelta(random.integers(0, 5000, ROWS), "h"),
            "y": random.normal(size=ROWS),
        }
    )
    if not is_plain:
        table["kind"] = table["kind"].astype("category")
        for name in ("x", "kind", "when", "y"):
            table.loc[random.random(ROWS) < 0.1, name] = None
    return table


def gz(path: Path) -> TableChoice:
    with gzip.open(path / "t.csv.gz", "wt", encoding="utf-16") as file:
        mixed().assign(when=mixed()["when"].dt.strftime("%d.%m.%Y %H:%M")).to_csv(file, index=False)
    return TableChoice(source=str(path / "t.csv.gz"), categorical=("code",), positive=None)


def labels_as_classes(path: Path) -> TableChoice:
    mixed().to_csv(path / "t.csv", index=False)
    return TableChoice(source=str(path / "t.csv"), target=("flag",), ignore=("when",), positive="False", sample=40)


def whole_numbers_as_classes(path: Path) -> TableChoice:
    mixed().to_csv(path / "t.tsv", index=False, sep="\t")
    return TableChoice(source=str(path / "t.tsv"), target=("code",), missing=("-5", "b"))


def nameless(path: Path) -> TableChoice:
    text = mixed().to_csv()  # the first column is nameless
    (path / "t.csv").write_text(text.replace("whole", "  ", 1).replace("code", "co\x1b[1mde", 1))
    return TableChoice(source=str(path / "t.csv"), categorical=("co\x1b[1mde",))


def feather(path: Path) -> TableChoice:
    mixed().to_feather(path / "t.feather")
    return TableChoice(source=str(path / "t.feather"), categorical=("whole", "flag"), missing=("3", "a"))


def parquet(path: Path) -> TableChoice:
    mixed().set_index("whole").to_parquet(path / "t.pq")
    return TableChoice(source=str(path / "t.pq"), target=("x", "y"))


def stream(path: Path) -> TableChoice:
    import pyarrow as pa

    table = pa.Table.from_pandas(mixed())
    with pa.OSFile(str(path / "t.arrows"), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    return TableChoice(source=str(path / "t.arrows"))


def matrix(path: Path) -> TableChoice:
    np.save(path / "t.npy", np.random.default_rng(0).normal(size=(ROWS, 4)))
    return TableChoice(source=str(path / "t.npy"))


def archive(path: Path) -> TableChoice:
    random = np.random.default_rng(0)
    np.savez(path / "t.npz", X=random.normal(size=(ROWS, 3)), y=random.choice(["up", "down"], ROWS))
    return TableChoice(source=str(path / "t.npz"))


def archive_of_columns(path: Path) -> TableChoice:
    columns = {name: values.to_numpy() for name, values in mixed(is_plain=True).items()}
    np.savez(path / "t.npz", **{str(n): v.astype(str) if v.dtype == object else v for n, v in columns.items()})
    return TableChoice(source=str(path / "t.npz"))


def records(path: Path) -> TableChoice:
    table = mixed(is_plain=True).drop(columns=["kind", "when"])
    np.save(path / "t.npy", table.to_records(index=False))
    return TableChoice(source=str(path / "t.npy"))


def signs_of_minus(path: Path) -> TableChoice:
    """Write plain numbers with signs that only people read as a minus."""
    whole = mixed()["whole"]
    texts = {"a": [str(value).replace("-", "\u2212") for value in whole], "b": [f"({value})" for value in whole.abs()]}
    mixed().assign(**texts, c=[f"- {value}" for value in whole.abs()]).to_csv(path / "t.csv", index=False)
    return TableChoice(source=str(path / "t.csv"), target=("y",))


MAKERS = [
    gz, labels_as_classes, whole_numbers_as_classes, nameless, feather, parquet, stream, matrix, archive,
    archive_of_columns, records, signs_of_minus,
]  # fmt: skip


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: str(make.__name__))
def test_the_code_reads_what_nnsize_reads(tmp_path: Path, make: Callable[[Path], TableChoice]) -> None:
    check_code(make(tmp_path))


@pytest.mark.parametrize("name", CASES)
def test_the_code_reads_a_file_in_the_layout_that_nnsize_found(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    (tmp_path / case.name).write_bytes(case.content)
    check_code(TableChoice(source=str(tmp_path / case.name), **case.said))


@pytest.mark.parametrize("name", FORMATS)
def test_the_code_reads_every_format_and_compression(tmp_path: Path, name: str) -> None:
    check_code(formats.choice(tmp_path, name))


def check_code(choice: TableChoice) -> None:
    """Check that the code of a table makes the frame and the target that nnsize loads."""
    table = inspect_table(choice).table
    loaded = load_table(table)
    expected = frame(all_rows(loaded.columns))
    scoring = default_scoring(table.task)
    program = python_code(SizeSettings(data="t", table=table, scoring=scoring), "bagote")
    names: dict[str, Any] = {}
    exec(compile(program.partition("X_train, X_test")[0], "program", "exec"), names)
    X = names["X"]
    assert list(X.columns) == names["NUMBERS"] + names["CATEGORIES"]
    assert set(X.columns) == set(expected.columns)
    for name in names["NUMBERS"]:
        np.testing.assert_array_equal(X[name].to_numpy(), expected[name].to_numpy())
    for name in names["CATEGORIES"]:
        assert X[name].fillna("(missing)").tolist() == expected[name].fillna("(missing)").tolist()
    assert names["y"].dtype.kind == loaded.y.dtype.kind
    np.testing.assert_array_equal(names["y"], loaded.y)


@st.composite
def texts_of_dates(draw: st.DrawFn) -> list[str]:
    """Dates in one of the notations that are understood."""
    moments = draw(st.lists(st.datetimes(), min_size=1, max_size=5))
    date = draw(
        st.sampled_from(
            ["{y:04}-{m:02}-{d:02}", "{y:04}/{m}/{d}", "{d:02}.{m:02}.{y:04}", "{d}/{m}/{y:04}", "{m}-{d}-{y:04}"]
        )
    )
    time = draw(
        st.sampled_from(
            [
                "",
                "T{H:02}:{M:02}",
                " {H}:{M:02}:{S:02}",
                " {H:02}:{M:02}:{S:02}.{f:06}",
                "T{H:02}:{M:02}:{S:02}Z",
                " {H:02}:{M:02} +01:30",
                " {H:02}:{M:02} UTC",
            ]
        )
    )
    return [
        (date + time).format(y=at.year, m=at.month, d=at.day, H=at.hour, M=at.minute, S=at.second, f=at.microsecond)
        for at in moments
    ]


@settings(deadline=None, max_examples=60)
@given(texts=texts_of_dates())
def test_the_code_takes_dates_as_nnsize_does(texts: list[str]) -> None:
    readings = find_readings(texts, NotationRules(has_numbers=False))
    try:
        if not readings:  # 1 January of the year 1 in a time zone is no day of the calendar
            return
        reading = choose(readings)
    except AmbiguousTextsError:
        return
    for notations in ((), (("when", *reading.notation),)):  # a run of an earlier version has none
        table = TableSettings(
            choice=TableChoice(source="/t.csv", target=("y",), separator=","), notations=notations,
            task="binary", rows=9, inputs=1, classes=2, sha256="", columns=(("when", "date"), ("y", "number")),
        )  # fmt: skip
        code = table_code(table, 0)
        functions = code[code.index("MONTHS = ") : code.index("table = ")]
        (made,) = [line for line in code.splitlines() if line.startswith("X['when'] = ")]
        names: dict[str, Any] = {"np": np, "pd": pd, "re": re, "X": {}}
        names["table"] = {"when": pd.Series([None, *texts], dtype="str")}
        exec(compile(functions + made, "program", "exec"), names)
        np.testing.assert_array_equal(names["X"]["when"].to_numpy(), [np.nan, *reading.values])

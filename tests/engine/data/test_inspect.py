"""Inspection of a table: columns, target, classes, inputs after encoding, and warnings."""

import dataclasses
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.data.encode import all_rows, column_transformer, frame
from nnsize_engine.data.encoded_width import count_inputs
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.load import input_columns, load_table
from nnsize_engine.data.read import read_table
from nnsize_engine.data.sampling import split_rows
from nnsize_engine.data.summarise import count_distinct
from nnsize_engine.data.table import Column
from nnsize_engine.preflight import client
from nnsize_engine.results.table_summary import DataSummary, summary_from_json, summary_to_json
from nnsize_engine.settings.table_choice import TableChoice


def looked(folder: Path, text: str, *, stratify: bool = False, **said: Any) -> DataSummary:
    (folder / "t.csv").write_text(text)
    return inspect_table(TableChoice(source=str(folder / "t.csv"), **said), stratify=stratify)


def target_of(folder: Path, values: list[Any], **said: Any) -> DataSummary:
    rows = "".join(f"{row / 3:.2f},{value}\n" for row, value in enumerate(values))
    return looked(folder, "a,y\n" + rows, **said)


MIXED = """age,city,member,seen,score,bought
31,Paris,True,2024-01-02,1.5,yes
,Lyon,False,2024-02-03,2,no
45,,True,2024-03-04,3,yes
50,"Nice
x",,,4,no
33,Paris,True,2024-01-05,5,
60,Lyon,False,2024-01-06,6.5,no
"""


def test_every_column_is_summarised(tmp_path: Path) -> None:
    summary = looked(tmp_path, MIXED)
    age, city, member, seen, score, bought = summary.columns
    assert (age.kind, age.missing, age.distinct, age.low, age.high) == ("number", 1, 4, "31", "60")
    assert age.mean == np.mean([31, 45, 50, 60])
    assert age.std == np.std([31, 45, 50, 60])
    assert (age.edges, sum(age.counts), len(age.counts)) == ((31, 60), 4, 32)
    assert [(level.label, level.rows) for level in city.levels] == [("Lyon", 2), ("Nice\\nx", 1), ("Paris", 1)]
    assert [(level.label, level.rows) for level in member.levels] == [("False", 2), ("True", 2)]
    assert (seen.kind, seen.low, seen.high, seen.edges) == ("date", "2024-01-02", "2024-03-04", (19724, 19786))
    assert (score.kind, score.missing, bought.role, bought.inputs) == ("number", 0, "target", 0)
    assert (summary.file_rows, summary.without_target, summary.table.rows) == (6, 1, 5)
    assert summary.preview[3] == ("50", "Nice\\nx", "", "", "4", "no")
    assert [(level.label, level.rows) for level in summary.classes] == [("no", 3), ("yes", 2)]
    assert summary.table.sha256 == hashlib.sha256(MIXED.encode()).hexdigest()
    assert summary.notes == (
        "target: 'bought', the last column; --target names another",
        "separator: comma; --separator names another",
        "encoding: utf-8; --encoding names another",
        "task: classification, because the target holds labels",
        "1 row has no target and is left out",
    )


def test_a_process_of_its_own_answers_the_same(tmp_path: Path) -> None:
    summary = looked(tmp_path, MIXED)
    assert client.inspect_table(TableChoice(source=str(tmp_path / "t.csv"))) == summary
    assert summary_from_json(summary_to_json(summary)) == summary


@pytest.mark.parametrize(
    ("values", "said", "task", "labels", "y", "note"),
    [
        (["b", "a", "b"], {}, "binary", ("a", "b"), ["b", "a", "b"], "because the target holds labels"),
        (["b", "a", "c"], {}, "multiclass", ("a", "b", "c"), ["b", "a", "c"], "because the target holds labels"),
        ([0, 1, 1], {}, "binary", ("0", "1"), [0, 1, 1], "has only 2 different whole numbers; --task regression"),
        ([3, "", 5, 7] * 3, {}, "multiclass", ("3", "5", "7"), [3, 5, 7] * 3, "has only 3 different whole numbers"),
        ([3, "", 5, 7], {}, "regression", (), [3, 5, 7], "has 3 different whole numbers in only 3 rows; --task"),
        ([True, "", False], {}, "binary", ("False", "True"), [True, False], "is true or false; --task regression"),
        ([0.5, 1, 2], {}, "regression", (), [0.5, 1, 2], "because the target holds numbers with fractions"),
        (list(range(21)), {}, "regression", (), list(range(21)), "has 21 different whole numbers; --task classific"),
        ([0, 1, 1], {"task": "regression"}, "regression", (), [0, 1, 1], ""),
        ([True, False, True], {"task": "regression"}, "regression", (), [1, 0, 1], ""),
        (list(range(30)), {"task": "classification"}, "multiclass", tuple(map(str, range(30))), list(range(30)), ""),
        ([0.5, 1, 1], {"categorical": ("y",)}, "binary", ("0.5", "1"), ["0.5", "1", "1"], "holds labels"),
        (["b", "a", "b"], {"positive": "a"}, "binary", ("b", "a"), [0, 1, 0], "holds labels"),
        ([5, 7, 5], {"positive": "7"}, "binary", ("5", "7"), [0, 1, 0], "only 2 different"),
        ([True, False], {"positive": "False"}, "binary", ("True", "False"), [0, 1], "true or false"),
    ],
)  # fmt: skip
def test_the_task_is_inferred_from_the_target(
    tmp_path: Path, values: list[Any], said: dict[str, Any], task: str, labels: tuple[str, ...], y: list[Any], note: str
) -> None:
    summary = target_of(tmp_path, values, **said)
    assert (summary.table.task, summary.table.labels) == (task, labels)
    assert any(note in sentence for sentence in summary.notes)
    loaded = load_table(summary.table)
    assert loaded.y.tolist() == y
    assert (
        all(type(found) is type(said) for found, said in zip(loaded.y.tolist(), y, strict=True)) or task == "regression"
    )
    assert loaded.settings == summary.table


@pytest.mark.parametrize(
    ("values", "has_one"),
    [([0, 1, 0], True), ([1, 2, 1], True), ([0, 2, 0], False), ([True, False], True), (["1", "x"], False)],
)
def test_whether_a_label_is_one_is_known(tmp_path: Path, values: list[Any], has_one: bool) -> None:
    assert target_of(tmp_path, values, categorical=("y",) if "x" in values else ()).table.has_label_one == has_one


def test_several_targets_are_numbers_in_the_order_said(tmp_path: Path) -> None:
    summary = looked(tmp_path, "a,y,z\n1,2,3\n4,5,6\n7,,9\n8,9,1\n", target=("z,y",))
    assert (summary.table.task, summary.table.choice.target, summary.table.known.targets) == (
        "regression",
        ("z", "y"),
        2,
    )
    assert summary.without_target == 1
    assert load_table(summary.table).y.tolist() == [[3, 2], [6, 5], [1, 9]]


def test_a_sample_keeps_class_shares_and_the_files_order(tmp_path: Path) -> None:
    text = "a,y\n" + "".join(f"{row},{'p' if row % 4 else 'q'}\n" for row in range(100))
    summary = looked(tmp_path, text, sample=20)
    assert summary.table.rows == 20
    assert [level.rows for level in summary.classes] == [15, 5]
    assert summary.notes[-1] == "rows: 20 of 100 are drawn"
    first = load_table(summary.table).columns[0].values
    assert (np.diff(first) > 0).all()
    assert (load_table(summary.table, split_seed=7).columns[0].values != first).any()
    assert looked(tmp_path, text, sample=100).notes[-1].startswith("rows: all 100 are used")


def test_the_task_of_a_sample_is_that_of_the_whole_table(tmp_path: Path) -> None:
    summary = looked(tmp_path, "a,y\n" + "".join(f"{row / 3:.2f},{row}\n" for row in range(100)), sample=10)
    assert summary.table.task == "regression"
    assert "has 100 different whole numbers" in summary.notes[3]
    loaded = load_table(summary.table)
    assert loaded.settings == summary.table
    assert [f"{value:.12g}" for value in loaded.columns[0].values[:1]] == [summary.columns[0].low]


def test_a_changed_file_has_another_checksum(tmp_path: Path) -> None:
    summary = looked(tmp_path, MIXED)
    (tmp_path / "t.csv").write_text(MIXED.replace("31", "32"))
    changed = load_table(summary.table)
    assert changed.settings.sha256 != summary.table.sha256
    assert dataclasses.replace(changed.settings, sha256=summary.table.sha256) == summary.table


@given(
    st.integers(20, 400),
    st.integers(1, 150),
    st.floats(0.3, 1.0),
    st.floats(0, 0.3),
    st.integers(0, 10_000),
)
@settings(max_examples=40, deadline=None)
def test_inputs_are_counted_as_the_real_encoders_make_them(
    rows: int, levels: int, falling: float, missing: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    weights = falling ** np.arange(levels)
    labels = rng.choice(levels, rows, p=weights / weights.sum())
    codes = np.where(rng.random(rows) < missing, -1, labels).astype(np.int32)
    numbers = np.where(rng.random(rows) < missing / 10, np.nan, rng.normal(size=rows))
    columns = (
        Column(name="c", kind="category", values=codes, levels=tuple(f"{level:03}" for level in range(levels))),
        Column(name="n", kind="number", values=numbers),
        Column(name="whole", kind="number", values=rng.normal(size=rows)),
    )
    train, _ = split_rows(rows, test_size=0.33, split_seed=seed)
    encoded = column_transformer(all_rows(columns).take(train)).fit(frame(all_rows(columns).take(train)))
    made = encoded.transform(frame(all_rows(columns).take(train))).shape[1]
    assert sum(count_inputs(column, train) for column in columns) == made


def test_a_date_becomes_a_number_and_the_parts_that_vary(tmp_path: Path) -> None:
    days = pd.date_range("2024-02-26", periods=14, freq="D").strftime("%Y-%m-%d")
    text = "when,y\n" + "".join(f"{day},{at / 3:.2f}\n" for at, day in enumerate(days)) + ",7.5\n"
    summary = looked(tmp_path, text)
    found = load_table(summary.table).columns
    assert [(column.name, column.kind, column.levels) for column in found] == [
        ("when", "number", ()),
        ("when month", "category", ("2", "3")),
        ("when weekday", "category", ("0", "1", "2", "3", "4", "5", "6")),
    ]
    assert found[0].values[0] == (pd.Timestamp("2024-02-26") - pd.Timestamp(0)).days
    assert found[1].values[-1] == -1
    train, _ = split_rows(15, test_size=0.33, split_seed=42)
    assert summary.columns[0].inputs == summary.table.inputs == sum(count_inputs(column, train) for column in found)
    same_month = looked(tmp_path, "when,y\n2024-01-01,0.5\n2024-01-02,1\n2024-01-03,2\n")
    assert [column.name for column in load_table(same_month.table).columns] == ["when", "when weekday"]


def test_columns_are_read_only_and_in_the_precision_asked_for(tmp_path: Path) -> None:
    summary = looked(tmp_path, MIXED)
    table = load_table(summary.table, "float32")
    assert {str(column.values.dtype) for column in table.columns if column.name in ("age", "score")} == {"float32"}
    assert not any(column.values.flags.writeable for column in table.columns)
    assert not table.y.flags.writeable


@pytest.mark.parametrize("distinct", [1, 50, 9_999])
def test_few_different_numbers_among_very_many_are_counted_exactly(distinct: int) -> None:
    values = np.random.default_rng(0).permutation(np.arange(250_000) % distinct) / 7
    assert count_distinct(values) == distinct


def test_whole_numbers_that_all_differ_are_counted_exactly_and_others_at_least() -> None:
    values = np.random.default_rng(0).permutation(250_000).astype(float)
    assert count_distinct(values) == 250_000
    assert 10_000 < count_distinct(values / 7) <= 250_000
    assert count_distinct(np.array([])) == 0


def test_rows_are_dropped_alike_in_a_typed_read(tmp_path: Path) -> None:
    looked(tmp_path, MIXED)
    read = read_table(TableChoice(source=str(tmp_path / "t.csv"), ignore=("city",)))
    assert [column.name for column in read.columns] == ["age", "member", "seen", "score", "bought"]
    assert [column.name for column in input_columns(read.columns[:1])] == ["age"]

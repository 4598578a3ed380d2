"""Columns that tell nothing, name the row or give the target away, and rare classes, are warned of."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.quality import explained_variance, goodman_kruskal_lambda, is_named_id, threshold_lambda
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.table_choice import TableChoice

ROWS = 200
RNG = np.random.default_rng(0)
NOISE = RNG.normal(size=ROWS)
TWO = (RNG.random(ROWS) < 0.4).astype(int)
THREE = RNG.integers(0, 3, ROWS)


def looked(folder: Path, column: Any, y: Any, name: str = "x", **said: Any) -> DataSummary:
    frame = pd.DataFrame({name: column, "noise": NOISE, "y": y})
    frame.to_csv(folder / "t.csv", index=False)
    return inspect_table(TableChoice(source=str(folder / "t.csv"), **said))


LETTERS = np.array(["p", "q", "r"])

SUSPICIOUS: dict[str, tuple[Any, Any, str, str]] = {
    "constant": (np.full(ROWS, 7), TWO, "left out: constant", "column 'x' is the same in every row: it is left out"),
    "constant text": (["a"] * ROWS, TWO, "left out: constant", "is the same in every row: it is left out"),
    "row numbers": (np.arange(ROWS) + 1000, TWO, "an id?", "looks like an id, by its values, which all differ"),
    "texts": ([f"k{row}" for row in range(ROWS)], NOISE, "an id?", "looks like an id, by its values, which all differ"),
    "copy of a number": (NOISE**3 * 2 + 1, NOISE**3, "a copy of the target?", "is nearly a copy of target 'y'"),
    "copy of classes": (TWO * 5.5, TWO, "a copy of the target?", "is nearly a copy of target 'y'"),
    "labels by other names": (LETTERS[THREE], THREE, "tells the target?", "column 'x' alone nearly tells target 'y'"),
    "numbers for labels": (THREE * 10 % 7, LETTERS[THREE], "tells the target?", "alone nearly tells target 'y'"),
    "a threshold": (TWO + NOISE.clip(-3, 3) / 7, TWO, "tells the target?", "alone nearly tells target 'y'"),
    "stretches": (THREE + NOISE.clip(-3, 3) / 7, THREE, "tells the target?", "alone nearly tells target 'y'"),
    "means of labels": (LETTERS[THREE], THREE + NOISE / 1000, "tells the target?", "alone nearly tells target 'y'"),
    "missing": (np.where(TWO == 1, np.nan, NOISE), TWO, "missing tells the target?", "where column 'x' is missing"),
    "mostly missing": (np.where(np.arange(ROWS) % 3 == 0, NOISE, np.nan), TWO, "66% missing", ""),
    "an impossible date": (
        ["2026-02-30", *(f"2026-03-{row % 31 + 1:02}" for row in range(1, ROWS))], TWO, "dates? '2026-02-30' is none",
        "'x' has 199 dates and 1 text that is no day of the calendar, '2026-02-30': taken as categories; correct it, "
        "or take it as missing with --missing 2026-02-30",
    ),
    "dates and texts": (
        ["soon", *(f"{row % 28 + 1}.2.2026" for row in range(2, ROWS)), "soon"], TWO, "dates? 'soon' is none",
        "'x' has 198 dates and 2 texts that are no days of the calendar, such as 'soon': taken as categories",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SUSPICIOUS)
def test_a_suspicious_column_is_marked_and_warned_of(tmp_path: Path, case: str) -> None:
    column, y, remark, warning = SUSPICIOUS[case]
    summary = looked(tmp_path, column, y)
    assert remark in summary.columns[0].remarks
    assert any(warning in sentence for sentence in summary.warnings) or not warning
    assert summary.columns[1].remarks == () or y is NOISE or "number" in case


@pytest.mark.parametrize(
    ("column", "y"),
    [
        (NOISE + RNG.normal(size=ROWS), TWO),
        (np.round(NOISE, 1), THREE),
        (LETTERS[THREE], TWO),
        (LETTERS[THREE], NOISE),
        (TWO + NOISE, TWO),
        (NOISE + RNG.normal(size=ROWS), NOISE),
        (RNG.integers(0, 150, ROWS), NOISE),
        (np.where(RNG.random(ROWS) < 0.2, np.nan, NOISE), TWO),
    ],
)
def test_ordinary_columns_are_not(tmp_path: Path, column: Any, y: Any) -> None:
    assert looked(tmp_path, column, y).columns[0].remarks == ()


@pytest.mark.parametrize("name", ["id", "ID", "user_id", "customerId", "index", "Unnamed: 0", "uuid", "order-id"])
def test_a_column_named_like_an_id_is_one(tmp_path: Path, name: str) -> None:
    assert is_named_id(name)
    assert "looks like an id, by its name" in looked(tmp_path, RNG.integers(0, 9, ROWS), TWO, name).warnings[0]


@pytest.mark.parametrize("name", ["width", "grid", "paid", "idle", "humid", "acid"])
def test_other_names_are_none(name: str) -> None:
    assert not is_named_id(name)


def test_classes_that_are_rare_are_warned_of(tmp_path: Path) -> None:
    unbalanced = looked(tmp_path, NOISE, np.where(np.arange(ROWS) % 20 == 0, "rare", "usual"))
    assert unbalanced.warnings[-1].startswith("classes of 'y' are unbalanced: usual has 190 rows, rare has 10; keep")
    tiny = looked(tmp_path, NOISE, np.where(np.arange(ROWS) < 2, "z", LETTERS[THREE]))
    assert "class z of 'y' has" in tiny.warnings[-1]
    assert "with more folds (--cv) than that, some lack it" in tiny.warnings[-1]
    assert "--min-class-rows 10 leaves rare classes out, and --other joins them" in tiny.warnings[-1]
    assert looked(tmp_path, NOISE * TWO, TWO).warnings == ()


def test_measures_of_what_a_column_tells() -> None:
    codes = np.repeat([0, 1, 2], 20)
    classes = np.repeat([0, 1, 1], 20)
    assert goodman_kruskal_lambda(codes, classes) == 1
    assert goodman_kruskal_lambda(np.zeros(60, dtype=int), classes) == 0
    assert goodman_kruskal_lambda(np.arange(60), classes) == 0
    assert explained_variance(codes, classes.astype(float)) == pytest.approx(1)
    assert explained_variance(np.arange(60), classes.astype(float)) == 0
    assert threshold_lambda(np.arange(60.0), classes) == 1
    assert threshold_lambda(-np.arange(60.0), classes) == 1
    assert threshold_lambda(np.arange(60.0), codes) == 1
    assert threshold_lambda(np.arange(60.0) % 20, classes) == 0
    assert threshold_lambda(np.arange(60.0), np.tile([0, 1, 2], 20)) == 0
    assert threshold_lambda(np.full(60, np.nan), classes) == 0

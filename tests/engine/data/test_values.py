"""Values of people's own tables: what is missing, labels that look missing, blanks, rare classes, unusable columns."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas._libs.parsers import STR_NA_VALUES

from nnsize_engine.data.encode import all_rows, frame
from nnsize_engine.data.inspect import inspect_table, look_at_table
from nnsize_engine.data.load import load_table
from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.export.python_program import python_code
from nnsize_engine.results.left_out import left_out_text
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.missing_texts import USUAL_MISSING
from nnsize_engine.settings.scorings import default_scoring
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import choice_from
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.commands.data import data as data_command
from nnsize_tui.commands.table_options import choice_from as choice_of_options

RANDOM = np.random.default_rng(7)


def write(folder: Path, text: str) -> Path:
    (folder / "t.csv").write_text(text)
    return folder / "t.csv"


def looked(path: Path, **said: Any) -> DataSummary:
    return inspect_table(TableChoice(source=str(path), **said))


def with_advice(path: Path, sentence: str, option: str) -> DataSummary:
    """Return the look at a table with the options that a sentence names, from ``option`` on."""
    advice = sentence[sentence.index(option) :]
    words = shlex.split(advice.replace(", ", " ").replace(";", " "))
    arguments: list[str] = []
    for word in words:
        if word.startswith("--") or (arguments and arguments[-1].startswith("--") and "=" not in arguments[-1]):
            if word == "--keep-na" and arguments:
                break
            arguments.append(word)
            if word in ("--keep-na", "--other"):
                break
        else:
            break
    context = data_command.make_context("data", [str(path), *arguments])
    choice = choice_of_options(str(path), context.params)
    assert choice is not None
    return inspect_table(choice)


def asleep(none: str = "None", other: str = "") -> str:
    labels = [none] * 46 + ["Apnea"] * 22 + ["Insomnia"] * 22
    rows = [f"{RANDOM.normal(6, 1):.2f},{RANDOM.integers(1, 9)},{label}" for label in labels]
    return "\n".join(["hours,stress,disorder", *rows, *([other] if other else []), ""])


def test_the_usual_texts_are_those_of_pandas() -> None:
    assert set(USUAL_MISSING) == set(STR_NA_VALUES)


def test_texts_that_all_have_a_unit_and_are_no_numbers_are_said(tmp_path: Path) -> None:
    rows = [(f"${20 + row}\t{100 + row} ", row % 2) for row in range(30)]
    path = write(tmp_path, "spend;y\n" + "".join(f"{spend};{label}\n" for spend, label in rows))
    (warning,) = [one for one in looked(path).warnings if "texts with one unit that are no numbers" in one]
    assert "'spend'" in warning
    assert "such as '$20\\t100'" in warning
    assert "write plain numbers" in warning
    plain = "".join(f"{spend.strip(' $').replace(chr(9), '')};{label}\n" for spend, label in rows)
    assert looked(write(tmp_path, f"spend;y\n{plain}")).columns[0].kind == "number"


def test_a_missing_text_that_is_no_text_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"missing is '.udcff', which is no text in UTF-8"):
        TableChoice(source="t.csv", missing=("\udcff",))
    assert TableChoice(source="t.csv", missing=("é",)).missing == ("é",)


@pytest.mark.parametrize("label", ["None", "NA", "null", "nan", "?"])
def test_a_frequent_label_that_looks_missing_is_kept_and_said(tmp_path: Path, label: str) -> None:
    path = write(tmp_path, asleep(label))
    summary = looked(path)
    assert (summary.table.rows, summary.table.classes, summary.without_target) == (90, 3, 0)
    assert label in summary.table.labels
    note = next(note for note in summary.notes if "is kept as a class" in note)
    assert f"'{label}' is kept as a class, because it is frequent (46 rows)" in note
    assert f"label kept: '{label}'" in left_out_text(summary.table)
    dropped = with_advice(path, note, "--missing")
    assert (dropped.table.rows, dropped.table.classes, dropped.without_target) == (44, 2, 46)


def test_rare_texts_that_look_missing_are_missing_and_said(tmp_path: Path) -> None:
    path = write(tmp_path, asleep("Well", "5.5,3,NA\n5.1,2,NA"))
    summary = looked(path)
    assert (summary.table.rows, summary.table.classes, summary.without_target) == (90, 3, 2)
    note = next(note for note in summary.notes if "'NA'" in note)
    assert note.startswith("target 'disorder': 'NA' in 2 rows is taken as missing, and these rows are left out")
    assert with_advice(path, note, "--keep-na").table.labels == ("Apnea", "Insomnia", "NA", "Well")


def test_keep_na_and_a_whole_list_keep_labels(tmp_path: Path) -> None:
    path = write(tmp_path, asleep("NA", "NA,7,-"))
    kept = looked(path, keep_na=True)
    assert (kept.table.rows, kept.table.classes) == (91, 4)
    assert kept.columns[0].kind == "number"  # NA among numbers is missing in any case
    assert kept.columns[0].missing == 1
    listed = looked(path, missing=("-",))
    assert (listed.table.rows, listed.table.classes, listed.without_target) == (90, 3, 1)


def test_a_number_target_never_keeps_texts_for_missing(tmp_path: Path) -> None:
    rows = "".join(f"{row},{row * 0.37:.2f}\n" for row in range(30))
    summary = looked(write(tmp_path, "x,y\n" + rows + "3,NA\n4,None\n5,?\n"))
    assert (summary.table.task, summary.table.rows, summary.without_target) == ("regression", 30, 3)


def test_blanks_around_values_do_not_matter(tmp_path: Path) -> None:
    rows = [f"{40 + i % 9}, {'Private ' if i % 3 else '?'}, {'?' if i % 7 == 0 else i}, {'>50K' if i % 2 else '<=50K'}"
            for i in range(60)]  # fmt: skip
    path = write(tmp_path, "\n".join(["age, work, hours, income", *rows, ""]))
    summary = looked(path, positive=">50K", min_class_rows=2)
    assert [column.kind for column in summary.columns] == ["number", "category", "number", "category"]
    assert [column.missing for column in summary.columns] == [0, 20, 9, 0]
    assert summary.table.labels == ("<=50K", ">50K")
    assert summary.columns[1].levels[0].label == "Private"
    listed = looked(path, missing=(" ? ", "Private"), target=("income",), positive=" >50K ")
    assert listed.columns[1].kind == "empty"
    assert listed.table.left_out == (("work", "empty"),)


def test_numbers_read_as_texts_take_a_missing_number_in_any_spelling(tmp_path: Path) -> None:
    text = "a,y\n" + "".join(f"{'-200.0' if i % 5 == 0 else ' ?' if i % 7 == 0 else i},{i % 2}\n" for i in range(60))
    summary = looked(write(tmp_path, text), missing=("-200", "?"))
    assert summary.columns[0].missing == 12 + 7
    assert summary.columns[0].low == "1"


def test_unusable_columns_are_left_out_with_one_warning_each(tmp_path: Path) -> None:
    rows = [f"{RANDOM.normal():.3f},,7,n{i},{i % 2}" for i in range(1200)]
    path = write(tmp_path, "\n".join(["a,fee,same,name,y", *rows, ""]))
    summary = looked(path)
    assert summary.table.left_out == (("fee", "empty"), ("same", "constant"), ("name", "1,200 labels"))
    assert summary.table.inputs == 1
    assert summary.warnings == (
        "column 'fee' has no value in any row: it is left out",
        "column 'same' is the same in every row: it is left out",
        "column 'name' has 1,200 different texts, more than can be told apart (1,000), as an id or a text has: "
        "it is left out",
    )
    assert "3 columns left out: fee (empty), same (constant), name (1,200 labels)" in left_out_text(summary.table)
    assert [column.name for column in load_table(summary.table).columns] == ["a"]
    with pytest.raises(DataError) as caught:
        looked(path, is_strict=True)
    assert with_advice(path, str(caught.value), "--ignore").table.inputs == 1


def test_all_faults_are_told_at_once_and_every_advice_helps(tmp_path: Path) -> None:
    rows = [f"{'tall' if i == 7 else i},{'high' if i % 9 == 0 else i % 7},{'inf' if i == 3 else i / 3:.4},{i % 2}"
            if i != 3 else f"{i},{i % 7},inf,{i % 2}" for i in range(60)]  # fmt: skip
    path = write(tmp_path, "\n".join(["a,b,c,y", *rows, ""]))
    summary = look_at_table(TableChoice(source=str(path), ignore=("nosuch",)))
    assert [problem.field for problem in summary.problems] == ["ignore", "missing", "missing", None]
    assert [problem.column for problem in summary.problems] == ["nosuch", "a", "b", "c"]
    assert [column.kind for column in summary.columns] == ["category", "category", "number", "number"]
    assert summary.columns[0].remarks == ("mixes 59 numbers and 1 text such as 'tall' in row 8",)
    with pytest.raises(DataError, match=r"^3 faults: \(1\) column 'a' mix.*; \(2\) column 'b' .*; \(3\) column 'c'"):
        looked(path)
    usable = looked(path, missing=("tall", "high", "inf"))
    assert [column.missing for column in usable.columns] == [1, 7, 1, 0]
    assert looked(path, categorical=("a", "b"), ignore=("c",)).table.rows == 60


def test_an_advice_names_the_texts_that_are_missing_already(tmp_path: Path) -> None:
    rows = "".join(f"{'x' if i == 2 else '-' if i == 5 else i},{'pq'[i % 2] if i != 9 else 'NA'}\n" for i in range(40))
    path = write(tmp_path, "a,y\n" + rows)
    with pytest.raises(DataError) as caught:
        looked(path, missing=("-", "NA"))
    assert with_advice(path, str(caught.value), "--missing").table.labels == ("p", "q")
    with pytest.raises(DataError) as caught:
        looked(path)
    assert with_advice(path, str(caught.value), "--missing").table.labels == ("p", "q")


def sentinels(value: str = "-200", *, noise: float = 1.0) -> str:
    def cell(row: int, every: int, number: float) -> str:
        return value if row % every == 0 else f"{number:.3f}"

    rows = [f"{cell(row, 9, RANDOM.normal(5, noise))},{cell(row, 11, RANDOM.random())}" for row in range(90)]
    return "\n".join(["co,y", *rows, ""])


@pytest.mark.parametrize("value", ["-200", "999", "9999", "-999", "-99", "99999"])
def test_a_number_far_outside_that_repeats_is_warned_of_in_columns_and_target(tmp_path: Path, value: str) -> None:
    path = write(tmp_path, sentinels(value))
    summary = looked(path)
    column, target = (next(one for one in summary.warnings if name in one) for name in ("column 'co'", "target 'y'"))
    assert f"column 'co' is {value} in 10 rows, far outside the rest" in column
    assert "puts the mean and a mark of missing values there" in column
    assert f"target 'y' is {value} in 9 rows, far outside the rest" in target
    assert "leaves out these 9 rows" in target
    assert summary.columns[0].remarks == (f"{value}: missing?",)
    without = with_advice(path, target, "--missing")
    assert (without.table.rows, without.without_target, without.columns[0].missing) == (81, 9, 9)
    assert not any("far outside" in warning for warning in without.warnings)


@pytest.mark.parametrize(
    "values",
    [
        RANDOM.integers(0, 2, 200) * 1000,
        RANDOM.poisson(2, 200),
        RANDOM.normal(size=200).round(3),
        np.minimum(RANDOM.exponential(10, 200).round(), 50),
        np.repeat([2, 3, 4, 5, 10], 40),
        RANDOM.lognormal(8, 1, 200).round(),
        np.append(RANDOM.normal(size=199), 999),
    ],
    ids=["two values", "counts", "normal", "capped", "sizes", "skewed", "a single outlier"],
)
def test_ordinary_numbers_are_no_sentinels(tmp_path: Path, values: Any) -> None:
    pd.DataFrame({"x": values, "z": RANDOM.normal(size=200), "y": RANDOM.integers(0, 2, 200)}).to_csv(
        tmp_path / "t.csv", index=False
    )
    assert not any("far outside" in warning for warning in looked(tmp_path / "t.csv").warnings)


def classes(labels: list[Any], counts: list[int]) -> str:
    y = np.repeat(np.array(labels, dtype=object), counts)
    RANDOM.shuffle(y)
    return "\n".join(["p,q,y", *(f"{RANDOM.normal():.3f},{RANDOM.normal():.3f},{label}" for label in y), ""])


def test_rare_classes_are_left_out_or_joined_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, classes(["a", "b", "c", "d"], [30, 20, 3, 2]))
    left = looked(path, min_class_rows=5)
    assert (left.table.task, left.table.labels, left.table.rows) == ("binary", ("a", "b"), 50)
    assert left.table.rare_classes == (("c", 3), ("d", 2))
    assert left.warnings[0] == "2 classes have fewer than 5 rows and are left out with their 5 rows: c (3), d (2)"
    joined = looked(path, joins_rare=True)
    assert (joined.table.labels, joined.table.rows) == (("a", "b", "other"), 55)
    assert (
        joined.warnings[0] == "2 classes have fewer than 10 rows and become the class 'other' of 5 rows: c (3), d (2)"
    )
    assert looked(path, min_class_rows=3, joins_rare=True).table.labels == ("a", "b", "c", "other")
    positive = looked(path, min_class_rows=5, positive="a")
    assert positive.table.labels == ("b", "a")


@pytest.mark.parametrize("taken", ["other", "Other", "OTHER"])
def test_a_class_called_other_is_not_mixed_with_the_rare_ones(tmp_path: Path, taken: str) -> None:
    path = write(tmp_path, classes([taken, "b", "c", "d"], [30, 20, 3, 2]))
    assert sorted(looked(path, joins_rare=True).table.labels) == sorted([taken, "b", "other (joined)"])


def test_classes_that_are_numbers_or_truth_values_are_joined_as_texts(tmp_path: Path) -> None:
    path = write(tmp_path, classes([1, 2, 30, 4], [30, 20, 3, 2]))
    assert looked(path, joins_rare=True).table.labels == ("1", "2", "other")
    assert looked(path, min_class_rows=3).table.labels == ("1", "2", "30")


def test_a_limit_that_leaves_no_two_classes_is_refused_with_one_that_does(tmp_path: Path) -> None:
    path = write(tmp_path, classes(["a", "b", "c"], [30, 20, 3]))
    with pytest.raises(DataError, match="has 1 class with 25 rows or more, and two are needed") as caught:
        looked(path, min_class_rows=25)
    assert with_advice(path, str(caught.value), "--min-class-rows").table.classes == 2
    with pytest.raises(DataError, match="min-class-rows is about classes, but the task is regression"):
        looked(write(tmp_path, sentinels()), min_class_rows=2)


def test_the_advice_about_rare_classes_helps(tmp_path: Path) -> None:
    path = write(tmp_path, classes(["a", "b", "c", "d"], [30, 20, 3, 2]))
    warning = looked(path).warnings[-1]
    assert with_advice(path, warning, "--min-class-rows").table.classes == 2
    assert with_advice(path, warning, "--other").table.classes == 3


def test_whole_numbers_that_hardly_repeat_are_a_regression(tmp_path: Path) -> None:
    rows = "".join(f"p{i},{i},{45_000 + 5_000 * i}\n" for i in range(10))
    summary = looked(write(tmp_path, "position,level,salary\n" + rows))
    assert summary.table.task == "regression"
    assert any("10 different whole numbers in only 10 rows; --task classification" in note for note in summary.notes)


def test_a_stored_choice_of_an_earlier_version_is_read_as_it_was(tmp_path: Path) -> None:
    path = write(tmp_path, asleep("None", "5,3, ?"))
    old = choice_from({"source": str(path), "missing": ["-"]})
    assert old.has_old_reading
    summary = inspect_table(old)
    assert (summary.table.rows, summary.table.labels) == (45, (" ?", "Apnea", "Insomnia"))


def cleaned_everywhere(path: Path) -> TableChoice:
    rows = [
        f"{' ?' if i % 7 == 0 else i}, {['x ', ' z', '?', 'NA'][i % 4]},{i / 7:.9f},{' True' if i % 3 else 'False'},"
        f"{['None', ' a', 'b '][i % 3]}"
        for i in range(80)
    ]
    return TableChoice(source=str(write(path, "\n".join(["n,k,f,t,y", *rows, ""]))))


def listed_texts(path: Path) -> TableChoice:
    text = "\n".join(
        ["n,m,k,y", *(f"{-200.0 if i % 5 == 0 else i}, {'NA' if i % 4 == 0 else i},{'NA' if i % 3 else 'x'},{i % 2}"
                      for i in range(80)), ""]
    )  # fmt: skip
    return TableChoice(source=str(write(path, text)), missing=("-200",))


def decimal_comma(path: Path) -> TableChoice:
    text = "\n".join(["n;y", *(f"{' ?' if i % 7 == 0 else f'{i},5'};{i},25" for i in range(80)), ""])
    return TableChoice(source=str(write(path, text)), decimal=",")


def rare_left_out(path: Path) -> TableChoice:
    return TableChoice(source=str(write(path, classes(["a", "b", "c", "d"], [30, 20, 3, 2]))), min_class_rows=5)


def rare_joined(path: Path) -> TableChoice:
    text = classes(["a", "b ", "NA", "c", "d"], [30, 20, 1, 3, 2])
    return TableChoice(source=str(write(path, text)), joins_rare=True, sample=40)


def numbers_joined(path: Path) -> TableChoice:
    return TableChoice(source=str(write(path, classes([1, 2, 30, 4], [30, 20, 3, 2]))), joins_rare=True)


def unusable_left_out(path: Path) -> TableChoice:
    rows = [f"{i * 0.7},,7,{'NA' if i == 3 else i % 2}" for i in range(50)]
    return TableChoice(source=str(write(path, "\n".join(["a,fee,same,y", *rows, ""]))))


def kept_na(path: Path) -> TableChoice:
    return TableChoice(source=str(write(path, asleep("NA", "NA,7,-"))), keep_na=True)


def parquet_with_blanks(path: Path) -> TableChoice:
    table = pd.DataFrame({"k": ["a ", " b", "-", "a"] * 20, "x": np.arange(80.0), "y": [" u", "v", "v ", "u"] * 20})
    table.to_parquet(path / "t.parquet")
    return TableChoice(source=str(path / "t.parquet"), missing=("-",))


@pytest.mark.parametrize(
    "make",
    [cleaned_everywhere, listed_texts, decimal_comma, rare_left_out, rare_joined, numbers_joined, unusable_left_out,
     kept_na, parquet_with_blanks],
)  # fmt: skip
def test_the_program_does_the_same_to_the_frame(tmp_path: Path, make: Callable[[Path], TableChoice]) -> None:
    table = inspect_table(make(tmp_path)).table
    loaded = load_table(table)
    expected = frame(all_rows(loaded.columns))
    program = python_code(SizeSettings(data="t", table=table, scoring=default_scoring(table.task)), "bagote")
    names: dict[str, Any] = {}
    exec(compile(program.partition("X_train, X_test")[0], "program", "exec"), names)
    X = names["X"]
    assert set(X.columns) == set(expected.columns)
    for name in names["NUMBERS"]:
        np.testing.assert_array_equal(X[name].to_numpy(dtype=float), expected[name].to_numpy())
    for name in names["CATEGORIES"]:
        assert X[name].fillna("(missing)").tolist() == expected[name].fillna("(missing)").tolist()
    assert names["y"].dtype.kind == loaded.y.dtype.kind
    np.testing.assert_array_equal(names["y"], loaded.y)

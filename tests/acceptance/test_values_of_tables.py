"""Tables as people have them go from the file to an answer, and everything that is left out is counted aloud."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.commands import nnsize, nnsize_here

TABLES = Path(__file__).parents[1] / "own_tables"


def looked(name: str, *options: str) -> str:
    done = nnsize_here("data", str(TABLES / name), *options)
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def searched(name: str, *options: str, cv: int = 3) -> Any:
    done = nnsize("size", str(TABLES / name), "--neurons", "4,8", "--cv", str(cv), "--no-references", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(nnsize_here("show", "last", "--json").stdout)


pytestmark = pytest.mark.usefixtures("run_home", "forked_processes")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("class-called-None.csv", "90 rows, 3 columns (label kept: 'None') target disorder: 3 classes"),
        ("classes-of-two-rows.csv", "336 rows, 4 columns target site: 8 classes"),
        ("empty-column.csv", "40 rows, 3 columns (1 column left out: fee (empty)) target y: 2 classes"),
        ("sentinel-minus-200.csv", "target 'y' is -200 in 8 rows, far outside the rest (0.213 to 1.998)"),
        ("blank-after-comma.csv", "hours number 4 (7%)"),
        ("every-target-differs.csv", "task: regression, because the target has 10 different whole numbers in only"),
    ],
)
def test_a_table_is_shown_with_what_is_left_out(name: str, words: str) -> None:
    assert words in looked(name)


def test_classes_of_two_rows_have_the_scores_of_grid_search() -> None:
    done = nnsize("size", str(TABLES / "classes-of-two-rows.csv"), "--neurons", "4,8", "--cv", "5", "--no-references")
    assert done.returncode == 0, done.stderr
    printed = done.stdout + done.stderr
    assert "the least populated class in y has only 1 member, which is less than 5 folds: class imL" in printed
    assert "4    5/5  0.1867" in printed
    assert "8    5/5  0.4978" in printed
    assert "test score 0.6396" in printed


def test_a_class_called_none_is_learnt() -> None:
    result = searched("class-called-None.csv")
    table = result["settings"]["table"]
    assert (table["rows"], table["labels"], table["kept_labels"]) == (90, ["Apnea", "Insomnia", "None"], ["None"])


def test_the_option_of_a_sentinel_leaves_out_its_rows_and_the_run_says_so() -> None:
    result = searched("sentinel-minus-200.csv", "--missing", "-200")
    table = result["settings"]["table"]
    assert (table["rows"], table["without_target"], table["inputs"]) == (72, 8, 3)
    shown = nnsize_here("show", "last", "--all").stdout
    assert "left-out            8 rows without a target left out" in shown
    assert "of sentinel-minus-200.csv: 8 rows without a target left out" in shown
    settings = nnsize_here("show", "last", "--config").stdout
    assert settings.startswith("# 8 rows without a target left out\n")
    assert 'missing = "-200"' in settings


def test_a_label_after_a_blank_is_positive() -> None:
    result = searched("blank-after-comma.csv", "--positive", ">50K", "--missing", "?", "--scoring", "f1")
    assert result["settings"]["table"]["labels"] == ["<=50K", ">50K"]


def test_a_broken_table_is_shown_with_every_fault_and_its_remedies_work(tmp_path: Path) -> None:
    rows = [f"{'tall' if i == 7 else i},{'high' if i % 9 == 0 else i % 7},{i % 2}" for i in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(["a,b,y", *rows, ""]))
    done = nnsize_here("data", "t.csv", cwd=tmp_path)
    shown = " ".join(done.stdout.split())
    assert done.returncode == 2
    assert "fault 1: column 'a' mixes 39 numbers and 1 text such as 'tall' in row 8" in shown
    assert "fault 2: column 'b' mixes 35 numbers and 5 texts such as 'high' in row 1" in shown
    assert "first 5 rows" in shown
    refused = nnsize_here("size", "t.csv", "--neurons", "4", cwd=tmp_path)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert refused.stderr.startswith("nnsize: 2 faults: (1) column 'a' mixes")
    for options in (
        ("--missing", "tall", "--missing", "high"),
        ("--categorical", "a", "--categorical", "b"),
        ("--ignore", "a", "--missing", "high"),
    ):
        assert nnsize_here("data", "t.csv", *options, cwd=tmp_path).returncode == 0


def test_a_table_that_cannot_be_read_is_shown_as_text(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,y\n1,x,0\n2,,1\n3,4,1\n4,5,0,9\n")
    done = nnsize_here("data", "t.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "fault: line 5 of t.csv has 4 fields, but there are 3 columns" in done.stdout
    assert "without a name, in 1 row" in done.stdout
    assert "4  5  0  9" in done.stdout

"""``nnsize data``: a table, looked at, in the width of a terminal."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from nnsize_engine.preflight.client import inspect_builtin
from nnsize_engine.results.table_summary import ColumnSummary, DataSummary, summary_from_json
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.commands.data_report import column_lines, in_ascii, summary_lines
from support.commands import nnsize
from support.made_summaries import made_summary

PASSENGERS = made_summary(TableChoice(source="/data/passengers.csv"))
AGES = made_summary(TableChoice(source="/data/passengers.csv", target=("age",)))


def column(summary: DataSummary, name: str) -> ColumnSummary:
    return next(one for one in summary.columns if one.name == name)


@pytest.mark.parametrize("width", [60, 80, 160])
@pytest.mark.parametrize("summary", [PASSENGERS, AGES], ids=["classes", "numbers"])
def test_no_line_is_wider_than_the_terminal(summary: DataSummary, width: int) -> None:
    for unicode in (True, False):
        lines = summary_lines(summary, width, unicode=unicode)
        assert max(cell_len(line) for line in lines) <= width
        for one in summary.columns:
            lines = column_lines(one, summary, width, unicode=unicode)
            assert max(cell_len(line) for line in lines) <= width


def test_without_unicode_every_character_is_ascii() -> None:
    for summary in (PASSENGERS, AGES):
        shown = "\n".join(summary_lines(summary, 80, unicode=False))
        assert shown.isascii()
        assert "\x1b" not in shown
        for one in in_ascii(summary).columns:
            assert "\n".join(column_lines(one, summary, 80, unicode=False)).isascii()


def test_names_that_are_not_ascii_are_escaped_before_they_are_measured() -> None:
    named = replace(PASSENGERS, columns=tuple(replace(one, name=f"größe {one.name}") for one in PASSENGERS.columns))
    lines = summary_lines(named, 80, unicode=False)
    assert all(line.isascii() and len(line) <= 80 for line in lines)
    assert any(line.startswith("gr\\xf6\\xdfe age ") for line in lines)


def test_a_table_is_shown_with_its_size_target_columns_rows_notes_and_warnings() -> None:
    shown = "\n".join(summary_lines(PASSENGERS, 100, unicode=True))
    assert "passengers.csv: 900 rows, 891 of them used, 8 columns" in shown
    assert "target survived: 2 classes" in shown
    assert "  no   549   62%  ███" in shown
    assert "make 42 inputs of a network" in shown
    assert any("age" in line and "177 (20%)" in line for line in shown.split("\n"))
    assert "first 5 rows" in shown
    assert "target: 'survived', the last column; --target names another" in shown
    assert "warning: column 'id' looks like an id" in shown


def test_a_target_of_numbers_is_shown_as_a_histogram() -> None:
    assert "target age: a number" in summary_lines(AGES, 80, unicode=True)


def test_one_column_is_shown_with_its_labels_or_its_histogram() -> None:
    sex = "\n".join(column_lines(column(PASSENGERS, "sex"), PASSENGERS, 80, unicode=True))
    assert sex.startswith("sex: category, input, ")
    assert "male" in sex
    age = column_lines(column(PASSENGERS, "age"), PASSENGERS, 80, unicode=True)
    assert age[0].startswith("age: number, input, 177 missing (19.9%), 88 distinct")
    assert any("│" in line for line in age)


@pytest.mark.usefixtures("run_home")
def test_a_file_is_looked_at_by_the_command(tmp_path: Path) -> None:
    (tmp_path / "cars.csv").write_text(
        "weight;kind;price\n" + "".join(f"{i % 7},5;{'abc'[i % 3]};{i},25\n" for i in range(40))
    )
    done = nnsize("data", "cars.csv", "--decimal", ",", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    summary = summary_from_json(done.stdout)
    assert (summary.file_rows, summary.table.task, summary.table.choice.separator) == (40, "regression", ";")
    done = nnsize("data", "cars.csv", "--decimal", ",", "--column", "kind", cwd=tmp_path)
    assert "kind: category, input, 0 missing, 3 distinct, 3 inputs" in done.stdout


@pytest.mark.usefixtures("run_home")
def test_what_cannot_be_looked_at_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("x,y\n" + "1.5,a\n2.5,b\n3,a\n" * 3)
    for arguments, sentence in (
        (("data", "irs"), "unknown data 'irs'; did you mean 'iris'? Choose one of breast_cancer, wine, iris, "),
        (("data", "none.csv"), f"there is no file {tmp_path}/none.csv"),
        (
            ("data", "table.csv", "--column", "colour"),
            "table.csv has no column 'colour'; 'nnsize data table.csv' lists",
        ),
        (("data", "iris", "--target", "x"), "target is for a table of your own; the data iris is built in"),
        (("data", "x.csv", "--separator", ";;"), "separator is ';;'; it must be one character"),
    ):
        done = nnsize(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"nnsize: {sentence}")
        assert done.stderr.count("\n") == 1


def test_built_in_data_are_looked_at_alike() -> None:
    summary = inspect_builtin("wine")
    assert (summary.table.inputs, summary.table.task, summary.file_rows) == (13, "multiclass", 178)
    assert [level.rows for level in summary.classes] == [59, 71, 48]
    assert summary.columns[0].name == "alcohol"
    assert json.loads(json.dumps(summary.warnings)) == []


@pytest.mark.usefixtures("run_home")
def test_texts_are_read_by_the_options_that_a_refusal_names(tmp_path: Path) -> None:
    rows = "".join(f"01/{month:02}/1980;{month},{month + 500};{month % 2}\n" for month in range(1, 13))
    (tmp_path / "doubtful.csv").write_text("day;income;y\n" + rows)
    refused = nnsize("data", "doubtful.csv", cwd=tmp_path)
    assert refused.returncode == 2
    assert "--day-first for 1980-02-01 or --month-first for 1980-01-02" in " ".join(refused.stdout.split())
    refused = nnsize("data", "doubtful.csv", "--labels", "day", cwd=tmp_path)
    assert refused.returncode == 2
    assert "say --decimal , for 1.501 or --thousands , for 1501" in " ".join(refused.stdout.split())
    ways = {
        ("--day-first", "--thousands", ","): ("1980-12-01", "12512"),
        ("--month-first", "--decimal", ","): ("1980-01-12", "12.512"),
    }
    for options, highs in ways.items():
        done = nnsize("data", "doubtful.csv", *options, "--json", cwd=tmp_path)
        assert tuple(column["high"] for column in json.loads(done.stdout)["columns"][:2]) == highs
    (tmp_path / "run.toml").write_text(
        'kind = "size"\ndata = "doubtful.csv"\nlabels = "day"\nthousands = ","\nday-first = false\n'
        'neurons = "4"\ncv = 2\n'
    )
    done = nnsize("size", "--config", "run.toml", "--estimate", cwd=tmp_path)
    assert "numbers in texts: '1,501' read as 1501 in 'income'" in done.stdout + done.stderr
    refused = nnsize("data", "iris", "--month-first", cwd=tmp_path)
    assert "day-first is for a table of your own; the data iris is built in" in refused.stderr
    (tmp_path / "run.toml").write_text('data = "doubtful.csv"\nlabels = "day"\ncategorical = "day"\n')
    done = nnsize("size", "--config", "run.toml", cwd=tmp_path)
    assert "which are the same; leave one out" in done.stderr

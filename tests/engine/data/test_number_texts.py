"""Numbers in texts are read as they are written, whatever the style; what may be read in two ways is asked."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.data import columns
from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.load import load_table
from nnsize_engine.data.readings import AmbiguousTextsError, NotationRules, choose, find_readings
from nnsize_engine.errors import DataError
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.table_choice import TableChoice

TABLES = Path(__file__).parents[2] / "own_tables"

UNITS = [("", ""), ("$", ""), ("", "%"), ("", " €"), ("USD ", ""), ("", " kg"), ("€ ", ""), ("", "km/h"), ("", " m2")]
STYLES = [(".", ","), (",", "."), (",", " "), (".", "'"), (",", "\u00a0"), (",", "\u202f"), (".", "\u2019")]

ANY: dict[str, Any] = {"deadline": None, "max_examples": 150}


def values_of(texts: list[str], **rules: Any) -> list[float] | None:
    """Return the numbers of texts; None if they have no common notation."""
    readings = find_readings(texts, NotationRules(**rules))
    return choose(readings).values.tolist() if readings else None


def written(value: float, digits: int, style: tuple[str, str], unit: tuple[str, str], minus: str) -> str:
    """Return a number as a person writes it."""
    decimal, thousands = style
    plain = f"{abs(value):,.{digits}f}".translate(str.maketrans(",.", thousands + decimal))
    text = f"{unit[0]}{plain}{unit[1]}"
    if value >= 0:
        return text
    return f"({text})" if minus == "(" else f"{minus}{text}"


@settings(**ANY)
@given(
    numbers=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12),
    digits=st.sampled_from([1, 2, 4]),
    style=st.sampled_from(STYLES),
    unit=st.sampled_from(UNITS),
    minus=st.sampled_from(["-", "\u2212", "("]),
)
def test_numbers_written_in_any_style_are_read_back(
    numbers: list[int], digits: int, style: tuple[str, str], unit: tuple[str, str], minus: str
) -> None:
    values = [number / 10**digits for number in numbers]
    assert values_of([written(value, digits, style, unit, minus) for value in values]) == values


@settings(**ANY)
@given(
    numbers=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12),
    style=st.sampled_from([(".", ","), (",", "."), (",", " "), (".", "'")]),
    digits=st.sampled_from([0, 1, 2, 3]),
)
def test_numbers_are_those_of_pandas(numbers: list[int], style: tuple[str, str], digits: int) -> None:
    texts = [written(number / 10**digits, digits, style, ("", ""), "-") for number in numbers]
    expected = pd.read_csv(
        io.StringIO("x;y\n" + "".join(f"{text};0\n" for text in texts)), sep=";", decimal=style[0], thousands=style[1]
    )  # fmt: skip
    assert values_of(texts, decimal=style[0], thousands=style[1]) == expected["x"].tolist()


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["889", "5,754", "12,000"], [889, 5754, 12000]),
        (["1,5", "2", "3,25"], [1.5, 2, 3.25]),
        (["0,125", "1,250"], [0.125, 1.25]),
        (["2.522,70", "12"], [2522.7, 12]),
        (["1 190", "12"], [1190, 12]),
        (["1'000", "1\u2019000'000"], [1000, 1e6]),
        (["12,34,567", "1,23,456.5"], [1234567, 123456.5]),
        (["$65,548 ", "$20,150"], [65548, 20150]),
        (["$5", "-$5", "$-5", "($5)", "$(5)", "- $5"], [5, -5, -5, -5, -5, -5]),
        (["12 €", "1 €"], [12, 1]),
        (["12.500 €", "9.000 €"], [12500, 9000]),
        (["R$ 1.234,50"], [1234.5]),
        (["33.8%", "0", "-11 %"], [33.8, 0, -11]),
        (["5\u00a0%"], [5]),
        (["12 kg", "1.5 kg"], [12, 1.5]),
        (["1 year", "2 years"], [1, 2]),
        (["3.5 m2", "12 m2"], [3.5, 12]),
        (["\u22125", "7"], [-5, 7]),
        (["1.5e3 N", "2 N"], [1500, 2]),
    ],
)  # fmt: skip
def test_what_every_text_of_a_column_agrees_on_is_read(texts: list[str], values: list[float]) -> None:
    assert values_of(texts) == values


@pytest.mark.parametrize(
    "texts",
    [
        ["p0", "p1"], ["1st", "2nd"], ["12 kg", "5 g"], ["$5", "5 €"], ["12:30:61"], ["5 (3)"], ["low", "5%"], ["1-2"],
        ["1,23,45"], ["1,234.567,8"], ["A12"], ["10.1.2"], ["+"], ["", "$5"], ["$"], ["1,,234"], ["5\0"],
    ],
)  # fmt: skip
def test_other_texts_are_no_numbers(texts: list[str]) -> None:
    assert values_of(texts) is None


@pytest.mark.parametrize(
    "texts", [["1,234", "5,678"], ["1,234 kg"], ["1.234 €", "2.500 €"], ["$3.459"], ["9999", "5,754"], ["0", "5,754"]]
)
def test_one_sign_before_three_digits_is_asked(texts: list[str]) -> None:
    with pytest.raises(AmbiguousTextsError):
        values_of(texts)
    sign = "," if "," in "".join(texts) else "."
    grouped = values_of(texts, thousands=sign)
    fractions = values_of(texts, decimal=sign)
    assert grouped is not None
    assert fractions is not None
    assert sum(grouped) > sum(fractions)


def looked(path: Path, **said: Any) -> DataSummary:
    return inspect_table(TableChoice(source=str(path), **said))


def column_of(path: Path, name: str, **said: Any) -> list[float]:
    table = load_table(looked(path, **said).table)
    if name in table.settings.choice.target:
        return list(table.y)
    return next(column.values.tolist() for column in table.columns if column.name == name)


@pytest.mark.parametrize("file", ["thousands-comma", "thousands-comma-semicolons"])
def test_thousands_with_a_comma_are_said_aloud(file: str) -> None:
    path = TABLES / f"{file}.csv"
    summary = looked(path)
    raw = pd.read_csv(path, sep=";" if "semi" in file else ",", thousands=",")
    assert [column.kind for column in summary.columns] == ["number", "number", "number"]
    assert summary.table.task == "regression"
    assert column_of(path, "price") == raw["price"].tolist()
    assert column_of(path, "income") == raw["income"].tolist()
    (note,) = [note for note in summary.notes if note.startswith("numbers in texts: ")]
    assert "'1,008' read as 1008 in 'income'" in note
    assert "--labels income keeps the texts" in note


def test_percent_and_money_are_numbers_and_a_percent_target_is_a_regression() -> None:
    path = TABLES / "percent-and-currency.csv"
    summary = looked(path)
    assert [column.kind for column in summary.columns] == ["category", "number", "number", "number"]
    assert summary.table.task == "regression"
    raw = pd.read_csv(path, dtype=str)
    expected = raw["spend"].str.strip().str.lstrip("$").str.replace(",", "").astype(float)
    assert column_of(path, "spend") == expected.tolist()
    assert column_of(path, "growth") == raw["growth"].str.rstrip("%").astype(float).tolist()


def test_times_of_day_are_hours() -> None:
    path = TABLES / "time-of-day.csv"
    hours = pd.to_timedelta(pd.read_csv(path)["at"] + ":00") / pd.Timedelta(hours=1)
    np.testing.assert_allclose(column_of(path, "at"), hours, rtol=1e-15)
    assert "times of day in texts: '00:03' read as 0.05 hours in 'at'" in " ".join(looked(path).notes)


def test_a_target_of_different_numbers_is_a_regression() -> None:
    summary = looked(TABLES / "every-target-differs.csv")
    assert summary.table.task == "regression"
    assert "10 different whole numbers in only 10 rows; --task classification overrides" in " ".join(summary.notes)
    assert looked(TABLES / "every-target-differs.csv", task="classification").table.task == "multiclass"


def test_a_target_that_is_to_be_classes_keeps_its_texts(tmp_path: Path) -> None:
    rows = "".join(f"{row},{row % 2 + 4} stars\n" for row in range(20))
    (tmp_path / "t.csv").write_text("x,y\n" + rows)
    assert looked(tmp_path / "t.csv").table.task == "regression"
    for said in ({"task": "classification"}, {"positive": "5 stars"}, {"categorical": ("y",)}):
        summary = looked(tmp_path / "t.csv", **said)
        assert (summary.table.task, summary.table.labels) == ("binary", ("4 stars", "5 stars"))


def test_dates_with_two_readings_are_refused_with_the_option_for_each() -> None:
    path = TABLES / "ambiguous-dates.csv"
    with pytest.raises(DataError) as caught:
        looked(path)
    assert str(caught.value) == (
        "column 'DATE' holds dates such as '01/02/1980', which may be 1980-02-01 or 1980-01-02; say --day-first for "
        "1980-02-01 or --month-first for 1980-01-02, or --labels DATE to keep the texts"
    )
    assert looked(path, day_first=True).columns[0].high == "1999-12-01"
    assert looked(path, day_first=False).columns[0].high == "1999-01-12"
    assert looked(path, categorical=("DATE",)).columns[0].kind == "category"
    assert looked(path, date_format="%d/%m/%Y").columns[0].high == "1999-12-01"


def table(folder: Path, texts: list[str], *, separator: str = ";") -> Path:
    rows = [f"{text}{separator}{row % 2}\n" for row, text in enumerate(texts)]
    (folder / "t.csv").write_text(f"x{separator}y\n" + "".join(rows))
    return folder / "t.csv"


def refusal(path: Path, **said: Any) -> str:
    with pytest.raises(DataError) as caught:
        looked(path, **said)
    assert len(str(caught.value)) < 300
    return str(caught.value)


def test_numbers_with_two_readings_are_refused_with_the_option_for_each(tmp_path: Path) -> None:
    path = table(tmp_path, ["1,234", "2,345", "1,900"] * 8)
    assert refusal(path) == (
        "column 'x' holds numbers such as '1,234', which may be 1.234 or 1234; say --decimal , for 1.234 or "
        "--thousands , for 1234, or --labels x to keep the texts"
    )
    assert column_of(path, "x", decimal=",")[:3] == [1.234, 2.345, 1.9]
    assert column_of(path, "x", thousands=",")[:3] == [1234, 2345, 1900]
    assert looked(path, categorical=("x",)).columns[0].kind == "category"


@pytest.mark.parametrize(
    ("texts", "said", "words"),
    [
        (["12 kg", "5"], {}, "numbers with 'kg' (8 rows) and without a unit (8 rows), such as '12 kg' and '5'"),
        (["1,234.5", "1.234,5", "12"], {}, "writes its numbers in several ways"),
    ],
)
def test_a_refusal_of_numbers_or_dates_says_the_way_out(
    tmp_path: Path, texts: list[str], said: dict[str, Any], words: str
) -> None:
    path = table(tmp_path, texts * 8)
    assert words in refusal(path, **said)
    assert looked(path, categorical=("x",), **said).columns[0].kind == "category"


@pytest.mark.parametrize(
    ("texts", "said", "words"),
    [
        (["1,5", "2,25"], {"thousands": ","}, "'1,5' read as 1.5 in 'x' (which does not fit --thousands)"),
        (["1.5", "2.25"], {"decimal": ","}, "'1.5' read as 1.5 in 'x' (which does not fit --decimal)"),
        (["31/12/1999", "01/02/2000"], {"day_first": False}, "in 'x' (which does not fit --month-first)"),
        (["12/31/1999", "01/02/2000"], {"day_first": True}, "in 'x' (which does not fit --day-first)"),
    ],
)
def test_a_column_that_fits_no_choice_is_read_by_its_own_values_and_that_is_said(
    tmp_path: Path, texts: list[str], said: dict[str, Any], words: str
) -> None:
    assert words in " ".join(looked(table(tmp_path, texts * 8), **said).notes)


@pytest.mark.parametrize(
    ("texts", "remark", "words"),
    [
        (["12 kg", "500 g", "3 kg", "20 g"], "numbers? units 'g', 'kg'", "has numbers with different units: 'g', 'kg'"),
        (["$5", "$7", "$9", "unknown"], "numbers? 'unknown' is none", "with --missing unknown to have numbers"),
    ],
)
def test_labels_that_look_like_numbers_are_warned_of(tmp_path: Path, texts: list[str], remark: str, words: str) -> None:
    summary = looked(table(tmp_path, texts * 8))
    assert summary.columns[0].kind == "category"
    assert remark in summary.columns[0].remarks
    assert any(words in warning for warning in summary.warnings)


def test_the_advice_to_take_a_text_as_missing_gives_numbers(tmp_path: Path) -> None:
    path = table(tmp_path, ["$5", "$7", "$9", "unknown"] * 8)
    summary = looked(path, missing=("unknown",))
    assert (summary.columns[0].kind, summary.columns[0].missing) == ("number", 8)


def test_numbers_stored_as_text_in_a_typed_table_are_labels_with_a_warning(tmp_path: Path) -> None:
    frame = pd.DataFrame({"code": ["1", "2"] * 10, "price": ["$5", "$7"] * 10, "y": [0, 1] * 10})
    frame.to_parquet(tmp_path / "t.parquet")
    summary = looked(tmp_path / "t.parquet")
    assert [column.kind for column in summary.columns] == ["category", "number", "number"]
    assert any("numbers that are stored as text, such as '1'" in warning for warning in summary.warnings)


def test_an_ignored_column_of_doubtful_texts_is_not_refused(tmp_path: Path) -> None:
    text = "d,n,x,y\n" + "".join(f'01/02/1980,"1,234",{row / 7},{row % 2}\n' for row in range(20))
    (tmp_path / "t.csv").write_text(text)
    summary = looked(tmp_path / "t.csv", ignore=("d", "n"))
    assert [column.role for column in summary.columns][:2] == ["ignored", "ignored"]


def test_a_date_format_reads_whole_numbers_as_dates(tmp_path: Path) -> None:
    path = table(tmp_path, ["20240131", "20231224"] * 8)
    assert looked(path).columns[0].kind == "number"
    assert (looked(path, date_format="%Y%m%d").columns[0].low) == "2023-12-24"
    assert column_of(path, "x", date_format="%Y%m%d")[0] == 19753


@pytest.mark.parametrize("most", [3, 10_000])
def test_a_column_that_is_read_as_it_comes_has_the_same_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(columns, "MAX_KEPT_TEXTS", most)
    monkeypatch.setattr("nnsize_engine.data.delimited.PART_ROWS", 50)
    random = np.random.default_rng(0)
    rows = 300
    numbers = random.integers(0, 50_000, rows)
    days = pd.Timestamp("1999-12-01") + pd.to_timedelta(random.integers(0, 900, rows), "D")
    mixed = [f"{number:,}" for number in numbers]
    frame = pd.DataFrame(
        {
            "money": [f"${number:,}" if number % 7 else "" for number in numbers],
            "late": [*(f"{row % 900}" for row in range(100)), *mixed[100:]],
            "day": days.strftime("%d/%m/%y"),
            "time": [f"{row % 24:02}:{row % 60:02}" for row in range(rows)],
            "text": [*mixed[:299], "soon"],
            "y": numbers % 2,
        }
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    if most == 3:
        assert "mixes" in refusal(tmp_path / "t.csv")
    said: dict[str, Any] = {"ignore": ("text",)}
    summary = looked(tmp_path / "t.csv", **said)
    assert [column.kind for column in summary.columns][:4] == ["number", "number", "date", "number"]
    np.testing.assert_array_equal(
        column_of(tmp_path / "t.csv", "money", **said), [number if number % 7 else np.nan for number in numbers]
    )
    assert column_of(tmp_path / "t.csv", "late", **said)[100:] == numbers[100:].tolist()
    since = (days - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    assert column_of(tmp_path / "t.csv", "day", **said) == since.tolist()


def test_a_run_reads_its_table_as_it_was_read_when_it_was_made(tmp_path: Path) -> None:
    path = table(tmp_path, ["1,234", "2,345"] * 8)
    settings = looked(path, thousands=",").table
    assert settings.notations == (("x", "number", ".", ",", "", ""),)
    table(tmp_path, ["1,234", "2,3"] * 8)
    with pytest.raises(DataError, match="column 'x' holds '2,3', which is not written as its values were"):
        load_table(settings)

"""Every table that cannot be used is refused with one sentence that says the way out."""

import gzip
import itertools
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.errors import DataError
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.table_choice import TableChoice

BASE = "a,b,price\n" + "".join(f"{i / 7:.3f},{'pq'[i % 2]},{i % 2}\n" for i in range(20))
JUNK = np.random.default_rng(0).bytes(3000)


def looked(folder: Path, content: str | bytes | None, name: str = "data.csv", **said: Any) -> DataSummary:
    path = folder / name
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return inspect_table(TableChoice(source=str(path), **said))


def refusal(folder: Path, content: str | bytes | None, name: str = "data.csv", **said: Any) -> str:
    with pytest.raises(DataError) as caught:
        looked(folder, content, name, **said)
    sentence = str(caught.value)
    assert sentence.isprintable()
    assert len(sentence) < 300
    return sentence


@pytest.mark.parametrize(
    ("content", "said", "words"),
    [
        (b"", {}, "data.csv is empty; expected is a line of column names"),
        (b"\n\n  \n", {}, "data.csv is empty"),
        (b"\xef\xbb\xbf", {}, "data.csv is empty"),
        (JUNK, {}, "data.csv holds binary data, not text"),
        (JUNK.replace(b"\0", b""), {}, "data.csv holds binary data, not text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", {}, "data.csv holds binary data"),
        (b"PK\x03\x04" + JUNK, {}, "data.csv is compressed as a zip archive and damaged"),
        (gzip.compress(BASE.encode())[:60], {}, "data.csv is compressed by gzip and damaged"),
        (BASE, {"target": ("z",)}, "no column 'z' for --target; its columns are 'a', 'b', 'price'"),
        (BASE, {"target": ("prise",)}, "did you mean 'price'?"),
        (BASE, {"ignore": ("B2",)}, "no column 'B2' for --ignore"),
        (BASE, {"categorical": ("a,q",)}, "no column 'q' for --categorical"),
        (BASE, {"ignore": ("a", "b")}, "no column to predict 'price' from"),
        (BASE, {"ignore": ("a,b,price",)}, "all columns of data.csv are ignored"),
        (BASE, {"ignore": ("price,b",), "target": ("price",)}, "column 'price' is both target and ignored"),
        (BASE, {"encoding": "klingon"}, "encoding 'klingon' is not known; use one such as utf-8"),
        (BASE, {"encoding": "base64"}, "encoding 'base64' is not known; use one such as utf-8"),
        (BASE.encode() + b"\xff\xfe,1,2\n", {"encoding": "utf-8"}, "not text in utf-8; name its encoding"),
        (BASE, {"separator": ";"}, "only one column when it is divided at ';'"),
        ("a,y\n1,0\n2,0\n3,0\n", {}, "target 'y' has only one class, 0"),
        ("a,y\n1,no\n2,no\n3,no\n", {}, "target 'y' has only one class, no"),
        ("a,y\n1,1.5\n2,1.5\n3,1.5\n", {}, "target 'y' is 1.5 in every row"),
        (
            BASE.replace("0.143", "!").replace("0.286", "!"),
            {},
            "column 'a' mixes 18 numbers and 2 texts such as '!' in row 2; take all as categories with --categorical a"
            ", such texts as missing with --missing '!', or leave it out with --ignore a",
        ),
        ("a,y\n1,2\n2,x\n3,4\n", {}, "target 'y' mixes 2 numbers and 1 text such as 'x'"),
        (
            "a,b,y\n1,,0\n2,,1\n3,,1\n",
            {"is_strict": True},
            "column 'b' has no value in any row; leave it out with --ignore b, or without --strict",
        ),
        ("a,b,y\n1,2,\n2,3,\n3,3,\n", {}, "target 'y' has no value in any row; name another target"),
        ("a,y\n1,0\ninf,1\n-inf,1\n2,0\n", {}, "column 'a' is infinite in row 2 and in 1 more"),
        ("a,y\n1,0.5\n3,-inf\n4,3\n", {}, "is infinite in row 2; correct it, take it as missing with --missing=-inf"),
        (
            "d,y\nsoon,1\n" + "".join(f"{1900 + i // 12}-{i % 12 + 1:02}-09,{i % 2}\n" for i in range(1_200)),
            {},
            "column 'd' has 1,200 dates and 1 text that is no day of the calendar, 'soon'; taken as categories, it has "
            "1,201 different texts, more than can be told apart (1,000); correct it, or take it as missing with "
            "--missing soon",
        ),
        ("c,y\n" + "".join(f"n{i},{i % 2}\n" for i in range(100_000)), {}, "column 'c' has 100,000 different texts"),
        ("y,c\n" + "".join(f"{i % 2},n{i}\n" for i in range(2_000)), {}, "target 'c' has 2,000 different texts"),
        ("a,b,y\n1,2,0\n1,2,3,0\n2,3,1\n", {}, "line 3 of data.csv has 4 fields, but there are 3 columns"),
        ("a,b,y\n1,2,3,0\n1,2,3,0\n2,3,1\n", {}, "line 2 of data.csv has 4 fields, but there are 3 columns"),
        ("a,b,y\n1,2,0\n\n1,2\n2,3,1\n", {}, "line 4 of data.csv has 2 fields, but there are 3 columns"),
        ('a,b,y\n1,"2,0\n1,3,1\n', {}, "a quote that is opened and never closed"),
        ("a,b,y\n", {}, "data.csv has column names but no rows"),
        ("a,b,y", {}, "data.csv has column names but no rows"),
        ("a\n1\n2\n", {}, "data.csv has only one column"),
        ("a,y\n1,1\n2,\n3,\n", {}, "data.csv has 1 row with a value of target 'y'; at least 2 are needed"),
        (BASE, {"positive": "7"}, "positive is '7', but the target's labels are '0' and '1'"),
        ("a,y\n1,a\n2,b\n3,c\n", {"positive": "a"}, "positive is 'a', but the target has 3 classes"),
        ("a,y\n1,1.5\n2,2\n3,3\n", {"positive": "a"}, "positive is 'a' but the task is regression"),
        (
            "a;b;y\n1,500;2;0\n2,501;3;1\n",
            {},
            "column 'a' holds numbers such as '1,500', which may be 1.5 or 1500; say --decimal , for 1.5 or "
            "--thousands , for 1500, or --labels a to keep the texts",
        ),
        ("a;y\n1/2/80;0\n3/4/80;1\n", {}, "'1/2/80', which may be 1980-02-01 or 1980-01-02; say --day-first for"),
        ("a,y\n1,a\n2,b\n3,c\n", {"task": "regression"}, "holds texts such as 'a', but regression needs numbers"),
        ("a,y\n1,1.5\n2,2\n3,3\n", {"task": "classification"}, "holds numbers with fractions, such as 1.5"),
        ("a,y\n" + "".join(f"1,{i}\n" for i in range(2_000)), {"task": "classification"}, "has 2,000 different labels"),
        ("a,y\n1,9007199254740993\n2,3\n", {"task": "classification"}, "whole numbers beyond 2**53"),
        ("a,y,z\n1,2,1\n2,2,0\n", {"target": ("y,z",), "task": "classification"}, "target 'y' is 2 in every row"),
        ("a,y,z\n1,2,1\n2,3,0\n1,4,1\n", {"target": ("y,z",), "task": "classification"}, "labels of two values"),
        ("a,y\n1,2024-01-01\n2,2024-01-02\n", {}, "target 'y' is a date, which cannot be predicted"),
        ("w,w month,y\n2024-01-01,1,0\n2024-02-01,2,1\n2024-02-03,2,1\n", {}, "becomes a column 'w month'"),
        ("a,y\n1,a\n2,a\n3,a\n4,b\n", {"sample": 3}, "class b has only one row; use all rows"),
        ("a,y\n" + "1,a\n2,b\n3,c\n" * 5, {"sample": 2}, "there are 3 classes, and each needs a row on both sides"),
    ],
    ids=itertools.count(),  # contents of a hundred thousand lines would be their names
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_refused_in_one_sentence(
    tmp_path: Path, content: str | bytes, said: dict[str, Any], words: str
) -> None:
    assert words in refusal(tmp_path, content, **said)


@pytest.mark.parametrize(
    ("content", "said", "field", "column"),
    [
        (b"", {}, "data", None),
        (JUNK, {}, "data", None),
        (BASE, {"target": ("z",)}, "target", "z"),
        (BASE, {"ignore": ("B2",)}, "ignore", "B2"),
        (BASE, {"categorical": ("a,q",)}, "categorical", "q"),
        (BASE, {"ignore": ("a", "b")}, "ignore", None),
        (BASE, {"ignore": ("a,b,price",)}, "ignore", None),
        ("price\n1\n2\n", {"separator": ";"}, "separator", None),
        ("y\n1\n", {}, "data", None),
        (BASE, {"ignore": ("price,b",), "target": ("price",)}, "target", "price"),
        (BASE, {"encoding": "klingon"}, "encoding", None),
        (BASE.encode() + b"\xff\xfe,1,2\n", {"encoding": "utf-8"}, "encoding", None),
        (BASE, {"separator": ";"}, "separator", None),
        ("a;b;y\n1;2\n", {"separator": ";"}, "separator", None),
        ("a;b;y\n1;2\n", {}, "data", None),
        ("a,y\n1,0\n2,0\n3,0\n", {}, "target", "y"),
        (BASE.replace("0.143", "!"), {}, "missing", "a"),
        ("a,y\n1,2\n2,x\n3,4\n", {}, "target", "y"),
        ("a;y\n1,500;0\n2,501;1\n", {}, "thousands", "a"),
        ("a;y\n1/2/80;0\n3/4/80;1\n", {}, "day_first", "a"),
        ("a,b,y\n1,,0\n2,,1\n3,,1\n", {"is_strict": True}, None, "b"),
        ("a,b,y\n1,2,\n2,3,\n3,3,\n", {}, "target", "y"),
        ("a,y\n1,0\ninf,1\n-inf,1\n2,0\n", {}, None, "a"),
        ("a,y\n1,1\n2,\n3,\n", {}, "target", "y"),
        (BASE, {"positive": "7"}, "positive", None),
        ("a,y\n1,2024-01-01\n2,2024-01-02\n", {}, "target", "y"),
        ("w,w month,y\n2024-01-01,1,0\n2024-02-01,2,1\n2024-02-03,2,1\n", {}, None, "w"),
        ("a,y\n1,a\n2,a\n3,a\n4,b\n", {"sample": 3}, "sample", None),
        ("a,y\n" + "1,a\n2,b\n3,c\n" * 5, {"sample": 2}, "sample", None),
    ],
    ids=itertools.count(),
)  # fmt: skip
def test_a_refusal_names_the_field_and_the_column_that_it_is_about(
    tmp_path: Path, content: str | bytes, said: dict[str, Any], field: str | None, column: str | None
) -> None:
    with pytest.raises(DataError) as caught:
        looked(tmp_path, content, **said)
    assert (caught.value.field, caught.value.column) == (field, column)


def test_a_missing_file_a_directory_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "there is no file" in refusal(tmp_path, None, "nowhere.csv")
    assert "is a directory; name a file in it" in refusal(tmp_path.parent, None, tmp_path.name)
    assert "is no file on a disk" in refusal(tmp_path, None, "pipe")


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "data.csv").write_text(BASE)
    monkeypatch.setattr(Path, "open", forbidden)
    assert refusal(tmp_path, None).endswith("data.csv cannot be read: Permission denied")


def test_a_split_that_the_rows_do_not_allow_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(BASE)
    choice = TableChoice(source=str(tmp_path / "data.csv"))
    with pytest.raises(DataError, match="test-size 20 cannot be taken from the 20 rows"):
        inspect_table(choice, test_size=20)
    (tmp_path / "data.csv").write_text(BASE + "1,p,7\n")
    with pytest.raises(DataError, match="class 7 has only one row; leave out stratify"):
        inspect_table(choice, stratify=True)


@pytest.mark.parametrize(
    "said", [{"missing": ("!",)}, {"categorical": ("a",)}, {"ignore": ("a",)}], ids=["missing", "categorical", "ignore"]
)
def test_the_ways_out_of_a_column_of_numbers_and_texts_work(tmp_path: Path, said: dict[str, Any]) -> None:
    summary = looked(tmp_path, BASE.replace("0.143", "!"), **said)
    assert (summary.columns[0].kind, summary.columns[0].role) in {
        ("number", "input"), ("category", "input"), ("category", "ignored")
    }  # fmt: skip


def test_infinite_values_can_be_taken_as_missing(tmp_path: Path) -> None:
    summary = looked(tmp_path, "a,y\n1,0\ninf,1\n-inf,1\n2,0\n5,1\n6,0\n", missing=("inf", "-inf"))
    assert summary.columns[0].missing == 2


def test_names_with_escape_sequences_are_harmless_everywhere(tmp_path: Path) -> None:
    text = "a\x1b[31mred,\x1b]0;x\x07b\n" + "1,q\x1bz\n2,p\n" * 5
    ways: list[dict[str, Any]] = [{}, {"target": ("\x1b]0;x\x07b",)}, {"target": ("\\x1b]0;x\\x07b",)}]
    for said in ways:
        summary = looked(tmp_path, text, **said)
        assert [column.name for column in summary.columns] == ["a\\x1b[31mred", "\\x1b]0;x\\x07b"]
        assert summary.table.choice.target == ("\\x1b]0;x\\x07b",)
        assert summary.table.labels == ("p", "q\\x1bz")
        shown = [*summary.notes, *summary.warnings, *(cell for row in summary.preview for cell in row)]
        assert all(sentence.isprintable() for sentence in shown)
    assert "'a\\x1b[31mred'" in refusal(tmp_path, text.replace("1,", "one,"))


def test_an_ignored_column_is_never_refused(tmp_path: Path) -> None:
    text = "a,mixed,empty,y\n" + "".join(f"{i},{'x' if i % 2 else i},,{i % 2}\n" for i in range(30))
    summary = looked(tmp_path, text, ignore=("mixed,empty",))
    assert [column.kind for column in summary.columns] == ["number", "category", "empty", "number"]
    assert summary.table.inputs == 1

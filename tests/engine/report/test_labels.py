"""What reports, comparisons and exported tables say of the names of runs."""

import json
from pathlib import Path

from nnsize_engine.export.compared_tables import comparison_text
from nnsize_engine.report.html_file import report_text
from nnsize_engine.runs.label import RunLabel, write_label
from support.made_runs import made_run
from support.reports import PageReader


def test_a_report_has_name_note_and_tags_as_text(home: Path) -> None:
    folder = made_run(home, "zibiro")
    write_label(folder, RunLabel(name="<b>wide</b>", note="see <script>", tags=("a&b",)))
    text = report_text([folder])
    assert "<title>&lt;b&gt;wide&lt;/b&gt;" in text
    assert "<b>wide" not in text
    page = PageReader(text)
    for words in ("<b>wide</b>", "Note: see <script>", "a&b", "zibiro"):
        assert words in page.words


def test_compared_runs_have_a_row_of_names_and_one_of_tags(home: Path) -> None:
    first, second = made_run(home, "zibiro"), made_run(home, "bagote", age=1)
    plain = json.loads(comparison_text([first, second], "json"))
    assert not {"name", "tags"} & set(plain["name"])
    write_label(first, RunLabel(name="wide", tags=("a", "b")))
    table = json.loads(comparison_text([first, second], "json"))
    rows = dict(zip(table["name"], zip(table["wide"], table["bagote"], strict=True), strict=True))
    assert (rows["id"], rows["tags"]) == (("zibiro", "bagote"), ("a b", None))
    fits = json.loads(comparison_text([first, second], "json", "fits"))
    assert (fits["run"][0], fits["run_name"][0], fits["run_name"][-1]) == ("zibiro", "wide", "")

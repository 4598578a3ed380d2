"""Tables as HTML pages, TeX, Parquet and Excel files."""

import io
import math
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.errors import ExportError
from nnsize_engine.export.compared_tables import export_comparison
from nnsize_engine.export.escaping import in_tex
from nnsize_engine.export.excel_table import excel_content
from nnsize_engine.export.html_table import html_page
from nnsize_engine.export.parquet_table import parquet_content
from nnsize_engine.export.table_file import TABLE_FORMATS, export_run, export_text
from nnsize_engine.export.tables import Cell, Table
from nnsize_engine.export.tex_table import tex_table
from support.made_runs import SMALL, made_run, make_evolution
from support.reports import HOSTILE, PageReader

FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\uff1d1")


@pytest.fixture(params=["search", "evolution"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return made_run(tmp_path, "zibiro") if request.param == "search" else make_evolution(tmp_path, "zelodo")


def frame_of(folder: Path) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(export_text(folder, None, "csv")))


def test_an_excel_sheet_has_the_numbers_of_the_csv_file_to_the_last_digit(folder: Path, tmp_path: Path) -> None:
    export_run(folder, tmp_path / "table.xlsx")
    expected, found = frame_of(folder), pd.read_excel(tmp_path / "table.xlsx")
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_dtype=False)


def test_a_parquet_file_has_the_numbers_of_the_csv_file_to_the_last_digit(folder: Path, tmp_path: Path) -> None:
    export_run(folder, tmp_path / "table.parquet")
    expected, found = frame_of(folder), pd.read_parquet(tmp_path / "table.parquet")
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_dtype=False)
    assert found["rank_test_score" if "rank_test_score" in found else "number"].dtype == "int64"


def test_an_html_table_has_the_cells_of_the_csv_file(folder: Path, tmp_path: Path) -> None:
    export_run(folder, tmp_path / "table.html")
    page = PageReader((tmp_path / "table.html").read_text())
    expected = frame_of(folder)
    assert page.tags.count("tr") == 1 + len(expected)
    assert page.tags.count("td") == expected.size
    for line in export_text(folder, None, "tsv").splitlines()[1:]:
        for cell in line.split("\t"):
            assert cell in page.words


@pytest.mark.parametrize("format", TABLE_FORMATS)
def test_several_runs_are_compared_in_every_format(format: str, tmp_path: Path) -> None:
    folders = [made_run(tmp_path, "zibiro"), made_run(tmp_path, "gudedo", SMALL, state="running", fits=4)]
    to = tmp_path / f"both.{format}"
    export_comparison(folders, to)
    assert to.stat().st_size > 100


def test_no_text_of_an_excel_sheet_is_a_formula() -> None:
    table: Table = {"=1+1": [*FORMULAS], "b": [1.5, -1.5, None, math.inf, True, 2**60]}
    sheet = openpyxl.load_workbook(io.BytesIO(excel_content(table))).active
    assert sheet is not None
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
    texts = [sheet.cell(row, 1).value for row in range(1, 8)]
    assert texts[0] == "'=1+1"
    assert not [text for text in texts if str(text).lstrip().startswith(("=", "+", "-", "@", "\uff1d"))]
    assert [sheet.cell(row, 2).value for row in range(2, 8)] == [1.5, -1.5, None, "inf", True, str(2**60)]


def test_a_sheet_that_is_too_small_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnsize_engine.export.excel_table.MAX_ROWS", 3)
    with pytest.raises(ExportError, match=r"the table has 3 rows and 1 columns; a sheet of Excel holds 2 and 16,384"):
        excel_content({"a": [1, 2, 3]})


def test_tex_has_the_rules_of_booktabs_and_escapes_what_means_something() -> None:
    table: Table = {"a_b": [1.0, -2.5e-10, None], r"50% & $x$": ["[x]", "*", r"\input{/etc/passwd}"]}
    assert tex_table(table) == "\n".join(
        [
            r"% needs \usepackage{booktabs}",
            r"\begin{tabular}{rl}",
            r"\toprule",
            r"a\_b & 50\% \& \$x\$ \\",
            r"\midrule",
            r"1 & {[}x{]} \\",
            r"$-2.5 \cdot 10^{-10}$ & {*} \\",
            r" & \textbackslash{}input\{/etc/passwd\} \\",
            r"\bottomrule",
            r"\end{tabular}",
            "",
        ]
    )


def test_a_long_tex_table_goes_on_on_the_next_page() -> None:
    text = tex_table({"a": [*range(100)]})
    assert text.startswith(r"% needs \usepackage{booktabs,longtable}")
    assert text.count(r"\begin{longtable}") == text.count(r"\end{longtable}") == text.count(r"\endfoot") == 1


@given(st.text())
def test_escaped_tex_has_no_sign_that_means_something_alone(text: str) -> None:
    escaped = in_tex(text)
    assert "\n" not in escaped
    left = escaped
    for known in ("textbackslash", "textasciicircum", "textasciitilde", "textless", "textgreater", "textbar"):
        left = left.replace(f"\\{known}{{}}", "")
    for known in ("char34", "textasciigrave", "textquotesingle"):
        left = left.replace(f"\\{known}{{}}", "")
    for sign in "{}$&#%_":
        left = left.replace(f"\\{sign}", "")
    for sign in "-[]*":
        left = left.replace(f"{{{sign}}}", "")
    assert not set(left) & set("\\{}$&#%_^~<>|\"`'")


def test_hostile_cells_of_an_html_table_stay_text() -> None:
    page = PageReader(html_page({HOSTILE: [HOSTILE, None, 1.5]}))
    assert page.words.count(HOSTILE) == 2
    assert not {"img", "script"} & set(page.tags)


@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()), min_size=1, max_size=20))
def test_any_column_can_be_written(cells: list[Cell]) -> None:
    table: Table = {"a": cells}
    assert pq.read_table(io.BytesIO(parquet_content(table))).num_rows == len(cells)
    sheet = openpyxl.load_workbook(io.BytesIO(excel_content(table))).active
    assert sheet is not None
    assert sheet.max_row <= 1 + len(cells)
    assert PageReader(html_page(table)).tags.count("td") == len(cells)
    assert tex_table(table).count(r" \\") == 1 + len(cells)


@pytest.mark.parametrize(
    ("format", "library", "extra"), [("xlsx", "openpyxl", "excel"), ("parquet", "pyarrow", "parquet")]
)
def test_a_missing_library_is_named_with_the_command_that_installs_it(
    format: str, library: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_run(tmp_path, "zibiro")
    monkeypatch.setitem(sys.modules, library, None)
    to = tmp_path / f"table.{format}"
    with pytest.raises(ExportError, match=rf"needs {library}, which is missing; install it: .*\[{extra}\]"):
        export_run(folder, to)
    assert not to.exists()

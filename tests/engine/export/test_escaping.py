"""Text that nobody checked, in the languages of exported files: it stays text."""

import ast
import csv
import io
import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.errors import ExportError
from nnsize_engine.export.escaping import in_docstring, in_markdown, in_spreadsheet
from nnsize_engine.export.python_program import program_of, python_code
from nnsize_engine.export.recipe_file import recipe_text
from nnsize_engine.export.table_file import table_text
from nnsize_engine.runs.label import RunLabel, write_label
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.settings.toml import config_text
from support.hostile_runs import HOSTILE_NAMES, HOSTILE_TEXT
from support.made_runs import EVOLUTION, made_run

anything = st.text(st.characters(codec=None))


@pytest.mark.parametrize("settings", [SizeSettings(), EVOLUTION])
@pytest.mark.parametrize("name", [*HOSTILE_NAMES, HOSTILE_TEXT])
def test_a_program_runs_no_code_of_a_name(settings: StartedSettings, name: str) -> None:
    assert ast.dump(_without_docstring(python_code(settings, name))) == ast.dump(
        _without_docstring(python_code(settings, "plain"))
    )


def _without_docstring(code: str) -> ast.Module:
    code.encode()
    tree = ast.parse(code)
    assert isinstance(tree.body[0], ast.Expr)
    del tree.body[0]
    return tree


@given(anything)
def test_any_text_stays_within_a_docstring(text: str) -> None:
    tree = ast.parse(f'"""{in_docstring(text)}\n"""\nlast = 1\n')
    assert [type(part) for part in tree.body] == [ast.Expr, ast.Assign]


@given(anything)
def test_no_cell_of_a_spreadsheet_begins_a_formula(text: str) -> None:
    cell = in_spreadsheet(text)
    if cell.lstrip()[:1] in ("=", "+", "-", "@") and cell:
        assert float(cell) is not None
    assert all(sign.isprintable() or sign == "\n" for sign in cell)


@pytest.mark.parametrize("text", ["-1.5", "+2", "1e-3", "plain", "a-b", "-inf"])
def test_numbers_and_plain_texts_stay_as_they_are_in_a_spreadsheet(text: str) -> None:
    assert in_spreadsheet(text) == text


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_tables_guard_texts_and_names_of_columns_and_leave_numbers(format: str) -> None:
    table = table_text({"=1+1": ["@x", "-1.5"], "b": [-1.5, None]}, "csv" if format == "csv" else "tsv")
    rows = list(csv.reader(io.StringIO(table), delimiter="," if format == "csv" else "\t"))
    assert rows == [["'=1+1", "b"], ["'@x", "-1.5"], ["-1.5", ""]]


@given(anything)
def test_a_markdown_cell_is_one_cell_without_tags_and_links(text: str) -> None:
    cell = in_markdown(text)
    assert "\n" not in cell
    for sign in "|<[`*":
        assert cell.count(sign) == cell.count(f"\\{sign}")


def test_names_with_underscores_stay_readable_in_markdown() -> None:
    assert in_markdown("mean_test_score") == "mean_test_score"
    assert in_markdown("_a_ <b>") == "\\_a\\_ \\<b\\>"


TEXTS = [HOSTILE_TEXT, "\x7f\x9b\u202e\u2028\ue000", 'a"\\\n# b = 1', "'''; import os; '''"]


def with_table(text: str) -> SizeSettings:
    """Return settings of a table whose file, columns and labels have this name."""
    columns = ((f"{text} x", "number"), (f"{text} c", "category"), (f"{text} y", "category"))
    choice = TableChoice(
        source=f"/data/{text}.csv", target=(f"{text} y",), separator=",", encoding="utf-8", comment="#"
    )
    table = TableSettings(
        choice=choice, task="binary", rows=100, inputs=4, classes=2, labels=(text, f"{text} b"), sha256="0" * 64,
        columns=columns, left_out=((f"{text} z", text),),
    )  # fmt: skip
    return SizeSettings(data=text, table=table, scoring="accuracy")


@pytest.mark.parametrize("text", TEXTS)
def test_a_settings_file_holds_any_text_without_a_sign_for_the_terminal(text: str) -> None:
    written = config_text(with_table(text), [f"left out: {text}"])
    read = tomllib.loads(written)
    assert (read["data"], read["target"]) == (f"/data/{text}.csv", f"{text} y")
    assert set(read) == set(tomllib.loads(config_text(with_table("plain"))))
    assert all(sign.isprintable() for line in written.split("\n") for sign in line)


@pytest.mark.parametrize("text", [*TEXTS, *HOSTILE_NAMES])
def test_a_program_of_a_table_runs_no_code_of_its_names(text: str) -> None:
    code = python_code(with_table(text), text)
    assert all(sign.isprintable() for line in code.split("\n") for sign in line)
    usual = [python_code(with_table(name), name) for name in ("plain", "plain\\")]
    assert _called(code) <= set().union(*map(_called, usual))


def _called(code: str) -> set[str]:
    """Return the names of all functions that code calls."""
    found = [part.func for part in ast.walk(ast.parse(code)) if isinstance(part, ast.Call)]
    return {one.attr if isinstance(one, ast.Attribute) else ast.unparse(one) for one in found}


def test_settings_that_contradict_each_other_make_no_program() -> None:
    settings = with_table("plain")
    assert settings.table is not None
    wrong = replace(settings.table, columns=(("plain x", "sum"), ("plain y", "category")))
    view = SimpleNamespace(
        settings=replace(settings, table=wrong), kind="size", folder=Path("bagote"), race=None, choice=None,
        header=SimpleNamespace(id="bagote"), label=RunLabel(),
    )  # fmt: skip
    with pytest.raises(ExportError, match="no program can be made of run bagote"):
        program_of(cast(SizeView, view))


def test_a_label_heads_programs_and_settings_and_runs_no_code(run_home: Path) -> None:
    folder = made_run(run_home, "zibiro")
    bare = ast.parse(recipe_text(folder, "py"))
    options = tomllib.loads(recipe_text(folder, "toml"))
    hostile = '"""; import os  # coding: utf-7 \\'
    write_label(folder, RunLabel(name="base", note=hostile, tags=("wide", "relu")))
    program, settings = recipe_text(folder, "py"), recipe_text(folder, "toml")
    assert settings.startswith(f"# Name: base\n# Note: {hostile}\n# Tags: wide relu\n")
    assert tomllib.loads(settings) == options
    module = ast.parse(program)
    assert "Name: base" in (words := ast.get_docstring(module) or "")
    assert words.endswith("Tags: wide relu")
    assert list(map(ast.dump, module.body[1:])) == list(map(ast.dump, bare.body[1:]))

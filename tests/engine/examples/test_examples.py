"""The example runs of the package: they open, they are whole, and nothing of the machine that made them is in them."""

import contextlib
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest

from nnsize_engine.errors import StoreError
from nnsize_engine.examples.add import TABLES, add_example, look_at_example, missing_examples
from nnsize_engine.examples.catalogue import (
    ARTICLE_1,
    ARTICLE_2,
    EXAMPLES,
    FOLDER,
    MAX_EXAMPLE_BYTES,
    OWN_TABLE,
    Example,
)
from nnsize_engine.results.candidates import neurons_text
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.folders import read_state, run_folders
from nnsize_engine.runs.table_check import check_unchanged
from nnsize_engine.runs.view import EvolutionView, SizeView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.search import SizeSettings


def test_all_examples_together_stay_small() -> None:
    files = [file for file in FOLDER.iterdir() if file.suffix not in (".py", "") and file.is_file()]
    assert {file.stem for file in files} == {*(one.name for one in EXAMPLES), "customers"}
    assert sum(file.stat().st_size for file in files) <= MAX_EXAMPLE_BYTES


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_added_once_and_is_a_whole_finished_run(example: Example, tmp_path: Path) -> None:
    home = tmp_path / "runs"
    folder = add_example(example, home)
    header, state = read_state(folder)
    assert (folder, header.id, state) == (home / example.name, example.name, "finished")
    assert examine(folder).condition == "whole"
    before = (folder / "run.sqlite").read_bytes()
    assert add_example(example, home) == folder
    assert (folder / "run.sqlite").read_bytes() == before
    assert run_folders(home) == [folder]
    assert missing_examples(home) == tuple(one for one in EXAMPLES if one is not example)


def test_the_searches_and_the_evolution_say_what_the_articles_say(tmp_path: Path) -> None:
    view = look_at_example(ARTICLE_1)
    assert isinstance(view, SizeView)
    assert view.settings == SizeSettings()
    assert view.choice is not None
    assert neurons_text(view.choice.best) == "75"
    assert view.choice.best_mean == pytest.approx(0.9947175348495965, abs=1e-9)
    evolved = look_at_example(ARTICLE_2)
    assert isinstance(evolved, EvolutionView)
    assert evolved.settings == EvolutionSettings()
    assert evolved.generations[-1].evaluations == 225_335
    assert not list(tmp_path.iterdir())


def test_the_table_of_an_example_is_there_as_it_was(tmp_path: Path) -> None:
    settings = read_state(add_example(OWN_TABLE, tmp_path))[0].settings
    assert settings.table is not None
    assert settings.table.choice.source == str(tmp_path / TABLES / "customers.csv")
    check_unchanged(settings.table)


def test_nothing_names_the_machine_that_computed_them(tmp_path: Path) -> None:
    for example in EXAMPLES:
        with zipfile.ZipFile(example.archive) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
            archive.extract("run.sqlite", tmp_path)
        with contextlib.closing(sqlite3.connect(tmp_path / "run.sqlite")) as connection:
            assert connection.execute("SELECT count(*) FROM runner").fetchone() == (0,)
        assert not re.search(rb"/(tmp|home|root|work|Users)/", content)


def test_a_file_in_the_way_of_an_example_is_said(tmp_path: Path) -> None:
    (tmp_path / ARTICLE_1.name).write_text("mine")
    with pytest.raises(StoreError, match="demo-1 is in the way of an example run; move it elsewhere"):
        add_example(ARTICLE_1, tmp_path)
    (tmp_path / TABLES).write_text("mine")
    with pytest.raises(StoreError, match="cannot be written"):
        add_example(OWN_TABLE, tmp_path)

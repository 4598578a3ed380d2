"""Every column of every table has words, and there are no words on a column that no table has."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from nnsize_tui.screens.data import column_table
from nnsize_tui.screens.evolution import generation_table
from nnsize_tui.screens.home import run_table
from nnsize_tui.text.candidate_columns import NEURONS, result_columns
from nnsize_tui.text.column_words import (
    CANDIDATE_COLUMNS,
    DATA_COLUMNS,
    GENERATION_COLUMNS,
    RUN_COLUMNS,
    STRATEGY_COLUMNS,
)
from nnsize_tui.text.strategies import STRATEGY_COLUMNS as COMPARED
from nnsize_tui.text.watched import NUMBER
from support.made_runs import GRID
from support.made_watched import HALVING


def _candidates() -> Iterable[str]:
    several = (result_columns(GRID), result_columns(HALVING), result_columns(replace(GRID, repeats=2)))
    titles = {column.title for columns in several for column in columns if not column.key.startswith("scoring:")}
    return {*filter(None, titles), NEURONS.heading, str(NUMBER.title), "iter"}


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (RUN_COLUMNS, [column.title for column in run_table.COLUMNS]),
        (CANDIDATE_COLUMNS, _candidates()),
        (GENERATION_COLUMNS, [column.title for column in generation_table.COLUMNS]),
        (STRATEGY_COLUMNS, [column.title for column in COMPARED]),
        (DATA_COLUMNS, [column.title for column in column_table.COLUMNS if column.title]),
    ],
)
def test_every_column_has_words(words: Mapping[str, str], titles: Iterable[str]) -> None:
    assert set(words) == set(titles)

from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.search_records import FitProgress
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.screens.search.candidate_columns import columns_of
from nnsize_tui.screens.search.candidate_table import CandidateItem, CandidateTable, in_order, items_of
from nnsize_tui.terminal.glyphs import ASCII, UNICODE
from support.made_runs import made_run
from support.views import size_view

SEARCH = SizeSettings(data="iris", scoring="accuracy", neurons="8,2,64x32,4", cv=3)
COLUMNS = columns_of(SEARCH, list_candidates(SEARCH))


def view_of(home: Path, fits: int, failed: tuple[tuple[int, int], ...] = ()) -> SizeView:
    return size_view(made_run(home, "run", SEARCH, state="paused", fits=fits, failed=failed))


def numbers(items: list[CandidateItem]) -> list[int]:
    return [item.summary.candidate.number for item in items]


def test_statistics_are_of_the_folds_that_all_candidates_share(home: Path) -> None:
    items = items_of(view_of(home, 6))  # the first fold of all, the second of two
    assert [item.summary.folds_done for item in items] == [2, 2, 1, 1]
    assert [item.shared.mean for item in items] == [item.summary.scores[0] for item in items]
    assert all(item.shared.std_over_folds is None for item in items)


def test_a_finished_candidate_shows_what_its_summary_says(home: Path) -> None:
    for item in items_of(view_of(home, 12)):
        assert (item.shared.mean, item.shared.std_over_folds, item.shared.train_mean) == (
            item.summary.mean,
            item.summary.std,
            item.summary.train_mean,
        )


def test_best_and_recommended_are_marked_once(home: Path) -> None:
    view = view_of(home, 12)
    assert view.choice is not None
    items = items_of(view)
    assert [item.summary.candidate for item in items if item.is_best] == [view.choice.best]
    assert [item.summary.candidate for item in items if item.is_recommended] == [view.choice.recommended]


def test_neurons_are_sorted_by_size_not_as_written(home: Path) -> None:
    items = items_of(view_of(home, 12))
    assert numbers(in_order(items, "neurons", COLUMNS, is_descending=False)) == [1, 3, 0, 2]
    assert numbers(in_order(items, "neurons", COLUMNS, is_descending=True)) == [2, 0, 3, 1]


@pytest.mark.parametrize("column", COLUMNS.keys)
@pytest.mark.parametrize("is_descending", [True, False])
def test_what_has_no_value_comes_last_in_either_order(home: Path, column: str, is_descending: bool) -> None:
    items = items_of(view_of(home, 3))  # the last candidate has no fit yet
    if column not in ("neurons", "folds"):
        assert numbers(in_order(items, column, COLUMNS, is_descending=is_descending))[-1] == 3


def test_a_failed_candidate_has_no_mean_and_no_rank(home: Path) -> None:
    items = items_of(view_of(home, 12, failed=((1, 2),)))
    assert items[1].summary.has_failed
    assert (items[1].shared.mean, items[1].rank) == (None, None)
    assert numbers(in_order(items, "rank", COLUMNS, is_descending=False))[-1] == 1


def test_the_table_is_as_wide_as_its_longest_network_needs() -> None:
    assert COLUMNS.width(is_wide=True) > COLUMNS.width(is_wide=False) == 52
    longer = replace(SEARCH, neurons="8,256x128x64x32x16")
    assert columns_of(longer, list_candidates(longer)).width(is_wide=False) == 52 + len("256x128x64x32x16") - 7


def test_a_candidate_that_is_being_trained_is_marked(home: Path) -> None:
    view = view_of(home, 6)
    items = items_of(replace(view, under_way=(FitProgress(candidate=2, fold=1, epochs=20, loss=0.5),)))
    assert [item.is_training for item in items] == [False, False, True, False]
    for glyphs, mark in ((UNICODE, "…"), (ASCII, "~")):
        table = CandidateTable(glyphs)
        column = next(column for column in COLUMNS.columns if column.key == "folds")
        assert [table.cell(item, column) for item in items] == [
            [("2/3 ", "text")], [("2/3 ", "text")], [(f"1/3{mark}", "accent")], [("1/3 ", "text")]
        ]  # fmt: skip

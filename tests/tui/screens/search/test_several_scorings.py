"""Further scorings on the screen of a search: columns of the table, lines below the folds."""

from dataclasses import replace
from pathlib import Path

from nnsize_engine.runs.database import open_for_writing, settle, transaction
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.search_reader import read_fits
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.search.candidate_table import CandidateTable
from support.made_runs import SMALL, made_run
from support.pilots import shown, until_shown
from support.signed_runs import sign

SEVERAL = replace(SMALL, further_scorings=("f1_macro", "neg_log_loss"))
REASON = "scikit-learn refused it"


def scored(home: Path) -> Path:
    """Make a run whose second candidate has no neg_log_loss on its first fold."""
    folder = made_run(home, "zibiro", SEVERAL)
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        for fit in read_fits(connection)[0]:
            assert fit.test_score is not None
            has_failed = (fit.candidate, fit.fold) == (1, 0)
            loss, reason = (None, REASON) if has_failed else (fit.test_score - 1, None)
            rows = [
                (fit.candidate, fit.fold, "f1_macro", fit.test_score - 0.1, 0.8, None),
                (fit.candidate, fit.fold, "neg_log_loss", loss, -0.05, reason),
            ]
            connection.executemany("INSERT INTO score VALUES (?, ?, ?, ?, ?, ?, 0)", rows)
        sign(connection)
    settle(connection)
    connection.close()
    return folder


def opened(folder: Path) -> ExplorerApp:
    return ExplorerApp(folder.parent, unicode=True, first=RunFollower(folder).look())


async def test_a_wide_table_has_a_column_for_each_further_scoring(home: Path) -> None:
    async with opened(scored(home)).run_test(size=(200, 60)) as pilot:
        await until_shown(pilot, "f1_macro", "neg_log_loss")
        table = pilot.app.screen.query_one(CandidateTable)
        column = table.shape.results["scoring:f1_macro"]
        for item in table.items:
            assert item.shared.mean is not None
            found = column.value(item)
            assert found is not None
            assert abs(found - (item.shared.mean - 0.1)) < 1e-9
        assert [table.shape.results["scoring:neg_log_loss"].value(item) is None for item in table.items] == [
            item.summary.candidate.number == 1 for item in table.items
        ]


async def test_the_folds_show_further_scores_and_why_one_is_missing(home: Path) -> None:
    async with opened(scored(home)).run_test(size=(200, 60)) as pilot:
        await until_shown(pilot, "›       2")
        await pilot.press("down")
        await until_shown(pilot, "›       4", "folds of 4 ")
        await until_shown(pilot, REASON)


async def test_a_narrow_table_keeps_its_usual_columns(home: Path) -> None:
    async with opened(scored(home)).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "neurons", "mean", "rank")
        assert "neg_log_loss" not in shown(pilot).splitlines()[3]

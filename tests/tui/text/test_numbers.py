"""The answer of a search: at most two sentences, and shorter ones for a small header."""

import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.answers.search_answer import answer_details, answer_text, answers
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.widgets.run_header import Answer
from support.made_runs import SMALL, made_run
from support.signed_runs import sign
from support.views import size_view

R2 = SizeSettings(data="diabetes", scoring="r2", neurons="2:10:2", cv=3, network=NetworkParameters(max_iter=50))
WIDE = replace(SMALL, neurons="4:65:8")
"""The best is 60 neurons; 52 are recommended."""

SHIFTED = replace(SMALL, neurons="2,4,8,16,32", repeats=3)


def test_a_finished_search_names_the_test_scores_of_both_candidates(home: Path) -> None:
    view = size_view(made_run(home, "zibiro", WIDE))
    assert view.choice is not None
    assert view.choice.best != view.choice.recommended
    first = answer_text(view).partition(". ")[0]
    assert first.endswith(", test score 0.9510 (60: 0.9530)")


def test_without_test_rows_no_test_score_is_claimed(home: Path) -> None:
    view = size_view(made_run(home, "zibiro", replace(WIDE, test_size=0)))
    assert "test" not in answer_text(view)
    assert not answer_text(view).startswith("So far")


@pytest.mark.parametrize("is_half_done", [False, True])
def test_while_the_networks_are_trained_on_all_rows_the_answer_says_so(home: Path, is_half_done: bool) -> None:
    folder = made_run(home, "zibiro", WIDE)
    choice = size_view(folder).choice
    assert choice is not None
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        connection.execute("UPDATE run SET state = 'running'")
        kept = choice.best.number if is_half_done else -1
        connection.execute("DELETE FROM final_test WHERE candidate != ?", (kept,))
        sign(connection)
    connection.close()
    view = replace(size_view(folder), state="running")
    left = "the recommended" if is_half_done else "the best and the recommended"
    assert answer_text(view).lower().endswith(f"now training {left} on all training rows.")
    assert answer_text(view).startswith("So far (3 of 3 folds), ") is not is_half_done
    assert answer_text(view).count(". ") == 1


def test_shorter_answers_leave_out_the_last_remarks_and_keep_the_first_sentence(home: Path) -> None:
    failed = [(0, 0)]
    folder = made_run(home, "zibiro", R2, failed=failed)
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        connection.execute("UPDATE fit SET has_converged = 0, test_score = test_score - 2 WHERE error IS NULL")
        sign(connection)
    connection.close()
    view = size_view(folder)
    longest, *shorter = answers(view)
    first, _, second = longest.partition(". ")
    assert (
        second.startswith(
            "1 of 4 sizes could not be scored on every fold; all fits stopped at max_iter 50: raise it; "
            "r2 below 0 is worse than predicting the mean"
        )
        or "most fits" in second
    )
    for kept, answer in zip(range(len(second.split("; ")) - 1, -1, -1), shorter, strict=True):
        assert answer.startswith(f"{first}.")
        assert answer.count("; ") == max(0, kept - 1)
    assert shorter[-1] == f"{first}."
    assert len(textwrap.wrap(longest, 78)) <= Answer.MIN_LINES


def test_repeats_tell_how_the_recommendation_moves(home: Path) -> None:
    assert answer_details(size_view(made_run(home, "zibiro", SMALL))) == []
    (words,) = answer_details(size_view(made_run(home, "zelodo", SHIFTED)))
    assert words.startswith("Recommended with each of 3 seeds alone: ")
    assert answer_details(size_view(made_run(home, "gudedo", SHIFTED, state="running", fits=20))) == []

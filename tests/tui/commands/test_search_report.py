"""What is said of a search over several parameters and seeds."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from nnsize_engine.answers.search_answer import answer_text
from nnsize_engine.results.candidates import candidate_text, candidate_words
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import SizeView
from nnsize_engine.runs.writer import add_log
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.commands import search_report
from nnsize_tui.commands.kinds import REPORTS
from nnsize_tui.commands.look import show
from nnsize_tui.text.numbers import searched_text, unusual
from support.commands import nnsize_here
from support.made_references import add_made_references, made_reference, made_references
from support.made_runs import EVOLUTION, SMALL, made_run, make_evolution
from support.views import evolution_view, size_view

SEARCH = SizeSettings(
    data="iris",
    scoring="accuracy",
    neurons="4:9:4 x 0,3",
    cv=3,
    repeats=2,
    network=NetworkParameters(max_iter=50),
    grid=(("solver", ("sgd", "adam")), ("alpha", (0.001, 1 / 3)), ("early_stopping", (True, False))),
)


@pytest.fixture
def view(tmp_path: Path) -> SizeView:
    return size_view(made_run(tmp_path, "bagote", SEARCH))


def test_the_table_has_a_column_for_each_parameter_and_kind_of_spread(view: SizeView) -> None:
    headings = search_report.headings(view)
    assert headings == (
        "neurons", "solver", "alpha", "early-stopping", "fits", "mean", "std", "over folds", "over seeds", "train",
        "fit time", "rank",
    )  # fmt: skip
    rows = search_report.rows(view)
    assert len(rows) == len(view.summaries) == 24
    assert {len(row) for row in rows} == {len(headings)}
    assert rows[0][:5] == ("4", "sgd", "0.001", "yes", "6/6")
    assert rows[-1][:5] == ("3", "adam", "0.333333", "no", "6/6")


def test_the_best_of_each_size_is_there_in_print_and_in_json(view: SizeView) -> None:
    rows = search_report.rows_of(view, search_report.numbers_by_size(view))
    assert [row[0] for row in rows] == ["4", "8", "3"]
    result = search_report.result_of(view)
    assert isinstance(result["best"], dict)
    assert list(result["best"]) == [
        "alpha", "early_stopping", "hidden_layer_sizes", "solver", "mean_test_score", "std_test_score",
        "std_over_folds", "std_over_seeds",
    ]  # fmt: skip
    assert isinstance(result["recommended"], dict)
    assert list(result["recommended"]) == [
        "alpha", "early_stopping", "hidden_layer_sizes", "solver", "mean_test_score", "smoothed_score",
        "test_score", "by_repeat",
    ]  # fmt: skip
    assert view.choice is not None
    assert view.final_of_best is not None
    assert view.final_of_recommended is not None
    assert result["test_score"] == view.final_of_best.test_score == 0.953
    assert result["recommended"]["test_score"] == view.final_of_recommended.test_score
    assert result["recommended"]["by_repeat"] == [list(one.hidden_layer_sizes) for one in view.by_repeat]
    assert len(view.by_repeat) == view.settings.repeats == 2
    assert result["recommended"]["smoothed_score"] == view.choice.smoothed[view.choice.recommended.number]
    by_size = result["best_per_size"]
    assert isinstance(by_size, list)
    assert [one["hidden_layer_sizes"] for one in by_size] == [4, 8, 3]
    assert result["best"] in by_size


def test_without_test_rows_no_test_score_is_claimed(tmp_path: Path) -> None:
    view = size_view(made_run(tmp_path, "bagote", replace(SMALL, test_size=0)))
    result = search_report.result_of(view)
    assert isinstance(result["recommended"], dict)
    assert (result["test_score"], result["recommended"]["test_score"]) == (None, None)
    assert "by_repeat" not in result["recommended"]
    assert search_report.listed(view)[-1] == ""


def test_where_only_sizes_are_searched_nothing_is_said_twice(tmp_path: Path) -> None:
    plain = size_view(made_run(tmp_path, "bagote", SMALL))
    assert search_report.headings(plain) == ("neurons", "folds", "mean", "std", "train", "fit time", "rank")
    assert search_report.numbers_by_size(plain) == []
    assert "best_per_size" not in search_report.result_of(plain)
    assert candidate_text(plain.summaries[0].candidate) == "2"


def test_the_answer_names_every_parameter_and_both_kinds_of_spread(view: SizeView) -> None:
    choice = view.choice
    assert choice is not None
    recommended, over_seeds = choice.recommended, view.shared[choice.recommended.number].std_over_seeds
    assert over_seeds is not None
    answer = answer_text(view)
    words = f"{candidate_words(recommended)} are recommended: accuracy {choice.recommended_mean:.4f}, "
    assert answer.startswith(f"{words}standard error {choice.recommended_error:.4f}, ")
    assert all(name in words for name in (" neurons, ", "alpha ", "early stopping"))
    assert f", deviation over seeds {over_seeds:.4f}, " in answer
    assert candidate_text(choice.best) == "3 sgd 0.333333 no"


def test_a_search_under_way_says_which_repeat_is_trained(tmp_path: Path) -> None:
    some = size_view(made_run(tmp_path, "bagote", SEARCH, state="running", fits=24 * 4 + 3))
    assert answer_text(some).startswith("So far (4 of 6 fits), ")
    assert some.shared[0].std_over_seeds is None  # the second repeat lacks folds


def test_what_is_searched_stands_in_few_words() -> None:
    assert searched_text(SMALL) == "2:10:2"
    assert searched_text(SEARCH) == "4:9:4 x 0,3 x solver x alpha x early-stopping"
    assert unusual(SEARCH) == [
        "solver sgd,adam", "alpha 0.001,0.333333", "early-stopping yes,no", "2 repeats", "max-iter 50",
    ]  # fmt: skip
    many = SizeSettings(grid=(("max_iter", tuple(range(1, 30))),), stratify=True, precision="float32")
    assert unusual(many) == ["max-iter 1,2,3,4,...,29", "float32", "stratified"]


def test_the_settings_are_shown_as_they_are_written() -> None:
    shown = search_report.shown_settings(SEARCH)
    assert shown["alpha"] == "0.001,0.3333333333333333"
    assert shown["early-stopping"] == "yes,no"
    assert (shown["repeats"], shown["max-iter"], shown["neurons"]) == (2, 50, "4:9:4 x 0,3")
    assert not {"table", "network", "grid"} & set(shown)


def test_of_many_candidates_the_best_are_printed_unless_all_are_asked_for(tmp_path: Path) -> None:
    many = SizeSettings(
        data="iris", scoring="accuracy", neurons="2:14", cv=2, grid=(("alpha", (0.1, 0.2, 0.3, 0.4, 0.5)),)
    )
    view = size_view(made_run(tmp_path, "bagote", many))
    candidates, by_size = REPORTS[view.kind].final(view, False)
    assert [row[-1] for row in candidates.rows] == [str(rank) for rank in sorted(view.ranks)[:20]]
    assert candidates.note == "the best 20 of 60 candidates; all of them: nnsize show bagote --all"
    assert (len(by_size.rows), by_size.note) == (12, "")
    whole, _ = REPORTS[view.kind].final(view, True)
    assert (len(whole.rows), whole.note) == (60, "")
    assert list(whole.rows) == search_report.rows(view)


def test_of_many_generations_the_last_are_printed_unless_all_are_asked_for(tmp_path: Path) -> None:
    view = evolution_view(make_evolution(tmp_path, "gene", generations=30))
    (last,) = REPORTS[view.kind].final(view, False)
    assert [row[0] for row in last.rows] == [
        str(number) for number in range(view.header.done - 9, view.header.done + 1)
    ]
    assert last.note.startswith("the last 10 of ")
    (whole,) = REPORTS[view.kind].final(view, True)
    assert (len(whole.rows), whole.note) == (len(view.generations), "")


def test_of_a_long_log_the_end_is_printed_unless_all_is_asked_for(run_home: Path) -> None:
    folder = made_run(run_home, "bagote")
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        for number in range(40):
            add_log(connection, "info", f"line {number}")
    connection.close()
    shown = CliRunner().invoke(show, ["bagote"]).output
    assert "21 earlier lines of the log: nnsize show bagote --all\n" in shown
    assert ("line 20" in shown, "line 19" in shown) == (True, False)
    whole = CliRunner().invoke(show, ["bagote", "--all"]).output
    assert "line 0" in whole
    assert "earlier" not in whole


def test_references_are_printed_below_the_candidates_and_in_json(run_home: Path) -> None:
    folder = made_run(run_home, "zibiro")
    add_made_references(folder, made_references({"dummy": 0.31, "linear": 0.913}, 3))
    add_made_references(folder, [made_reference("trees", 0, 0.9, error="refused")])
    printed = nnsize_here("show", "zibiro").stdout
    assert "references:\n" in printed
    after = printed.partition("references:\n")[2].splitlines()
    assert after[0].split() == ["reference", "folds", "mean", "std", "train", "fit", "time"]
    assert after[1].split()[:4] == ["dummy", "3/3", "0.3100", "0.0016"]
    assert after[3].split()[:3] == ["trees", "1/3", "failed"]
    found = json.loads(nnsize_here("show", "zibiro", "--json").stdout)["references"]
    assert found[1] == {
        "name": "linear",
        "mean_test_score": pytest.approx(0.913),
        "std_test_score": pytest.approx(0.002 * (2 / 3) ** 0.5),
        "split_test_scores": [0.911, 0.913, 0.915],
        "error": None,
    }
    assert (found[2]["mean_test_score"], found[2]["error"]) == (None, "refused")
    assert "linear,0.02," in nnsize_here("export", "zibiro", "--table", "references").stdout


def test_a_run_without_references_prints_none(run_home: Path) -> None:
    made_run(run_home, "zibiro")
    assert "references:\n" not in nnsize_here("show", "zibiro").stdout
    assert "references" not in json.loads(nnsize_here("show", "zibiro", "--json").stdout)


@pytest.mark.parametrize("kind", ["size", "evolution"])
def test_json_with_all_has_every_row_of_the_table_and_the_whole_log(run_home: Path, kind: str) -> None:
    if kind == "size":
        folder = made_run(run_home, "bagote", SEARCH)
        key, count = "candidates", 24
    else:
        folder = make_evolution(run_home, "bagote", EVOLUTION, generations=60)
        key, count = "all_generations", 61
    plain = json.loads(nnsize_here("show", "bagote", "--json").stdout)
    whole = json.loads(nnsize_here("show", "bagote", "--json", "--all").stdout)
    rows = whole.pop(key)
    log = whole.pop("log")
    assert whole == plain
    assert key not in plain
    columns = json.loads(nnsize_here("export", "bagote", "--format", "json").stdout)
    assert len(rows) == count
    assert {name: [row[name] for row in rows] for name in columns} == columns
    assert {frozenset(row) for row in rows} == {frozenset(columns)}
    assert [line["text"] for line in log] == [line.text for line in RunFollower(folder).look().log]

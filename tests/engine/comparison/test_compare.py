import json
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.answers.comparison_answer import tests_text as words_on_tests
from nnsize_engine.comparison.compare import Comparison, ResultRow, compare
from nnsize_engine.errors import ExportError, RunError
from nnsize_engine.export.atomic_file import TargetExistsError
from nnsize_engine.export.compared_tables import (
    compared_table,
    compared_tables_of,
    comparison_table,
    comparison_text,
    export_comparison,
)
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.label import RunLabel, write_label
from nnsize_engine.runs.view import AnyView, SizeView
from nnsize_engine.settings.search import SizeSettings
from support.made_runs import EVOLUTION, GRID, SMALL, made_run, make_evolution


def look(folder: Path) -> AnyView:
    return RunFollower(folder).look()


def fact(found: Comparison, name: str) -> ResultRow:
    return next(one for one in found.results if one.name == name)


def test_two_searches_that_differ_in_their_seed_differ_in_nothing_else(run_home: Path) -> None:
    first, second = made_run(run_home, "zibiro", SMALL), made_run(run_home, "fomule", replace(SMALL, seed=42))
    found = compare([look(first), look(second)])
    assert found.names == ("zibiro", "fomule")
    assert found.settings.different == (("seed", (0, 42)),)
    assert found.settings.same > 20
    assert (found.settings.not_shared, found.unlike_curves, found.unlike_tests) == (0, "", "")
    assert fact(found, "final test score").values == (0.953, 0.953)
    assert fact(found, "final test score").best == ()  # none is better


def test_the_best_value_is_marked_where_values_can_be_compared(run_home: Path) -> None:
    better = make_evolution(run_home, "zelodo", EVOLUTION)
    worse = make_evolution(run_home, "tinabo", replace(EVOLUTION, validation_fraction=0.3), generations=3)
    found = compare([look(better), look(worse)])
    assert fact(found, "generations").values == ("40", "3 of 40")
    other = replace(EVOLUTION, fitness="accuracy")
    assert fact(found, "training fitness").best == ()
    unlike = compare([look(better), look(make_evolution(run_home, "gadepu", other))])
    assert fact(unlike, "training fitness").best == ()
    assert "zelodo: log_loss; gadepu: accuracy" in unlike.unlike_curves
    assert unlike.unlike_tests == ""  # the final scoring is the same


def test_a_mean_over_some_folds_is_not_called_better_than_one_over_all(run_home: Path) -> None:
    ended = look(made_run(run_home, "zibiro", SMALL))
    found = compare([ended, look(made_run(run_home, "fomule", SMALL, state="running", fits=4))])
    assert fact(found, "over folds").values == ("3 of 3", "1 of 3")
    assert fact(found, "best mean").best == ()
    grid = compare([ended, look(made_run(run_home, "gridly", GRID, is_surface=True))])
    assert fact(grid, "best mean").best == (1,)


def test_a_search_and_an_evolution_have_their_test_scores_beside_each_other_on_the_same_rows(run_home: Path) -> None:
    search = made_run(run_home, "zibiro", replace(SMALL, test_size=0.3))
    evolution = make_evolution(run_home, "zelodo", replace(EVOLUTION, test_size=0.3))
    found = compare([look(search), look(evolution)])
    assert found.unlike_tests == ""
    assert "no curve in common" in found.unlike_curves
    assert [(one.run, one.name, one.test_score) for one in found.tested] == [
        (0, "best size", 0.953),
        (1, "evolved", 0.951),
        (1, "gradient", pytest.approx(0.961)),
    ]
    assert fact(found, "final test score").best == (0,)
    assert dict(found.settings.different)["network"] == ("2:10:2", "6,3")
    assert found.settings.not_shared > 30
    assert not {"batch-size", "tol"} & set(dict(found.settings.different))  # they mean something else


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (replace(SMALL, split_seed=7), "the test rows differ: zibiro: 50 of 150 rows by split-seed 42; fomule: "),
        (replace(SMALL, stratify=True), "split-seed 42, stratified"),
        (replace(SMALL, scoring="neg_log_loss"), "the scorings differ: zibiro: accuracy; fomule: neg_log_loss"),
        (replace(SMALL, data="wine"), "Scores on different data are not comparable: zibiro: iris; fomule"),
    ],
)
def test_unlike_test_scores_are_said_not_to_be_comparable(run_home: Path, settings: SizeSettings, words: str) -> None:
    found = compare([look(made_run(run_home, "zibiro", SMALL)), look(made_run(run_home, "fomule", settings))])
    assert words in found.unlike_tests
    assert fact(found, "final test score").best == ()


def test_both_final_networks_of_a_search_have_their_test_scores(run_home: Path) -> None:
    wide = replace(SMALL, neurons="4:65:8")  # the best has 60 neurons, and 52 are recommended
    found = compare([look(made_run(run_home, "zibiro", wide)), look(made_run(run_home, "fomule", SMALL))])
    assert [(one.run, one.name, one.network, one.test_score) for one in found.tested] == [
        (0, "best size", "60 neurons", 0.953),
        (0, "recommended size", "52 neurons", 0.951),
        (1, "best size", "8 neurons", 0.953),
    ]
    assert fact(found, "final test score").values == (0.953, 0.953)
    assert fact(found, "its test score").values == (0.951, 0.953)


def test_runs_without_test_rows_have_no_test_scores_to_compare(run_home: Path) -> None:
    on_all = look(made_run(run_home, "zibiro", replace(SMALL, test_size=0)))
    other = look(make_evolution(run_home, "zelodo", replace(EVOLUTION, test_size=0)))
    found = compare([on_all, other])
    assert "no test scores to compare: all rows are training rows (test-size 0)" in found.unlike_tests
    assert fact(found, "final test score").values == (None, None)
    split = compare([on_all, look(made_run(run_home, "fomule", SMALL))])
    assert "zibiro: no test rows; fomule: 50 of 150 rows by split-seed 42" in split.unlike_tests


def test_curves_on_other_splits_of_the_same_data_are_comparable_and_of_other_data_not(run_home: Path) -> None:
    first = look(made_run(run_home, "zibiro", SMALL))
    split = look(made_run(run_home, "fomule", replace(SMALL, split_seed=7)))
    wine = look(made_run(run_home, "gadepu", replace(SMALL, data="wine")))
    assert compare([first, split]).unlike_curves == ""
    assert "different data" in compare([first, wine]).unlike_curves
    assert first.header.data is not None
    changed = replace(first, header=replace(first.header, data=replace(first.header.data, sha256="1" * 64)))
    assert "does not have the same values" in compare([first, changed]).unlike_curves


def test_members_said_in_two_ways_and_a_scoring_left_out_are_no_difference(run_home: Path) -> None:
    by_popsize = replace(EVOLUTION, members=None, popsize=2)
    by_number = replace(EVOLUTION, members=by_popsize.member_count, scoring="accuracy")
    found = compare(
        [look(make_evolution(run_home, "zelodo", by_popsize)), look(make_evolution(run_home, "tinabo", by_number))]
    )
    assert found.settings.different == ()


def test_a_searched_parameter_differs_from_a_fixed_one(run_home: Path) -> None:
    found = compare([look(made_run(run_home, "zibiro", SMALL)), look(made_run(run_home, "gridly", GRID))])
    different = dict(found.settings.different)
    assert different["activation"] == ("relu", "relu,tanh")
    assert different["neurons"] == ("2:10:2", "4:40:6")


def test_runs_that_have_nothing_yet_have_no_results(run_home: Path) -> None:
    found = compare(
        [
            look(made_run(run_home, "zibiro", SMALL, state="running", fits=0)),
            look(make_evolution(run_home, "zelodo", state="running", generations=-1)),
        ]
    )
    assert fact(found, "best").values == (None, None)
    assert found.tested == ()


def test_one_run_alone_is_refused(run_home: Path) -> None:
    with pytest.raises(RunError, match="1 run to compare; name at least 2"):
        compare([look(made_run(run_home, "zibiro", SMALL))])


def test_runs_of_the_same_name_are_told_apart_by_their_path(run_home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    found = compare([look(made_run(run_home, "zibiro", SMALL)), look(made_run(other, "zibiro", SMALL))])
    assert found.names == (str(run_home / "zibiro"), str(other / "zibiro"))


def test_the_table_has_a_column_a_run_and_every_digit(run_home: Path, tmp_path: Path) -> None:
    folders = [made_run(run_home, "zibiro", SMALL), make_evolution(run_home, "zelodo", EVOLUTION)]
    table = comparison_table([look(folder) for folder in folders])
    assert list(table) == ["what", "name", "zibiro", "zelodo"]
    assert len({len(cells) for cells in table.values()}) == 1
    assert json.loads(comparison_text(folders, "json"))["name"] == table["name"]
    target = tmp_path / "both.csv"
    export_comparison(folders, target)
    lines = target.read_text().splitlines()
    assert lines[0] == "what,name,zibiro,zelodo"
    assert "result,final test score,0.953,0.951" in lines
    with pytest.raises(TargetExistsError):
        export_comparison(folders, target)


def test_runs_are_headed_by_their_names_with_their_ids_below(run_home: Path, tmp_path: Path) -> None:
    folders = [made_run(run_home, name, SMALL) for name in ("zibiro", "fomule", "malodi", "kuteva")]
    for folder, name in zip(folders, ("base", "what", "kuteva", ""), strict=True):
        write_label(folder, RunLabel(name=name))
    found = compare([look(folder) for folder in folders])
    assert found.names == ("base", "fomule", "malodi", "kuteva")  # other names are those of other columns
    assert found.ids == ("zibiro", "fomule", "malodi", "kuteva")
    assert fact(found, "id").values == found.ids
    assert fact(found, "name").values == (None, "what", "kuteva", None)
    assert "base (" in words_on_tests(found)
    for ending in ("csv", "html", "tex", "md", "json"):
        target = tmp_path / f"all.{ending}"
        export_comparison(folders[:2], target)
        assert "base" in target.read_text()
        assert "zibiro" in target.read_text()
    assert (tmp_path / "all.csv").read_text().startswith("what,name,base,fomule\nresult,id,zibiro,fomule\n")


def test_two_runs_of_one_name_keep_their_ids(run_home: Path) -> None:
    folders = [made_run(run_home, name, SMALL) for name in ("zibiro", "fomule")]
    for folder in folders:
        write_label(folder, RunLabel(name="base"))
    found = compare([look(folder) for folder in folders])
    assert found.names == found.ids == ("zibiro", "fomule")
    assert fact(found, "name").values == ("base", "base")


def test_rows_of_all_runs_name_their_run_and_are_empty_where_a_run_has_no_such_column(run_home: Path) -> None:
    searches = [look(made_run(run_home, "zibiro", SMALL)), look(made_run(run_home, "fomule", GRID))]
    views = [*searches, look(make_evolution(run_home, "zelodo", EVOLUTION))]
    table = compared_table(views, "candidates")
    rows = [len(view.summaries) for view in views if isinstance(view, SizeView)]
    assert table["run"] == ["zibiro"] * rows[0] + ["fomule"] * rows[1]
    assert {len(cells) for cells in table.values()} == {sum(rows)}
    assert set(table["param_activation"][: rows[0]]) == {None}
    assert None not in table["param_activation"][rows[0] :]
    assert compared_table(views, "generations")["number"] == list(range(41))
    assert compared_tables_of(["size", "evolution"]) == ("comparison", "candidates", "fits", "generations")
    with pytest.raises(ExportError, match="none of these runs has a table 'generations'; choose one of comparison and"):
        compared_table(searches, "generations")

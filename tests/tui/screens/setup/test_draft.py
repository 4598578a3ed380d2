from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnsize_engine.errors import SettingsError
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.settings.command_options import TABLE_OPTIONS
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.descriptions import EVOLUTION_TEXTS, NETWORK_TEXTS, SEARCH_TEXTS, TABLE_TEXTS
from nnsize_engine.settings.option_names import field_of_option
from nnsize_engine.settings.parameter_grid import DEFAULTS
from nnsize_engine.settings.scorings import default_scoring, scorings_for
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.commands.evolve_options import OPTIONS as EVOLUTION_OPTIONS
from nnsize_tui.commands.size_options import OPTIONS as SIZE_OPTIONS
from nnsize_tui.screens.setup.default_draft import draft_of, usual_draft
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.fields import FIELDS, TABLE_KEYS
from nnsize_tui.screens.setup.form import FORMS
from nnsize_tui.screens.setup.messages import PreflightFailure
from nnsize_tui.screens.setup.parse import find_source, join_names, split_names
from nnsize_tui.screens.setup.plan import Plan, make_plan, problem_of
from nnsize_tui.screens.setup.read_draft import read_draft
from nnsize_tui.screens.setup.text import fits_words
from support.made_summaries import NAMES, made_summary


def planned(draft: Draft) -> Plan:
    """Return the plan of a draft with an inspected table."""
    reading = read_draft(draft)
    return make_plan(
        draft, reading, made_summary(reading.inspection.choice) if reading.inspection is not None else None
    )


def drafted(**texts: str) -> Draft:
    draft = Draft()
    for key, text in texts.items():
        draft = draft.changed(key, text)
    return draft


@pytest.fixture
def table(tmp_path: Path) -> str:
    """Write a file that no test reads."""
    path = tmp_path / "passengers.csv"
    path.write_text("a,b\n1,2\n")
    return str(path)


def test_an_untouched_draft_is_the_built_in_search() -> None:
    plan = planned(Draft())
    assert plan.settings == SizeSettings()
    assert not plan.problems
    assert (plan.candidates, plan.splits) == (48, 5)


def test_a_race_may_have_other_parameters_and_repeats_and_promises_at_most() -> None:
    plan = planned(drafted(data="wine", neurons="auto", alpha="0.1,1", repeats="2", seed="3", max_neurons="16"))
    assert isinstance(plan.settings, SizeSettings)
    assert not plan.problems
    assert fits_words(plan, plan.settings) == "sizes found x 2 combinations x 5 folds x 2 repeats: at most 140 fits"
    assert plan.notes["repeats"] == "seeds 3 to 12"
    plan = planned(drafted(data="wine", neurons="4,8,16x4", race="yes", alpha="0.1,1", repeats="2", seed="3"))
    assert isinstance(plan.settings, SizeSettings)
    assert fits_words(plan, plan.settings) == "6 candidates x 5 folds x 2 repeats = at most 60 fits"
    assert plan.notes["repeats"] == "seeds 3 to 4"


@pytest.mark.parametrize("name", BUILTIN)
def test_every_built_in_data_set_gets_its_usual_scoring(name: str) -> None:
    found = planned(drafted(data=name)).settings
    assert found is not None
    assert (found.data, found.scoring) == (name, default_scoring(BUILTIN[name].task))


def test_a_chosen_scoring_stays_as_long_as_it_fits_the_task() -> None:
    draft = drafted(scoring="f1_macro")
    assert [planned(draft.changed("data", name)).settings.scoring for name in ("iris", "diabetes", "wine")] == [  # type: ignore[union-attr]
        "f1_macro", "r2", "f1_macro"]  # fmt: skip


def test_every_parameter_of_the_network_is_a_field_and_is_explained_as_on_the_command_line() -> None:
    assert set(NETWORK_TEXTS) == set(DEFAULTS)
    assert all(field.help and field.label for field in FIELDS)


def test_the_screen_and_the_commands_explain_a_setting_in_the_same_words() -> None:
    assert set(SEARCH_TEXTS) == set(SIZE_OPTIONS)
    assert set(EVOLUTION_TEXTS) == set(EVOLUTION_OPTIONS)
    assert {field_of_option(name) for name in TABLE_OPTIONS} == set(TABLE_TEXTS) == TABLE_KEYS
    texts = {
        "size": {**TABLE_TEXTS, **NETWORK_TEXTS, **SEARCH_TEXTS},
        "evolution": {**TABLE_TEXTS, **EVOLUTION_TEXTS},
    }
    for kind, form in FORMS.items():
        for key, field in form.by_key.items():
            if key != "data":
                assert texts[kind][key].lower() in field.help.lower()


@pytest.mark.parametrize("name", [name for name in NETWORK_TEXTS if name != "loss"])
def test_every_parameter_takes_one_value_or_several(name: str) -> None:
    several = {
        "activation": "relu,tanh", "solver": "adam,sgd", "learning_rate": "constant,adaptive", "batch_size": "auto,50",
        "early_stopping": "yes,no", "shuffle": "yes,no", "nesterovs_momentum": "yes,no", "max_iter": "100,200",
        "n_iter_no_change": "5,10", "max_fun": "100,200",
    }.get(name, "0.1:0.5:0.2")  # fmt: skip
    searched = planned(drafted(**{name: several, "neurons": "4,8"}))
    assert isinstance(searched.settings, SizeSettings)
    assert [key for key, _ in searched.settings.grid] == [name]
    assert searched.candidates == len(list_candidates(searched.settings)) == 4
    last = several.rpartition(",")[2] if "," in several else "0.25"
    single = planned(drafted(**{name: last})).settings
    assert isinstance(single, SizeSettings)
    assert single.grid == ()


def test_candidates_are_sizes_times_values_and_fits_have_folds_and_repeats() -> None:
    plan = planned(drafted(neurons="8:65:8x16", activation="relu,tanh", alpha="log:1e-5:1e-1:5", cv="3", repeats="2"))
    assert isinstance(plan.settings, SizeSettings)
    assert plan.candidates == len(list_candidates(plan.settings)) == 8 * 2 * 5
    assert plan.splits == plan.settings.splits == 6


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("4", (4, "", 1)),
        (" kfold:4 ", (4, "kfold", 1)),
        ("stratified:4:shuffle", (4, "stratified:shuffle", 1)),
        ("repeated:4x3", (4, "repeated", 3)),
        ("time:4", (4, "time", 1)),
    ],
)
def test_folds_are_a_number_or_a_splitter_by_name(text: str, fields: tuple[int, str, int]) -> None:
    plan = planned(drafted(cv=text, neurons="4,8"))
    settings = plan.settings
    assert isinstance(settings, SizeSettings)
    assert (settings.cv, settings.splitter, settings.fold_rounds) == fields
    assert plan.splits == settings.splits
    assert draft_of(settings)["cv"] == text.strip()
    assert planned(draft_of(settings)).settings == settings


def test_groups_need_folds_by_group_and_are_counted_as_test_rows(table: str) -> None:
    def plan(**values: str) -> Plan:
        draft = drafted(data=table, target="survived", **values)
        reading = read_draft(draft)
        assert reading.inspection is not None
        found = made_summary(reading.inspection.choice)
        groups = 30 if values.get("groups") else 0
        return make_plan(draft, reading, replace(found, table=replace(found.table, group_count=groups)))

    grouped = plan(cv="stratified-group:5", groups="crew")
    assert grouped.problems == {}
    assert grouped.notes["test_size"] == "10 of 30 groups"
    assert plan(cv="5", groups="crew").problems.keys() == {"cv"}
    assert "use cv group:5 or stratified-group:5" in plan(cv="5", groups="crew").problems["cv"]
    assert "with groups" in plan(cv="group:5").problems["cv"]
    assert "at most 20 folds" in plan(cv="group:21", groups="crew").problems["cv"]
    assert plan(cv="time:5", order_by="crew").problems == {}
    both = read_draft(drafted(data=table, groups="a,b"))
    assert both.problems["groups"] == "groups takes one column; 2 are named"


def test_rounds_of_folds_are_refused_beside_a_splitter_by_name() -> None:
    plan = planned(drafted(cv="stratified:5", fold_rounds="2"))
    assert list(plan.problems) == ["fold_rounds"]
    assert "leave it out, or use cv repeated:5x2" in plan.problems["fold_rounds"]


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("data", "", "name a file"),
        ("data", "brest_cancer", "did you mean 'breast_cancer'?"),
        ("data", "/no/such/file.csv", "there is no file /no/such/file.csv"),
        ("data", "/tmp", "is a folder"),
        ("data", "openml:", "openml:NAME or openml:ID"),
        ("neurons", "", "for example 5:100:2"),
        ("neurons", "5:", "neither a whole number nor a range"),
        ("neurons", "0:5", "start at 1"),
        ("cv", "1", "at least 2 folds"),
        ("cv", "many", "'many'"),
        ("cv", "1000", "569"),
        ("cv", "grp:5", "did you mean 'group:5'?"),
        ("cv", "kfold:1", "a whole number from 2 up"),
        ("cv", "group:5", "built-in data has none"),
        ("repeats", "0", "repeats is 0"),
        ("seed", "-1", "seed is -1"),
        ("test_size", "1.5", "between 0 and 1"),
        ("test_size", "", "fraction"),
        ("split_seed", "x", "split-seed is 'x'"),
        ("jobs", "0", "jobs is 0"),
        ("activation", "relu,sigmoid", "'sigmoid'"),
        ("alpha", "-1", "alpha"),
        ("alpha", "log:0:1:3", "log:0:1:3"),
        ("max_iter", "0", "max_iter"),
    ],
)
def test_what_is_wrong_with_a_field_stands_beside_it_in_one_sentence(key: str, text: str, words: str) -> None:
    plan = planned(drafted(**{key: text}))
    assert list(plan.problems) == [key]
    assert words in plan.problems[key]
    assert "\n" not in plan.problems[key]
    assert plan.settings is None


def test_several_fields_may_be_wrong_at_the_same_time() -> None:
    assert set(planned(drafted(neurons="x", cv="0", alpha="y")).problems) == {"neurons", "cv", "alpha"}


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(key=st.sampled_from(sorted(FORMS["size"].by_key)), text=st.text(max_size=12), is_file=st.booleans())
def test_whatever_is_typed_is_answered_with_sentences(table: str, key: str, text: str, is_file: bool) -> None:
    draft = Draft().changed("data", table) if is_file else Draft()
    plan = planned(draft.changed(key, text))
    assert (plan.settings is None) == bool(plan.problems) or plan.known is None
    assert all("\n" not in words or text in words for words in plan.problems.values())


def test_every_field_of_a_table_reaches_what_is_looked_at(table: str) -> None:
    draft = drafted(
        data=table, target="survived", task="classification", ignore='id,"a, b"', categorical="class", missing="?,-",
        positive="yes", decimal="comma", separator="semicolon", encoding="latin-1", sample="100",
        thousands="space", day_first="no", date_format="%d %b %Y",
        test_size="0.25", split_seed="7", stratify="yes",
    )  # fmt: skip
    inspection = read_draft(draft).inspection
    assert inspection is not None
    choice = inspection.choice
    assert choice.source == table
    assert (choice.target, choice.ignore, choice.categorical) == (("survived",), ("id", "a, b"), ("class",))
    assert (choice.missing, choice.positive, choice.task) == (("?", "-"), "yes", "classification")
    assert (choice.decimal, choice.separator, choice.encoding, choice.sample) == (",", ";", "latin-1", 100)
    assert (choice.thousands, choice.day_first, choice.date_format) == (" ", False, "%d %b %Y")
    assert (inspection.test_size, inspection.split_seed, inspection.stratify) == (0.25, 7, True)


def test_no_test_rows_are_a_choice() -> None:
    plan = planned(drafted(test_size="0"))
    assert plan.notes["test_size"] == "all rows train; no test score"
    assert plan.settings is not None
    assert plan.settings.test_size == 0


def test_a_table_that_was_looked_at_is_what_the_search_is_about(table: str) -> None:
    plan = planned(drafted(data=table))
    assert isinstance(plan.settings, SizeSettings)
    assert plan.settings.table is not None
    assert plan.settings.data == "passengers.csv"
    assert plan.notes["data"] == "891 rows, 8 columns, 42 inputs after encoding"
    assert plan.notes["target"] == "survived"
    assert plan.notes["task"] == "two classes: no, yes"
    assert plan.notes["test_size"] == "295 of 891 rows"
    assert plan.warning.startswith("1 warning")


def test_only_scorings_that_fit_the_task_are_offered(table: str) -> None:
    plan = planned(drafted(data=table, target="age"))
    assert isinstance(plan.settings, SizeSettings)
    assert plan.settings.scoring == "r2"
    assert plan.notes["scoring"] == f"one of {len(scorings_for('regression'))} that fit"


@pytest.mark.parametrize("key", ["target", "ignore", "categorical"])
def test_a_column_that_is_not_there_is_said_beside_its_field(table: str, key: str) -> None:
    reading = read_draft(drafted(data=table, **{key: "sexx"}), NAMES)
    assert reading.problems == {key: "there is no column 'sexx'; did you mean 'sex'?"}
    assert reading.inspection is None


def test_a_column_that_is_target_and_ignored_is_refused_beside_the_target(table: str) -> None:
    assert "both target and ignored" in read_draft(drafted(data=table, target="a", ignore="a")).problems["target"]


def test_more_folds_than_rows_of_any_class_are_refused_beside_the_folds(table: str) -> None:
    words = "no class of passengers.csv has more than 549 rows; use at most 549 folds"
    assert words in planned(drafted(data=table, cv="600")).problems["cv"]


def test_more_folds_than_rows_of_a_class_are_noted_beside_the_folds(table: str) -> None:
    plan = planned(drafted(data=table, cv="400"))
    assert plan.notes["cv"] == "class yes has 342 rows: some folds lack it"
    assert "cv" not in plan.problems


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("target", "target"),
        ("ignore", "ignore"),
        ("data", "data"),
        ("cv", "cv"),
        ("test_size", "test_size"),
        ("alpha", "alpha"),
        (None, "data"),
        ("generations", "data"),  # which this form does not ask for
    ],
)
def test_why_a_table_is_refused_stands_beside_the_field_that_it_is_about(field: str | None, key: str) -> None:
    refusal = PreflightFailure(reason="cv of target 'y' is refused; use --ignore", field=field)
    assert problem_of(refusal, Draft()) == {key: "cv of target 'y' is refused; use ignore"}


def test_a_refusal_speaks_of_fields_not_of_options(table: str) -> None:
    draft = drafted(data=table)
    refusal = PreflightFailure(reason="column 'a' mixes; take all as categories with --categorical a")
    plan = make_plan(draft, read_draft(draft), None, refusal)
    assert plan.problems == {"data": "column 'a' mixes; take all as categories with categorical a"}


@given(st.lists(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1)))
def test_names_with_commas_are_read_as_they_are_written(names: list[str]) -> None:
    assert split_names(join_names(names)) == tuple(names)


def test_a_path_that_no_terminal_can_show_is_typed_in_another_spelling(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m.csv"
    path.write_text("")
    draft = Draft().at(str(path))
    assert "\x1b" not in draft["data"]
    assert find_source(draft["data"], draft.real) == str(path)
    with pytest.raises(SettingsError):
        find_source(draft["data"])


def test_a_file_that_changed_is_looked_at_anew(table: str) -> None:
    before = read_draft(drafted(data=table)).inspection
    Path(table).write_text("a,b\n1,2\n3,4\n")
    assert read_draft(drafted(data=table)).inspection != before


def test_a_users_defaults_are_what_a_draft_begins_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f"""
        [size]
        data = "{table}"
        neurons = "4,8"
        cv = 3
        test-size = "0.2"
        stratify = true
        ignore = ["id", "a, b"]
        decimal = ","
        separator = ";"
        rows = 50
        activation = "relu,tanh"
        early-stopping = true
        """
    )
    monkeypatch.setenv("NNSIZE_CONFIG", str(config))
    draft = usual_draft()
    inspection = read_draft(draft).inspection
    assert inspection is not None
    choice = inspection.choice
    assert (choice.ignore, choice.decimal, choice.separator) == (("id", "a, b"), ",", ";")
    assert (choice.sample, inspection.test_size, inspection.stratify) == (50, 0.2, True)
    plan = planned(draft)
    assert isinstance(plan.settings, SizeSettings)
    assert (plan.settings.neurons, plan.settings.cv) == ("4,8", 3)
    assert plan.settings.grid == (("activation", ("relu", "tanh")),)
    assert plan.settings.network.early_stopping


def test_without_defaults_a_draft_begins_as_the_built_in_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("NNSIZE_CONFIG", raising=False)
    assert planned(usual_draft()).settings == SizeSettings()

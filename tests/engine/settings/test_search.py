"""Settings are checked when they are made."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.scorings import scorings_for
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.stored_settings import settings_from_json, settings_to_json
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_engine.settings.validate import parse_test_size


@st.composite
def size_settings(draw: st.DrawFn) -> SizeSettings:
    data = draw(st.sampled_from(sorted(BUILTIN)))
    return SizeSettings(
        data=data,
        neurons=draw(st.sampled_from(["5:100:2", "8,16x4", "log:4:64:4"])),
        cv=draw(st.integers(2, BUILTIN[data].rows)),
        scoring=draw(st.sampled_from(scorings_for(BUILTIN[data].task))),
        seed=draw(st.integers(0, 2**32 - 3)),
        test_size=draw(st.floats(0, 1, exclude_max=True) | st.integers(0, 100)),
        split_seed=draw(st.integers(0, 2**32 - 1)),
        jobs=draw(st.none() | st.integers(1, 64)),
        network=NetworkParameters(n_iter_no_change=draw(st.sampled_from([5, math.inf]))),
        grid=draw(st.sampled_from(GRIDS)),
        repeats=draw(st.integers(1, 3)) if data != "digits" else 1,
    )


GRIDS = [(), (("alpha", (0.1, 1e-05)),), (("solver", ("adam", "sgd")), ("early_stopping", (True, False)))]


@given(size_settings())
def test_stored_settings_are_read_back_unchanged(settings: SizeSettings) -> None:
    assert settings_from_json(settings_to_json(settings), "size") == settings


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"data": "nothing"}, "unknown data 'nothing'"),
        ({"scoring": "nothing"}, "unknown scoring 'nothing'"),
        ({"scoring": "r2"}, "does not fit two classes"),
        ({"neurons": "5:5"}, "names no size"),
        ({"cv": 1}, "cv is 1; it must be a whole number, between 2 and 569 folds"),
        ({"cv": True}, "cv is True"),
        ({"seed": -1}, "seed is -1; it must be a whole number, between 0 and 4294967295"),
        ({"split_seed": 2**32}, "split-seed is 4294967296"),
        ({"cv": 10**30}, "it must be a whole number, between 2 and 569 folds"),
        ({"jobs": 0}, "jobs is 0"),
        ({"jobs": 100_000}, "jobs is 100000; it must be a whole number, between 1 and 1024 fits at a time"),
        ({"network": NetworkParameters(max_iter=10**20)}, "max-iter is 1"),
        (
            {"test_size": -0.1},
            "test-size is -0.1; it must be a fraction between 0 and 1, a number of rows from 1 up, or 0 to",
        ),
        ({"test_size": 1.0}, "test-size is 1.0"),
        ({"test_size": -1}, "test-size is -1"),
        ({"test_size": math.nan}, "test-size is nan"),
        ({"test_size": True}, "test-size is True"),
        ({"repeats": 0}, "repeats is 0; it must be a whole number, between 1 and 1000"),
        ({"repeats": 1001}, "repeats is 1001"),
        ({"seed": 2**32 - 2, "repeats": 3}, "goes beyond the largest seed, 4294967295; use at most 4294967293"),
        ({"neurons": "1:10001", "cv": 300, "repeats": 10}, "the search has 30,000,000 fits; at most 10,000,000"),
        ({"grid": (("alhpa", (1.0, 2.0)),)}, "unknown parameter 'alhpa'; choose one of activation, solver, alpha"),
        ({"grid": (("random_state", (1, 2)),)}, "random_state is set by the search; use seed instead"),
        ({"grid": (("alpha", (1.0, 2.0)), ("alpha", (3.0, 4.0)))}, "alpha is searched twice"),
        ({"grid": (("alpha", (1.0,)),)}, "alpha has the values 1.0; a search needs at least two, each once"),
        ({"grid": (("alpha", (1.0, 1.0)),)}, "needs at least two, each once"),
        ({"grid": (("alpha", (1.0, -1.0)),)}, "alpha is -1.0; it must be a number of at least 0"),
        ({"grid": (("max_iter", (10, 10**12)),)}, "max-iter is 1000000000000"),
        ({"grid": (("alpha", (1.0, 2.0)),), "network": NetworkParameters(alpha=3)}, "alpha is both set and searched"),
        (
            {"neurons": "1:1001", "grid": (("alpha", tuple(range(101))),)},
            "neurons and parameters together make 101,000 candidates; at most 100,000 can be searched",
        ),
        ({"network": NetworkParameters(loss="poisson")}, "loss is for regression, and breast_cancer has classes"),
        ({"grid": (("loss", ("poisson", "squared_error")),)}, "loss is for regression"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_with_its_reason(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        SizeSettings(**fields)  # type: ignore[arg-type]


def test_a_test_size_is_a_fraction_or_a_number_of_rows() -> None:
    assert parse_test_size("0.33") == 0.33
    assert parse_test_size("100") == 100
    assert isinstance(parse_test_size("100"), int)
    assert parse_test_size("0") == 0
    assert SizeSettings(test_size=0).training_rows == 569
    with pytest.raises(SettingsError, match="test-size is 'third'"):
        parse_test_size("third")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cv": 1}', '{"unknown": 1}'])
def test_stored_settings_of_another_kind_are_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        settings_from_json(text, "size")


def _with_labels(labels: tuple[str, ...], *, has_label_one: bool) -> TableSettings:
    return TableSettings(
        choice=TableChoice(source="/data/patients.csv", target=("outcome",), task="classification"),
        task="binary",
        rows=100,
        inputs=4,
        classes=2,
        labels=labels,
        has_label_one=has_label_one,
        sha256="",
    )


@pytest.mark.parametrize("scoring", ["average_precision", "f1", "precision", "recall", "jaccard", "neg_brier_score"])
def test_a_scoring_about_label_1_is_refused_where_no_label_is_1(scoring: str) -> None:
    texts = _with_labels(("no", "yes\x1b"), has_label_one=False)
    reason = (
        f"scoring '{scoring}' is about the class labelled 1, but the labels of patients.csv are 'no' and 'yes\\x1b'; "
        "say which one it is about with --positive LABEL, for example --positive 'yes\\x1b'"
    )
    with pytest.raises(SettingsError) as refusal:
        SizeSettings(data="patients.csv", table=texts, scoring=scoring)
    assert str(refusal.value) == reason
    with pytest.raises(SettingsError, match="is about the class labelled 1"):
        EvolutionSettings(data="patients.csv", table=texts, scoring=scoring)
    with pytest.raises(SettingsError, match=r"fitness .* is about the class labelled 1"):
        EvolutionSettings(data="patients.csv", table=texts, fitness=scoring)


def test_other_scorings_and_labels_need_none() -> None:
    SizeSettings(data="p", table=_with_labels(("no", "yes"), has_label_one=False), scoring="roc_auc")
    SizeSettings(data="p", table=_with_labels(("0", "2"), has_label_one=False), scoring="neg_brier_score")
    SizeSettings(data="p", table=_with_labels(("1", "2"), has_label_one=True), scoring="f1")

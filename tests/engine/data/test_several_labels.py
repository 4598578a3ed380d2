"""Several targets of two values: how they are read, what is said of them, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nnsize_engine.data.inspect import inspect_table
from nnsize_engine.data.sampling import split_rows
from nnsize_engine.data.split import load_split
from nnsize_engine.errors import DataError, SettingsError
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice

CASE = Path(__file__).parents[2] / "own_tables" / "two-label-targets.csv"


def table(path: Path) -> Path:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"x": random.normal(size=60).round(3), "z": random.normal(size=60).round(3)})
    frame["red"] = (frame["x"] > 0).astype(int)
    frame["round"] = np.where(frame["z"] > 0, "yes", "no")
    frame["heavy"] = frame["x"] > frame["z"]
    frame["size"] = np.where(frame["z"] > 0.5, 2.5, 1.5)
    frame["side"] = random.choice(["north", "east", "west"], 60)
    frame["same"] = "one"
    frame.to_csv(path / "signs.csv", index=False)
    return path / "signs.csv"


@pytest.mark.parametrize("task", ["classification", None])
def test_two_columns_of_0_and_1_are_labels(task: None) -> None:
    summary = inspect_table(TableChoice(source=str(CASE), target=("red", "round"), task=task))
    known = summary.table.known
    assert (known.task, known.targets, known.outputs, known.classes) == ("multilabel", 2, 2, 2)
    assert known.labels == ("red", "round")
    frame = pd.read_csv(CASE)
    assert [level.rows for level in summary.classes] == [int(frame[name].sum()) for name in known.labels]
    assert summary.table.choice.task == "classification"
    inferred = [note for note in summary.notes if note.startswith("task: several labels at once")]
    assert len(inferred) == (task is None)


def test_0_and_1_can_still_be_numbers() -> None:
    summary = inspect_table(TableChoice(source=str(CASE), target=("red", "round"), task="regression"))
    assert summary.table.task == "regression"


def test_the_larger_of_two_values_is_1(tmp_path: Path) -> None:
    path = table(tmp_path)
    choice = TableChoice(source=str(path), target=("red", "round", "heavy", "size"), ignore=("side", "same"))
    summary = inspect_table(choice)
    assert "label 'round': yes is 1, no is 0" in summary.notes
    assert "label 'size': 2.5 is 1, 1.5 is 0" in summary.notes
    settings = SizeSettings(data="signs.csv", table=summary.table, neurons="3", scoring="accuracy", test_size=0)
    frame = pd.read_csv(path)
    expected = np.column_stack([frame["red"], frame["round"] == "yes", frame["heavy"], frame["size"] == 2.5])
    split = load_split(settings)
    assert (split.y_train == expected).all()
    assert split.y_train.dtype == np.int64


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            {"target": ("red", "side")},
            "target 'side' has 3 different values (east, north, west, ...), and several targets",
        ),
        ({"target": ("red", "x")}, "target 'x' has 60 different values"),
        ({"target": ("red", "same")}, "target 'same' is one in every row, so there is nothing to learn"),
        (
            {"target": ("red", "round"), "positive": "yes"},
            "but there are 2 targets; of each, the larger of its two values",
        ),
        (
            {"target": ("red", "round"), "min_class_rows": 5},
            "min-class-rows is about classes, but there are 2 targets of",
        ),
    ],
)
def test_what_is_no_label_is_refused_in_one_sentence(tmp_path: Path, said: dict[str, object], words: str) -> None:
    with pytest.raises(DataError) as caught:
        inspect_table(TableChoice(source=str(table(tmp_path)), task="classification", **said))  # type: ignore[arg-type]
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_an_evolution_of_labels_is_refused() -> None:
    found = inspect_table(TableChoice(source=str(CASE), target=("red", "round"))).table
    with pytest.raises(SettingsError, match="an evolution predicts classes or numbers, and two-label"):
        EvolutionSettings(data="two-label-targets.csv", table=found)


def test_a_label_that_hardly_any_row_has_is_warned_of(tmp_path: Path) -> None:
    frame = pd.DataFrame({"x": range(100), "often": [0, 1] * 50, "seldom": [1] + [0] * 99})
    frame.to_csv(tmp_path / "rare.csv", index=False)
    choice = TableChoice(source=str(tmp_path / "rare.csv"), target=("often", "seldom"))
    assert any(one.startswith("label 'seldom' is 1 in 1 of 100 rows, ") for one in inspect_table(choice).warnings)


def test_a_stratified_split_is_that_of_scikit_learn() -> None:
    from sklearn.model_selection import train_test_split

    y = np.random.default_rng(1).integers(0, 2, (90, 3))
    train, test = split_rows(90, y, test_size=0.3, split_seed=7, stratify=True)
    expected = train_test_split(np.arange(90), test_size=0.3, random_state=7, stratify=y)
    assert [train.tolist(), test.tolist()] == [one.tolist() for one in expected]

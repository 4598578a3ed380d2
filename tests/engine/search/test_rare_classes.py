"""Classes rarer than the folds: the scores are those of GridSearchCV, and a score that it lacks is a failed fit."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from support.plain_search import (
    assert_same_scores,
    final_of,
    fits_of,
    scikit_learn_search,
    scikit_learn_test_score,
    settings_of,
)

SCORINGS = (
    "accuracy", "balanced_accuracy", "f1_macro", "f1_weighted", "precision_micro", "recall_macro", "matthews_corrcoef",
    "roc_auc_ovr", "roc_auc_ovo_weighted", "neg_log_loss", "average_precision", "top_k_accuracy", "neg_brier_score",
)  # fmt: skip


def sites(folder: Path) -> Path:
    """Write eight classes, two of them with two rows."""
    random = np.random.default_rng(3)
    counts = {"cp": 60, "im": 40, "imL": 2, "imS": 2, "imU": 20, "om": 12, "omL": 5, "pp": 25}
    y = np.repeat(list(counts), list(counts.values()))
    X = random.normal(size=(len(y), 3)) + np.array([list(counts).index(label) % 4 for label in y])[:, np.newaxis]
    frame = pd.DataFrame(X.round(2), columns=["a", "b", "c"]).assign(site=y)
    frame.sample(frac=1, random_state=1).to_csv(folder / "sites.csv", index=False)
    return folder / "sites.csv"


@pytest.mark.parametrize("scoring", SCORINGS)
def test_scores_with_classes_of_two_rows_are_scikit_learns(tmp_path: Path, scoring: str) -> None:
    path = sites(tmp_path)
    settings = settings_of(path, scoring)
    search = scikit_learn_search(pd.read_csv(path), "site", settings)
    assert_same_scores(fits_of(settings), search, 5)


def test_the_final_test_is_scikit_learns(tmp_path: Path) -> None:
    path = sites(tmp_path)
    settings = settings_of(path, "accuracy")
    search = scikit_learn_search(pd.read_csv(path), "site", settings)
    score = scikit_learn_test_score(search, pd.read_csv(path), "site")
    assert final_of(settings, int(search.best_index_)).test_score == pytest.approx(score, abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("scoring", ["accuracy", "f1_macro", "roc_auc_ovr"])
def test_scores_of_any_rare_classes_are_scikit_learns(tmp_path: Path, seed: int, scoring: str) -> None:
    """Folds may train on all classes, on fewer, on two of three, or on a single one."""
    random = np.random.default_rng(seed)
    counts = random.integers(1, 5, size=2 + seed % 3).tolist()
    y = np.repeat(list("abcdef")[: len(counts) + 1], [30, *counts])
    frame = pd.DataFrame(random.normal(size=(len(y), 2)).round(3), columns=["p", "q"]).assign(y=y)
    frame = frame.sample(frac=1, random_state=seed)
    frame.to_csv(tmp_path / "t.csv", index=False)
    settings = settings_of(tmp_path / "t.csv", scoring, cv=4, neurons="3")
    search = scikit_learn_search(frame, "y", settings)
    assert_same_scores(fits_of(settings), search, 4)


@pytest.mark.parametrize("scoring", ["accuracy", "roc_auc", "balanced_accuracy", "neg_log_loss", "matthews_corrcoef"])
def test_scores_where_a_fold_trains_on_one_class_are_scikit_learns(tmp_path: Path, scoring: str) -> None:
    random = np.random.default_rng(0)
    y = np.array(["no"] * 40 + ["yes"] * 2)
    frame = pd.DataFrame(random.normal(size=(42, 2)).round(3), columns=["p", "q"]).assign(y=y)
    frame = frame.sample(frac=1, random_state=3)
    frame.to_csv(tmp_path / "t.csv", index=False)
    settings = settings_of(tmp_path / "t.csv", scoring, cv=3, neurons="3")
    search = scikit_learn_search(frame, "y", settings)
    assert_same_scores(fits_of(settings), search, 3)

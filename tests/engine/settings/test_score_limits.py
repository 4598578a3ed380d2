"""The limits of scores, for every scoring of scikit-learn that a run may have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import get_scorer

from nnsize_engine.settings.scorings import (
    BINARY_ONLY,
    CLASSIFICATION,
    MULTILABEL,
    REGRESSION,
    score_limits,
)


@pytest.mark.parametrize("scoring", sorted(CLASSIFICATION | BINARY_ONLY | REGRESSION | MULTILABEL))
def test_every_scoring_has_limits_and_its_best_score_is_within(scoring: str) -> None:
    low, high = score_limits(scoring)
    assert low < high
    best = 0.0 if scoring.startswith("neg_") else 1.0
    assert low <= best <= high
    assert (high > 1) is not scoring.startswith("neg_")


FUNCTIONS = sorted(
    (CLASSIFICATION | REGRESSION)
    - {name for name in CLASSIFICATION if name.startswith(("roc_auc", "top_k"))}
    - {"average_precision", "d2_brier_score", "d2_log_loss_score", "neg_brier_score", "neg_log_loss"}
)


@given(st.integers(0, 2**32 - 1), st.sampled_from(FUNCTIONS))
def test_no_score_of_scikit_learn_is_beyond_its_limits(seed: int, scoring: str) -> None:
    random = np.random.default_rng(seed)
    scorer = get_scorer(scoring)
    if scoring in REGRESSION:
        truth, guess = random.exponential(size=(2, 20)) + 1e-3
    else:
        truth, guess = random.integers(0, 3, size=(2, 20))
    score = scorer._sign * scorer._score_func(truth, guess, **scorer._kwargs)
    low, high = score_limits(scoring)
    assert low <= score <= high

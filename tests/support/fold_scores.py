"""The scores that a search finds, as an array."""

import threading
from typing import Any

import numpy as np

from nnsize_engine.data.split import load_split
from nnsize_engine.search.events import FinishedFit
from nnsize_engine.search.search import plan, run_fits
from nnsize_engine.settings.search import SizeSettings
from support.networks import quiet


def fold_scores(settings: SizeSettings) -> np.ndarray[Any, Any]:
    """Return the test scores of a search none of whose fits fails, shape (candidates, folds)."""
    search = plan(settings, load_split(settings))
    found = np.full((len(search.candidates), settings.cv), np.nan)
    with quiet():
        for fit in run_fits(search, (), {}, 2, threading.Event(), lambda _: None):
            assert isinstance(fit, FinishedFit)
            assert fit.result.error is None
            found[fit.result.candidate, fit.result.fold] = fit.result.test_score
    return found

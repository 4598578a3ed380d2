"""The references of a search as texts, for the tables of the explorer and of the commands."""

from collections.abc import Mapping

from nnsize_engine.results.references import ReferenceSummary
from nnsize_engine.text import score_text, seconds_text
from nnsize_tui.text.candidate_columns import further_key

KEYS = ("neurons", "folds", "mean", "std", "train", "time")
"""The columns of the candidates that references have as well; the name stands below the neurons."""


def reference_texts(reference: ReferenceSummary, digits: int) -> Mapping[str, str]:
    """Return the texts of one reference by the key of their column, further scorings included."""
    return {
        "neurons": reference.name,
        "folds": f"{reference.folds_done}/{len(reference.fits)}",
        "mean": "failed" if reference.error is not None else score_text(reference.mean, digits),
        "std": score_text(reference.std, digits),
        "train": score_text(reference.train_mean, digits),
        "time": seconds_text(reference.fit_seconds),
        **{further_key(name): score_text(mean, digits) for name, mean in reference.further_means.items()},
    }

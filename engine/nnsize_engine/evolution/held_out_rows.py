"""The training rows that an evolution holds out, on which the best member of each generation is checked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.sampling import split_rows
from nnsize_engine.data.split import Split
from nnsize_engine.errors import DataError
from nnsize_engine.settings.evolution import EvolutionSettings

Rows = NDArray[np.int64]
"""Indices of training rows, sorted."""


def held_out_rows(
    settings: EvolutionSettings, split: Split, count: int, stratify: NDArray[Any] | None
) -> tuple[Rows, Rows] | None:
    """Return the rows to train on and those to hold out; None if none are.

    Args:
        settings: settings of the evolution.
        split: training and test rows. Rows are held out as the test rows are: whole groups, or the last rows.
        count: number of training rows.
        stratify: labels whose shares are kept, shape (count,); None for numbers.

    Raises:
        DataError: the rows do not allow this share.
    """
    if settings.validation_fraction == 0:
        return None
    if split.groups is not None or settings.takes_last_rows:
        return _later_rows_or_groups(settings, split, count)
    from sklearn.model_selection import train_test_split

    try:
        training, held_out = train_test_split(
            np.arange(count), test_size=settings.validation_fraction, random_state=settings.seed, stratify=stratify
        )
    except ValueError as error:
        raise DataError(
            f"validation-fraction {settings.validation_fraction:g} cannot be taken from {count} training rows: "
            "every class must be on both sides",
            field="validation_fraction",
        ) from error
    return np.sort(training), np.sort(held_out)


def _later_rows_or_groups(settings: EvolutionSettings, split: Split, count: int) -> tuple[Rows, Rows]:
    groups = None if split.groups is None else np.unique(split.groups, return_inverse=True)[1].astype(np.int32)
    try:
        training, held_out = split_rows(
            count,
            test_size=settings.validation_fraction,
            split_seed=settings.seed,
            groups=groups,
            takes_last_rows=settings.takes_last_rows,
            name=settings.known.name,
        )
    except DataError as error:
        what = "rows" if groups is None else "groups"
        raise DataError(
            f"validation-fraction {settings.validation_fraction:g} cannot be taken from the training rows of "
            f"{settings.known.name}: it must leave {what} on both sides",
            field="validation_fraction",
        ) from error
    return training, held_out

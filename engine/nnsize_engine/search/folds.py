"""Training and test rows of each fold.

The folds of the first round are those of ``GridSearchCV(cv=k)``, which are not shuffled. Further rounds shuffle the
rows before they divide them, by scikit-learn's splitters with ``shuffle=True`` and the round's number as their seed.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.split import Split
from nnsize_engine.errors import DataError
from nnsize_engine.text import escape_text

Rows = NDArray[np.int32]
"""Row indices; 32 bits each, because those of all folds are in memory."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fold:
    """Training and test rows of one fold, as row indices."""

    train: Rows
    test: Rows


def make_folds(split: Split, cv: int, rounds: int = 1) -> tuple[Fold, ...]:
    """Divide the training rows, round by round: stratified for classes, else contiguous blocks.

    A class may have fewer rows than there are folds; see :func:`rare_class_warning`.

    Raises:
        DataError: there are more folds than rows, or than training rows of any class.
    """
    from sklearn.model_selection import KFold, StratifiedKFold

    splitter: type[KFold] | type[StratifiedKFold]
    if split.facts.task in ("regression", "multilabel"):
        if cv > len(split.y_train):
            raise DataError(
                f"cv is {cv}, but {split.facts.name} has only {len(split.y_train)} training rows; "
                "use at most that many",
                field="cv",
            )
        splitter = KFold
    else:
        labels, counts = np.unique(split.y_train, return_counts=True)
        most = int(counts.max())
        if len(labels) < 2:
            raise DataError(
                f"all {len(split.y_train)} training rows of {split.facts.name} are of class "
                f"{escape_text(str(labels[0]))}, so there is nothing to learn; keep class shares with stratify, or use "
                "a smaller test-size or another split-seed",
                field="test_size",
            )
        if cv > most:
            raise DataError(
                f"cv is {cv}, but no class of {split.facts.name} has more than {most} "
                f"training row{'s'[: most > 1]}; {_way_out(most)}",
                field="cv",
            )
        splitter = StratifiedKFold
    unused = np.zeros(len(split.y_train))  # the splitters need inputs but ignore them
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class in y", UserWarning)
        return tuple(
            Fold(train=train.astype(np.int32), test=test.astype(np.int32))
            for number in range(rounds)
            for train, test in (splitter(cv, shuffle=True, random_state=number) if number else splitter(cv)).split(
                unused, split.y_train
            )
        )


def _way_out(most: int) -> str:
    return f"use at most {most} folds" if most > 1 else "if the target is a number, say --task regression"


def rare_class_warning(split: Split, cv: int) -> str | None:
    """Return the warning that scikit-learn gives of a class with fewer training rows than folds; None without one.

    Folds without a row of such a class train fewer outputs, and some scorings fail there, as in ``GridSearchCV``.
    """
    if split.facts.task in ("regression", "multilabel"):
        return None
    labels, counts = np.unique(split.y_train, return_counts=True)
    least = int(counts.min())
    absent = split.facts.classes - len(labels)
    found = []
    if least < cv:
        found.append(
            f"the least populated class in y has only {least} member{'s'[: least != 1]}, which is less than "
            f"{cv} folds: class {escape_text(str(labels[counts.argmin()]))}"
        )
    if absent > 0:
        found.append(
            f"{absent} of {split.facts.classes} classes {'has' if absent == 1 else 'have'} no training row, "
            "and can not be predicted"
        )
    if not found:
        return None
    return f"{'; '.join(found)}; --min-class-rows N leaves rare classes out, and --other joins them"

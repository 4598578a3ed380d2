"""Training and test rows of each fold.

The folds of the first round are those of ``GridSearchCV(cv=k)``, which are not shuffled. Further rounds shuffle the
rows before they divide them, by scikit-learn's splitters with ``shuffle=True`` and the round's number as their seed.
"""

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

    Raises:
        DataError: there are more folds than rows, or than training rows of the smallest class.
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
        smallest = int(counts.argmin())
        if len(labels) < split.facts.classes:
            raise DataError(
                f"the {len(split.y_train)} training rows of {split.facts.name} hold only {len(labels)} of its "
                f"{split.facts.classes} classes; keep class shares with stratify, or use a smaller test-size or "
                "another split-seed"
            )
        if cv > counts[smallest]:
            fewest = int(counts[smallest])
            few = (
                "1 training row; leave it out" if fewest == 1 else f"{fewest} training rows; use at most {fewest} folds"
            )
            raise DataError(
                f"cv is {cv}, but class {escape_text(str(labels[smallest]))} of {split.facts.name} has only {few}",
                field="cv",
            )
        splitter = StratifiedKFold
    unused = np.zeros(len(split.y_train))  # the splitters need inputs but ignore them
    return tuple(
        Fold(train=train.astype(np.int32), test=test.astype(np.int32))
        for number in range(rounds)
        for train, test in (splitter(cv, shuffle=True, random_state=number) if number else splitter(cv)).split(
            unused, split.y_train
        )
    )

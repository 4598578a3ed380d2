"""Folds by a named splitter of scikit-learn: by group, in time, shuffled, repeated."""

import warnings
from collections.abc import Sequence
from typing import Any, assert_never

import numpy as np

from nnsize_engine.data.split import Split
from nnsize_engine.errors import DataError
from nnsize_engine.search.folds import Fold, make_folds, rare_class_warning
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.splitters import GIVEN, Splitter, splitter_of


def folds_of(settings: SizeSettings, split: Split) -> tuple[Fold, ...]:
    """Divide the training rows into the folds of a search.

    Raises:
        DataError: the rows do not allow these folds.
    """
    splitter = splitter_of(settings.splitter)
    if splitter is None:
        return make_folds(split, settings.cv, settings.fold_rounds)
    if splitter.name == GIVEN:
        return _given_folds(settings, split)
    _check_rows(settings, split, splitter)
    unused = np.zeros(len(split.y_train))  # the splitters need inputs but ignore them
    try:
        with warnings.catch_warnings():
            # A class with fewer rows than folds is missing in some of them, as in scikit-learn.
            warnings.simplefilter("ignore", UserWarning)
            found = list(make_splitter(settings, splitter).split(unused, split.y_train, groups=split.groups))
    except ValueError as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise DataError(
            f"cv {settings.folds_text} does not fit the {len(split.y_train):,} training rows of {split.facts.name}: "
            f"{reason}; use fewer folds",
            field="cv",
        ) from error
    folds = tuple(Fold(train=train.astype(np.int32), test=test.astype(np.int32)) for train, test in found)
    if any(len(fold.train) == 0 or len(fold.test) == 0 for fold in folds):
        raise DataError(
            f"cv {settings.folds_text} leaves a fold of {split.facts.name} without rows; use fewer folds", field="cv"
        )
    return folds


def _given_folds(settings: SizeSettings, split: Split) -> tuple[Fold, ...]:
    """Return the splits that came with the data.

    Raises:
        DataError: there are other splits than the settings say.
    """
    given = split.given_splits or ()
    if len(given) != settings.cv:
        raise DataError(
            f"cv given:{settings.cv} needs the {settings.cv} splits that a program gave with its data, and "
            f"{split.facts.name} has {len(given)}; use a number of folds",
            field="cv",
        )
    return tuple(Fold(train=train, test=test) for train, test in given)


def make_splitter(settings: SizeSettings, splitter: Splitter) -> Any:
    """Return scikit-learn's splitter, with the seed of the split where it shuffles."""
    from sklearn import model_selection

    cv, is_shuffled = settings.cv, splitter.is_shuffled
    seed = settings.split_seed if is_shuffled else None
    match splitter.name:
        case "kfold":
            return model_selection.KFold(cv, shuffle=is_shuffled, random_state=seed)
        case "stratified":
            return model_selection.StratifiedKFold(cv, shuffle=is_shuffled, random_state=seed)
        case "group":
            return model_selection.GroupKFold(cv, shuffle=is_shuffled, random_state=seed)
        case "stratified-group":
            return model_selection.StratifiedGroupKFold(cv, shuffle=is_shuffled, random_state=seed)
        case "time":
            return model_selection.TimeSeriesSplit(cv)
        case "repeated":
            has_classes = settings.task in ("binary", "multiclass")
            repeated = model_selection.RepeatedStratifiedKFold if has_classes else model_selection.RepeatedKFold
            return repeated(n_splits=cv, n_repeats=settings.fold_rounds, random_state=settings.split_seed)
        case "given":
            raise DataError("given splits are no splitter; use a number of folds", field="cv")
        case _:
            assert_never(splitter.name)


def fold_warnings(settings: SizeSettings, split: Split, folds: Sequence[Fold]) -> list[str]:
    """Return warnings of classes that are missing in folds."""
    splitter = splitter_of(settings.splitter)
    rare = None
    if splitter is None or splitter.is_for_classes or splitter.name == "repeated":
        rare = rare_class_warning(split, settings.cv)
    return [warning for warning in (rare, one_class_warning(settings, split, folds)) if warning is not None]


def one_class_warning(settings: SizeSettings, split: Split, folds: Sequence[Fold]) -> str | None:
    """Return a warning if folds have one class in their training or test rows; None if every fold has two.

    Some scorings cannot be computed there, as in scikit-learn.
    """
    if settings.task in ("regression", "multilabel"):
        return None
    y = split.y_train
    bad = [
        str(number)
        for number, fold in enumerate(folds, 1)
        if any(len(np.unique(y[rows])) < 2 for rows in (fold.train, fold.test))
    ]
    if not bad:
        return None
    splitter = splitter_of(settings.splitter)
    remedy = "use fewer folds"
    if splitter is not None and splitter.name in ("group", "kfold"):
        remedy += f", or cv {'stratified-group' if splitter.has_groups else 'stratified'}:{settings.cv}"
    which = f"fold {bad[0]} has" if len(bad) == 1 else f"folds {', '.join(bad)} have"
    return (
        f"{which} training or test rows of one class only, where scorings such as roc_auc cannot be computed; {remedy}"
    )


def _check_rows(settings: SizeSettings, split: Split, splitter: Splitter) -> None:
    """Raise a DataError if there are more folds than training rows or groups."""
    cv, rows, name = settings.cv, len(split.y_train), split.facts.name
    most = rows - 1 if splitter.name == "time" else rows
    if cv > most:
        raise DataError(
            f"cv {settings.folds_text} has {cv} folds, but {name} has only {rows} training rows; use at most {most}",
            field="cv",
        )

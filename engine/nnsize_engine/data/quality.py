"""Quality checks: columns that are ids or copies of the target, sentinels, and rare classes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.data.columns import TypedColumn
from nnsize_engine.data.missing_option import missing_option
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.data.sentinels import find_sentinels
from nnsize_engine.data.summarise import value_text
from nnsize_engine.data.target import Target
from nnsize_engine.results.table_summary import ColumnRole, ColumnSummary

MAX_COMPARED_ROWS = 20_000  # evenly spaced rows that are compared with the target, enough for a warning

MIN_ROWS = 20  # with fewer, every column looks like a copy of the target by chance

MIN_COPY_SHARE = 0.999  # correlation with the target, or share of its variance, of a likely copy of the target

MIN_LEAK_SHARE = 0.99  # share of the mistakes of always naming the commonest class that one column avoids

MIN_ROWS_PER_LEVEL = 5  # with fewer, levels tell classes apart by chance

MAX_RARE_SHARE = 0.1  # share of the rows of the commonest class, below which a class is rare

_ID = re.compile(r"(?i:(.*[ _.-])?(id|uuid|guid|index|idx|rownames?)|unnamed: \d+)|.*[a-z]I[dD]")


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityWarning:
    """A problem of a column."""

    remark: str
    """A few words for a table of columns."""

    warning: str
    """A sentence with the advice; empty if the remark is enough."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TargetSample:
    """The target at the examined rows."""

    rows: slice
    outputs: tuple[NDArray[np.float64], ...]
    """Numbers to predict, each of shape (rows,); 0 and 1 for two classes and for labels; empty for more classes."""

    codes: NDArray[np.int64] | None
    """Indices of the classes, shape (rows,); None in regression and for several labels."""

    names: tuple[str, ...]
    """Names of the target columns."""


def sample_target(target: Target, names: Sequence[str]) -> TargetSample:
    """Return the sample of the target that columns are compared with."""
    rows = slice(None, None, max(1, -(-len(target.y) // MAX_COMPARED_ROWS)))
    if target.task in ("regression", "multilabel"):
        y = target.y[rows].astype(np.float64)
        outputs = tuple(y.reshape(len(y), -1).T)
        return TargetSample(rows=rows, outputs=outputs, codes=None, names=tuple(names))
    codes = target.codes[rows]
    outputs = (codes.astype(np.float64),) if target.task == "binary" else ()
    return TargetSample(rows=rows, outputs=outputs, codes=codes, names=tuple(names))


def check_quality(column: TypedColumn, summary: ColumnSummary, target: TargetSample) -> list[QualityWarning]:
    """Return the quality warnings of an input column."""
    found = []
    name, option = column.name, f"--ignore {quoted(column.name)}"
    rows = len(column.values)
    if rows >= MIN_ROWS:
        found.extend(_leaks(column, target, option))
        if _is_id(column, summary) or is_named_id(name):
            why = "name" if is_named_id(name) else "values, which all differ"
            found.append(
                QualityWarning(
                    remark="an id?",
                    warning=f"column '{name}' looks like an id, by its {why}; leave it out with {option}",
                )
            )
    if summary.missing * 2 > rows:
        found.append(QualityWarning(remark=f"{summary.missing / rows:.0%} missing", warning=""))
    return found


def _is_id(column: TypedColumn, summary: ColumnSummary) -> bool:
    """Return whether all texts or plain whole numbers differ; measurements usually differ and are no ids."""
    if column.notation or summary.missing or summary.distinct < len(column.values):
        return False
    if column.kind == "category":
        return True
    return column.kind == "number" and bool((column.values == np.floor(column.values)).all())


def is_named_id(name: str) -> bool:
    """Return whether a column has the name of an id, such as ``id``, ``uuid`` or ``index``."""
    return _ID.fullmatch(name) is not None


def _leaks(column: TypedColumn, target: TargetSample, option: str) -> list[QualityWarning]:
    """Return a warning if a column, or the places of its missing values, almost predict the target alone."""
    values = column.values[target.rows]
    name, missing = column.name, column.is_missing[target.rows]
    for place, output in enumerate(target.outputs):
        of = target.names[min(place, len(target.names) - 1)]
        if column.kind != "category" and abs(correlation(values, output)) > MIN_COPY_SHARE:
            return [_leak("a copy of the target?", f"column '{name}' is nearly a copy of target '{of}'", option)]
        if (
            target.codes is None
            and column.kind == "category"
            and explained_variance(values + 1, output) > MIN_COPY_SHARE
        ):
            return [_leak("tells the target?", f"column '{name}' alone nearly tells target '{of}'", option)]
    if target.codes is None:
        return []
    of = target.names[0]
    if column.kind == "category":
        share = goodman_kruskal_lambda(values + 1, target.codes)
    else:
        share = max(goodman_kruskal_lambda(_levels_of(values), target.codes), threshold_lambda(values, target.codes))
    if share >= MIN_LEAK_SHARE:
        return [_leak("tells the target?", f"column '{name}' alone nearly tells target '{of}'", option)]
    if missing.any() and goodman_kruskal_lambda(missing.astype(np.int64), target.codes) >= MIN_LEAK_SHARE:
        return [
            _leak("missing tells the target?", f"where column '{name}' is missing nearly tells target '{of}'", option)
        ]
    return []


def _leak(remark: str, what: str, option: str) -> QualityWarning:
    return QualityWarning(
        remark=remark, warning=f"{what}; if it is not known before the target is, leave it out with {option}"
    )


def correlation(values: NDArray[np.floating], output: NDArray[np.float64]) -> float:
    """Return the correlation of two columns, shape (rows,), without missing values; 0 if it is undefined."""
    present = ~np.isnan(values)
    x, y = values[present].astype(np.float64), output[present]
    if len(x) < MIN_ROWS:
        return 0.0
    # Scaled first, so that the squares of very large numbers do not overflow.
    x, y = x / (np.abs(x).max() or 1.0), y / (np.abs(y).max() or 1.0)
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if size > 1e-12 * len(x) else 0.0


def explained_variance(codes: NDArray[np.integer], output: NDArray[np.float64]) -> float:
    """Return the share of the variance of numbers between the levels of a category; 0 if levels are too small."""
    counts = np.bincount(codes)
    levels = int((counts > 0).sum())
    centred = output - output.mean()
    total = float(centred @ centred)
    if levels * MIN_ROWS_PER_LEVEL > len(codes) or total == 0:
        return 0.0
    sums = np.bincount(codes, weights=centred)
    return float((sums[counts > 0] ** 2 / counts[counts > 0]).sum()) / total


def goodman_kruskal_lambda(codes: NDArray[np.integer], classes: NDArray[np.int64]) -> float:
    """Return the share of mistakes that knowing the level avoids; 0 if levels are too small."""
    levels = int(codes.max()) + 1
    if len(np.unique(codes)) * MIN_ROWS_PER_LEVEL > len(codes):
        return 0.0
    width = int(classes.max()) + 1
    table = np.bincount(codes.astype(np.int64) * width + classes, minlength=levels * width).reshape(levels, width)
    mistakes = len(classes) - int(table.sum(axis=0).max())
    return 1 - (len(classes) - int(table.max(axis=1).sum())) / mistakes if mistakes else 0.0


def threshold_lambda(values: NDArray[np.floating], classes: NDArray[np.int64]) -> float:
    """Return the share of mistakes that a threshold between two classes avoids; 1 or 0 for more classes."""
    present = ~np.isnan(values)
    x, codes = values[present], classes[present]
    counts = np.bincount(codes, minlength=2)
    if len(x) < MIN_ROWS or (counts > 0).sum() < 2:
        return 0.0
    order = np.argsort(x, kind="stable")
    x, codes = x[order], codes[order]
    ends = np.flatnonzero(np.append(x[1:] != x[:-1], True))  # the last row of each value
    if len(counts) > 2:
        # 1 if each class takes one stretch of the sorted values.
        starts = np.append(0, ends[:-1] + 1)
        lowest, highest = np.minimum.reduceat(codes, starts), np.maximum.reduceat(codes, starts)
        stretches = 1 + int((lowest[1:] != lowest[:-1]).sum())
        return float((lowest == highest).all() and stretches == (counts > 0).sum())
    ones = np.cumsum(codes)[ends]
    wrong = ones + (counts[0] - (ends + 1 - ones))  # mistakes: ones up to the threshold, zeros above it
    best = int(min(wrong.min(), (len(codes) - wrong).min()))
    return 1 - best / int(counts.min())


def _levels_of(values: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return the rank of each number among the different ones; missing numbers come last."""
    _, codes = np.unique(values, return_inverse=True)
    return np.asarray(codes, dtype=np.int64)


def sentinel_warnings(column: TypedColumn, role: ColumnRole, listed: Sequence[str]) -> list[QualityWarning]:
    """Return warnings of numbers that may mean a missing value, with what taking them as missing would do.

    ``listed`` are the texts that an option ``--missing`` must name as well.
    """
    sentinels = find_sentinels(column)
    if not sentinels:
        return []
    texts = [sentinel.text for sentinel in sentinels]
    one, rows = len(texts) == 1, sum(sentinel.rows for sentinel in sentinels)
    rest = f"{value_text('number', sentinels[0].low)} to {value_text('number', sentinels[0].high)}"
    counted = f"{rows:,} row{'s'[: rows != 1]}"
    if role == "target":
        what, effect = "target", f"leaves out {'this row' if rows == 1 else f'these {rows:,} rows'}"
    else:
        what, effect = "column", "puts the mean and a mark of missing values there"
    return [
        QualityWarning(
            remark=f"{' and '.join(texts)}: missing?",
            warning=(
                f"{what} '{column.name}' is {' or '.join(texts)} in {counted}, far outside the rest ({rest}); if "
                f"{'that means' if one else 'these mean'} no value, {missing_option(listed, texts)} {effect}"
            ),
        )
    ]


def class_warnings(target: Target, train_counts: Sequence[int], name: str) -> list[str]:
    """Return warnings of rare classes; ``train_counts`` are the training rows of each class."""
    if target.task == "regression":
        return []
    if target.task == "multilabel":
        return label_warnings(target, train_counts)
    found = []
    most, fewest = max(target.counts), min(target.counts)
    rare, common = (target.labels[target.counts.index(count)] for count in (fewest, most))
    if fewest < MAX_RARE_SHARE * most:
        found.append(
            f"classes of '{name}' are unbalanced: {common} has {most:,} rows, {rare} has {fewest:,}; keep their shares "
            "with --stratify, and use a scoring such as average_precision, balanced_accuracy or f1_macro"
        )
    small = [(label, count) for label, count in zip(target.labels, train_counts, strict=True) if count < 5]
    if small:
        label, count = min(small, key=lambda pair: pair[1])
        rows = f"{'only ' if count > 1 else ''}{count or 'no'} training row{'s'[: count > 1]}"
        others = f", and {len(small) - 1} more {'has' if len(small) == 2 else 'have'} few" if len(small) > 1 else ""
        effect = "with more folds (--cv) than that, some lack it, and a scoring such as roc_auc_ovr fails there"
        if count == 0:
            effect = "no network learns it"
        found.append(f"class {label} of '{name}' has {rows}{others}; {effect}: {_ways_with_rare(target)}")
    return found


def _ways_with_rare(target: Target) -> str:
    """Return the options for rare classes; two classes must be left."""
    limit = sorted(target.counts, reverse=True)[1]
    leave = f"--min-class-rows {min(10, limit)} leaves rare classes out"
    return f"{leave}, and --other joins them" if len(target.counts) > 2 else "keep class shares with --stratify"


def label_warnings(target: Target, train_counts: Sequence[int]) -> list[str]:
    """Return warnings of labels that almost no or almost every row has; ``train_counts`` are training rows."""
    rows = len(target.y)
    found = []
    for label, count, in_training in zip(target.labels, target.counts, train_counts, strict=True):
        rarer = min(count, rows - count)
        if rarer < MAX_RARE_SHARE * (rows - rarer) or in_training == 0:
            found.append(
                f"label '{label}' is 1 in {count:,} of {rows:,} rows, {in_training:,} of them for training; use a "
                "scoring such as f1_macro, or leave it out of --target"
            )
    return found

"""Comparison of several runs: different settings, results, and the best of comparable results.

Curves are comparable if the runs have the same data and the same scoring (or fitness). Test scores are comparable if
the test rows are the same too.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.comparison.kinds import COMPARISONS
from nnsize_engine.comparison.run_results import Results, ResultValue, TestedNetwork
from nnsize_engine.comparison.settings_diff import ComparedSettings, compare_settings
from nnsize_engine.errors import RunError
from nnsize_engine.runs.view import AnyView, WatchedView
from nnsize_engine.settings.fitness import is_minimised
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.splitters import splitter_of
from nnsize_engine.settings.watched import WatchedSettings

MIN_RUNS = 2  # runs in a comparison

TABLE_COLUMNS = ("what", "name")
"""The first columns of the exported table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One result of every run."""

    name: str
    values: tuple[ResultValue, ...]
    """One value per run."""

    unit: str = ""
    """The unit of its numbers: ``score``, ``seconds``, ``count``; empty for words."""

    best: tuple[int, ...] = ()
    """Places of the runs with the best value; empty if values are not comparable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The comparison of several runs at one moment."""

    names: tuple[str, ...]
    """The headings of the runs: the name that people gave one, or its id."""

    ids: tuple[str, ...]
    """Ids of the runs; the path of a run whose id is not unique."""

    settings: ComparedSettings
    results: tuple[ResultRow, ...]
    tested: tuple[TestedNetwork, ...]
    unlike_curves: str
    """The reason why curves of the runs are not comparable; empty if they are."""

    unlike_tests: str
    """The reason why test scores of the runs are not comparable; empty if they are."""


def compare(views: Sequence[AnyView]) -> Comparison:
    """Compare runs as they are now.

    Raises:
        RunError: there are fewer than two runs.
    """
    if len(views) < MIN_RUNS:
        raise RunError(f"{len(views)} run to compare; name at least {MIN_RUNS}")
    names, ids = headings(views), run_names([view.folder for view in views])
    curves, tests = unlike_curves(views), unlike_tests(views)
    return Comparison(
        names=names,
        ids=ids,
        settings=compare_settings([view.settings for view in views]),
        results=(*_labels(views, names, ids), *_results(views, curves=not curves, tests=not tests)),
        tested=tuple(
            network for place, view in enumerate(views) for network in COMPARISONS[view.kind].networks(view, place)
        ),
        unlike_curves=curves,
        unlike_tests=tests,
    )


def run_names(folders: Sequence[Path]) -> tuple[str, ...]:
    """Return a name for each run: its id, or its path if the id is not unique."""
    counts = Counter(folder.name for folder in folders)
    return tuple(folder.name if counts[folder.name] == 1 else str(folder) for folder in folders)


def headings(views: Sequence[AnyView]) -> tuple[str, ...]:
    """Return what heads the column of each run: its name, or its id where it has none that tells it apart.

    A name that is also the heading of another column of an exported table would hide that column.
    """
    ids = run_names([view.folder for view in views])
    counts = Counter((*TABLE_COLUMNS, *ids, *(view.label.name for view in views)))
    return tuple(
        view.label.name if view.label.name and counts[view.label.name] == 1 else one
        for view, one in zip(views, ids, strict=True)
    )


# Comparability -----------------------------------------------------------------------------------------------------


_DIFFERENT_DATA = "Scores on different data are not comparable: {}."


_NO_TEST_ROWS = "no test rows"


def unlike_curves(views: Sequence[AnyView]) -> str:
    """Return the reason why curves are not comparable, as a sentence; empty if they are."""
    kinds = {view.header.kind for view in views}
    if kinds == {"size", "evolution"}:
        return "A size search and an evolution have no curve in common; their networks are compared on the test rows."
    if len(kinds) > 1:
        return "A watched search and a run of another kind have no curve in common; their results stand side by side."
    data = _unlike_data(views)
    if data:
        return _DIFFERENT_DATA.format(data)
    measures = [view.settings.measure for view in views]
    if len(set(measures)) > 1:
        return f"Unlike scores are not comparable: {_each(views, measures)}."
    together = [_tested_together(view.settings) for view in views]
    if len(set(together)) > 1:
        return f"Scores of unlike folds are not comparable, they test {_each(views, together)}."
    return ""


def unlike_tests(views: Sequence[AnyView]) -> str:
    """Return the reason why test scores are not comparable, as a sentence; empty if they are."""
    data = _unlike_data(views)
    if data:
        return _DIFFERENT_DATA.format(data)
    splits = [_split(view) for view in views]
    if any(isinstance(view, WatchedView) for view in views):
        return "There are no test scores to compare: a watched search gets its training rows alone."
    if set(splits) == {_NO_TEST_ROWS}:
        return "There are no test scores to compare: all rows are training rows (test-size 0)."
    if len(set(splits)) > 1:
        return f"Test scores are not comparable, the test rows differ: {_each(views, splits)}."
    scorings = [view.settings.final_scoring for view in views]
    if len(set(scorings)) > 1:
        return f"Test scores are not comparable, the scorings differ: {_each(views, scorings)}."
    return ""


def _unlike_data(views: Sequence[AnyView]) -> str:
    names = [view.settings.data for view in views]
    if len(set(names)) > 1:
        return _each(views, names)
    known = [None if view.header.data is None else view.header.data.sha256 for view in views]
    if len({digest for digest in known if digest is not None}) > 1:
        return f"{names[0]} does not have the same values in all runs"
    predicted = [_predicted(view) for view in views]
    return _each(views, predicted) if len(set(predicted)) > 1 else ""


def _predicted(view: AnyView) -> str:
    """Return target, task and sample of a table in words; empty for built-in data, which has no choice."""
    table = view.settings.table
    if table is None:
        return ""
    choice = table.choice
    words = [f"{', '.join(choice.target)} ({table.task})"]
    words += [f"{name} {value}" for name, value in (("positive", choice.positive), ("rows", choice.sample)) if value]
    return ", ".join(words)


def _tested_together(settings: RunSettings) -> str:
    """Return what the folds of a search test together; empty for an evolution, which has no folds."""
    if not isinstance(settings, SizeSettings):
        return ""
    splitter, choice = splitter_of(settings.splitter), None if settings.table is None else settings.table.choice
    if splitter is not None and splitter.has_groups and choice is not None:
        return f"whole groups of {choice.groups}"
    return "later rows" if settings.takes_last_rows else "single rows"


def _split(view: AnyView) -> str:
    """Return the split of the rows in words; equal words mean equal test rows of the same data."""
    settings, facts = view.settings, view.header.data
    if isinstance(settings, WatchedSettings) or not settings.test_size:
        return _NO_TEST_ROWS
    size = f"{facts.test_rows} of {facts.rows} rows" if facts is not None else f"test-size {settings.test_size:g}"
    choice = None if settings.table is None else settings.table.choice
    if settings.takes_last_rows:
        order = "" if choice is None or choice.order_by is None else f" by {choice.order_by}"
        return f"{size}, the last ones{order}"
    if choice is not None and choice.groups is not None:
        return f"{size} by split-seed {settings.split_seed}, whole groups of {choice.groups}"
    return f"{size} by split-seed {settings.split_seed}" + (", stratified" if settings.stratify else "")


def _each(views: Sequence[AnyView], words: Sequence[str]) -> str:
    """Return runs grouped by a word, such as ``abc, def: accuracy; ghi: roc_auc``."""
    names = headings(views)
    groups: dict[str, list[str]] = {}
    for name, word in zip(names, words, strict=True):
        groups.setdefault(word, []).append(name)
    return "; ".join(f"{', '.join(members)}: {word}" for word, members in groups.items())


# Results -------------------------------------------------------------------------------------------------------------


def _labels(views: Sequence[AnyView], names: Sequence[str], ids: Sequence[str]) -> list[ResultRow]:
    """Return a row of ids where names head the columns, a row of names that head none, and one of tags."""
    rows: dict[str, tuple[str | None, ...]] = {
        "id": tuple(ids) if tuple(names) != tuple(ids) else (),
        "name": tuple(
            None if view.label.name == name else view.label.name or None
            for view, name in zip(views, names, strict=True)
        ),
        "tags": tuple(" ".join(view.label.tags) or None for view in views),
    }
    return [ResultRow(name=name, values=values) for name, values in rows.items() if any(values)]


def _results(views: Sequence[AnyView], *, curves: bool, tests: bool) -> tuple[ResultRow, ...]:
    """Return all results; ``curves`` and ``tests`` tell whether the best of these is marked."""
    columns = [COMPARISONS[view.kind].results(view) for view in views]
    order = {name: unit for column in columns for name, (_, unit) in column.items()}
    rows = []
    for name in _in_order(order, columns):
        values = tuple(column[name][0] if name in column else None for column in columns)
        best: tuple[int, ...] = ()
        if name in _COMPARED_BY_CURVE and curves:
            is_settled = all(COMPARISONS[view.kind].is_settled(view, name) for view in views)
            best = _best(values, smallest=is_minimised(views[0].settings.measure)) if is_settled else ()
        elif name == "final test score" and tests:
            best = _best(values, smallest=False)
        rows.append(ResultRow(name=name, values=values, unit=order[name], best=best))
    return tuple(rows)


_COMPARED_BY_CURVE = frozenset({"best mean", "held-out fitness", "training fitness"})

_LAST_COLUMNS = ("state", "seconds")


def _in_order(names: Collection[str], columns: Sequence[Results]) -> list[str]:
    """Return names of results in order: those common to runs of different kinds first, progress last."""
    results = [name for name in names if name not in _LAST_COLUMNS]
    common = [name for name in results if all(name in column for column in columns)]
    kinds = {frozenset(column) for column in columns}
    first = common if len(kinds) > 1 else []
    return [
        *first,
        *(name for name in results if name not in first),
        *(name for name in _LAST_COLUMNS if name in names),
    ]


def _best(values: Sequence[ResultValue], *, smallest: bool) -> tuple[int, ...]:
    """Return the places of the best numbers; none if fewer than two are known or all are equal."""
    numbers = [value for value in values if isinstance(value, float | int)]
    if len(numbers) < MIN_RUNS or len(set(numbers)) == 1:
        return ()
    best = min(numbers) if smallest else max(numbers)
    return tuple(place for place, value in enumerate(values) if value == best)

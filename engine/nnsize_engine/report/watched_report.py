"""The report of a search that scikit-learn runs and nnsize watches."""

from nnsize_engine.charts.importance_data import space_of_view
from nnsize_engine.charts.watched_chart import WatchedChart
from nnsize_engine.report.cells import count_cell, score_cell, seconds_cell, text_cell
from nnsize_engine.report.importance_report import importance_sections
from nnsize_engine.report.limits import Limits, kept_rows, shortened
from nnsize_engine.report.page import (
    Block,
    Cell,
    ChartBlock,
    Column,
    Row,
    Section,
    TableBlock,
    WordsBlock,
    without_empty_columns,
)
from nnsize_engine.results.watched import NOT_SEARCHED
from nnsize_engine.results.watched_words import candidate_words, short_names, value_words
from nnsize_engine.runs.view import WatchedView
from nnsize_engine.settings.parameter_grid import Value
from nnsize_engine.text import score_text, seconds_text


def watched_figures(view: WatchedView) -> list[tuple[str, str]]:
    """Return the numbers that matter most, as far as they are known."""
    found: list[tuple[str, str]] = []
    if view.best is not None:
        shared = view.shared[view.best]
        error = "" if shared.standard_error is None else f" ± {score_text(shared.standard_error)}"
        found.append((f"best mean {view.settings.measure}", f"{score_text(shared.mean)}{error}"))
    header = view.header
    done = f"{header.done:,} of {header.total:,}" if header.done < header.total else f"{header.done:,}"
    return [
        *found,
        ("candidates", f"{len(view.summaries):,}"),
        ("fits", done),
        ("time", seconds_text(header.active_seconds)),
    ]


def watched_sections(view: WatchedView, limits: Limits) -> list[Section]:
    """Return the results; nothing before the first fit has ended."""
    if not view.header.done:
        return []
    return [
        Section(title="Scores", blocks=[_scores(view)]),
        *importance_sections(view, space_of_view(view)),
        Section(title="Candidates", blocks=[_candidates(view, limits)]),
        *([Section(title="Folds", blocks=[_folds(view, limits)])] if view.best is not None else []),
    ]


def _scores(view: WatchedView) -> Block:
    if all(shared.mean is None for shared in view.shared):
        return WordsBlock(text="No candidate has all its scores yet.")
    return ChartBlock(name=f"{view.settings.measure} of the candidates", chart=WatchedChart(view).chart(None))


def _candidates(view: WatchedView, limits: Limits) -> TableBlock:
    """Return a row for each candidate by rank, or for the best of very many."""
    names = short_names(view.settings.searched)
    places = sorted(range(len(view.summaries)), key=lambda place: view.ranks[place])
    titles = ("mean", "std", "train", *(f"mean {name}" for name in view.further), "fit time", "fits")
    columns = (
        Column(title="rank"),
        *(Column(title=title) for title in (("iter", "resource") if view.settings.is_halving else ())),
        *(Column(title=names[name], is_number=False) for name in view.settings.searched),
        *(Column(title=title) for title in titles),
    )
    shown = kept_rows(places, limits.rows, () if view.best is None else (view.best,))
    rows = tuple(_row(view, place, limits) for place in shown)
    note = "★ is the best candidate."
    if len(rows) < len(places):
        more = ", and scikit-learn's choice" if len(rows) > limits.rows else ""
        note += (
            f" The best {limits.rows:,} of {len(places):,} candidates{more}; nnsize export {view.folder.name} has all."
        )
    table = TableBlock(name="candidates", columns=columns, rows=rows, note=note, sorted_by=0)
    return without_empty_columns(table)


def _row(view: WatchedView, place: int, limits: Limits) -> Row:
    summary, shared, one = view.summaries[place], view.shared[place], view.candidates[place]
    is_best = place == view.best
    rank = Cell(text=f"{view.ranks[place]:,}{' ★' if is_best else ''}", value=view.ranks[place])
    values = dict(summary.candidate.parameters)
    halving = [count_cell(one.iteration), count_cell(one.resources)] if view.settings.is_halving else []
    mean = Cell(text="failed", mark="failed") if summary.has_failed else score_cell(shared.mean)
    return Row(
        mark="failed" if summary.has_failed else "best" if is_best else "",
        cells=(
            rank,
            *halving,
            *(_value_cell(values.get(name, NOT_SEARCHED), limits) for name in view.settings.searched),
            mean,
            score_cell(shared.std),
            score_cell(shared.train_mean),
            *(score_cell(found.shared[place].mean) for found in view.further.values()),
            seconds_cell(summary.fit_seconds),
            text_cell(f"{summary.folds_done}/{len(summary.fits)}", summary.folds_done),
        ),
    )


def _value_cell(value: Value, limits: Limits) -> Cell:
    return text_cell(
        shortened(value_words(value), limits.letters), None if isinstance(value, str | bool) else float(value)
    )


def _folds(view: WatchedView, limits: Limits) -> TableBlock:
    """Return a row for each split of the best candidate."""
    assert view.best is not None
    summary = view.summaries[view.best]
    rows = tuple(
        Row(
            cells=(
                text_cell(f"split {split}", split),
                score_cell(None if fit is None else fit.test_score),
                score_cell(None if fit is None else fit.train_score),
                seconds_cell(None if fit is None else fit.fit_seconds),
            )
        )
        for split, fit in enumerate(summary.fits[: limits.columns])
    )
    columns = (
        Column(title="split", is_number=False),
        *(Column(title=title) for title in ("test", "train", "fit time")),
    )
    note = shortened(f"The best candidate: {candidate_words(summary.candidate)}.", 2 * limits.letters)
    return without_empty_columns(TableBlock(name="folds", columns=columns, rows=rows, note=note, sorted_by=0))

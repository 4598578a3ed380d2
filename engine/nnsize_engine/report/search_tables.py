"""The tables of a search in its report: candidates, folds, references, final networks."""

from collections.abc import Sequence

from nnsize_engine.report.cells import count_cell, score_cell, seconds_cell, text_cell
from nnsize_engine.report.limits import Limits, kept_rows, shortened
from nnsize_engine.report.page import Cell, Column, Mark, Row, TableBlock
from nnsize_engine.results.candidates import candidate_text, neurons_text
from nnsize_engine.results.search_race import dropped_words
from nnsize_engine.results.search_records import Candidate, FinalTest, FitResult
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.parameter_grid import Value, short_value
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import NONE


def candidates_table(view: SizeView, limits: Limits) -> TableBlock:
    """Return a row for each candidate that was tried, or for the best of very many, by rank."""
    numbers = sorted(view.tried, key=lambda number: view.ranks[number])
    choice = view.choice
    shown = kept_rows(numbers, limits.rows, () if choice is None else (choice.best.number, choice.recommended.number))
    note = "★ is the best candidate, ◆ the recommended one."
    if len(shown) < len(numbers):
        more = ", and the one of the answer" if len(shown) > limits.rows else ""
        note += (
            f" The best {limits.rows:,} of {len(numbers):,} candidates{more}. All of them, with every fold: "
            f"nnsize export {view.folder.name} --to candidates.csv"
        )
    elif view.settings.splits > 1 and len(numbers) > 1:
        note += " Means are over the folds that all candidates share; std is the population's, as in cv_results_."
    return TableBlock(
        name="candidates",
        columns=_candidate_columns(view),
        rows=tuple(_candidate_row(view, number) for number in shown),
        note=note,
        sorted_by=0,
    )


def _candidate_columns(view: SizeView) -> tuple[Column, ...]:
    settings = view.settings
    searched = [Column(title=name.replace("_", "-"), is_number=_are_numbers(values)) for name, values in settings.grid]
    repeats = (
        [Column(title="std of seeds", meaning="deviation of the means of each seed")] if settings.repeats > 1 else []
    )
    further = [Column(title=f"mean {name}") for name in view.further]
    race = [Column(title="out", is_number=False, meaning="when a race dropped it")] if view.race is not None else []
    return (
        Column(title="rank"),
        Column(title="neurons", meaning="sorted by weights"),
        *searched,
        Column(title="weights", meaning="weights and biases to train"),
        Column(title="mean", meaning=f"mean {settings.scoring} on held-out folds"),
        Column(title="std", meaning="population standard deviation over folds"),
        *repeats,
        Column(title="smoothed", meaning="the score by which a size is recommended"),
        Column(title="train", meaning=f"mean {settings.scoring} on training rows"),
        *further,
        Column(title="fit time", meaning="mean time of one fit"),
        Column(title="fits", meaning="finished fits of all"),
        *race,
    )


def _candidate_row(view: SizeView, number: int) -> Row:
    summary, shared, dropped = view.summaries[number], view.shared[number], view.dropped(number)
    candidate, choice = summary.candidate, view.choice
    smoothed = None if choice is None else choice.smoothed.get(number)
    mean = score_cell(shared.mean)
    if summary.has_failed:
        mean = Cell(text="failed", mark="failed")
    elif dropped is not None:
        mean = Cell(text="out")
    rank = None if dropped is not None else view.ranks[number]
    return Row(
        mark="failed" if summary.has_failed else mark_of(view, number),
        cells=(
            count_cell(rank),
            text_cell(neurons_text(candidate) + _words_of(view, number), candidate.weights),
            *(_parameter_cell(value) for _, value in candidate.parameters),
            count_cell(candidate.weights),
            mean,
            score_cell(shared.std),
            *([score_cell(shared.std_over_seeds)] if view.settings.repeats > 1 else []),
            score_cell(smoothed),
            score_cell(shared.train_mean),
            *(score_cell(None if dropped else found.shared[number].mean) for found in view.further.values()),
            seconds_cell(summary.fit_seconds),
            text_cell(f"{summary.folds_done}/{view.settings.splits}", summary.folds_done),
            *([text_cell("" if dropped is None else dropped_words(dropped, 4))] if view.race is not None else []),
        ),
    )


def _are_numbers(values: Sequence[Value]) -> bool:
    return all(isinstance(value, float | int) and not isinstance(value, bool) for value in values)


def _parameter_cell(value: Value) -> Cell:
    return text_cell(short_value(value), None if isinstance(value, str | bool) else float(value))


def mark_of(view: SizeView, number: int) -> Mark:
    """Return whether a candidate is the best or the recommended one."""
    if view.dropped(number) is not None:
        return "muted"
    if view.choice is None:
        return ""
    if number == view.choice.best.number:
        return "best"
    return "recommended" if number == view.choice.recommended.number else ""


def _words_of(view: SizeView, number: int) -> str:
    """Return what marks a candidate, in signs that a legend explains."""
    if view.choice is None:
        return ""
    signs = ("★" if number == view.choice.best.number else "", "◆" if number == view.choice.recommended.number else "")
    found = "".join(signs)
    return f" {found}" if found else ""


def folds_table(view: SizeView, finalists: Sequence[tuple[str, Candidate]], limits: Limits) -> TableBlock:
    """Return a row for each split, with scores, epochs and time of the best and of the recommended candidate."""
    settings, splits = view.settings, range(min(view.settings.splits, limits.columns))
    columns = [Column(title="split", is_number=False)]
    for name, _ in finalists:
        columns += [Column(title=f"{name}: test"), Column(title="train"), Column(title="epochs"), Column(title="time")]
    rows = []
    for split in splits:
        cells = [text_cell(split_name(settings, split), split)]
        for _, candidate in finalists:
            cells += _fit_cells(view.summaries[candidate.number].fits[split], limits)
        rows.append(Row(cells=tuple(cells)))
    left = settings.splits - len(splits)
    note = f"{left:,} more splits are left out; nnsize export {view.folder.name} --table fits has all." if left else ""
    return TableBlock(name="folds", columns=tuple(columns), rows=tuple(rows), note=note, sorted_by=0)


def split_name(settings: SizeSettings, split: int) -> str:
    """Return the words for a split: ``fold 2``, with its round and its seed if there are several."""
    words = f"fold {split % settings.cv + 1}"
    if settings.fold_rounds > 1:
        words += f", round {settings.fold_of(split) // settings.cv + 1}"
    if settings.repeats > 1:
        words += f", seed {settings.seed + settings.repeat_of(split)}"
    return words


def _fit_cells(fit: FitResult | None, limits: Limits) -> list[Cell]:
    if fit is None:
        return [Cell(text=NONE)] * 4
    if fit.error is not None:
        return [text_cell(f"failed: {shortened(fit.error, limits.letters)}", mark="failed"), *[Cell(text=NONE)] * 3]
    return [
        score_cell(fit.test_score),
        score_cell(fit.train_score),
        count_cell(fit.iterations),
        seconds_cell(fit.fit_seconds),
    ]


def references_table(view: SizeView, limits: Limits) -> TableBlock:
    """Return a row for each reference, on the folds on which candidates are compared."""
    further = view.settings.further_scorings
    titles = ("mean", "std", "train", *further, "fit time", "fits")
    rows = []
    for one in view.references:
        mean = score_cell(one.mean) if one.error is None else text_cell("failed", mark="failed")
        words = one.words if one.error is None else f"{one.words}: {shortened(one.error, limits.letters)}"
        more = [score_cell(one.further_means.get(name)) for name in further]
        times = [seconds_cell(one.fit_seconds), text_cell(f"{one.folds_done}/{len(one.fits)}", one.folds_done)]
        cells = (text_cell(words), mean, score_cell(one.std), score_cell(one.train_mean), *more, *times)
        rows.append(Row(cells=cells))
    columns = (Column(title="reference", is_number=False), *(Column(title=title) for title in titles))
    return TableBlock(name="references", columns=columns, rows=tuple(rows))


def finals_table(view: SizeView, finalists: Sequence[tuple[str, Candidate]], limits: Limits) -> TableBlock:
    """Return a row for each network that was trained on all training rows and scored on the test rows."""
    titles = ("test", "train", "epochs", "fit time")
    columns = (Column(title="network", is_number=False), *(Column(title=title) for title in titles))
    rows = []
    for name, candidate in finalists:
        final = view.finals.get(candidate.number)
        if final is not None:
            rows.append(Row(cells=(text_cell(f"{name}: {candidate_text(candidate)}"), *_final_cells(final, limits))))
    return TableBlock(name="final networks", columns=columns, rows=tuple(rows))


def _final_cells(final: FinalTest, limits: Limits) -> list[Cell]:
    if final.error is not None:
        return [text_cell(f"failed: {shortened(final.error, limits.letters)}", mark="failed"), *[Cell(text=NONE)] * 3]
    cells = [score_cell(final.test_score), score_cell(final.train_score)]
    return [*cells, count_cell(final.iterations), seconds_cell(final.fit_seconds)]

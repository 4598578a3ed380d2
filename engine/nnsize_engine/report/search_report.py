"""The report of a size search: its figures, and its sections from the curve to the networks."""

from collections.abc import Sequence
from dataclasses import replace

from nnsize_engine.charts.description import LINE_ROLES, LINE_SHAPES, Chart, Level, Line, Points
from nnsize_engine.charts.learning_curves import learning_curve
from nnsize_engine.charts.search_chart import SearchChart
from nnsize_engine.charts.search_map import SearchMap
from nnsize_engine.charts.search_space import SearchSpace, space_of
from nnsize_engine.report.importance_report import importance_sections
from nnsize_engine.report.limits import Limits
from nnsize_engine.report.page import Block, ChartBlock, HeatBlock, Section, WordsBlock
from nnsize_engine.report.search_tables import (
    candidates_table,
    finals_table,
    folds_table,
    references_table,
    split_name,
)
from nnsize_engine.report.svg_heat import has_room
from nnsize_engine.results.candidates import candidate_text, candidate_words
from nnsize_engine.results.search_records import Candidate
from nnsize_engine.runs.loss_curves import LossCurveFollower
from nnsize_engine.runs.view import SizeView
from nnsize_engine.text import score_text, seconds_text


def search_figures(view: SizeView) -> list[tuple[str, str]]:
    """Return the numbers that matter most, as far as they are known."""
    choice = view.choice
    found: list[tuple[str, str]] = []
    if choice is not None:
        error = "" if choice.recommended_error is None else f" ± {score_text(choice.recommended_error)}"
        found += [
            ("recommended", candidate_words(choice.recommended)),
            (f"its mean {view.settings.scoring}", f"{score_text(choice.recommended_mean)}{error}"),
        ]
        if choice.best != choice.recommended:
            found += [("best mean", f"{score_text(choice.best_mean)} ({candidate_text(choice.best)})")]
    final = view.final_of_recommended or view.final_of_best
    if final is not None and final.test_score is not None:
        found.append(("on test rows", score_text(final.test_score)))
    header = view.header
    found.append(("fits", f"{header.done:,} of {header.total:,}" if header.done < header.total else f"{header.done:,}"))
    return [*found, ("computing time", seconds_text(header.active_seconds))]


def search_sections(view: SizeView, limits: Limits) -> list[Section]:
    """Return the results of a search, the most important first; nothing before the first fit has ended."""
    if not view.header.done:
        return []
    finalists = _finalists(view)
    sections = [
        Section(title="Scores by size", blocks=_score_blocks(view)),
        *importance_sections(view, space_of(view.settings, [summary.candidate for summary in view.summaries])),
        Section(title="Candidates", blocks=[candidates_table(view, limits)]),
    ]
    if view.references:
        sections.append(Section(title="References", blocks=[_about_references(view), references_table(view, limits)]))
    if finalists:
        sections.append(
            Section(title="Folds", blocks=[_folds_chart(view, finalists), folds_table(view, finalists, limits)])
        )
        if view.finals:
            words = "Trained on all training rows, and scored once on the test rows, which no fold has seen."
            final = finals_table(view, finalists, limits)
            sections.append(Section(title="Final networks", blocks=[WordsBlock(text=words), final]))
        if curves := _learning_curves(view, finalists):
            sections.append(Section(title="Learning curves", blocks=curves))
    return sections


def _finalists(view: SizeView) -> list[tuple[str, Candidate]]:
    choice = view.choice
    if choice is None:
        return []
    if choice.best == choice.recommended:
        return [("best and recommended", choice.best)]
    return [("best", choice.best), ("recommended", choice.recommended)]


def _score_blocks(view: SizeView) -> list[Block]:
    """Return the score curve, and the heat map of a search over several parameters."""
    space = space_of(view.settings, [summary.candidate for summary in view.summaries])
    if all(shared.mean is None for shared in view.shared):
        return [WordsBlock(text="No candidate has a score on folds that all share yet.")]
    blocks: list[Block] = []
    if not space.layers:
        chart = _named(SearchChart(view, space).chart(None))
        blocks.append(ChartBlock(name=f"{view.settings.scoring} by size", chart=chart, note=_curve_note(view, chart)))
    if space.pairs:
        blocks += _maps(view, space)
    return blocks


def _named(chart: Chart) -> Chart:
    """Return the chart with a name for its main line, which the explorer's chart has in its title."""
    series = tuple(
        replace(one, label="mean") if isinstance(one, Line) and not one.label else one for one in chart.series
    )
    return replace(chart, series=series)


def _curve_note(view: SizeView, chart: Chart) -> str:
    """Return what the parts of the curve mean."""
    said = ["Each point is a mean over the held-out folds."]
    labels = {one.label for one in chart.series}
    if "± standard error" in labels:
        said.append("The band is the mean plus and minus its standard error.")
    has_threshold = any(isinstance(one, Level) and one.text.startswith("threshold") for one in chart.series)
    if "smoothed" in labels and has_threshold:
        said.append("A size is recommended by the smoothed curve: the smallest one above the threshold.")
    if view.references:
        said.append("Horizontal lines with a name are references.")
    return " ".join(said)


def _maps(view: SizeView, space: SearchSpace) -> list[Block]:
    heat = SearchMap(view, space).heat(space.pairs[0], None)
    if not has_room(heat):
        return [
            WordsBlock(text=f"The map of {len(heat.columns):,} by {len(heat.rows):,} cells is too large to be shown.")
        ]
    return [HeatBlock(name=f"{heat.title} by {heat.x_label} and {heat.y_label}", heat=heat, note=heat.slice)]


def _about_references(view: SizeView) -> WordsBlock:
    folds = len(view.reference_folds)
    scored = f"{folds} folds" if folds > 1 else "fold"
    return WordsBlock(text=f"Simple models and boosted trees, scored on the same {scored} as the networks.")


def _folds_chart(view: SizeView, finalists: Sequence[tuple[str, Candidate]]) -> ChartBlock:
    """Return the scores of the best and the recommended candidate on each split."""
    series: list[Points | Level] = []
    for place, (name, candidate) in enumerate(finalists):
        scores = view.summaries[candidate.number].scores
        x = tuple(float(split + 1) for split in range(len(scores)))
        label = f"{name} ({candidate_text(candidate)})"
        series.append(Points(x=x, y=scores, label=label, role=LINE_ROLES[place], shape=LINE_SHAPES[place]))
        mean = view.shared[candidate.number].mean
        if mean is not None:
            series.append(Level(y=mean, label=f"mean of {name}", role=LINE_ROLES[place]))
    splits = view.settings.splits
    chart = Chart(
        series=tuple(series),
        x_label="",
        y_label=view.settings.scoring,
        x_limits=(0.4, splits + 0.6),
        x_ticks=tuple((float(split + 1), split_name(view.settings, split)) for split in range(splits)),
    )
    return ChartBlock(name=f"{view.settings.scoring} on each fold", chart=chart)


def _learning_curves(view: SizeView, finalists: Sequence[tuple[str, Candidate]]) -> list[Block]:
    """Return the losses by epoch of the best and of the recommended candidate."""
    blocks: list[Block] = []
    for name, candidate in finalists:
        done = [split for split, fit in enumerate(view.summaries[candidate.number].fits) if fit is not None]
        curves = LossCurveFollower(view.folder).look(candidate.number, done)
        chart = learning_curve(curves, candidate, view.settings)
        chart = replace(chart, y_label="training loss (log)" if chart.y_log else "training loss")
        words = f"{name[0].upper()}{name[1:]}: {chart.title.removesuffix(' (log)')}."
        blocks.append(ChartBlock(name=chart.title, chart=chart, note=words) if curves else WordsBlock(text=words))
    return blocks

"""The selected generation in numbers, and the scores of the evolved network and of the one trained by gradient."""

from collections.abc import Sequence

from nnsize_engine.results.records import GenerationResult
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.strategies import columns_of
from nnsize_engine.text import NONE, count_text, score_in, seconds_text
from nnsize_tui.widgets.canvas import Line, Piece
from nnsize_tui.widgets.scroll_lines import ScrollLines

MIN_WIDTH = 28
"""Columns that the pane needs."""

WIDE = 38
"""Columns from which on a line has two numbers."""

NAME_COLUMNS, NUMBER_COLUMNS = 10, 9
"""Columns of a name and of a number."""


class GenerationDetail(ScrollLines):
    """Show one generation, and below it the scores of the networks."""

    _view: EvolutionView | None = None
    _generation: GenerationResult | None = None

    def show(self, view: EvolutionView, generation: GenerationResult | None, *, at_once: bool = False) -> None:
        """Show this generation."""
        self._view, self._generation = view, generation
        if at_once:
            self.redraw()
        else:
            self.redraw_soon()

    def pane_title(self) -> str:
        if self._generation is None:
            return "generation"
        return f"generation {self._generation.number:,}"

    def content(self, width: int) -> Sequence[Line]:
        view, one = self._view, self._generation
        if view is None:
            return []
        lines = [] if one is None else _in_columns(_facts(view, one), 2 if width >= WIDE else 1)
        return [*lines, *_networks(view)]


def _in_columns(facts: Sequence[tuple[str, str]], columns: int) -> list[Line]:
    """Return names and values in a number of columns, filled downwards."""
    rows = -(-len(facts) // columns)
    return [[piece for fact in facts[row::rows] for piece in _fact(*fact)] for row in range(rows)]


def _fact(name: str, value: str) -> list[Piece]:
    return [(f" {name:<{NAME_COLUMNS - 1}}", "dim"), (f"{value:>{NUMBER_COLUMNS}}", "text")]


def _facts(view: EvolutionView, one: GenerationResult) -> list[tuple[str, str]]:
    """Return the names and values of a generation's facts."""
    facts = [("best", score_in(one.best, NUMBER_COLUMNS))]
    if view.settings.weight_decay:
        facts.append(("w/o decay", score_in(one.train, NUMBER_COLUMNS)))
    if one.held_out is not None:
        facts.append(("held-out", score_in(one.held_out, NUMBER_COLUMNS)))
    facts += [("mean", score_in(one.mean, NUMBER_COLUMNS)), ("spread", score_in(one.std, NUMBER_COLUMNS))]
    has = columns_of(view.settings.strategy)
    if "diversity" in has:
        facts.append(("diversity", score_in(one.diversity, 8)))
    if one.number:
        own = {
            "accepted": ("accepted", f"{one.accepted:,}"),
            "mutation": ("F", score_in(one.mutation, 5)),
            "recombination": ("CR", score_in(one.recombination, 5)),
            "step_size": ("step", score_in(one.step_size, 6)),
            "temperature": ("temp", score_in(one.temperature, 6)),
        }
        facts += [fact for column, fact in own.items() if column in has]
    facts.append(("evals", count_text(one.evaluations)))
    if one.restarts:
        facts.append(("restarts", f"{one.restarts:,}"))
    return [*facts, ("time", seconds_text(one.seconds)), ("elapsed", seconds_text(one.elapsed))]


def _networks(view: EvolutionView) -> list[Line]:
    """Return a line for each score, with a column for each network; empty before there are networks."""
    named = [("evolved", view.evolved), ("gradient", view.gradient)]
    if view.quantized is not None:
        named.append(("quantized", view.quantized))
    networks = [one for _, one in named]
    if not any(networks):
        return []
    lines: list[Line] = [
        [("", "dim")],
        [(f"{'':<{NAME_COLUMNS}}{_columns([title for title, _ in named])}", "dim")],
    ]
    for name, field in _SCORES:
        values = [getattr(one, field) if one is not None else None for one in networks]
        if any(value is not None for value in values):
            numbers = _columns([score_in(value, 8) for value in values])
            lines.append([(f" {name:<{NAME_COLUMNS - 1}}", "dim"), (numbers, "text")])
    steps = [
        NONE if one is None else f"gen {one.steps:,}" if title == "evolved" else f"{one.steps:,} ep."
        for title, one in named
    ]
    times = [seconds_text(one.seconds if one else None) for one in networks]
    for name, texts in (("from", steps), ("time", times)):
        lines.append([(f" {name:<{NAME_COLUMNS - 1}}", "dim"), (_columns(texts), "dim")])
    return lines


_SCORES = (
    ("train", "train_score"),
    ("test", "test_score"),
    ("test loss", "test_loss"),
    ("fitness", "fitness"),
    ("test fit.", "test_fitness"),
    ("held-out", "held_out"),
)
"""The scores of a network: the name of each, and its field."""


def _columns(texts: Sequence[str]) -> str:
    return " ".join(f"{text:>{NUMBER_COLUMNS}}" for text in texts)

"""The columns of an evolution's generations: titles, values and texts.

The tables of the explorer and of the commands are both made of these.
"""

from collections.abc import Callable
from dataclasses import dataclass

from nnsize_engine.results.generations import Generations, evaluation_rates
from nnsize_engine.results.records import GenerationResult
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import STRATEGY_COLUMNS, columns_of
from nnsize_engine.text import score_text, seconds_text


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationColumn:
    """One column."""

    key: str
    title: str
    """Title on the screen."""

    values: Callable[[Generations], list[float | None]]
    """Values that generations are sorted by, one for each generation."""

    heading: str = ""
    """Heading in the tables of the commands; empty if they leave the column out."""

    text: Callable[[GenerationResult], str] = str
    """Text of a cell in the tables of the commands."""


def _stored(name: str) -> Callable[[Generations], list[float | None]]:
    return lambda generations: generations.column(name)


def _score(key: str, title: str, stored: str, heading: str, digits: int = 4) -> GenerationColumn:
    return GenerationColumn(
        key=key,
        title=title,
        values=_stored(stored),
        heading=heading,
        text=lambda generation: score_text(getattr(generation, stored), digits),
    )


HELD_OUT = "held_out"
"""Key of the column that is left out if no rows are held out."""

RESTARTS = "restarts"
"""Key of the column that is left out if the evolution never restarts."""

GENERATION_COLUMNS = (
    GenerationColumn(
        key="generation",
        title="gen",
        values=_stored("number"),
        heading="gen",
        text=lambda generation: str(generation.number),
    ),
    _score("best", "best", "best", "best"),
    _score("mean", "mean", "mean", "mean"),
    _score("spread", "spread", "std", "std"),
    _score(HELD_OUT, "held-out", "held_out", "held-out"),
    _score("diversity", "diversity", "diversity", "diversity"),
    GenerationColumn(
        key="accepted",
        title="accepted",
        values=_stored("accepted"),
        heading="accepted",
        text=lambda generation: str(generation.accepted),
    ),
    _score("mutation", "F", "mutation", "F", digits=2),
    _score("recombination", "CR", "recombination", "CR", digits=2),
    _score("step_size", "step", "step_size", "step"),
    _score("temperature", "temp", "temperature", "temp"),
    GenerationColumn(key="evaluations", title="evals", values=_stored("evaluations")),
    GenerationColumn(
        key=RESTARTS,
        title="restarts",
        values=_stored("restarts"),
        heading="restarts",
        text=lambda generation: str(generation.restarts),
    ),
    GenerationColumn(key="rate", title="evals/s", values=evaluation_rates),
    GenerationColumn(
        key="time",
        title="time",
        values=_stored("seconds"),
        heading="time",
        text=lambda generation: seconds_text(generation.seconds),
    ),
)
"""All columns in order."""


def left_out(settings: EvolutionSettings) -> frozenset[str]:
    """Return the keys of the columns that an evolution has not: its strategy, held-out rows and restarts decide."""
    missing = STRATEGY_COLUMNS - columns_of(settings.strategy)
    if settings.validation_fraction == 0:
        missing |= {HELD_OUT}
    return missing if settings.restart_after is not None else missing | {RESTARTS}


BY_KEY = {column.key: column for column in GENERATION_COLUMNS}

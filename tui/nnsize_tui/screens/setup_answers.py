"""What was asked about a draft's data in other processes, and what came back."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

from nnsize_engine import inquiry
from nnsize_engine.data_summary import DataSummary
from nnsize_engine.errors import DataError, NnsizeError
from nnsize_engine.evolution_settings import EvolutionSettings
from nnsize_engine.inquiry import AnyEstimate, Question, TakenBackError
from nnsize_engine.run_settings import RunSettings
from nnsize_tui.screens.setup_draft import LookAt
from nnsize_tui.setup_messages import NoAnswer

MOST_KEPT = 8
"""Answers to go back to, when what was typed is taken back."""


@dataclass(slots=True)
class Answers:
    """The latest answers, by what was asked; and the question under way, which a newer one makes void."""

    looks: dict[Hashable, DataSummary | NoAnswer] = field(default_factory=dict)
    measures: dict[Hashable, AnyEstimate | NoAnswer] = field(default_factory=dict)
    look_asked: Hashable = None
    measure_asked: Hashable = None
    _look: Question | None = None
    _measure: Question | None = None

    def ask_look(self, look: Hashable) -> Question | None:
        """A new question about this table; None when it is answered, or being asked, or there is none to look at."""
        if look == self.look_asked:
            return None
        _take_back(self._look)
        self._look = None if look is None or look in self.looks else Question()
        self.look_asked = look if self._look is not None else None
        return self._look

    def ask_measure(self, key: Hashable) -> Question | None:
        """A new question about a search's time; None when it is answered, or being asked, or there is no search."""
        if key == self.measure_asked:
            return None
        _take_back(self._measure)
        self._measure = None if key is None or key in self.measures else Question()
        self.measure_asked = key if self._measure is not None else None
        return self._measure

    def looked(self, look: Hashable, answer: DataSummary | NoAnswer) -> None:
        """Keep an answer."""
        self.looks[look] = answer
        while len(self.looks) > MOST_KEPT:
            del self.looks[next(iter(self.looks))]
        if look == self.look_asked:
            self.look_asked = None

    def measured(self, key: Hashable, answer: AnyEstimate | NoAnswer) -> None:
        """Keep an answer."""
        self.measures[key] = answer
        while len(self.measures) > MOST_KEPT:
            del self.measures[next(iter(self.measures))]
        if key == self.measure_asked:
            self.measure_asked = None

    def take_back(self) -> None:
        """Nobody waits for anything any more."""
        _take_back(self._look)
        _take_back(self._measure)


def _take_back(question: Question | None) -> None:
    if question is not None:
        question.take_back()


def measure_key(settings: RunSettings) -> Hashable:
    """What a measurement depends on: equal for runs whose time follows from one."""
    if isinstance(settings, EvolutionSettings):
        return replace(
            settings, generations=1, tol=0.0, atol=0.0, seed=0, scoring=None, early_stopping=False, n_iter_no_change=1,
            restart_after=None,
        )  # fmt: skip
    return (
        settings.data, settings.table, settings.cv, settings.test_size, settings.split_seed, settings.stratify,
        settings.precision, settings.jobs, settings.network, settings.grid,
    )  # fmt: skip


def look(asked: LookAt, question: Question) -> DataSummary | NoAnswer | None:
    """Look at a table, in the calling thread; None when the question was taken back."""
    try:
        return inquiry.look_at(
            asked.choice,
            test_size=asked.test_size,
            split_seed=asked.split_seed,
            stratify=asked.stratify,
            question=question,
        )
    except TakenBackError:
        return None
    except NnsizeError as error:
        return NoAnswer(reason=str(error))


def measure(settings: RunSettings, question: Question) -> AnyEstimate | NoAnswer | None:
    """Measure a fit or a generation, in the calling thread; None when the question was taken back."""
    try:
        if isinstance(settings, EvolutionSettings):
            return inquiry.estimate_evolution(settings, question)
        return inquiry.estimate(settings, question)
    except TakenBackError:
        return None
    except NnsizeError as error:
        return NoAnswer(reason=str(error), is_refusal=isinstance(error, DataError))

"""What was asked about a draft's data in other processes, and what came back."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from nnsize_engine import inquiry
from nnsize_engine.data_summary import DataSummary
from nnsize_engine.errors import DataError, NnsizeError
from nnsize_engine.evolution_settings import EvolutionSettings
from nnsize_engine.inquiry import AnyEstimate, Question, TakenBackError
from nnsize_engine.run_settings import RunSettings
from nnsize_tui.screens.setup_draft import LookAt
from nnsize_tui.setup_messages import NoAnswer

Answered = TypeVar("Answered")

MOST_KEPT = 8
"""Answers to go back to, when what was typed is taken back."""


@dataclass(slots=True)
class Answers:
    """The latest answers, by what was asked; and the question under way, which a newer one makes void."""

    looks: dict[Hashable, DataSummary | NoAnswer] = field(default_factory=dict)
    """Of built-in data by its name."""

    measures: dict[Hashable, AnyEstimate | NoAnswer] = field(default_factory=dict)
    look_asked: Hashable = None
    measure_asked: Hashable = None
    builtin_asked: str = ""
    _look: Question | None = None
    _measure: Question | None = None
    _builtin: Question | None = None

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

    def ask_builtin(self, name: str) -> Question | None:
        """A new question about built-in data; None when it is being asked."""
        if name == self.builtin_asked:
            return None
        _take_back(self._builtin)
        self._builtin, self.builtin_asked = Question(), name
        return self._builtin

    def looked(self, look: Hashable, answer: DataSummary | NoAnswer) -> None:
        """Keep an answer."""
        self.looks[look] = answer
        while len(self.looks) > MOST_KEPT:
            del self.looks[next(iter(self.looks))]
        if look == self.look_asked:
            self.look_asked = None
        if look == self.builtin_asked:
            self.builtin_asked = ""

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
        _take_back(self._builtin)


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


def look(asked: LookAt | str, question: Question) -> DataSummary | NoAnswer | None:
    """Look at a table, or at built-in data by its name, in the calling thread; None when that was taken back."""
    if isinstance(asked, str):
        return _answer(partial(inquiry.look_at_builtin, asked, question))
    return _answer(
        partial(
            inquiry.look_at,
            asked.choice,
            test_size=asked.test_size,
            split_seed=asked.split_seed,
            stratify=asked.stratify,
            question=question,
        )
    )


def measure(settings: RunSettings, question: Question) -> AnyEstimate | NoAnswer | None:
    """Measure a fit or a generation, in the calling thread; None when the question was taken back."""
    if isinstance(settings, EvolutionSettings):
        return _answer(partial(inquiry.estimate_evolution, settings, question))
    return _answer(partial(inquiry.estimate, settings, question))


def _answer(ask: Callable[[], Answered]) -> Answered | NoAnswer | None:
    try:
        return ask()
    except TakenBackError:
        return None
    except NnsizeError as error:
        return NoAnswer(reason=str(error), is_refusal=isinstance(error, DataError))

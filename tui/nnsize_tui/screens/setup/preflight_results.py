"""Questions about a draft, and their results from preflight processes."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Generic, TypeVar

from nnsize_engine.errors import DataError, NnsizeError
from nnsize_engine.preflight import client
from nnsize_engine.preflight.client import CancelledError, Question
from nnsize_engine.results.estimates import AnyEstimate
from nnsize_engine.results.table_problems import all_problems
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import Kind, StartedSettings, by_started_kind, code_of
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.screens.setup.messages import PreflightFailure
from nnsize_tui.screens.setup.read_draft import InspectionRequest

Result = TypeVar("Result")

MAX_RESULTS = 8  # kept for a user who goes back to an earlier text


class PreflightResults(Generic[Result]):
    """Keep the latest results by their keys, and the question under way; a newer question cancels it."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Result | PreflightFailure] = {}
        self._question: Question | None = None
        self.asked: Hashable = None
        """The key of the question under way; None for no question."""

    def get(self, key: Hashable) -> Result | PreflightFailure | None:
        """Return the result of a key; None before there is one."""
        return self._kept.get(key)

    def ask(self, key: Hashable) -> Question | None:
        """Return a new question; None if the key is None, has a result, or is under way."""
        if key == self.asked:
            return None
        self.cancel()
        self._question = None if key is None or key in self._kept else Question()
        self.asked = key if self._question is not None else None
        return self._question

    def keep(self, key: Hashable, result: Result | PreflightFailure) -> None:
        """Keep the result of a key."""
        self._kept[key] = result
        while len(self._kept) > MAX_RESULTS:
            del self._kept[next(iter(self._kept))]
        if key == self.asked:
            self.asked = None

    def forget(self, key: Hashable) -> None:
        """Forget the result of a key, so that it is asked again."""
        self._kept.pop(key, None)

    def cancel(self) -> None:
        """Cancel the question under way."""
        if self._question is not None:
            self._question.cancel()


def measure_key(settings: StartedSettings) -> Hashable:
    """Return the settings that a measurement depends on; they are equal for runs that can share one."""
    return _MEASURE_KEYS[settings.kind](settings)


def _search_key(settings: SizeSettings) -> Hashable:
    return (
        settings.data, settings.table, settings.cv, settings.splitter, settings.test_size, settings.split_seed,
        settings.stratify, settings.precision, settings.jobs, settings.network, settings.grid, settings.scaler,
        settings.class_weight,
    )  # fmt: skip


def _evolution_key(settings: EvolutionSettings) -> Hashable:
    return replace(
        settings, cluster=None, generations=1, evaluations=None, seconds=None, tol=0.0, atol=0.0, seed=0, scoring=None,
        repeats=1, early_stopping=False, n_iter_no_change=1, restart_after=None,
    )  # fmt: skip


_MEASURE_KEYS: Mapping[Kind, Callable[[Any], Hashable]] = by_started_kind(size=_search_key, evolution=_evolution_key)


def inspect(asked: InspectionRequest | str, question: Question) -> DataSummary | PreflightFailure | None:
    """Inspect a table, or built-in data by its name, in the calling thread; None if cancelled."""
    if isinstance(asked, str):
        return _result(partial(client.inspect_builtin, asked, question))
    found = _result(
        partial(
            client.look_at_table,
            asked.choice,
            test_size=asked.test_size,
            split_seed=asked.split_seed,
            stratify=asked.stratify,
            takes_last_rows=asked.takes_last_rows,
            question=question,
        )
    )
    if isinstance(found, DataSummary) and found.problems:
        error = all_problems(found.problems)
        return PreflightFailure(reason=str(error), field=error.field, summary=found)
    return found


def measure(settings: StartedSettings, question: Question) -> AnyEstimate | PreflightFailure | None:
    """Measure a fit or a generation, in the calling thread; None if cancelled.

    Nothing is measured that runs code of the user: the user is asked before a run does.
    """
    if code_of(settings) is not None:
        return PreflightFailure(reason="a generation would run your Python function", is_refusal=False)
    return _result(partial(client.estimate, settings, question))


def _result(ask: Callable[[], Result]) -> Result | PreflightFailure | None:
    try:
        return ask()
    except CancelledError:
        return None
    except DataError as error:
        return PreflightFailure(reason=str(error), field=error.field)
    except NnsizeError as error:
        return PreflightFailure(reason=str(error), is_refusal=False)

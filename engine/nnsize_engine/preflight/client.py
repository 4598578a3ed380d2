"""Questions that need what a screen must not load, put to a process: ``python -m nnsize_engine.preflight``."""

import dataclasses
import json
import math
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

from nnsize_engine.errors import DataError, NnsizeError
from nnsize_engine.results.table_summary import DataSummary, summary_from_json
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.layer_sizes import count_weights
from nnsize_engine.settings.run import settings_to_json
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredNetwork:
    """A network of a search that was trained for a moment."""

    weights: int
    seconds_per_epoch: float
    epochs: float
    """Of a fit, expected: those trained if it ended, else its ``max_iter``, the most there can be."""

    has_ended: bool
    """Whether training came to its end."""

    other_seconds: float
    """Of a fit, besides its epochs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPair:
    """The smallest and the largest network of one combination of the other parameters; both may be the same."""

    smallest: MeasuredNetwork
    largest: MeasuredNetwork

    def fit_seconds(self, weights: int) -> float:
        """Expected seconds of a fit of a network with so many weights: along the straight line through both."""
        small, large = self.smallest, self.largest
        room = large.weights - small.weights
        if room == 0:  # nothing is known of the part that does not grow with the weights
            return small.other_seconds + small.epochs * small.seconds_per_epoch * weights / max(1, small.weights)
        place = (weights - small.weights) / room
        growth = max(0.0, large.seconds_per_epoch - small.seconds_per_epoch)
        epoch = max(small.seconds_per_epoch + place * growth, 0.0)
        inside = min(1.0, max(0.0, place))
        epochs = small.epochs + inside * (large.epochs - small.epochs)
        other = small.other_seconds + inside * max(0.0, large.other_seconds - small.other_seconds)
        return other + epochs * epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How long a search takes, from networks that were really trained here for a moment."""

    pairs: tuple[MeasuredPair, ...]
    """For some combinations of the searched parameters."""

    load_seconds: float
    """Until the first fit can begin, once: starting, reading the data."""

    encode_seconds: float
    """Scaling or encoding the rows of one fold."""

    workers: int
    """Fits at a time."""

    @property
    def has_ended(self) -> bool:
        """Whether every measured training came to its end; otherwise the estimate is an upper bound."""
        return all(pair.smallest.has_ended and pair.largest.has_ended for pair in self.pairs)

    def seconds(self, settings: SizeSettings) -> float:
        """Expected seconds of a whole search, final test included, that differs in sizes and repeats at most."""
        known, sizes = settings.known, settings.candidates
        combinations = math.prod(len(values) for _, values in settings.grid)
        total = 0.0
        for layers in sizes:
            weights = count_weights((known.inputs, *layers, known.outputs))
            total += sum(pair.fit_seconds(weights) for pair in self.pairs) / len(self.pairs)
        fits = total * combinations * settings.splits
        # The final test trains one of them on all training rows.
        final = total / len(sizes) * settings.cv / (settings.cv - 1)
        return self.load_seconds + self.encode_seconds * (settings.splits + 1) + fits / self.workers + final


@dataclass(frozen=True, slots=True, kw_only=True)
class EvolutionEstimate:
    """How long an evolution takes, from a few generations that were really computed here."""

    members: int
    """Of the measured population: as many as it will have, or fewer where these would take too long."""

    first_seconds: float
    """Drawing and evaluating the first population, a member."""

    member_seconds: float
    """Making and evaluating a trial, a member."""

    load_seconds: float
    """Until the first generation can begin, once: starting, reading the data."""

    gradient_seconds: float
    """Training the same network by gradient, at most; 0 where that is not wanted."""

    workers: int
    """Threads."""

    def seconds(self, settings: EvolutionSettings, members: int) -> float:
        """Expected seconds of an evolution from a first population of so many members, if no generation is spared."""
        trials = settings.evaluations(members) - members
        return self.load_seconds + self.gradient_seconds + members * self.first_seconds + trials * self.member_seconds


AnyEstimate = Estimate | EvolutionEstimate


def _estimate_from(fields: dict[str, Any]) -> Estimate:
    """Read an estimate from the object that JSON makes of it."""
    pairs = tuple(
        MeasuredPair(**{name: MeasuredNetwork(**network) for name, network in pair.items()}) for pair in fields["pairs"]
    )
    return Estimate(**fields | {"pairs": pairs})


class TakenBackError(NnsizeError):
    """The question was taken back before it was answered."""


class Question:
    """One question under way, so that whoever asked it can take it back from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self.is_taken_back = False

    def take_back(self) -> None:
        """Nobody waits for the answer any more: end the process that works on it."""
        with self._lock:
            self.is_taken_back = True
            if self._process is not None and self._process.poll() is None:
                self._process.kill()

    def begin(self, arguments: list[str]) -> "subprocess.Popen[str]":
        """Start the process that answers.

        Raises:
            TakenBackError: the question was taken back before.
            OSError: the process cannot be started.
        """
        with self._lock:
            if self.is_taken_back:
                raise TakenBackError("the question was taken back")
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                arguments, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", errors="surrogateescape",
                env=os.environ | {"PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8:surrogateescape"},
            )  # fmt: skip
            return self._process


def look_at(
    choice: TableChoice,
    *,
    test_size: float | int = 0.33,
    split_seed: int = 42,
    stratify: bool = False,
    question: Question | None = None,
) -> DataSummary:
    """Look at a table, as a run with this split would use it; the split decides how many inputs there are.

    Raises:
        DataError: it cannot be used as it is; one sentence says what was found and what to do.
        TakenBackError: the question was taken back meanwhile.
    """
    given = {"choice": dataclasses.asdict(choice)}
    return summary_from_json(
        _ask("look", given | {"test_size": test_size, "split_seed": split_seed, "stratify": stratify}, question)
    )


def look_at_builtin(name: str, question: Question | None = None) -> DataSummary:
    """Look at built-in data as if it were a table of the user's, with the usual split.

    Raises:
        SettingsError: there is none of that name.
        TakenBackError: the question was taken back meanwhile.
    """
    builtin_data(name)
    return summary_from_json(_ask("look at built-in", {"name": name}, question))


def estimate(settings: SizeSettings, question: Question | None = None) -> Estimate:
    """Train a few networks of a search for a moment, and say how long all of them take.

    Raises:
        NnsizeError: the data cannot be loaded, or does not allow these settings.
        TakenBackError: the question was taken back meanwhile.
    """
    return _estimate_from(json.loads(_ask("estimate", json.loads(settings_to_json(settings)), question)))


def estimate_evolution(settings: EvolutionSettings, question: Question | None = None) -> EvolutionEstimate:
    """Compute a few small generations of an evolution, from which follows how long all of it takes.

    Raises:
        NnsizeError: the data cannot be loaded, or does not allow these settings.
        TakenBackError: the question was taken back meanwhile.
    """
    answer = _ask("estimate evolution", json.loads(settings_to_json(settings)), question)
    return EvolutionEstimate(**json.loads(answer))


def _ask(name: str, given: Any, question: Question | None = None) -> str:
    """Run the process and return the JSON text of its answer."""
    question = question or Question()
    try:
        process = question.begin([sys.executable, "-m", "nnsize_engine.preflight", name])
    except OSError as error:
        raise DataError(f"the data cannot be looked at: {error.strerror or error}") from error
    try:
        answer, errors = process.communicate(json.dumps(given))
    except BaseException:  # Ctrl-C above all: leave nothing behind
        process.kill()
        process.wait()
        raise
    if question.is_taken_back:
        raise TakenBackError("the question was taken back")
    if process.returncode == 0:
        return answer
    if process.returncode == 2:
        raise DataError(answer.strip())
    if process.returncode < 0:
        raise DataError(
            f"looking at the data was ended by signal {-process.returncode}; if memory ran out, take a part of the "
            "rows (rows) or leave columns out (ignore)"
        )
    last = errors.strip().splitlines()[-1:] or [f"its process ended with code {process.returncode}"]
    raise NnsizeError(f"the data could not be looked at: {last[0]}")

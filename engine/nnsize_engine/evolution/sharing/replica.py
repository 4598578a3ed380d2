"""A replica of an evolution: it makes and evaluates members on request, and learns from the losses of all of them.

It goes through the same rounds as the run. A round whose losses are not known yet stays open: its members can be
evaluated. Once its losses are known, the algorithm goes on to the next round, by itself, to the same population.
"""

import contextlib
import threading
import time
from typing import Any

import numpy as np

from nnsize_engine.evolution.checkpoint import population_of
from nnsize_engine.evolution.evaluator import Evaluator, GenerationHalted, Position, Round
from nnsize_engine.evolution.population_sequence import PopulationSequence
from nnsize_engine.evolution.sharing.digest import digest_of
from nnsize_engine.evolution.sharing.messages import Answer, Behind, PartLosses, Request, RoundLosses, Start
from nnsize_engine.evolution.sharing.shared_problem import SharedProblem, received_problem
from nnsize_engine.processes.parallel import ThreadPool

_NEVER = threading.Event()


class Replica:
    """One worker's copy of the population. Its methods are called by one thread at a time."""

    def __init__(self, shared: SharedProblem, threads: int) -> None:
        """Begin without a population.

        Raises:
            DataError: the fitness is a Python function that cannot be imported here.
        """
        self._problem = received_problem(shared)
        self._given = shared.given
        self._opened = contextlib.ExitStack()
        self._pool = self._opened.enter_context(ThreadPool(threads))
        self._known: dict[Position, PartLosses] = {}
        self._evaluator: Evaluator | None = None
        self._round: Round | None = None

    def close(self) -> None:
        """End its threads."""
        self._opened.close()

    def answer(self, request: Request, start: Start | None) -> Answer | Behind:
        """Return the losses of some members of a round; :class:`Behind` if it cannot get to that round.

        ``start`` is a population to begin from; None to go on.
        """
        if start is not None:
            self._start(start)
        if self._evaluator is None:
            return Behind()
        here = self._round_at(request.position, request.known)
        if here is None:
            return Behind()
        began = time.perf_counter()
        first, last = request.part
        parts = self._evaluator.parts(last - first, here.table)
        self._evaluator.do(here.evaluate, [(first + low, first + high) for low, high in parts])
        return Answer(
            position=here.position,
            losses=PartLosses.of(request.part, here.losses, here.parents),
            digest=self._digest,
            seconds=time.perf_counter() - began,
        )

    def fill(self, here: Round) -> None:
        """Fill the losses of a round from those that the run sent, or leave the round open.

        Raises:
            GenerationHalted: they are not known.
        """
        known = self._known.get(here.position)
        if known is None:
            self._round = here
            raise GenerationHalted
        known.fill(here.losses)

    def _start(self, start: Start) -> None:
        """Take a population instead of the one it has."""
        self._evaluator = Evaluator(self._problem, lambda _: None, self, self._given)
        self._sequence = PopulationSequence(self._evaluator)
        self._known.clear()
        self._round = None
        self._take(None if start.arrays is None else population_of(_own(start.arrays)))

    def _take(self, population: Any | None) -> None:
        self._population = population
        self._digest = digest_of(population)
        self._round = None

    def _round_at(self, position: Position, known: tuple[RoundLosses, ...]) -> Round | None:
        """Return the open round at a position; None if this replica cannot get there."""
        self._known |= {one.position: one.losses for one in known}
        if self._round is None or self._round.position != position:
            while self._has_gone_on():
                pass
        here = self._round
        return here if here is not None and here.position == position else None

    def _has_gone_on(self) -> bool:
        """Return whether the losses that are known made another population."""
        assert self._evaluator is not None
        self._evaluator.begin(self._pool, _NEVER, self._population)
        try:
            population, _ = self._sequence.after(self._population)
        except GenerationHalted:
            return False
        self._take(population)
        self._known = {place: losses for place, losses in self._known.items() if place[0] > population.generation}
        return True


def _own(arrays: Any) -> dict[str, Any]:
    """Return copies: what is received may be read-only, or belong to another replica of this process."""
    return {name: np.array(array) for name, array in arrays.items()}

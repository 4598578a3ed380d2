"""Evaluation of members in parts, on all processors or on other machines; it can halt between parts."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.problem import Problem, Table, fill_losses
from nnsize_engine.processes.parallel import Halt, ThreadPool
from nnsize_engine.results.records import Evaluating

Floats = NDArray[Any]
Part = tuple[int, int]

MAX_PART_FLOPS = 2e9
"""Floating-point operations after which a thread checks whether to halt: less than a tenth of a second."""

MIN_PROGRESS_SECONDS = 0.25
"""Seconds between two reports of progress within a generation."""

MIN_PARTS_PER_THREAD = 2
"""Parts for each thread at least, so that a delayed thread does not delay the others."""


class GenerationHalted(Exception):  # noqa: N818  # requested, so no error
    """Halt was set before the generation was finished."""


Position = tuple[int, int]
"""A generation, and the number of a round within it, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Round:
    """Members whose losses an algorithm needs before it goes on. A generation has one round, or a few."""

    position: Position
    evaluate: Callable[[Part], None]
    """Makes and evaluates a part of the members here; it fills that part of :attr:`losses`."""

    losses: NDArray[np.float64]
    """The losses to fill, shape (members,)."""

    parents: NDArray[np.float64] | None
    """Losses that trials must not exceed to matter, shape (members,); None if all losses matter."""

    table: Table
    """The rows that members are evaluated on."""

    before: Any
    """The population that the generation follows; None for the first one."""

    halt: Halt


class Share(Protocol):
    """Members of a round that are evaluated elsewhere too."""

    def fill(self, here: Round) -> None:
        """Fill all losses of a round that matter.

        Raises:
            GenerationHalted: some are missing. The next call for the same round computes these.
        """


class Evaluator:
    """Computation of parts of a generation; the caller begins each generation with a pool of threads and a halt."""

    pool: ThreadPool
    halt: Halt

    def __init__(
        self,
        problem: Problem,
        report: Callable[[Evaluating], None],
        share: Share | None = None,
        given: Floats | None = None,
    ) -> None:
        """``share`` evaluates members instead of the threads of this process.

        ``given`` are the first members that ``init`` names; None to read them from its file.
        """
        self.problem = problem
        self.given = given
        self._report = report
        self._share = share
        self._before: Any = None
        self._rooms = threading.local()
        self._next_round = 0

    def begin(self, pool: ThreadPool, halt: Halt, before: Any) -> None:
        """Begin the generation after a population, or go on with it after a halt: its rounds come in order again."""
        self.pool, self.halt, self._before = pool, halt, before
        self._next_round = 0

    def scratch(self, count: int, weights: int) -> Floats:
        """Return an array of this thread for some members, in the precision of the run."""
        kept = getattr(self._rooms, "members", None)
        if kept is None or len(kept) < count or kept.shape[1] != weights:
            kept = self._rooms.members = np.empty((count, weights), dtype=self.problem.settings.precision)
        room: Floats = kept[:count]
        return room

    def evaluate(self, members: Floats, losses: NDArray[np.float64], table: Table, *, generation: int) -> None:
        """Compute the losses of members, shape (members, weights), in place.

        Raises:
            GenerationHalted: some were not computed.
        """

        def task(part: Part) -> None:
            fill_losses(self.problem, table, members[slice(*part)], losses[slice(*part)])

        self.compute(task, losses, table, generation=generation)

    def compute(
        self,
        task: Callable[[Part], None],
        losses: NDArray[np.float64],
        table: Table,
        *,
        generation: int,
        parents: NDArray[np.float64] | None = None,
    ) -> None:
        """Fill the losses of a round, shape (members,), by a task that makes and evaluates a part of its members.

        Losses that are evaluated elsewhere are filled without a call of the task.

        Args:
            task: fills its part of `losses`; threads call it.
            losses: output, shape (members,).
            table: the rows to evaluate on.
            generation: the number of the generation that this is a part of.
            parents: losses that must not be exceeded; of others, the loss may stay infinite.

        Raises:
            GenerationHalted: some were not computed.
        """
        number, self._next_round = self._next_round, self._next_round + 1
        if self._share is None:
            self.do(task, self.parts(len(losses), table), generation, len(losses))
            return
        self._share.fill(
            Round(
                position=(generation, number),
                evaluate=task,
                losses=losses,
                parents=parents,
                table=table,
                before=self._before,
                halt=self.halt,
            )
        )

    def loss_of(self, member: Floats, table: Table | None) -> float:
        """Return the loss of one member, shape (1, weights), without weight decay; infinite without rows."""
        losses = np.full(1, np.inf)
        if table is not None:
            fill_losses(self.problem, table, member, losses, has_decay=False)
        return float(losses[0])

    def parts(self, members: int, table: Table) -> list[Part]:
        """Return ranges of members, each computed by one thread. The ranges do not change any result."""
        flops = 2 * self.problem.settings.weights * len(table.rows.inputs)
        workers = self.pool.workers
        even = -(-members // (MIN_PARTS_PER_THREAD * workers)) if workers > 1 else members
        size = min(max(1, int(MAX_PART_FLOPS / flops)), even)
        return [(first, min(first + size, members)) for first in range(0, members, size)]

    def do_in_turn(
        self, advance: Callable[[int], None], left: Callable[[], int], table: Table, generation: int, members: int
    ) -> None:
        """Call a function with numbers of evaluations that it does in this thread, until none is left.

        Raises:
            GenerationHalted: some are left.
        """
        size = max(1, int(MAX_PART_FLOPS / (2 * self.problem.settings.weights * len(table.rows.inputs))))
        reported = time.perf_counter()
        while left():
            if self.halt.is_set():
                raise GenerationHalted
            advance(size)
            now = time.perf_counter()
            if left() and now - reported > MIN_PROGRESS_SECONDS:
                reported = now
                self._report(Evaluating(generation=generation, members_done=members - left(), members=members))

    def do(self, task: Callable[[Part], None], parts: list[Part], generation: int = 0, members: int = 0) -> None:
        """Compute every part, and report progress.

        Raises:
            GenerationHalted: a part was not computed.
        """
        done = members_done = 0
        reported = time.perf_counter()
        for first, last in self.pool.each(task, parts, self.halt):
            done += 1
            members_done += last - first
            now = time.perf_counter()
            if members and done < len(parts) and now - reported > MIN_PROGRESS_SECONDS:
                reported = now
                self._report(Evaluating(generation=generation, members_done=members_done, members=members))
        if done < len(parts):
            raise GenerationHalted

"""The rounds that are over, for workers that missed them; and the population, for a worker that missed too many."""

from typing import Any

import numpy as np

from nnsize_engine.evolution.checkpoint import population_arrays
from nnsize_engine.evolution.evaluator import Part, Position, Round
from nnsize_engine.evolution.sharing.digest import digest_of
from nnsize_engine.evolution.sharing.links import Link
from nnsize_engine.evolution.sharing.messages import PartLosses, Request, RoundLosses, Start
from nnsize_engine.evolution.sharing.unfinished import Unfinished

MAX_PAST_ROUNDS = 200  # that are kept; with more of them, a message is longer than most populations


class PastRounds:
    """What workers need to know before they evaluate members of the generation under way."""

    def __init__(self) -> None:
        self._rounds: list[RoundLosses] = []
        self._generation = -1
        self._before: Any = None
        self._start: Start | None = None
        self._under_way: dict[Position, Unfinished] = {}
        self.digest = 0
        """Checksum of the population that the generation under way follows."""

    def begin(self, here: Round) -> Unfinished:
        """Return the members of a round of this generation, or of the next one."""
        if here.position[0] != self._generation:
            self._generation, self._before = here.position[0], here.before
            self._start = None
            self._under_way.clear()
            self.digest = digest_of(here.before)
        return self._under_way.setdefault(here.position, Unfinished(len(here.losses)))

    def add(self, here: Round, losses: np.ndarray[Any, np.dtype[np.float64]]) -> None:
        """Keep the losses of a round that is over, once."""
        if any(one.position == here.position for one in self._rounds):
            return
        whole = PartLosses.of((0, len(losses)), losses, here.parents)
        self._rounds = [*self._rounds[1 - MAX_PAST_ROUNDS :], RoundLosses(position=here.position, losses=whole)]

    def request(self, link: Link, position: Position, part: Part) -> Request:
        """Return what a worker is sent to evaluate members of a round; note what it knows then."""
        generation = position[0]
        start, since = None, link.at
        if since is None or not self._reach(since, position) or (link.has_other_bits and since[0] < generation):
            start, since = self._population(), (generation, 0)
            link.began = generation
        link.at = position
        known = tuple(one for one in self._rounds if one.position >= since)
        return Request(start=start, known=known, position=position, part=part)

    def _reach(self, since: Position, position: Position) -> bool:
        """Return whether all rounds are kept from one that a worker does not know up to a position."""
        return since == position or (bool(self._rounds) and self._rounds[0].position <= since)

    def _population(self) -> Start:
        if self._start is None:
            self._start = Start(arrays=None if self._before is None else population_arrays(self._before))
        return self._start

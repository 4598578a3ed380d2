"""Rounds whose members are evaluated by workers, as many at a time as each one can evaluate within a second.

A worker is sent the rounds that it missed together with its next members; a worker that missed too many, or that is
new, is sent the population. A worker that is lost or late does not hold up the others: its members are given to them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from nnsize_engine.errors import ClusterError, NnsizeError
from nnsize_engine.evolution.evaluator import MIN_PROGRESS_SECONDS, GenerationHalted, Round
from nnsize_engine.evolution.sharing.links import MAX_PART_SECONDS, Link, members_for
from nnsize_engine.evolution.sharing.messages import Answer, Behind
from nnsize_engine.evolution.sharing.past_rounds import PastRounds
from nnsize_engine.evolution.sharing.traffic import Traffic
from nnsize_engine.evolution.sharing.unfinished import Unfinished
from nnsize_engine.evolution.sharing.workers import Outcome, WorkerLostError, Workers
from nnsize_engine.results.records import Evaluating
from nnsize_engine.text import seconds_text

MAX_DEATHS = 7  # of workers that evaluated the same members; after one more, it is the members that end them

LOOK_SECONDS = 0.1  # between two looks at the halt and at the workers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Asking:
    """The round that workers are asked about."""

    here: Round
    members: Unfinished
    flops: float
    """Floating-point operations to evaluate a member."""


class WorkerShare:
    """Rounds shared among workers."""

    def __init__(
        self, workers: Workers, weights: int, report: Callable[[Evaluating], None], note: Callable[[str], None]
    ) -> None:
        """``report`` shows how far a round is; ``note`` logs a sentence about a worker."""
        self.traffic = Traffic()
        """What was sent and computed so far."""

        self._workers = workers
        self._weights = weights
        self._report = report
        self._note = note
        self._links: dict[str, Link] = {}
        self._past = PastRounds()
        self._shown = time.monotonic()
        self._has_said = False

    def fill(self, here: Round) -> None:
        """Fill all losses of a round that matter.

        Raises:
            GenerationHalted: some are missing. The next call for the same round asks for these.
            NnsizeError: the members cannot be evaluated.
        """
        members = self._past.begin(here)
        if not members.is_complete:
            began = time.monotonic()
            flops = 2.0 * self._weights * len(here.table.rows.inputs)
            self._gather(_Asking(here=here, members=members, flops=flops))
            self.traffic.add_round(time.monotonic() - began)
            self._say_whether_it_pays()
        self._past.add(here, members.losses)  # also of a round whose last losses came back while it was halted
        here.losses[:] = members.losses

    def _gather(self, now: _Asking) -> None:
        """Ask workers until all losses are there."""
        while not now.members.is_complete:
            if now.here.halt.is_set():
                self._end_requests(now)
                raise GenerationHalted
            self._see_who_is_there(now)
            self._hand_out(now)
            self._take_outcomes(now, LOOK_SECONDS)
            self._show(now)

    def _show(self, now: _Asking) -> None:
        """Report how far the round is, a few times a second."""
        clock = time.monotonic()
        if clock - self._shown >= MIN_PROGRESS_SECONDS and not now.members.is_complete:
            self._shown = clock
            done, members = now.members.done, len(now.here.losses)
            self._report(Evaluating(generation=now.here.position[0], members_done=done, members=members))

    def _say_whether_it_pays(self) -> None:
        """Log once that asking workers takes longer than evaluating."""
        if self._has_said or not self.traffic.is_too_slow:
            return
        self._has_said = True
        self._note(
            f"a generation takes {seconds_text(self.traffic.round_seconds)} on the cluster, and its members take one "
            f"thread {seconds_text(self.traffic.evaluating_seconds)}: this machine alone would be as fast; a cluster "
            "pays with more members or more rows"
        )

    def _end_requests(self, now: _Asking) -> None:
        """Wait a moment for what workers evaluate now; give up what takes longer."""
        until = time.monotonic() + MAX_PART_SECONDS
        while time.monotonic() < until and any(link.part is not None for link in self._links.values()):
            self._take_outcomes(now, LOOK_SECONDS)
        for name, link in self._links.items():
            if link.part is not None:
                self._workers.forget(name)
                now.members.put_back(link.part)
                link.free()
                link.at = None  # nobody knows whether the request reached it

    def _see_who_is_there(self, now: _Asking) -> None:
        """Take in new workers; the members of those that are gone or late are given to others."""
        names = self._workers.names()
        for name in names:
            self._links.setdefault(name, Link())
        for name in [name for name in self._links if name not in names]:
            self._lose(name, now, "it is gone")
        clock = time.monotonic()
        for link in self._links.values():
            if link.part is not None and not link.is_late and clock > link.due:
                link.is_late = True
                now.members.put_back(link.part)

    def _hand_out(self, now: _Asking) -> None:
        """Ask workers that have nothing to do."""
        total = sum(link.flops for link in self._links.values() if not link.is_late)
        waiting, position = now.members.waiting, now.here.position
        free = [(name, link) for name, link in self._links.items() if link.part is None]
        # Those that know the last rounds come first: if there are few members, the others need not hear of them.
        for name, link in sorted(free, key=lambda one: one[1].age(position)):
            part = now.members.take(members_for(link.flops / now.flops, waiting, link.flops / total))
            if part is None:
                return
            request = self._past.request(link, position, part)
            link.ask(part, now.flops, time.monotonic())
            self.traffic.add_request(request)
            self._workers.ask(name, request)

    def _take_outcomes(self, now: _Asking, seconds: float) -> None:
        for name, outcome in self._workers.outcomes(seconds):
            if name in self._links and self._links[name].part is not None:
                self._take(name, outcome, now)

    def _take(self, name: str, outcome: Outcome, now: _Asking) -> None:
        """Take what came of a request."""
        link = self._links[name]
        part = link.part
        assert part is not None
        match outcome:
            case Answer():
                self.traffic.add_answer(outcome)
                link.learn_speed((part[1] - part[0]) * now.flops, outcome.seconds)
                link.free()
                if outcome.position == now.here.position:
                    self._take_losses(name, outcome, now)
            case Behind():
                link.free()
                link.at = None
                now.members.put_back(part)
            case MemoryError():
                self._workers.leave_out(name, "its memory is too small for the population")
                self._lose(name, now, "its memory is too small")
            case WorkerLostError():
                self._lose(name, now, str(outcome))
            case NnsizeError():
                raise outcome

    def _take_losses(self, name: str, answer: Answer, now: _Asking) -> None:
        """Take the losses of members, if the worker made them from the same population."""
        if answer.digest == self._past.digest:
            now.members.fill(answer.losses)
            return
        link = self._links[name]
        now.members.put_back((answer.losses.first, answer.losses.last))
        link.at = None
        if link.began == now.here.position[0]:  # it was sent this very population
            self._workers.leave_out(name, "it does not keep the population that it is sent")
            del self._links[name]
        elif not link.has_other_bits:
            link.has_other_bits = True
            self._note(
                f"worker {name} rounds otherwise than this machine, as another kind of processor does; it is sent the "
                "population of each generation"
            )

    def _lose(self, name: str, now: _Asking, reason: str) -> None:
        """Forget a worker, and give its members to others.

        Raises:
            ClusterError: several workers died with the same members.
        """
        link = self._links.pop(name)
        self._workers.forget(name)
        if link.part is None:
            return
        if not self._workers.is_connected():
            now.members.put_back(link.part)
            return
        deaths = now.members.lose(link.part)
        if deaths > MAX_DEATHS:
            raise ClusterError(
                f"{deaths} workers died one after the other while they evaluated the same members, the last one was "
                f"{name} ({reason}); start workers with more memory, then resume"
            )

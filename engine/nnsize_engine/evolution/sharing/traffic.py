"""How much the rounds of an evolution sent, and how long workers and run waited for each other."""

from dataclasses import dataclass

from nnsize_engine.evolution.sharing.messages import Answer, Request

MIN_ROUNDS = 20  # before it is judged whether a cluster pays

FIRST_ROUNDS = 3  # in which workers load compiled code, and populations travel


@dataclass(slots=True)
class Traffic:
    """Sums over all rounds so far."""

    rounds: int = 0
    requests: int = 0
    sent: int = 0
    """Bytes sent to workers, without the framing of the connection."""

    received: int = 0
    """Bytes received from workers."""

    seconds: float = 0.0
    """Seconds of the rounds."""

    computed: float = 0.0
    """Seconds that workers evaluated, all together."""

    _first_seconds: float = 0.0
    _first_computed: float = 0.0

    def add_request(self, request: Request) -> None:
        """Count what a worker is sent."""
        self.requests += 1
        self.sent += request.nbytes

    def add_answer(self, answer: Answer) -> None:
        """Count what a worker answered."""
        self.received += answer.nbytes
        self.computed += answer.seconds

    def add_round(self, seconds: float) -> None:
        """Count a round that is over."""
        self.rounds += 1
        self.seconds += seconds
        if self.rounds == FIRST_ROUNDS:
            self._first_seconds, self._first_computed = self.seconds, self.computed

    @property
    def round_seconds(self) -> float:
        """Mean seconds of a round, without the first ones."""
        return (self.seconds - self._first_seconds) / max(1, self.rounds - FIRST_ROUNDS)

    @property
    def evaluating_seconds(self) -> float:
        """Mean seconds that all workers together evaluate in a round, without the first ones."""
        return (self.computed - self._first_computed) / max(1, self.rounds - FIRST_ROUNDS)

    @property
    def is_too_slow(self) -> bool:
        """Return whether rounds take longer than evaluating in turn what all workers evaluate."""
        return self.rounds >= MIN_ROUNDS and self.evaluating_seconds < self.round_seconds

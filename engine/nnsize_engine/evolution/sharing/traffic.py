"""How much the rounds of an evolution sent, and how long workers and run waited for each other."""

from dataclasses import dataclass

from nnsize_engine.evolution.sharing.messages import Answer, Request


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

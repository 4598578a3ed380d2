"""Where an evolution is heading: when it last became better, and when its held-out rows last agreed."""

from collections.abc import Sequence

from nnsize_engine.fitness import is_minimised
from nnsize_engine.records import GenerationResult


class Trend:
    """What is known of the generations so far; takes new ones as they come, because there may be very many."""

    def __init__(self, fitness: str) -> None:
        self._sign = -1.0 if is_minimised(fitness) else 1.0
        self.best: float | None = None
        """The best fitness so far."""

        self.best_at = 0
        """The generation that first reached it."""

        self.held_out: float | None = None
        """The best fitness on held-out rows so far."""

        self.held_out_at = 0
        """The generation that first reached it."""

        self.last: GenerationResult | None = None

    def take(self, generations: Sequence[GenerationResult]) -> None:
        """Learn of further generations, in order."""
        for generation in generations:
            if self._is_better(generation.best, self.best):
                self.best, self.best_at = generation.best, generation.number
            if self._is_better(generation.held_out, self.held_out):
                self.held_out, self.held_out_at = generation.held_out, generation.number
        if generations:
            self.last = generations[-1]

    def _is_better(self, value: float | None, than: float | None) -> bool:
        return value is not None and (than is None or self._sign * value > self._sign * than)

    @property
    def stalled_for(self) -> int:
        """Generations since the best became better."""
        return self.last.number - self.best_at if self.last is not None else 0

    @property
    def overfits_for(self) -> int:
        """Generations in which the best became better on training rows and worse on held-out ones; 0 if it did not."""
        if self.last is None or self.held_out_at >= self.best_at:
            return 0
        is_worse = self._is_better(self.held_out, self.last.held_out)
        return self.last.number - self.held_out_at if is_worse else 0

    @property
    def patience(self) -> int:
        """Generations that are too few to speak of."""
        return max(2, min(20, self.last.number // 10)) if self.last is not None else 0


def trend_of(generations: Sequence[GenerationResult], fitness: str) -> Trend:
    """The trend of all these."""
    trend = Trend(fitness)
    trend.take(generations)
    return trend

"""The trend of an evolution: when it last became better, and when its held-out rows last agreed."""

from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import GenerationResult
from nnsize_engine.settings.fitness import is_minimised

CLEAR_OF_LOSS, CLEAR_OF_SCORE = 0.1, 0.02
"""The share by which held-out rows have to be worse than they were to speak of overfitting: they are few."""


class Trend:
    """The trend of the generations so far; takes new ones as they come, because there may be very many."""

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

    def take(self, generations: Generations, start: int = 0) -> None:
        """Learn of the generations from a place on, in order."""
        columns = (generations.column(name, start) for name in ("number", "best", "held_out"))
        for number, best, held_out in zip(*columns, strict=True):
            if self._is_better(best, self.best):
                self.best, self.best_at = best, number
            if self._is_better(held_out, self.held_out):
                self.held_out, self.held_out_at = held_out, number
        if len(generations) > start:
            self.last = generations[-1]

    def _is_better(self, value: float | None, than: float | None) -> bool:
        return value is not None and (than is None or self._sign * value > self._sign * than)

    @property
    def stalled_for(self) -> int:
        """Generations since the best became better."""
        return self.last.number - self.best_at if self.last is not None else 0

    @property
    def disagrees_for(self) -> int:
        """Generations since held-out rows were best, if training rows have become better since then; else 0."""
        if self.last is None or self.held_out is None or self.held_out_at >= self.best_at:
            return 0
        return self.last.number - self.held_out_at

    @property
    def is_overfitting(self) -> bool:
        """Return whether held-out rows are so much worse than they were that chance is no good reason."""
        now = self.last.held_out if self.last is not None else None
        if now is None or self.held_out is None or not self.disagrees_for:
            return False
        share = CLEAR_OF_LOSS if self._sign < 0 else CLEAR_OF_SCORE
        return self._sign * (self.held_out - now) > share * abs(self.held_out)

    @property
    def patience(self) -> int:
        """Generations that are too few to speak of."""
        return max(2, min(20, self.last.number // 10)) if self.last is not None else 0


def trend_of(generations: Generations, fitness: str) -> Trend:
    """The trend of all these."""
    trend = Trend(fitness)
    trend.take(generations)
    return trend

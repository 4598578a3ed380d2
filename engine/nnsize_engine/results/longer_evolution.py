"""The limits to try next where the fitness of an evolution still improves."""

from nnsize_engine.results.generations import Generations
from nnsize_engine.results.trend import Trend, trend_of
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.evolution_extension import EvolutionExtension, doubled


def advised_limits(
    settings: EvolutionSettings, generations: Generations, trend: Trend | None = None
) -> EvolutionExtension | None:
    """Return twice the limits of an evolution that still improves, otherwise None.

    With mini-batches, the fitness on other rows says nothing of progress. A known ``trend`` saves reading generations.
    """
    trend = trend if trend is not None else trend_of(generations, settings.fitness)
    if trend.last is None or (settings.batch_size is None and trend.stalled_for > trend.patience):
        return None
    return doubled(settings)

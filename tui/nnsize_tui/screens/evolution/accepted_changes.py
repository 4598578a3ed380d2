"""The accepted changes of a search that walks on from one network, counted over the generations up to one."""

from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import HISTOGRAM_BINS
from nnsize_tui.widgets.histogram import Accepted


def accepted_up_to(generations: Generations, number: int) -> Accepted:
    """Return the accepted changes in equal stretches of generations up to a number; the first population has none."""
    start = 1 if generations and generations[0].number == 0 else 0
    end = min(len(generations), number - generations[0].number + 1) if generations else 0
    accepted = generations.column("accepted")[start:end]
    trials = generations.column("members")[start:end]
    size = max(1, -(-len(accepted) // HISTOGRAM_BINS))
    return Accepted(
        counts=tuple(sum(accepted[place : place + size]) for place in range(0, len(accepted), size)),
        generations=(1, number),
        trials=sum(trials),
    )

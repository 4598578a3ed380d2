"""An evolution's settings, progress and answer as text. Pure functions; the screens and the commands share them."""

from nnsize_engine.answers.evolution_answer import has_ended_early
from nnsize_engine.answers.steps import has_total
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.cluster import ClusterSettings, cluster_words
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import names_array
from nnsize_engine.settings.layer_sizes import units_text
from nnsize_engine.settings.series import strategy_words
from nnsize_engine.settings.strategies import FAMILIES, population_words
from nnsize_engine.text import NONE, count_text, escape_text, rate_text
from nnsize_tui.text import strategies

RECENT = 20
"""Number of last generations that the speed is computed from."""

SLOW_SECONDS = 2.0
"""Seconds of a generation from which on the progress within it is shown."""

MIN_WIDTH_UNDER_WAY = 100
"""Columns of a screen that has room for the progress within a generation."""

USUAL = EvolutionSettings()

SAID_ELSEWHERE = frozenset(
    {"data", "layers", "fitness", "strategy", "members", "popsize", "generations", "seed", "test_size", "split_seed"}
    | {"jobs", "reference", "table", "repeats", "compared"}
)


def network_text(settings: EvolutionSettings) -> str:
    """Return the network in words: ``30-64-32-1 = 4,097 weights``."""
    return f"{units_text(settings.units)} = {settings.weights:,} weights"


def summary(settings: EvolutionSettings) -> str:
    """Return the hidden layers and the strategy."""
    return f"{settings.layers}, {strategy_words(settings)}"


def strategy(settings: EvolutionSettings) -> str:
    """Return the strategy, or those that are compared."""
    return strategy_words(settings)


def facts(settings: EvolutionSettings) -> list[str]:
    """Return the facts about an evolution, the most important first."""
    known = [settings.data, network_text(settings), strategy_words(settings), settings.measure]
    if settings.is_comparison:
        return [*known, *([f"{settings.evaluations:,} evaluations"] if settings.evaluations is not None else [])]
    if not names_array(settings.init) or settings.strategy in FAMILIES:  # else the file says by itself how many
        known.append(f"{settings.member_count:,} {population_words(settings.strategy)}")
    return [*known, f"seed {settings.seed}", *unusual(settings)]


def unusual(settings: EvolutionSettings) -> list[str]:
    """Return settings that differ from the defaults and are not shown elsewhere, such as ``weight-decay 0.001``."""
    names = [name for name in USUAL.__dataclass_fields__ if name not in SAID_ELSEWHERE]
    given = {name: value for name in names if (value := getattr(settings, name)) != getattr(USUAL, name)}
    return [_setting(name.replace("_", "-"), value) for name, value in given.items()]


def _setting(name: str, value: object) -> str:
    if isinstance(value, bool):
        return name if value else f"no {name}"
    if isinstance(value, ClusterSettings):
        return f"{name} {escape_text(cluster_words(value))}"
    if isinstance(value, tuple):
        return f"{name} {value[0]:g}:{value[1]:g}"
    return f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"


def evaluation_rate(view: EvolutionView) -> float | None:
    """Return evaluations per second of the last generations; None before the first one has ended."""
    if not view.generations:
        return None
    last, first = view.generations[-1], view.generations[-min(RECENT, len(view.generations))]
    if last is first:
        return last.evaluations / last.elapsed if last.elapsed > 0 else None
    seconds = last.elapsed - first.elapsed
    return (last.evaluations - first.evaluations) / seconds if seconds > 0 else None


def fraction(view: EvolutionView) -> float:
    """Return the finished share, from 0 to 1. The first population counts as a generation: it takes as long."""
    if view.series:
        return strategies.fraction(view)
    if view.state == "finished":
        return 1.0
    share = (len(view.generations) + inner_share(view)) / (view.header.total + 1)
    if view.settings.seconds is not None and view.generations:
        share = max(share, view.generations[-1].elapsed / view.settings.seconds)
    return min(1.0, share)


def inner_share(view: EvolutionView) -> float:
    """Return the finished share of the generation under way, from 0 to 1."""
    under_way = view.evaluating
    if under_way is None or (view.generations and under_way.generation <= view.generations[-1].number):
        return 0.0
    return min(1.0, under_way.members_done / max(1, under_way.members))


def done_text(view: EvolutionView, width: int) -> str:
    """Return the number of finished generations and, if there is room, the progress of the one under way."""
    if view.series:
        return strategies.done_text(view, width)
    done, total = view.header.done, view.header.total
    if has_ended_early(view):
        return f"{done} of at most {total} generations"
    known = f"{done:>{len(str(total))}}/{total}" if has_total(view.header) else f"{done:>6}"
    words = f"{known} generations {int(100 * fraction(view)):3d}%"
    is_slow = not view.generations or view.generations[-1].seconds >= SLOW_SECONDS
    if width >= MIN_WIDTH_UNDER_WAY and is_slow and view.evaluating is not None:
        words += f"  this one {int(100 * inner_share(view)):2d}%"
    return words


def speed_text(view: EvolutionView) -> str:
    """Return the evaluations and their rate; empty before the first population is evaluated."""
    if view.series:
        return strategies.speed_text(view)
    if not view.generations:
        return ""
    count = count_text(view.generations[-1].evaluations)
    rate = f"{rate_text(evaluation_rate(view))}/s"
    return f"{count} evaluations {rate:<8}"


def steps_under_way(view: EvolutionView) -> int:
    """Return 0: all threads of an evolution work on one generation."""
    del view
    return 0


def best(view: EvolutionView, room: int) -> tuple[str, float | None]:
    """Return the generation of the evolved network, in at most ``room`` columns, and its fitness."""
    if view.series:
        return strategies.best(view, room)
    if not view.generations:
        return NONE, None
    newest, evolved = view.generations[-1], view.evolved
    steps, score = (evolved.steps, evolved.fitness) if evolved is not None else (newest.number, newest.best)
    words = f"gen {steps}"
    return words if len(words) <= room else str(steps), score


def best_number(view: EvolutionView) -> float | None:
    """Return the generation of the evolved network."""
    return view.evolved.steps if view.evolved is not None else None

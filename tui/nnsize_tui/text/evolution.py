"""An evolution's settings, progress and answer as text. Pure functions; the screens and the commands share them."""

from nnsize_engine.results.records import LIVE_STATES, GenerationResult, NetworkScores
from nnsize_engine.results.trend import Trend, trend_of
from nnsize_engine.results.verdict import quantized_words, verdict_words
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.cluster import ClusterSettings, cluster_words
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import names_array
from nnsize_engine.settings.layer_sizes import units_text
from nnsize_engine.settings.series import strategy_words
from nnsize_engine.settings.strategies import FAMILIES, population_words
from nnsize_engine.text import NONE, escape_text, score_text, seconds_text
from nnsize_tui.text import strategies
from nnsize_tui.text.evolution_numbers import count_text as count_text
from nnsize_tui.text.evolution_numbers import rate_text as rate_text
from nnsize_tui.text.evolution_numbers import share_text as share_text
from nnsize_tui.text.steps import has_total

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


def has_ended_early(view: EvolutionView) -> bool:
    """Return whether an evolution finished before its last generation."""
    return view.state == "finished" and view.header.done < view.header.total and has_total(view.header)


def evolution_answer(view: EvolutionView, *, trend: Trend | None = None) -> str:
    """Return the answer of an evolution so far; a known ``trend`` saves reading all generations."""
    if view.series:
        return strategies.answer(view)
    if not view.generations:
        if view.state in ("failed", "refused"):
            return f"No answer: {(view.header.reason or 'it failed').rstrip('.')}."
        return f"No answer yet: {_awaited(view)}."
    last = view.generations[-1]
    if view.state == "finished" and view.evolved is not None:
        return " ".join([_evolved(view, last, view.evolved), *_by_gradient(view)])
    trend = trend if trend is not None else trend_of(view.generations, view.settings.fitness)
    answer = " ".join([_so_far(view, last), *_heading(view, trend), *_by_gradient(view)])
    if view.state in ("failed", "refused") and view.header.reason:
        return f"The run {view.state}: {view.header.reason.rstrip('.')}. {answer}"
    return answer


def _awaited(view: EvolutionView) -> str:
    """Return the state of a run whose first population is not evaluated yet."""
    if view.state not in LIVE_STATES:
        return "not even the first population is evaluated"
    if view.evaluating is not None and view.evaluating.members_done:
        done, members = view.evaluating.members_done, view.evaluating.members
        return f"evaluating the first population, {done:,} of {members:,} members"
    if view.state == "starting" and view.log:
        return view.log[-1].text.rstrip(".")
    return "waiting for the first population"


def _evolved(view: EvolutionView, last: GenerationResult, evolved: NetworkScores) -> str:
    settings = view.settings
    early = f" of at most {view.header.total:,}" if has_ended_early(view) else ""
    plural = "" if view.header.total == 1 else "s"
    lead = f"Evolved {units_text(settings.units)} for {last.number:,}{early} generation{plural}"
    lead += f" ({count_text(last.evaluations)} evaluations) in {seconds_text(last.elapsed)}"
    if evolved.error is not None:
        return f"{lead}: it could not be scored, {evolved.error.rstrip('.')}."
    words = f"{lead}: {settings.final_scoring} {score_text(evolved.train_score)} on training rows"
    words += f", {score_text(evolved.test_score)} on test rows." if settings.test_size else "."
    if evolved.steps != last.number:
        words += f" The network is that of generation {evolved.steps:,}, the best on held-out rows."
    return words


def _so_far(view: EvolutionView, last: GenerationResult) -> str:
    whole = f" of {view.header.total:,}" if has_total(view.header) else ""
    words = f"Best so far (generation {last.number:,}{whole}): "
    # Without weight decay, as the held-out rows and the network trained by gradient are scored.
    words += f"{view.settings.measure} {score_text(last.best if last.train is None else last.train)}"
    if last.held_out is not None:
        words += f", held-out {score_text(last.held_out)}"
    return words + "."


def _heading(view: EvolutionView, trend: Trend) -> list[str]:
    """Return sentences on whether the fitness still improves, and whether it overfits."""
    settings = view.settings
    if trend.disagrees_for > trend.patience:
        limit = f" (it stops after {settings.n_iter_no_change:,})" if settings.early_stopping else ""
        best = f"generation {trend.held_out_at:,} ({score_text(trend.held_out)})"
        since = f"{trend.disagrees_for:,} generations{limit}"
        if trend.is_overfitting:
            return [f"Overfitting: held-out rows were best in {best} and have been worse for {since}."]
        return [f"Held-out rows were best in {best}, and not better for {since}."]
    if settings.batch_size is not None or trend.last is None or trend.last.number == 0:
        return []  # the fitness on other rows says nothing of progress
    if trend.stalled_for > trend.patience:
        return [f"No better for {trend.stalled_for:,} generations."]
    return ["Still improving."]


def _by_gradient(view: EvolutionView) -> list[str]:
    """Return sentences on the network trained by gradient, with the same scores as the evolved one, and who wins."""
    gradient = view.gradient
    if gradient is None:
        return []
    if gradient.error is not None:
        return [f"Training it by gradient failed: {gradient.error.rstrip('.')}."]
    is_final = view.state == "finished" and gradient.train_score is not None
    scores = (gradient.train_score, gradient.test_score) if is_final else (gradient.fitness, gradient.held_out)
    words = " / ".join(score_text(score) for score in scores if score is not None)
    sentences = [f"By gradient, the same network reaches {words} in {seconds_text(gradient.seconds)}."]
    if is_final and view.evolved is not None:
        sentences.append(verdict_words(view.settings, view.evolved, gradient, view.quantized))
    elif view.quantized is not None:
        fitness = score_text(view.quantized.fitness)
        sentences.append(f"The same, {quantized_words(view.settings)}, reaches {fitness}.")
    return [sentence for sentence in sentences if sentence]

"""The answer of an evolution as it stands, also while it goes on."""

from nnsize_engine.answers.steps import has_total
from nnsize_engine.answers.strategies_answer import strategies_answer
from nnsize_engine.results.records import LIVE_STATES, GenerationResult, NetworkScores
from nnsize_engine.results.trend import Trend, trend_of
from nnsize_engine.results.verdict import quantized_words, verdict_words
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.layer_sizes import units_text
from nnsize_engine.text import count_text, score_text, seconds_text


def has_ended_early(view: EvolutionView) -> bool:
    """Return whether an evolution finished before its last generation."""
    return view.state == "finished" and view.header.done < view.header.total and has_total(view.header)


def evolution_answer(view: EvolutionView, *, trend: Trend | None = None) -> str:
    """Return the answer of an evolution so far; a known ``trend`` saves reading all generations."""
    if view.series:
        return strategies_answer(view)
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

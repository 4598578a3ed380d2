"""The better network by the fitness of an evolution: the evolved one, or the one trained by gradient."""

from dataclasses import dataclass
from typing import Literal

from nnsize_engine.results.records import NetworkScores
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import default_loss, is_minimised
from nnsize_engine.text import score_text

Winner = Literal["evolved", "gradient", "equal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The fitness of both networks on the rows that decide."""

    winner: Winner
    evolved: float
    gradient: float
    is_on_test_rows: bool
    """True if test rows decide; training rows do if there are no others."""

    training: tuple[float, float] | None
    """The fitness of both on the training rows; None if those decide, or if it is not known."""

    training_winner: Winner | None


def verdict(settings: EvolutionSettings, evolved: NetworkScores, gradient: NetworkScores) -> Verdict | None:
    """Return the verdict on two final networks; None if a fitness is not known, as in runs of earlier versions."""
    has_test = bool(settings.test_size)
    one, other = (evolved.test_fitness, gradient.test_fitness) if has_test else (evolved.fitness, gradient.fitness)
    if one is None or other is None:
        return None
    is_known = has_test and evolved.fitness is not None and gradient.fitness is not None
    training = (evolved.fitness, gradient.fitness) if is_known else None
    return Verdict(
        winner=_winner(settings, one, other),
        evolved=one,
        gradient=other,
        is_on_test_rows=has_test,
        training=training,  # type: ignore[arg-type]
        training_winner=None if training is None else _winner(settings, *training),  # type: ignore[arg-type]
    )


def _winner(settings: EvolutionSettings, evolved: float, gradient: float) -> Winner:
    if evolved == gradient:
        return "equal"
    is_smaller = evolved < gradient
    return "evolved" if is_smaller == is_minimised(settings.fitness) else "gradient"


def quantized_words(settings: EvolutionSettings) -> str:
    """Return what was done to the network trained by gradient: ``rounded to 2 bits, with steps``."""
    rounded = "" if settings.bits is None else f"rounded to {settings.bits} bit{'' if settings.bits == 1 else 's'}"
    return ", ".join(part for part in (rounded, "with steps" if settings.activation == "step" else "") if part)


def verdict_words(
    settings: EvolutionSettings, evolved: NetworkScores, gradient: NetworkScores, quantized: NetworkScores | None
) -> str:
    """Return who wins by the fitness, in one or two sentences; empty if it is not known.

    Where evolved networks are rounded or have steps, the one trained by gradient is compared as ``quantized``.
    """
    found = verdict(settings, evolved, quantized or gradient)
    if found is None:
        return ""
    rows = "on test rows" if found.is_on_test_rows else "on training rows"
    name = "gradient training" if quantized is None else f"the gradient-trained network, {quantized_words(settings)},"
    who = {"evolved": "the evolved network wins", "gradient": f"{name} wins", "equal": "neither wins"}[found.winner]
    pair = sorted_pair(found.winner, found.evolved, found.gradient)
    words = f"By {settings.measure} {rows} {who}, {pair}"
    if found.training is not None:
        turned = "" if found.training_winner in (found.winner, "equal") or found.winner == "equal" else "but "
        words += f" ({turned}on training rows evolved {score_text(found.training[0])}, by gradient "
        words += f"{score_text(found.training[1])})"
    before = gradient.test_fitness if found.is_on_test_rows else gradient.fitness
    if quantized is not None and before is not None:
        words += f"; as it was trained, the gradient-trained network had {score_text(before)}"
    loss = default_loss(settings.task)
    return f"{words}." if settings.fitness == loss else f"{words}. Gradient training minimised {loss}."


def sorted_pair(winner: Winner, evolved: float, gradient: float) -> str:
    """Return both numbers, that of the winner first."""
    first, second = (gradient, evolved) if winner == "gradient" else (evolved, gradient)
    return f"{score_text(first)} against {score_text(second)}"

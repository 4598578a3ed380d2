"""The importances of the parameters of a search, as frozen values, and the sentence about them."""

from dataclasses import dataclass

from nnsize_engine.text import escape_text

BEYOND = "three or more"
"""The name of the share that only three or more parameters together explain."""

NOISE = "noise"
"""The name of the share that no parameter explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of the variance between the mean scores of candidates."""

    parameters: tuple[str, ...]
    """The parameters that explain it; :data:`BEYOND` or :data:`NOISE` for the rest."""

    share: float
    """From 0 to 1, without the noise of the folds where there are two folds."""

    low: float | None = None
    """Lower end of the 95 % interval; None with fewer than three folds."""

    high: float | None = None

    @property
    def name(self) -> str:
        """The parameters in words: ``alpha × neurons``."""
        return " × ".join(self.parameters)

    @property
    def is_above_noise(self) -> bool:
        """True if the interval does not contain 0; without an interval, if the share is not 0."""
        return (self.share if self.low is None else self.low) > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterEffect:
    """The mean score for each value of one parameter."""

    parameter: str
    labels: tuple[str, ...]
    """Its values in words, in the order of an axis."""

    numbers: tuple[float, ...] | None
    """The values in rising order; None if they are words."""

    is_log: bool
    means: tuple[float, ...]
    """Mean score over all values of the other parameters."""

    errors: tuple[float, ...] | None
    """Standard errors of the means, without what the folds have in common; None with a single fold."""

    best: tuple[float | None, ...]
    """Mean score where all other parameters are those of the best candidate; None where there is no such candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Importances:
    """The decomposition of the variance between candidates."""

    alone: tuple[Share, ...]
    """The share of each parameter by itself, in the order of the search."""

    total: tuple[Share, ...]
    """The share of each parameter with all interactions that it is part of; these overlap."""

    pairs: tuple[Share, ...]
    """The interaction of each two parameters."""

    beyond: Share | None
    """The interactions of three or more parameters; None with two parameters."""

    noise: Share
    """What is left: the noise of the folds and, of an incomplete grid, what cannot be told from it."""

    effects: tuple[ParameterEffect, ...]
    """The effect of each parameter, in the order of the search."""

    scoring: str
    folds: int
    """Number of folds on which all these candidates have scores."""

    candidates: int
    """Number of candidates that are compared."""

    tried: int
    """Number of candidates that the search has tried."""

    is_grid: bool
    """True if all combinations of the values are compared."""

    deviation: float
    """Standard deviation of the candidates' mean scores: what the shares are shares of, as a score."""

    @property
    def rows(self) -> tuple[Share, ...]:
        """All shares that add up to 1: parameters and pairs, the largest first, then the rest."""
        explained = sorted((*self.alone, *self.pairs), key=lambda one: -one.share)
        return (*explained, *([self.beyond] if self.beyond is not None else []), self.noise)

    @property
    def ranked(self) -> tuple[int, ...]:
        """The places of the parameters, the most important first, with their interactions."""
        return tuple(sorted(range(len(self.total)), key=lambda place: -self.total[place].share))


def percent_text(share: Share) -> str:
    """Return a share with its interval: ``71 % (55–83)``."""
    if share.low is None or share.high is None:
        return f"{100 * share.share:.0f} %"
    return f"{100 * share.share:.0f} % ({100 * share.low:.0f}–{100 * share.high:.0f})"


def importance_sentence(found: Importances) -> str:
    """Return what matters most, in one sentence."""
    if found.deviation == 0:
        return "All candidates have the same score, so no parameter matters."
    first, *others = [one for one in found.rows if one.parameters not in ((BEYOND,), (NOISE,))]
    if not first.is_above_noise:
        noise = f"; the noise of the folds is {percent_text(found.noise)} of the variance between candidates"
        return f"No parameter can be told from noise on {_folds(found.folds)}{noise}."
    clear = [one for one in others if one.is_above_noise][:1]
    then = "".join(f"; then {escape_text(one.name)}, {percent_text(one)}" for one in clear)
    said = f"{percent_text(first)} of the variance between candidates{then}"
    match first.parameters:
        case (name,):
            return f"{escape_text(name)} matters most: {said}."
        case names:
            return f"{escape_text(' and '.join(names))} matter together, more than each alone: {said}."


def importance_notes(found: Importances) -> list[str]:
    """Return what a reader must know of the numbers, in sentences."""
    notes = []
    match found.folds:
        case 1:
            notes.append("With a single fold, noise is part of every share, and there are no intervals.")
        case 2:
            notes.append("Two folds are too few for intervals.")
        case folds:
            notes.append(f"In parentheses: 95 % intervals, from the spread over {folds} folds.")
    if not found.is_grid:
        notes.append(
            "Not all combinations have scores, so the missing ones are interpolated; "
            "noise includes what the interpolation leaves unexplained."
        )
    if found.candidates < found.tried:
        notes.append(f"Compared are {found.candidates:,} of {found.tried:,} candidates.")
    return notes


def _folds(count: int) -> str:
    return "1 fold" if count == 1 else f"{count} folds"

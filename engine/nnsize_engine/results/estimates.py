"""How long a run takes, estimated from networks that were trained, or members evaluated, for a moment."""

import math
from dataclasses import dataclass

from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.layer_sizes import count_weights
from nnsize_engine.settings.search import SizeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredNetwork:
    """A network of a search that was trained for a moment."""

    weights: int
    seconds_per_epoch: float
    epochs: float
    """Of a fit, expected: those trained if it ended, else its ``max_iter``, the most there can be."""

    has_ended: bool
    """Whether training came to its end."""

    other_seconds: float
    """Of a fit, besides its epochs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPair:
    """The smallest and the largest network of one combination of the other parameters; both may be the same."""

    smallest: MeasuredNetwork
    largest: MeasuredNetwork

    def fit_seconds(self, weights: int) -> float:
        """Expected seconds of a fit of a network with so many weights: along the straight line through both."""
        small, large = self.smallest, self.largest
        room = large.weights - small.weights
        if room == 0:  # nothing is known of the part that does not grow with the weights
            return small.other_seconds + small.epochs * small.seconds_per_epoch * weights / max(1, small.weights)
        place = (weights - small.weights) / room
        growth = max(0.0, large.seconds_per_epoch - small.seconds_per_epoch)
        epoch = max(small.seconds_per_epoch + place * growth, 0.0)
        inside = min(1.0, max(0.0, place))
        epochs = small.epochs + inside * (large.epochs - small.epochs)
        other = small.other_seconds + inside * max(0.0, large.other_seconds - small.other_seconds)
        return other + epochs * epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How long a search takes, from networks that were really trained here for a moment."""

    pairs: tuple[MeasuredPair, ...]
    """For some combinations of the searched parameters."""

    load_seconds: float
    """Until the first fit can begin, once: starting, reading the data."""

    encode_seconds: float
    """Scaling or encoding the rows of one fold."""

    workers: int
    """Fits at a time."""

    @property
    def has_ended(self) -> bool:
        """Whether every measured training came to its end; otherwise the estimate is an upper bound."""
        return all(pair.smallest.has_ended and pair.largest.has_ended for pair in self.pairs)

    def seconds(self, settings: SizeSettings) -> float:
        """Expected seconds of a whole search, final test included, that differs in sizes and repeats at most."""
        known, sizes = settings.known, settings.candidates
        combinations = math.prod(len(values) for _, values in settings.grid)
        total = 0.0
        for layers in sizes:
            weights = count_weights((known.inputs, *layers, known.outputs))
            total += sum(pair.fit_seconds(weights) for pair in self.pairs) / len(self.pairs)
        fits = total * combinations * settings.splits
        # The final test trains one of them on all training rows.
        final = total / len(sizes) * settings.cv / (settings.cv - 1)
        return self.load_seconds + self.encode_seconds * (settings.splits + 1) + fits / self.workers + final


@dataclass(frozen=True, slots=True, kw_only=True)
class EvolutionEstimate:
    """How long an evolution takes, from a few generations that were really computed here."""

    members: int
    """Of the measured population: as many as it will have, or fewer where these would take too long."""

    first_seconds: float
    """Drawing and evaluating the first population, a member."""

    member_seconds: float
    """Making and evaluating a trial, a member."""

    load_seconds: float
    """Until the first generation can begin, once: starting, reading the data."""

    gradient_seconds: float
    """Training the same network by gradient, at most; 0 where that is not wanted."""

    workers: int
    """Threads."""

    def seconds(self, settings: EvolutionSettings, members: int) -> float:
        """Expected seconds of an evolution from a first population of so many members, if no generation is spared."""
        trials = settings.evaluations(members) - members
        return self.load_seconds + self.gradient_seconds + members * self.first_seconds + trials * self.member_seconds


AnyEstimate = Estimate | EvolutionEstimate

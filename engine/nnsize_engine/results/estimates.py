"""The time of a run, estimated from networks that were trained, or members evaluated, for a moment."""

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self, TypeVar, cast

from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.layer_sizes import count_weights
from nnsize_engine.settings.population_memory import first_members
from nnsize_engine.settings.run import Kind, StartedSettings, by_started_kind
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.series import first_repeats

Estimated = TypeVar("Estimated", contravariant=True)
"""The settings of one kind of run."""


class RunEstimate(Protocol[Estimated]):
    """The time of a run of any kind: every kind implements this."""

    @property
    def workers(self) -> int:
        """Fits, or threads, at a time."""

    def seconds(self, settings: Estimated) -> float:
        """Return the expected seconds of a whole run with these settings."""

    def is_upper_bound(self, settings: Estimated) -> bool:
        """Return whether the run may take less."""


AnyEstimate = RunEstimate[StartedSettings]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredNetwork:
    """A network of a search that was trained for a moment."""

    weights: int
    seconds_per_epoch: float
    epochs: float
    """Of a fit, expected: those trained if it ended, else its ``max_iter``, the most there can be."""

    has_ended: bool
    """True if training came to its end."""

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
class SearchEstimate:
    """The time of a search, from networks that were really trained here for a moment."""

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
        """Return whether every measured training came to its end; otherwise the estimate is an upper bound."""
        return all(pair.smallest.has_ended and pair.largest.has_ended for pair in self.pairs)

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Self:
        """Make the estimate from the object that JSON makes of it."""
        pairs = [{name: MeasuredNetwork(**one) for name, one in pair.items()} for pair in fields["pairs"]]
        return cls(**fields | {"pairs": tuple(MeasuredPair(**pair) for pair in pairs)})

    def is_upper_bound(self, settings: SizeSettings) -> bool:
        """Return whether the search may take less.

        A race drops sizes. Of a measured training that was cut short, the most epochs there can be are counted.
        """
        return settings.is_race or not self.has_ended

    def seconds(self, settings: SizeSettings) -> float:
        """Expected seconds of a whole search that differs in sizes, rounds and repeats at most; final test included."""
        known, sizes = settings.known, settings.candidates
        combinations = settings.candidate_count // len(sizes)
        total = 0.0
        for layers in sizes:
            weights = count_weights((known.inputs, *layers, known.outputs))
            total += sum(pair.fit_seconds(weights) for pair in self.pairs) / len(self.pairs)
        fits = total * combinations * settings.splits
        # The final test trains one of them on all training rows.
        final = total / len(sizes) / settings.fold_share
        return self.load_seconds + self.encode_seconds * (settings.splits + 1) + fits / self.workers + final


@dataclass(frozen=True, slots=True, kw_only=True)
class EvolutionEstimate:
    """The time of an evolution, from a few generations that were really computed here."""

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

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> Self:
        """Make the estimate from the object that JSON makes of it."""
        return cls(**fields)

    def is_upper_bound(self, settings: EvolutionSettings) -> bool:
        """Return whether the evolution may end before its last generation."""
        return settings.may_end_early

    def seconds(self, settings: EvolutionSettings) -> float:
        """Expected seconds of an evolution, or of all that a run compares, if every generation is computed."""
        evolving = settings.repeats * sum(map(self._evolving_seconds, first_repeats(settings)))
        return self.load_seconds + self.gradient_seconds + evolving

    def _evolving_seconds(self, settings: EvolutionSettings) -> float:
        members = first_members(settings) or self.members
        trials = settings.plan(members).evaluations - members
        return min(members * self.first_seconds + trials * self.member_seconds, settings.seconds or math.inf)


_CLASSES: Mapping[Kind, type[SearchEstimate] | type[EvolutionEstimate]] = by_started_kind(
    size=SearchEstimate, evolution=EvolutionEstimate
)


def estimate_to_json(estimate: SearchEstimate | EvolutionEstimate) -> str:
    """Write an estimate as a JSON object."""
    return json.dumps(dataclasses.asdict(estimate))


def estimate_from_json(text: str, kind: Kind) -> AnyEstimate:
    """Read the estimate of a run of this kind back."""
    # Each kind estimates its own settings alone; the kind says that they are these.
    return cast(AnyEstimate, _CLASSES[kind].from_fields(json.loads(text)))

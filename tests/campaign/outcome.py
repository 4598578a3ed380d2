"""Kinds of trials, and what one trial found."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one trial found."""

    tried: int = 1
    """Kills, corruptions, inputs or whatever its kind counts."""

    failures: tuple[str, ...] = ()
    """What went wrong, in words."""

    not_tried: str = ""
    """Why nothing could be tried on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of trial."""

    name: str
    goal: int
    """Number that a campaign of half an hour tries."""

    max_seconds: float
    """Seconds after which a trial counts as hanging; a busy machine needs many times the usual ones."""

    run: Callable[[Random, Path], Outcome]
    """Run one trial: everything random in it comes from the generator, and its files are in the folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A trial that failed."""

    kind: str
    seed: int
    text: str


def is_printable(text: str) -> bool:
    """Return whether a text holds lines of printable characters alone."""
    return all(sign.isprintable() for line in text.split("\n") for sign in line)

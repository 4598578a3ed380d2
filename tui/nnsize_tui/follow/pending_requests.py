"""What was asked of runs and has not happened yet, so that every key is answered at once."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.results.records import State

LONGEST = 10.0
"""Seconds after which an unanswered wish is no longer shown."""


@dataclass(frozen=True, slots=True)
class _Request:
    word: str
    until: Collection[State]
    deadline: float


class PendingRequests:
    """One wish a run, the latest."""

    def __init__(self) -> None:
        self._wishes: dict[Path, _Request] = {}

    def ask(self, folder: Path, word: str, until: Collection[State]) -> None:
        """Note a wish, such as "pausing", and the states that fulfil it."""
        self._wishes[folder] = _Request(word, until, time.monotonic() + LONGEST)

    def forget(self, folder: Path) -> None:
        """It did not work, or no longer matters."""
        self._wishes.pop(folder, None)

    def word(self, folder: Path, state: State | None) -> str:
        """The wish that a run in this state has not fulfilled; empty when there is none."""
        wish = self._wishes.get(folder)
        if wish is None:
            return ""
        if state in wish.until or time.monotonic() > wish.deadline:
            self.forget(folder)
            return ""
        return wish.word

"""Requests to runs, such as pausing, that are not fulfilled yet: screens show them at once."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.results.records import State

MAX_PENDING_SECONDS = 10.0
"""Seconds after which an unfulfilled request is no longer shown."""


@dataclass(frozen=True, slots=True)
class _Request:
    word: str
    until: Collection[State]
    deadline: float


class PendingRequests:
    """The latest request to each run."""

    def __init__(self) -> None:
        self._requests: dict[Path, _Request] = {}

    def ask(self, folder: Path, word: str, until: Collection[State]) -> None:
        """Add a request, such as "pausing", and the states that fulfil it."""
        self._requests[folder] = _Request(word, until, time.monotonic() + MAX_PENDING_SECONDS)

    def forget(self, folder: Path) -> None:
        """Remove the request to a run."""
        self._requests.pop(folder, None)

    def word(self, folder: Path, state: State | None) -> str:
        """Return the request that a run in this state has not fulfilled; empty if there is none."""
        request = self._requests.get(folder)
        if request is None:
            return ""
        if state in request.until or time.monotonic() > request.deadline:
            self.forget(folder)
            return ""
        return request.word

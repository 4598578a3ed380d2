"""Progress of a run as about twenty plain lines, and more lines for slow steps."""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from nnsize_engine.results.records import GenerationResult
from nnsize_engine.runs.view import EvolutionView, SizeView, WatchedView
from nnsize_engine.settings.run import Kind, by_kind
from nnsize_tui.commands.evolution_report import generation_text
from nnsize_tui.commands.output import has_unicode
from nnsize_tui.commands.report import progress_text

_LINES = 20  # of a run whose steps are quick
_MIN_SLOW_SECONDS = 5.0  # a generation that takes this long gets a line of its own
_MAX_SILENT_SECONDS = 60.0  # of computing without a line


class ProgressLines(Protocol):
    """Source of the lines of one run; it stores what was printed."""

    def new(self, view: Any) -> Iterator[str]:
        """Yield the lines that are due since the last look, given a view of the run's kind."""


class _SearchLines:
    """A line for every twentieth of the fits of a search, also of a watched one."""

    def __init__(self) -> None:
        self._shown_part = 0

    def new(self, view: SizeView | WatchedView) -> Iterator[str]:
        part = _LINES * view.header.done // max(1, view.header.total)
        if part > self._shown_part:
            self._shown_part = part
            yield progress_text(view)


class _EvolutionLines:
    """A line for every twentieth of the generations, and for each that takes long."""

    def __init__(self) -> None:
        self._shown_part = 0
        self._seen_generations = 0
        self._shown_elapsed = 0.0

    def new(self, view: EvolutionView) -> Iterator[str]:
        if view.series:
            yield from self._of_comparison(view)
            return
        for generation in view.generations[self._seen_generations :]:
            part = _LINES * generation.number // max(1, view.header.total)
            if view.settings.seconds is not None:
                part = max(part, int(_LINES * generation.elapsed / view.settings.seconds))
            if part > self._shown_part or self._is_due(generation):
                self._shown_part = part
                self._shown_elapsed = generation.elapsed
                yield generation_text(view, generation, unicode=has_unicode(sys.stderr))
        self._seen_generations = len(view.generations)

    def _of_comparison(self, view: EvolutionView) -> Iterator[str]:
        """Yield a line for every minute; the log has a line for each evolution that is over."""
        elapsed = sum(one.generations[-1].elapsed for one in view.series if one.generations)
        if elapsed - self._shown_elapsed >= _MAX_SILENT_SECONDS:
            self._shown_elapsed = elapsed
            yield progress_text(view)

    def _is_due(self, generation: GenerationResult) -> bool:
        is_slow = generation.seconds >= _MIN_SLOW_SECONDS
        return generation.number == 0 or is_slow or generation.elapsed - self._shown_elapsed >= _MAX_SILENT_SECONDS


LINES: Mapping[Kind, Callable[[], ProgressLines]] = by_kind(
    size=_SearchLines, evolution=_EvolutionLines, watched=_SearchLines
)
"""Class of the lines of each kind of run."""

"""Plain lines for a pipe or a file, and silence."""

import sys
from typing import Self

import click

from nnsize_engine.results.records import GenerationResult
from nnsize_engine.runs.view import AnyView, EvolutionView, SizeView
from nnsize_tui.commands.evolution_report import generation_text
from nnsize_tui.commands.output import has_unicode
from nnsize_tui.commands.report import progress_text

_LINES = 20
_SLOW_SECONDS = 5.0  # a generation that takes this long gets a line of its own
_SILENT_SECONDS = 60.0  # the longest time of computing without a line


def background_text(view: AnyView) -> str:
    """What whoever follows a run should know first."""
    return f"run {view.folder.name} works in the background; Ctrl-C stops it, closing the terminal does not"


class Display:
    """Shows nothing; what follows a run silently."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, view: AnyView) -> None:
        """Show a run as it stands."""


class PlainDisplay(Display):
    """The log, and about twenty lines of progress; more where a generation takes long."""

    def __init__(self) -> None:
        self._shown_part = 0
        self._shown_lines = 0
        self._seen_generations = 0
        self._shown_elapsed = 0.0

    def show(self, view: AnyView) -> None:
        """Print what is new; nothing of a run that is refused, whose reason follows as an error."""
        if view.state in ("starting", "refused"):
            return
        if self._shown_lines == 0:
            click.echo(background_text(view))
        for line in view.log[self._shown_lines :]:
            click.echo(line.text)
        self._shown_lines = len(view.log)
        if isinstance(view, SizeView):
            self._show_fits(view)
        else:
            self._show_generations(view)
        sys.stdout.flush()

    def _show_fits(self, view: SizeView) -> None:
        part = _LINES * view.header.done // max(1, view.header.total)
        if part > self._shown_part:
            self._shown_part = part
            click.echo(progress_text(view))

    def _show_generations(self, view: EvolutionView) -> None:
        for generation in view.generations[self._seen_generations :]:
            part = _LINES * generation.number // max(1, view.header.total)
            if part > self._shown_part or self._is_due(generation):
                self._shown_part = part
                self._shown_elapsed = generation.elapsed
                click.echo(generation_text(view, generation, unicode=has_unicode()))
        self._seen_generations = len(view.generations)

    def _is_due(self, generation: GenerationResult) -> bool:
        is_slow = generation.seconds >= _SLOW_SECONDS
        return generation.number == 0 or is_slow or generation.elapsed - self._shown_elapsed >= _SILENT_SECONDS

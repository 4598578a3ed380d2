"""One look at a run whose kind is known."""

from pathlib import Path

from nnsize_engine.runs.view import EvolutionView, RunFollower, SizeView


def size_view(folder: Path) -> SizeView:
    """A size search as it stands."""
    view = RunFollower(folder).look()
    assert isinstance(view, SizeView)
    return view


def evolution_view(folder: Path) -> EvolutionView:
    """An evolution as it stands."""
    view = RunFollower(folder).look()
    assert isinstance(view, EvolutionView)
    return view

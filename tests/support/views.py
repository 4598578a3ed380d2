"""Views of runs whose kind is known."""

from pathlib import Path

from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import EvolutionView, SizeView


def size_view(folder: Path) -> SizeView:
    """Return the present view of a search."""
    view = RunFollower(folder).look()
    assert isinstance(view, SizeView)
    return view


def evolution_view(folder: Path) -> EvolutionView:
    """Return the present view of an evolution."""
    view = RunFollower(folder).look()
    assert isinstance(view, EvolutionView)
    return view

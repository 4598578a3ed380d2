"""A component: an object that a screen holds and that does what some of the screen's keys ask for."""

from collections.abc import Iterator
from typing import Protocol

PREFIX = "action_"
"""Textual's prefix for the method that does what a key is bound to."""


class Component(Protocol):
    """An object with methods ``action_x``; a key of the screen that is bound to ``x`` calls them."""

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether one of its actions means something now."""


def actions_of(component: Component) -> Iterator[str]:
    """Yield the names of its actions, as keys are bound to them."""
    return (name.removeprefix(PREFIX) for name in dir(component) if name.startswith(PREFIX))

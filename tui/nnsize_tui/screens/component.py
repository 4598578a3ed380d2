"""A component: an object that a screen holds, with the actions of some of the screen's keys."""

from collections.abc import Iterator

PREFIX = "action_"
"""The beginning of the name of an action's method, as Textual has it."""


class Component:
    """An object with methods ``action_x``; a key of the screen that is bound to ``x`` calls them."""

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether one of its actions is possible now; True unless a component overrides it."""
        del action, parameters
        return True

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why one of its actions is not possible now, as a clause: ``the run has ended``."""
        del action, parameters
        return ""

    def take_character(self, character: str) -> bool:
        """Take a typed character before bindings do; return False unless a component overrides it."""
        del character
        return False


class Draggable(Component):
    """A component with something that the mouse can drag; places are columns and rows of the screen."""

    def grab(self, column: int, row: int) -> bool:
        """Take hold of what is at a place; return whether there is something."""
        del column, row
        return False

    def drag(self, column: int, row: int) -> None:
        """Move what is held to a place."""
        del column, row

    def drop(self) -> None:
        """Let go of what is held."""


def actions_of(component: Component) -> Iterator[str]:
    """Yield the names of a component's actions, as keys are bound to them."""
    return (name.removeprefix(PREFIX) for name in dir(component) if name.startswith(PREFIX))

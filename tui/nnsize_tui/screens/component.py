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


def actions_of(component: Component) -> Iterator[str]:
    """Yield the names of a component's actions, as keys are bound to them."""
    return (name.removeprefix(PREFIX) for name in dir(component) if name.startswith(PREFIX))

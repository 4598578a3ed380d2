"""A screen passes its keys to the components that it holds."""

import importlib
import pkgutil

import pytest
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from nnsize_tui import screens
from nnsize_tui.screens.base import BaseDialog, BaseScreen
from nnsize_tui.screens.component import Component


class Counter(Component):
    """A component that counts, up to a limit."""

    def __init__(self) -> None:
        self.count = 0

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        return (action, parameters) == ("add", (2,)) and self.count < 4

    def action_add(self, number: int) -> None:
        self.count += number


class Other(Counter):
    """A component with an action that the first one has too."""


class Counting(BaseScreen[None]):
    """A screen that holds a component."""

    BINDINGS = [  # noqa: RUF012
        Binding("a", "add(2)", "Add"),
        Binding("b", "add(3)", "Add three"),
        Binding("c", "own", "Own"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.counter = self.hold(Counter())
        self.owned = 0

    def action_own(self) -> None:
        self.owned += 1


async def test_a_key_reaches_the_component_as_long_as_the_component_allows_it() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        screen = Counting()
        await app.push_screen(screen)
        await pilot.press("a", "b", "a", "a", "c")
        assert (screen.counter.count, screen.owned) == (4, 1)
        active = {key: one.enabled for key, one in screen.active_bindings.items() if key in ("a", "b", "c")}
        assert active == {"c": True}


def test_every_screen_has_one_base_class() -> None:
    for module in pkgutil.walk_packages(screens.__path__, "nnsize_tui.screens."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, type) and issubclass(value, Screen) and value.__module__ == module.name:
                assert len(value.__bases__) == 1 or value in (BaseScreen, BaseDialog), f"{name} in {module.name}"


async def test_two_components_with_the_same_action_are_refused() -> None:
    async with App[None]().run_test():
        screen = Counting()
        with pytest.raises(TypeError, match="Counting already has an action 'add'"):
            screen.hold(Other())

"""Textual's private members that the explorer uses are still there, and still do what it uses them for.

When one of these tests fails after another version of Textual was installed: read what became of the member that the
message names, mend ``nnsize_tui.terminal.textual_private``, then change the version that ``pyproject.toml`` names.
"""

import ast
import asyncio
import importlib
import inspect
import io
import os
import pkgutil
import re
import signal
import sys
import termios
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO

import pytest
import textual
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.await_remove import AwaitRemove
from textual.binding import Binding
from textual.driver import Driver
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.messages import Update
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Label

import nnsize_tui
from nnsize_tui.terminal import textual_private
from nnsize_tui.terminal.textual_private import (
    AppWithHooks,
    LinuxDriverWithHooks,
    ScreenDeafWhenRemoved,
    _parts_of,
    always_call,
    key_of_character,
    keys_of,
    mark_forwarded,
    send_together,
)
from support.waiting import wait_until

USES = {
    "_dispatch_message": "let a screen that is being removed handle no message",
    "_pruning": "know that a screen is being removed",
    "_register_child": "give every widget that joins the app the keys that the user chose",
    "_background_screens": "draw no screen that is hidden behind the one in front",
    "_display": "send only the cells that differ from what the terminal shows",
    "_batch_count": "leave alone what is not drawn yet",
    "_running": "leave alone what is not drawn any more",
    "_previous_cursor_position": "move the cursor although no cell differs",
    "_app": "have the whole screen sent after a suspension",
    "_driver": "ask the driver how much waits to be sent, and let it notify the user",
    "_file": "write to the terminal in pieces that can be cut short",
    "_writer_thread": "know what waits to be written to the terminal",
    "_queue": "count what waits to be written, and forget it when the explorer is closed",
    "_get_terminal_size": "ask the terminal itself for its size",
    "_enable_mouse_support": "ask for clicks and drags, but not for every movement of the mouse",
    "_disable_mouse_support": "take that back",
    "_mouse": "ask for nothing where the user wants no mouse",
    "_loop": "exit in the middle of anything when a signal asks for it",
    "_skip": "let a timer make its call on a busy machine too",
    "_bindings": "list the keys of a screen, and change them as the user chose",
    "_check_refresh": "send all that changed at one moment in one picture",
    "_notifications": "know which notices are on the screen",
    "_unnotify": "withdraw a notice that a newer one replaces",
    "_set_forwarded": "send what is typed ahead to the line that it is meant for",
    "_character_to_key": "know the name of a key that the user wrote as a character",
}
"""Every private member in the file, and what the explorer uses it for."""


def changed(member: str) -> str:
    """Return what a failing test says."""
    return f"{member} of Textual {textual.__version__} is not what it was; the explorer uses it to {USES[member]}"


class Told(Message):
    """A message that a screen counts."""


class Counting(Screen[None]):
    """A screen that counts the messages that it handles; one more is on its way when its removal begins."""

    handled = 0

    def on_told(self, _: Told) -> None:
        self.handled += 1

    def remove(self) -> AwaitRemove:
        self.post_message(Told())
        return super().remove()


class DeafCounting(ScreenDeafWhenRemoved[None]):
    handled = 0

    def on_told(self, _: Told) -> None:
        self.handled += 1

    def remove(self) -> AwaitRemove:
        self.post_message(Told())
        return super().remove()


@pytest.mark.parametrize(("kind", "handled"), [(Counting, 2), (DeafCounting, 1)])
async def test_a_screen_that_is_being_removed_handles_no_message(
    kind: type[Counting] | type[DeafCounting], handled: int
) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        screen = kind()
        await app.push_screen(screen)
        screen.post_message(Told())
        await pilot.pause()
        assert screen.handled == 1, changed("_dispatch_message")
        await app.pop_screen()
        assert screen.handled == handled, changed("_dispatch_message" if kind is Counting else "_pruning")


class Joined(AppWithHooks):
    """Notes which widgets join it."""

    def __init__(self) -> None:
        super().__init__()
        self.joined: list[Widget] = []

    def compose(self) -> ComposeResult:
        yield Label("text")

    def widget_joined(self, widget: Widget) -> None:
        assert not widget.is_mounted, changed("_register_child")
        self.joined.append(widget)


async def test_an_app_is_told_of_every_widget_and_screen_before_they_are_mounted() -> None:
    app = Joined()
    async with app.run_test():
        await app.push_screen(Counting())
        for kind in (Label, Counting):
            assert any(isinstance(widget, kind) for widget in app.joined), changed("_register_child")


async def test_the_screen_behind_a_screen_that_lets_nothing_through_is_not_drawn() -> None:
    for app, is_drawn in ((App[None](), True), (AppWithHooks(), False)):
        async with app.run_test():
            below = app.screen
            await app.push_screen(Counting())
            assert below.is_current == is_drawn, changed("_background_screens")


async def test_an_app_has_a_driver_as_soon_as_it_runs() -> None:
    app = AppWithHooks()
    assert app.driver is None, changed("_driver")
    async with app.run_test():
        assert isinstance(app.driver, Driver), changed("_driver")


async def test_an_app_can_be_asked_to_exit_at_any_moment() -> None:
    app = AppWithHooks()
    app.ask_to_exit(7)  # it does not run yet
    async with app.run_test() as pilot:
        assert app._loop is asyncio.get_running_loop(), changed("_loop")
        app.ask_to_exit(7)
        await pilot.pause()
    assert app.return_code == 7, changed("_loop")


async def test_an_app_displays_pictures_and_parts_of_pictures() -> None:
    shown: list[object] = []

    class Showing(AppWithHooks):
        def _display(self, screen: Screen[object], renderable: Any) -> None:
            shown.append(renderable)
            super()._display(screen, renderable)

    app = Showing()
    async with app.run_test() as pilot:
        label = Label("text")
        await app.screen.mount(label)
        await pilot.pause()
        assert app._running, changed("_running")
        assert not app._batch_count, changed("_batch_count")
        assert app._previous_cursor_position == (0, 0), changed("_previous_cursor_position")
        assert any(isinstance(one, LayoutUpdate) for one in shown), changed("_display")
        label.refresh()
        await pilot.pause()
    (part,) = [list(_parts_of(one)) for one in shown if isinstance(one, ChopsUpdate)][-1:]
    assert [(y, x, strip.text.rstrip()) for y, x, strip in part][:1] == [(0, 0, "text")], changed("_display")
    shown_by_textual = inspect.getsource(App._display)
    assert "isinstance(renderable, CompositorUpdate)" in shown_by_textual, changed("_display")


class Quiet(LinuxDriverWithHooks):
    """A driver that keeps what it writes."""

    MOUSE_ON, MOUSE_OFF = "on", "off"

    def __init__(self, app: App[None], *, mouse: bool = True) -> None:
        super().__init__(app, mouse=mouse)
        self.written: list[str] = []

    def write(self, data: str) -> None:
        self.written.append(data)

    def size_of_terminal(self) -> tuple[int, int] | None:
        return 70, 7


@pytest.fixture
def _no_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a driver leave the signals of the process that runs the tests as they are."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)


@pytest.mark.usefixtures("_no_signals")
async def test_a_driver_counts_what_waits_and_forgets_it() -> None:
    driver = Quiet(App())
    assert (driver.unsent, driver.drop_unsent()) == (0, False), changed("_writer_thread")
    driver._writer_thread = thread = WriterThread(io.StringIO())
    for text in ("one", "two"):
        thread.write(text)
    assert driver.unsent == 2, changed("_queue")
    assert driver.drop_unsent(), changed("_writer_thread")
    assert driver.unsent == 0, changed("_queue")


async def test_a_write_that_waits_for_the_terminal_looks_again_at_a_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    leader, follower = os.openpty()
    with monkeypatch.context() as patch:
        patch.setattr(signal, "signal", lambda *_: None)
        driver = Quiet(App())
    driver.wake_writer(signal.SIGUSR1)  # there is none yet

    def has_written() -> bool:
        termios.tcflush(follower, termios.TCOFLUSH)
        driver.wake_writer(signal.SIGUSR1)
        return not driver.unsent

    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        with open(leader, "rb"), open(follower, "w") as file:  # noqa: PTH123 (of numbers, not of paths)
            driver._writer_thread = thread = WriterThread(file)
            thread.start()
            thread.write("x" * 40_000)  # more than the system holds
            thread.write("x")
            assert driver.unsent, changed("_queue")
            wait_until(has_written)
            thread.stop()
    finally:
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.usefixtures("_no_signals")
async def test_a_driver_writes_to_another_file_that_wraps_the_terminals() -> None:
    wrapped: list[TextIO] = []

    def wrap(file: TextIO) -> TextIO:
        wrapped.append(file)
        return io.StringIO()

    Quiet(App()).replace_file(wrap)
    assert wrapped == [sys.__stderr__], changed("_file")
    started = inspect.getsource(LinuxDriver.start_application_mode)
    assert "self._writer_thread = WriterThread(self._file)" in started, changed("_file")


@pytest.mark.usefixtures("_no_signals")
@pytest.mark.parametrize("has_mouse", [True, False])
async def test_a_driver_asks_for_the_events_of_the_mouse_that_its_class_names(has_mouse: bool) -> None:
    driver = Quiet(App(), mouse=has_mouse)
    driver._enable_mouse_support()
    driver._disable_mouse_support()
    assert driver.written == (["on", "off"] if has_mouse else []), changed("_mouse")
    started = inspect.getsource(LinuxDriver.start_application_mode)
    assert "self._enable_mouse_support()" in started, changed("_enable_mouse_support")
    ended = inspect.getsource(LinuxDriver.disable_input)
    assert "self._disable_mouse_support()" in ended, changed("_disable_mouse_support")


@pytest.mark.usefixtures("_no_signals")
async def test_a_driver_says_how_large_the_terminal_is() -> None:
    assert Quiet(App())._get_terminal_size() == (70, 7), changed("_get_terminal_size")
    started = inspect.getsource(LinuxDriver.start_application_mode)
    assert "self._get_terminal_size()" in started, changed("_get_terminal_size")


async def test_a_timer_makes_its_call_however_late_it_is() -> None:
    app: App[None] = App()
    async with app.run_test():
        timer = app.set_timer(60, lambda: None)
        assert vars(timer)["_skip"] is True, changed("_skip")
        always_call(timer)
        assert vars(timer)["_skip"] is False, changed("_skip")
        assert "if self._skip and" in inspect.getsource(Timer), changed("_skip")


class Bound(Screen[None]):
    """A screen with a key."""

    BINDINGS = [Binding("a", "count", "Count")]  # noqa: RUF012 (as Textual's own examples)
    counted = 0

    def action_count(self) -> None:
        self.counted += 1


async def test_a_screen_obeys_another_key_once_its_own_map_names_it() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        screen = Bound()
        await app.push_screen(screen)
        keys = keys_of(screen).key_to_bindings
        assert [binding.action for binding in keys["a"]] == ["count"], changed("_bindings")
        keys["f5"] = [binding.with_key("f5") for binding in keys.pop("a")]
        await pilot.press("a", "f5")
        assert screen.counted == 1, changed("_bindings")
        assert "a" in keys_of(Bound()).key_to_bindings, changed("_bindings")


def test_a_key_is_marked_as_sent() -> None:
    event = events.Key("a", "a")
    assert not event.is_forwarded, changed("_set_forwarded")
    mark_forwarded(event)
    assert event.is_forwarded, changed("_set_forwarded")


@pytest.mark.parametrize(("character", "key"), [("?", "question_mark"), ("A", "A"), ("{", "left_curly_bracket")])
def test_the_key_of_a_character_has_its_name(character: str, key: str) -> None:
    assert key_of_character(character) == key, changed("_character_to_key")


class Labelled(AppWithHooks):
    def compose(self) -> ComposeResult:
        yield Label("one")
        yield Label("two")


async def test_what_changes_together_is_sent_together() -> None:
    app = Labelled()
    async with app.run_test() as pilot:
        labels = [*app.screen.query(Label)]
        for label in labels:
            label.refresh()
        send_together(app.screen)
        queue: asyncio.Queue[Message | None] = app.screen._message_queue
        waiting = [queue.get_nowait() for _ in range(queue.qsize())]
        assert [one.widget for one in waiting if isinstance(one, Update)] == labels, changed("_check_refresh")
        await pilot.pause()


async def test_a_notice_is_known_and_can_be_withdrawn() -> None:
    app = AppWithHooks()
    async with app.run_test(notifications=True) as pilot:
        app.notify("one")
        app.notify("two")
        await pilot.pause()
        assert [one.message for one in app.notices] == ["one", "two"], changed("_notifications")
        app.withdraw(app.notices[0])
        assert [one.message for one in app.notices] == ["two"], changed("_unnotify")


# Nothing else uses one.


def test_the_version_of_textual_is_one_that_was_tested() -> None:
    assert textual.__version__.split(".")[:2] == ["8", "2"]


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def private_names(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield every private name that is used or defined: what it is a member of, if that is a plain name, and itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            yield (node.value.id if isinstance(node.value, ast.Name) else ""), node.attr
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_private(node.name):
            yield "self", node.name
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual"):
            yield from (("", alias.name) for alias in node.names if is_private(alias.name))


@cache
def names_of_textual() -> frozenset[str]:
    """Return every private name anywhere in Textual."""
    files = Path(textual.__file__).parent.rglob("*.py")
    return frozenset(name for file in files for name in re.findall(r"\b_[a-z]\w*", file.read_text(encoding="utf-8")))


@cache
def names_in(owner: type) -> frozenset[str]:
    """Return the private members that a class names: methods, and attributes of itself."""
    return frozenset(re.findall(r"(?:self\.|def )(_[a-z]\w*)", inspect.getsource(owner)))


def modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(nnsize_tui.__path__, "nnsize_tui."):
        if not module.name.endswith("__main__"):
            yield importlib.import_module(module.name)


def test_every_use_in_the_file_is_in_the_table_above() -> None:
    used = {name for _, name in private_names(ast.parse(inspect.getsource(textual_private)))}
    assert used & names_of_textual() == set(USES)


CHANCE = {
    ("nnsize_tui.terminal.ending", "_exit"),  # of the module os
    ("nnsize_tui.entry_points", "_exit"),
}
"""What has the name of a private member by chance."""


def uses_in(module: ModuleType) -> Iterator[str]:
    """Yield the private members of Textual that a module uses on other objects, or on its own widgets and screens."""
    tree = ast.parse(inspect.getsource(module))
    own = {name for owner, name in private_names(tree) if owner in ("self", "cls")}
    yield from (name for owner, name in private_names(tree) if owner not in ("self", "cls") and name not in own)
    for name, value in vars(module).items():
        if isinstance(value, type) and value.__module__ == module.__name__:
            bases: list[Any] = [base for base in value.__mro__ if base.__module__.startswith("textual.")]
            known = frozenset().union(*(names_in(base) for base in bases)) if bases else frozenset()
            yield from (f"{name}.{used}" for used in names_in(value) & known)


def test_no_other_module_uses_a_private_member_of_textual() -> None:
    found = {
        (module.__name__, used)
        for module in modules()
        if module is not textual_private
        for used in uses_in(module)
        if used.rpartition(".")[2] in names_of_textual()
    }
    assert found <= CHANCE

"""The base of the explorer's screens: a screen holds components, and is left once."""

from collections.abc import Callable, Collection, Coroutine, Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar, cast

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType
from textual.worker import WorkType

from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import Kind
from nnsize_tui.follow.pending_requests import PendingRequests
from nnsize_tui.screens.component import PREFIX, Component, Draggable, actions_of
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.textual_private import ScreenDeafWhenRemoved
from nnsize_tui.text.column_words import Subject
from nnsize_tui.widgets.column_subject import column_subject
from nnsize_tui.widgets.live_table import LiveTable
from nnsize_tui.widgets.notice_place import place_notices

Held = TypeVar("Held", bound=Component)


class Explorer(Protocol):
    """The part of the app that screens use."""

    glyphs: Glyphs
    pending_requests: PendingRequests
    unseen_runs: set[Path]
    """Runs that were started here and are not shown yet."""

    refresh_seconds: float | None
    """Seconds between two reads of runs; None where the user's settings do not say."""

    def saved_draft(self, kind: Kind) -> tuple[Mapping[str, Any], float] | None:
        """Return the fields of a draft that was left half-filled, and when; None if there is none."""

    def save_draft(self, kind: Kind, fields: Mapping[str, Any] | None) -> None:
        """Save the fields of a draft for the next start, or forget them."""

    def follower(self, folder: Path) -> RunFollower:
        """Return the one follower of a run that all screens share."""

    def saved_value(self, name: str) -> object:
        """Return what was saved under a name by :meth:`save_value`, as JSON has it; None if there is nothing."""

    def save_value(self, name: str, value: object) -> None:
        """Save a value of JSON for later starts."""

    def withdraw_notice(self, words: str) -> None:
        """Remove a notice before its time, if it is still there."""

    def open_run(self, folder: Path, kind: Kind, view: AnyView | None = None) -> None:
        """Show one run on top of the table."""


class BaseScreen(ScreenDeafWhenRemoved[ScreenResultType]):
    """A screen that lets its keys reach the components that it holds."""

    KINDS: ClassVar[tuple[Kind, ...]] = ()
    """The kinds of run that the keys steer; the help explains their words."""

    READABLE: ClassVar[str] = "KeyBar"
    """A selector of the parts that no notice covers: the keys, the answer, what says how a run is started."""

    OFFERS_EXPLANATION: ClassVar[bool] = False
    """True if the bottom line shows the key that explains what is under the cursor."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._owners: dict[str, Component] = {}
        """The component of each action."""

        self._components: list[Component] = []

    @property
    def explorer(self) -> Explorer:
        """The app, with the part that screens use."""
        return cast(Explorer, self.app)

    @property
    def is_current(self) -> bool:
        """Return whether this screen is in front: what lies under a dialog is not redrawn.

        Textual counts a screen under a dialog as current. It then sends both again, over and over, while data change.
        """
        stack = self.app.screen_stack
        return bool(stack) and stack[-1] is self

    def subject(self) -> Subject | None:
        """Return what the help explains first: by default the columns of the table that has the focus, or of any."""
        tables = [table for table in self.query(LiveTable) if table.display]
        focused = [table for table in tables if table.has_focus]
        return next((subject for table in (*focused, *tables) if (subject := column_subject(table)) is not None), None)

    @property
    def unwanted(self) -> Collection[str]:
        """Actions that come last among the keys in the bottom line."""
        return ()

    @property
    def wanted(self) -> Collection[str]:
        """Actions that do not come last now, although they usually do."""
        return ()

    @property
    def kept(self) -> Collection[str]:
        """Actions that have room in a narrow bottom line before all others."""
        return ()

    def hold(self, component: Held) -> Held:
        """Connect the keys that are bound to a component's actions with the component.

        Textual looks for the method of an action on the screen, so that the screen gets these methods.
        """
        for action in actions_of(component):
            name = f"{PREFIX}{action}"
            if hasattr(self, name):
                raise TypeError(f"{type(self).__name__} already has an action {action!r}")
            setattr(self, name, getattr(component, name))
            self._owners[action] = component
        self._components.append(component)
        return component

    def keep_before_exit(self) -> None:
        """Save what the user typed; called before the explorer ends."""

    @property
    def _draggable(self) -> list[Draggable]:
        """The components with something that the mouse can drag."""
        return [one for one in self._components if isinstance(one, Draggable)]

    def on_mount(self) -> None:
        """Place the notices anew whenever the parts of the screen have moved."""
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self.place_notices(), immediate=True)

    def place_notices(self) -> None:
        """Put the notices where they cover nothing that must stay readable."""
        place_notices(self, self.READABLE)

    def on_key(self, event: events.Key) -> None:
        """Let a component take a typed character."""
        if event.character is not None and any(one.take_character(event.character) for one in self._components):
            event.stop()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Let a component take hold of what is under the mouse, if it can be dragged."""
        if event.button == 1 and any(one.grab(int(event.screen_x), int(event.screen_y)) for one in self._draggable):
            event.stop()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag what a component holds."""
        for one in self._draggable:
            one.drag(int(event.screen_x), int(event.screen_y))

    def on_mouse_up(self, _: events.MouseUp) -> None:
        """Let go of what was dragged."""
        for one in self._draggable:
            one.drop()

    def run_task(self, task: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a coroutine of a component, such as a question to the user, in a worker."""
        work: WorkType[None] = task
        self.run_worker(work)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action is possible now."""
        owner = self._owners.get(action)
        return super().check_action(action, parameters) if owner is None else owner.can_do(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why an action is not possible now, as a clause; empty where there is no reason in words."""
        owner = self._owners.get(action)
        return "" if owner is None else owner.why_not(action, parameters)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave this screen and every screen on top of it; do nothing if it has been left already.

        Textual's own method leaves the screen in front. A quicker key or click may have left this one before.
        """
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)


class BaseDialog(BaseScreen[ScreenResultType]):
    """A screen in front of another one, which stays in sight as it is and gets no keys.

    It is transparent: if the screen below became darker, all its cells would have to be sent.

    It replaces Textual's ``ModalScreen``, which would be a second base class.
    """

    READABLE: ClassVar[str] = "BaseDialog > *"

    DEFAULT_CSS = """
    BaseDialog {
        layout: vertical;
        overflow-y: auto;
        background: transparent;
    }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(classes=None if glyphs.unicode else "-ascii")
        self._glyphs = glyphs

    @property
    def is_modal(self) -> bool:
        """Return True: only this screen gets keys."""
        return True


def steered_kinds(screen: Screen[object]) -> tuple[Kind, ...]:
    """Return the kinds of run that the keys of a screen steer; none where it steers no run."""
    return screen.KINDS if isinstance(screen, BaseScreen) else ()

"""The keys that steer a run, the same on every screen that shows one."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual import work
from textual.binding import Binding
from textual.message import Message
from textual.screen import Screen

from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs import launch
from nnsize_engine.runs.folders import read_state
from nnsize_engine.settings.run import STEP_NAMES, Kind
from nnsize_tui.follow.messages import RunDeleted, Trouble
from nnsize_tui.screens.base import BaseScreen, Explorer
from nnsize_tui.screens.dialogs.confirm import Confirm

if TYPE_CHECKING:
    from nnsize_tui.screens.setup.draft import Draft

if TYPE_CHECKING:
    pass

KEYS: tuple[Binding, ...] = (
    Binding("p", "pause", "Pause", id="run.pause", tooltip="Pause the run; it can go on exactly there"),
    Binding("p,r", "resume", "Resume", id="run.resume", tooltip="Go on; nothing that is finished is repeated"),
    Binding("s", "stop", "Stop", id="run.stop", tooltip="Stop the run; it can be resumed later"),
    Binding("a", "again", "Again", id="run.again", tooltip="Set up a new run from the settings of this one"),
    Binding("x", "export", "Export", id="run.export",
            tooltip="Take home a table, the best network, the chart or a program"),
    Binding("y", "copy", "Copy", id="run.copy",
            tooltip="Copy to the clipboard: the row of the cursor, a value, the answer"),
    Binding("d", "delete", "Delete", id="run.delete", tooltip="Delete the run and its results (asks first)"),
)  # fmt: skip
"""The keys that steer a run, for every screen that shows one."""

RESUMABLE: frozenset[State] = frozenset({"paused", "stopped", "failed", "interrupted"})
PAUSABLE: frozenset[State] = frozenset({"starting", "running"})
STOP_SECONDS = 65.0  # a large population takes a while to be stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The run that a key is about."""

    folder: Path
    state: State | None
    """None when it cannot be read."""

    done: int
    """Fits or generations that are finished."""

    kind: Kind = "size"


class SteeringScreen(BaseScreen[None]):
    """A screen with a run to steer; a child class says which."""

    KINDS: ClassVar[tuple[Kind, ...]] = ("size", "evolution")
    """The kinds of runs that it shows, for its help."""

    @property
    def explorer(self) -> Explorer:
        """The app, as far as screens know it."""
        return cast(Explorer, self.app)

    def target(self) -> Target | None:
        """The run that keys are about now."""
        raise NotImplementedError

    def look_now(self) -> None:
        """Look at the runs at once, something was done to one."""
        raise NotImplementedError

    def request_noted(self) -> None:
        """Show what was asked for, before it has happened."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys work now."""
        del parameters
        if action not in ("pause", "resume", "stop", "again", "export", "copy", "delete"):
            return True
        target = self.target()
        if target is None:
            return False
        allowed = {
            "pause": target.state in PAUSABLE,
            "resume": target.state in RESUMABLE,
            "stop": target.state in LIVE_STATES,
            "again": target.state is not None,
            "export": target.done > 0,
            "copy": True,
            "delete": True,
        }
        return allowed[action]

    def action_pause(self) -> None:
        """Ask the run to pause."""
        self._ask("pausing", launch.pause, ("paused", "stopped", "finished", "failed", "refused", "interrupted"))

    def action_resume(self) -> None:
        """Let the run go on."""
        self._ask("resuming", launch.resume, ("starting", "running", "finished"))

    def action_stop(self) -> None:
        """Ask the run to stop."""
        self._ask("stopping", launch.stop, ("stopped", "finished", "failed", "refused", "interrupted"))

    @work
    async def action_delete(self) -> None:
        """Ask back, then delete."""
        target = self.target()
        if target is None or not self.is_active:  # the key was pressed twice
            return
        glyphs = self.explorer.glyphs
        name, is_live = target.folder.name, target.state in LIVE_STATES
        steps = f"{target.done} finished {STEP_NAMES[target.kind]}" + ("" if target.done == 1 else "s")
        question = f"Delete run {name}? Its {steps} will be lost."
        if target.state is None:
            question = f"Delete run {name}? It cannot be read; whatever it holds will be lost."
        if is_live:
            question = f"Run {name} is {target.state}. Stop it and delete it? Its {steps} will be lost."
        yes = "Stop and delete" if is_live else "Delete"
        if await self.app.push_screen_wait(Confirm(glyphs, question, yes=yes, no="Keep")):
            self.explorer.pending_requests.ask(target.folder, "deleting", ())
            self.request_noted()
            self._delete(target.folder, is_live=is_live)

    def action_again(self) -> None:
        """Set up a new run from the settings of this one."""
        from nnsize_tui.screens.setup.default_draft import draft_of

        target = self.target()
        if target is None:
            return
        try:
            draft = draft_of(read_state(target.folder)[0].settings)
        except NnsizeError as error:
            self.notify(str(error), severity="error", timeout=8, markup=False)
        else:
            cast(Home, self.app.get_default_screen()).set_up(draft.kind, draft)

    def copyable(self) -> Sequence[tuple[str, str]]:
        """What can be copied now, and its text; a child class has more."""
        target = self.target()
        return [("run", target.folder.name), ("folder", str(target.folder))] if target is not None else []

    @work
    async def action_copy(self) -> None:
        """Ask what, and hand it to the terminal's clipboard."""
        from nnsize_tui.screens.dialogs.copy_one import copy_one

        if self.is_active:
            await copy_one(self.app, self.explorer.glyphs, self.copyable())

    def action_export(self) -> None:
        """Ask where to, and write a table."""
        from nnsize_tui.screens.export.dialog import ExportDialog
        from nnsize_tui.screens.export.offer import RunOffer

        target = self.target()
        if target is not None:
            self.app.push_screen(ExportDialog(self.explorer.glyphs, RunOffer(target.folder)))

    def _ask(self, word: str, action: Callable[[Path], None], until: Collection[State]) -> None:
        target = self.target()
        if target is not None:
            self.explorer.pending_requests.ask(target.folder, word, until)
            self.request_noted()
            self._steer(target.folder, action)

    @work(thread=True, group="steer")
    def _steer(self, folder: Path, action: Callable[[Path], None]) -> None:
        home = self.app.get_default_screen()
        try:
            action(folder)
        except NnsizeError as error:
            self._tell(Trouble(str(error), folder), home)
        self.look_now()

    def _tell(self, message: Message, home: Screen[object]) -> None:
        """Let this screen say it, or that with all runs where this one was left meanwhile."""
        if not self.post_message(message):
            home.post_message(message)

    @work(thread=True, group="steer")
    def _delete(self, folder: Path, *, is_live: bool) -> None:
        home = self.app.get_default_screen()
        try:
            if is_live:
                launch.stop(folder)
                launch.wait_for(folder, lambda state: state not in LIVE_STATES, STOP_SECONDS)
            launch.delete(folder)
        except NnsizeError as error:
            self._tell(Trouble(str(error), folder), home)
        else:
            self._tell(RunDeleted(folder), home)
        self.look_now()

    def on_trouble(self, message: Trouble) -> None:
        """Say it; the wish is not going to come true."""
        if message.folder is not None:
            self.explorer.pending_requests.forget(message.folder)
        self.notify(message.reason, severity="error", timeout=8, markup=False)
        self.request_noted()


class Home(Protocol):
    """What screens need of the screen with all runs."""

    def set_up(self, kind: Kind, draft: "Draft | None" = None) -> object:
        """Set up a run, from a draft or as it was left the last time."""

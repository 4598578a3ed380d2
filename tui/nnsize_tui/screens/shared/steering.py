"""Steer a run from any screen that shows one: pause, resume, stop, delete, label, run again, export, copy.

Where runs are marked, these keys are for all of them; running one again and copying are for that under the cursor.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

from textual.binding import Binding

from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.folders import read_state
from nnsize_engine.settings.run import Kind
from nnsize_tui.follow.messages import Trouble
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.shared.deleting import delete_all, question_about
from nnsize_tui.screens.shared.requests import Requests, tell
from nnsize_tui.screens.shared.target import Target, allows

if TYPE_CHECKING:
    from nnsize_tui.screens.setup.draft import Draft

KEYS: tuple[Binding, ...] = (
    Binding("p", "pause", "Pause", id="run.pause", tooltip="Pause the run; where it is paused, go on exactly there"),
    Binding("p,r", "resume", "Resume", id="run.resume", tooltip="Go on; nothing that is finished is repeated"),
    Binding("s", "stop", "Stop", id="run.stop", tooltip="Stop the run; it can be resumed later"),
    Binding("a", "again", "Again", id="run.again", tooltip="Set up a new run from the settings of this one"),
    Binding("x", "export", "Export", id="run.export",
            tooltip="Take home a table, the best network, the chart or a program"),
    Binding("y", "copy", "Copy", id="run.copy",
            tooltip="Copy to the clipboard: the row of the cursor, a value, the answer"),
    Binding("N", "label", "Name", id="run.label", tooltip="Give the run a name, a note, tags; / finds runs by them"),
    Binding("d", "delete", "Delete", id="run.delete", tooltip="Delete the run and its results (asks first)"),
)  # fmt: skip
"""The keys that steer a run."""

FOR_MARKED = frozenset({"pause", "resume", "stop", "delete", "label", "export"})
"""Actions that are for all marked runs."""

Copyable = Sequence[tuple[str, str]]
"""Texts that can be copied, each with its name."""


class MarkedRuns(Protocol):
    """The runs that are marked in the table of all runs."""

    @property
    def targets(self) -> Sequence[Target]:
        """The marked runs; none if there are none."""

    def export(self) -> None:
        """Open the export dialog for all of them."""


class Steering(Component):
    """Send the request of a key to a run, and show the request at once."""

    def __init__(
        self,
        screen: BaseScreen[None],
        *,
        target: Callable[[], Target | None],
        look_now: Callable[[], None],
        show_request: Callable[[], None],
        copyable: Callable[[], Copyable] = tuple,
        marked: MarkedRuns | None = None,
    ) -> None:
        """``target`` returns the run that keys steer now; ``look_now`` reads it again after a request.

        ``show_request`` shows a request that the run has not answered yet; ``copyable`` returns the texts of a run that
        can be copied besides its name and folder. ``marked`` are runs that some keys steer together.
        """
        self._screen = screen
        self._target, self._look_now = target, look_now
        self._show_request, self._copyable = show_request, copyable
        self._marked = marked
        self._requests = Requests(screen, look_now=look_now, show=show_request)

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether the run's state allows an action."""
        del parameters
        return bool(self._targets(action))

    def _candidates(self, action: str) -> Sequence[Target]:
        """Return the runs that an action may be for: those that are marked, or that under the cursor."""
        marked = self._marked.targets if self._marked is not None and action in FOR_MARKED else ()
        target = self._target()
        return marked or (() if target is None else (target,))

    def _targets(self, action: str) -> list[Target]:
        """Return the runs that an action is for: those whose state allows it."""
        return [one for one in self._candidates(action) if allows(one, action)]

    def _left(self, action: str) -> list[Target]:
        """Return the marked runs whose state does not allow an action."""
        return [one for one in self._candidates(action) if not allows(one, action)]

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why the run's state does not allow an action."""
        target = self._target()
        if self.can_do(action, parameters):
            return ""
        if target is None:
            return "there is no run under the cursor"
        if len(self._candidates(action)) > 1:
            return "none of the marked runs is in a state for it"
        if target.kind == "watched" and action not in ("export", "copy"):
            return "scikit-learn runs it, in your Python"
        if action == "export":
            return "nothing of the run is finished yet"
        if target.state is None:
            return "the run cannot be read"
        reasons = {
            "pause": "only a running one can be paused",
            "resume": "nothing is left to do" if target.state == "finished" else "it goes on already",
            "stop": "it has ended already",
        }
        return f"the run is {target.state}: {reasons.get(action, 'that is not for it')}"

    def action_pause(self) -> None:
        """Ask the run to pause, or all marked ones that are at work."""
        self._requests.pause(self._targets("pause"), self._left("pause"))

    def action_resume(self) -> None:
        """Let the run go on, or all marked ones that can."""
        self._requests.resume(self._targets("resume"), self._left("resume"))

    def action_stop(self) -> None:
        """Ask the run to stop, or all marked ones after a question."""
        self._screen.run_task(partial(self._requests.stop, self._targets("stop"), self._left("stop")))

    def action_delete(self) -> None:
        """Ask for confirmation, then delete."""
        self._screen.run_task(self._ask_and_delete)

    async def _ask_and_delete(self) -> None:
        screen, targets = self._screen, self._targets("delete")
        if not targets or not screen.is_active:  # the key was pressed twice
            return
        is_live = any(target.state in LIVE_STATES for target in targets)
        yes = "Stop and delete" if is_live else "Delete"
        question = Confirm(screen.explorer.glyphs, question_about(targets), yes=yes, no="Keep")
        if await screen.app.push_screen_wait(question):
            for target in targets:
                screen.explorer.pending_requests.ask(target.folder, "deleting", ())
            self._show_request()
            self._work(partial(self._delete, targets))

    def action_label(self) -> None:
        """Ask for name, note and tags of the run, or for tags of all marked ones."""
        self._screen.run_task(self._ask_for_label)

    async def _ask_for_label(self) -> None:
        from nnsize_tui.screens.dialogs.label import LabelDialog

        screen, targets = self._screen, self._targets("label")
        if not targets or not screen.is_active:  # the key was pressed twice
            return
        dialog = LabelDialog(screen.explorer.glyphs, [target.folder for target in targets])
        if await screen.app.push_screen_wait(dialog):
            self._look_now()

    def action_again(self) -> None:
        """Set up a new run from the settings of this one."""
        from nnsize_tui.screens.setup.default_draft import draft_of

        target = self._target()
        if target is None:
            return
        try:
            draft = draft_of(read_state(target.folder)[0].settings)
        except NnsizeError as error:
            self._screen.notify(str(error), severity="error", timeout=8, markup=False)
        else:
            cast(Home, self._screen.app.get_default_screen()).set_up(draft.kind, draft)

    def action_copy(self) -> None:
        """Ask for a text, and copy it to the terminal's clipboard."""
        self._screen.run_task(self._ask_and_copy)

    async def _ask_and_copy(self) -> None:
        from nnsize_tui.screens.dialogs.copy_one import copy_one

        screen, target = self._screen, self._target()
        if not screen.is_active:
            return
        names = () if target is None else (("run", target.folder.name), ("folder", str(target.folder)))
        await copy_one(screen.app, screen.explorer.glyphs, [*self._copyable(), *names])

    def action_export(self) -> None:
        """Open the export dialog."""
        from nnsize_tui.screens.export.dialog import ExportDialog
        from nnsize_tui.screens.export.offer import RunOffer

        if self._marked is not None and len(self._marked.targets) > 1:
            self._marked.export()
            return
        target = next(iter(self._targets("export")), None)
        if target is not None:
            self._screen.app.push_screen(ExportDialog(self._screen.explorer.glyphs, RunOffer(target.folder)))

    def say_trouble(self, message: Trouble) -> None:
        """Show why a request failed, and forget the request."""
        for folder in message.folders:
            self._screen.explorer.pending_requests.forget(folder)
        self._screen.notify(message.reason, severity="error", timeout=8, markup=False)
        self._show_request()

    # In a thread: the screen may be left meanwhile.

    def _work(self, work: Callable[[], None]) -> None:
        self._screen.run_worker(work, group="steer", thread=True)

    def _delete(self, targets: Sequence[Target]) -> None:
        home = self._screen.app.get_default_screen()
        delete_all(targets, lambda message: tell(self._screen, message, home))
        self._look_now()


class Home(Protocol):
    """The part of the home screen that other screens use."""

    def set_up(self, kind: Kind, draft: "Draft | None" = None) -> None:
        """Open the setup of a run, with a draft or with the last one of this kind."""

"""A screen from which runs are set up and started."""

from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from nnsize_engine.errors import NnsizeError
from nnsize_engine.runs import launch
from nnsize_engine.settings.run import SETTINGS, Kind, RunSettings
from nnsize_tui.follow.messages import RunStarted, Trouble
from nnsize_tui.screens.shared.steering import SteeringScreen

if TYPE_CHECKING:
    from nnsize_tui.screens.setup.draft import Draft


class StartingScreen(SteeringScreen):
    """Sets up runs, each kind as it was left the last time; a child class shows what was started."""

    def __init__(self) -> None:
        super().__init__()
        self.is_starting = False
        self._drafts: dict[Kind, Draft] = {}
        """Of a search and of an evolution, as they were left."""

    @property
    def home(self) -> Path:
        """Where runs are made."""
        raise NotImplementedError

    def show_starting(self) -> None:
        """Show whether a run is being started."""
        raise NotImplementedError

    def choose_started(self, folder: Path) -> None:
        """Put the cursor on a run that was just started, as soon as it is there."""
        raise NotImplementedError

    def action_setup(self, kind: Kind) -> None:
        """Set up a search or an evolution; as it was left the last time."""
        self.set_up(kind)

    @work
    async def set_up(self, kind: Kind, draft: "Draft | None" = None) -> None:
        """Set up a run, from a draft or as it was left the last time, also from the screen of an open run."""
        from nnsize_tui.screens.setup.default_draft import usual_draft
        from nnsize_tui.screens.setup.draft import Draft
        from nnsize_tui.screens.setup.screen import SetupScreen

        if not isinstance(self.app.screen, SteeringScreen):  # the key was pressed twice
            return
        try:
            draft = draft or self._drafts.get(kind) or usual_draft(kind)
        except NnsizeError as error:
            self.notify(str(error), severity="error", timeout=8, markup=False)
        left = await self.app.push_screen_wait(SetupScreen(self.home, draft or Draft(kind=kind)))
        self._drafts[left.draft.kind] = left.draft
        if left.started is None:
            return
        while self.app.screen is not self and len(self.app.screen_stack) > 1:
            await self.app.pop_screen()
        if left.is_watched:
            self.on_run_started(RunStarted(left.started, left.draft.kind))
        else:
            self.choose_started(left.started)
            self.look_now()
            self.notify(f"Run {left.started.name} is under way.", markup=False)

    def action_start(self, kind: Kind = "size") -> None:
        """Start the built-in search, or the built-in evolution."""
        if not self.is_starting:
            self.is_starting = True
            self.show_starting()
            self._start(SETTINGS[kind]())

    @work(thread=True, group="steer")
    def _start(self, settings: RunSettings) -> None:
        try:
            self.post_message(RunStarted(launch.start(settings, self.home), settings.kind))
        except NnsizeError as error:
            self.post_message(Trouble(str(error)))

    def on_run_started(self, message: RunStarted) -> None:
        """Show what was started."""
        self.is_starting = False
        self.choose_started(message.folder)
        self.show_starting()
        self.explorer.open_run(message.folder, message.kind)

    def on_trouble(self, _: Trouble) -> None:
        self.is_starting = False

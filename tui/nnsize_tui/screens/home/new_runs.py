"""Set up and start new runs from the home screen."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nnsize_engine.errors import NnsizeError
from nnsize_engine.settings.run import SETTINGS, Kind
from nnsize_tui.follow.messages import RunStarted
from nnsize_tui.follow.run_starter import RunStarter
from nnsize_tui.screens.base import BaseScreen, steered_kinds
from nnsize_tui.screens.component import Component

if TYPE_CHECKING:
    from nnsize_tui.screens.setup.draft import Draft


class NewRuns(Component):
    """Open the setup with the last draft of a kind of run, and start built-in runs."""

    def __init__(
        self,
        screen: BaseScreen[None],
        home: Path,
        *,
        show: Callable[[], None],
        choose: Callable[[Path], None],
        look_now: Callable[[], None],
    ) -> None:
        """``home`` is the folder of the runs; ``show`` shows whether one is being started.

        ``choose`` puts the cursor on a started run as soon as it is in the table; ``look_now`` reads all runs again.
        """
        self._screen, self._home = screen, home
        self._show, self._choose, self._look_now = show, choose, look_now
        self._starter = RunStarter(screen, home)
        self._drafts: dict[Kind, Draft] = {}
        """The last draft of a search and of an evolution."""

    @property
    def is_starting(self) -> bool:
        """Return whether a run is being started."""
        return self._starter.is_starting

    def action_setup(self, kind: Kind) -> None:
        """Open the setup of a search or an evolution, with its last draft."""
        self.set_up(kind)

    def set_up(self, kind: Kind, draft: "Draft | None" = None) -> None:
        """Open the setup of a run, with a draft or with the last one, also from the screen of an open run."""
        self._screen.run_task(partial(self._set_up, kind, draft))

    async def _set_up(self, kind: Kind, draft: "Draft | None") -> None:
        from nnsize_tui.screens.setup.default_draft import usual_draft
        from nnsize_tui.screens.setup.draft import Draft
        from nnsize_tui.screens.setup.screen import SetupScreen

        screen, app = self._screen, self._screen.app
        if not steered_kinds(app.screen):  # the key was pressed twice
            return
        try:
            draft = draft or self._drafts.get(kind) or usual_draft(kind)
        except NnsizeError as error:
            screen.notify(str(error), severity="error", timeout=8, markup=False)
        left = await app.push_screen_wait(SetupScreen(self._home, draft or Draft(kind=kind)))
        self._drafts[left.draft.kind] = left.draft
        if left.started is None:
            return
        self._screen.explorer.unseen_runs.discard(left.started)
        while app.screen is not screen and len(app.screen_stack) > 1:
            await app.pop_screen()
        if left.is_watched:
            self.run_started(RunStarted(left.started, left.draft.kind))
        else:
            self._choose(left.started)
            self._look_now()
            screen.notify(f"Run {left.started.name} is under way.", markup=False)

    def action_start(self, kind: Kind = "size") -> None:
        """Start the built-in search, or the built-in evolution."""
        if not self.is_starting:
            self._starter.start(SETTINGS[kind](), self._screen.explorer.unseen_runs)
            self._show()

    def run_started(self, message: RunStarted) -> None:
        """Open the run that was started."""
        self._starter.end()
        self._screen.explorer.unseen_runs.discard(message.folder)
        self._choose(message.folder)
        self._show()
        self._screen.explorer.open_run(message.folder, message.kind)

    def could_not_start(self) -> None:
        """Allow another start."""
        self._starter.end()

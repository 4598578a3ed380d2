"""Set up and start new runs from the home screen."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nnsize_engine.settings.run import Kind
from nnsize_tui.screens.base import BaseScreen, steered_kinds
from nnsize_tui.screens.component import Component

if TYPE_CHECKING:
    from nnsize_tui.screens.setup.draft import Draft


class NewRuns(Component):
    """Open the setup with the last draft of a kind of run, and what was started there."""

    def __init__(
        self,
        screen: BaseScreen[None],
        home: Path,
        *,
        choose: Callable[[Path], None],
        look_now: Callable[[], None],
    ) -> None:
        """``home`` is the folder of the runs.

        ``choose`` puts the cursor on a started run as soon as it is in the table; ``look_now`` reads all runs again.
        """
        self._screen, self._home = screen, home
        self._choose, self._look_now = choose, look_now
        self._drafts: dict[Kind, Draft] = {}
        """The last draft of a search and of an evolution."""

    def action_setup(self, kind: Kind) -> None:
        """Open the setup of a search or an evolution, with its last draft."""
        self.set_up(kind)

    def set_up(self, kind: Kind, draft: "Draft | None" = None) -> None:
        """Open the setup of a run, with a draft or with the last one, also from the screen of an open run."""
        self._screen.run_task(partial(self._set_up, kind, draft))

    async def _set_up(self, kind: Kind, draft: "Draft | None") -> None:
        from nnsize_tui.screens.setup.begin import begin_draft
        from nnsize_tui.screens.setup.screen import SetupScreen

        screen, app = self._screen, self._screen.app
        if not steered_kinds(app.screen):  # the key was pressed twice
            return
        left_at = None
        if draft is None:
            draft, left_at = begin_draft(screen, kind, self._drafts.get(kind))
        left = await app.push_screen_wait(SetupScreen(self._home, draft, left_at))
        self._drafts[left.draft.kind] = left.draft
        if left.started is None:
            return
        self._screen.explorer.unseen_runs.discard(left.started)
        while app.screen is not screen and len(app.screen_stack) > 1:
            await app.pop_screen()
        self._choose(left.started)
        if left.is_watched:
            screen.explorer.open_run(left.started, left.draft.kind)
        else:
            self._look_now()
            screen.notify(f"Run {left.started.name} is under way.", markup=False)

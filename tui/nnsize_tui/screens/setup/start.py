"""Start what is set up, keep it as a file, or begin from something that is known."""

import asyncio
from pathlib import Path
from typing import ClassVar, cast

from textual import work
from textual.binding import Binding

from nnsize_engine.errors import NnsizeError
from nnsize_engine.runs import launch
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.text import escape_text
from nnsize_tui.follow.messages import RunStarted, Trouble
from nnsize_tui.screens.base import Explorer
from nnsize_tui.screens.setup.background_questions import AskingScreen, Left
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.parse import stamp_of

START_KEYS = (
    Binding("ctrl+s", "start(True)", "Start", id="setup.start", priority=True,
            tooltip="Start the run in the background, and open it"),
    Binding("ctrl+g", "start(False)", "Background", id="setup.background", priority=True,
            tooltip="Start the run in the background, and go back to all runs"),
)  # fmt: skip
FILE_KEYS = (
    Binding("ctrl+o", "presets", "Presets", id="setup.presets", priority=True,
            tooltip="Begin from a list: the built-in runs, your last runs, settings in files of this folder"),
    Binding("ctrl+x", "save", "Save", id="setup.save", priority=True,
            tooltip="Save the settings as a file, for this list and for nnsize --config"),
)  # fmt: skip


class StartingScreen(AskingScreen):
    """Knows how a run is started; a child class shows what is set up."""

    NOT_YET: ClassVar[str] = "the data is still being looked at."

    def __init__(self, home: Path, draft: Draft) -> None:
        super().__init__(draft)
        self._home = home
        self.is_starting = False
        self._is_watched = True

    @property
    def explorer(self) -> Explorer:
        """The app, as far as screens know it."""
        return cast(Explorer, self.app)

    def keep_typed(self) -> None:
        """Take what is typed."""
        raise NotImplementedError

    def take(self, draft: Draft) -> None:
        """Another draft altogether."""
        raise NotImplementedError

    def go_to_field(self, key: str) -> None:
        """Put the cursor on a field."""
        raise NotImplementedError

    # Starting.

    def action_start(self, is_watched: bool = True) -> None:
        """Start the run, or go to the first field that keeps it from being started."""
        settings = None if self.is_starting else self._complete()
        if settings is not None:
            self.is_starting, self._is_watched = True, is_watched
            self.show_state()
            self._start(settings)

    def _complete(self) -> RunSettings | None:
        """The settings as they are typed now; where something is missing or wrong, go there and say so."""
        self.keep_typed()
        look = self.state.reading.look
        if look is not None and stamp_of(look.choice.source) != look.stamp:
            self._look_again(look.choice.source)
            return None
        if self.state.plan.settings is None:
            self._go_to_problem()
        return self.state.plan.settings

    def _look_again(self, source: str) -> None:
        """The file is another one than was looked at: what it holds now has to be seen before a run begins with it."""
        self.check(self.state.draft)
        if self.state.plan.problems:
            self._go_to_problem()  # it is gone, for example
            return
        self.go_to_field("data")
        words = f"{escape_text(Path(source).name)} has changed since it was looked at, so it is looked at again."
        self.notify(f"Not yet: {words}", severity="warning", timeout=8, markup=False)

    def _go_to_problem(self) -> None:
        self.is_typing = False
        self.show_state()
        problems = self.state.plan.problems
        wrong = next((one for one in self.state.draft.form.fields if one.key in problems), None)
        if wrong is not None:
            self.go_to_field(wrong.key)
            self.notify(f"Not yet: {wrong.label} has to be mended.", severity="warning", markup=False)
        else:
            self.notify(f"Not yet: {problems.get('', self.NOT_YET)}", severity="warning", markup=False)

    @work(thread=True, group="steer")
    def _start(self, settings: RunSettings) -> None:
        try:
            self.post_message(RunStarted(launch.start(settings, self._home), settings.kind))
        except NnsizeError as error:
            self.post_message(Trouble(str(error)))

    def on_run_started(self, message: RunStarted) -> None:
        """It is under way; whoever opened this screen shows it."""
        message.stop()
        self.dismiss(Left(draft=self.state.draft, started=message.folder, is_watched=self._is_watched))

    def on_trouble(self, message: Trouble) -> None:
        """It could not be started; everything can be changed and tried again."""
        self.is_starting = False
        self.notify(message.reason, severity="error", timeout=8, markup=False)
        self.show_state()

    # Files and lists.

    @work
    async def action_save(self) -> None:
        """Ask for a file's name, and write the settings to it."""
        from nnsize_tui.screens.dialogs.save_settings import SaveSettings

        if self.app.screen is not self:  # the key was pressed twice
            return
        settings = self._complete()
        if settings is not None:
            await self.app.push_screen_wait(SaveSettings(self.explorer.glyphs, settings))

    @work
    async def action_presets(self) -> None:
        """Choose what to begin from."""
        from nnsize_tui.screens.dialogs.pick_names import PickNames
        from nnsize_tui.screens.setup.presets import list_presets

        if self.app.screen is not self:
            return
        self.keep_typed()
        presets = await asyncio.to_thread(list_presets, self._home, Path.cwd())
        if self.app.screen is not self:
            return
        names = [(one.name, one.note) for one in presets]
        picked = await self.app.push_screen_wait(PickNames(self.explorer.glyphs, "presets", names, (), many=False))
        try:
            chosen = next((one.draft() for one in presets if picked and one.name == picked[0]), None)
        except NnsizeError as error:
            self.notify(str(error), severity="error", timeout=8, markup=False)
        else:
            if chosen is not None:
                self.take(chosen)

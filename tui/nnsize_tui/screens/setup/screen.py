"""The setup screen: the settings of a new run, checked, counted and timed while the user types."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, get_args

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from nnsize_engine.errors import NnsizeError
from nnsize_engine.settings.run import StartedSettings
from nnsize_tui.follow.messages import RunStarted, Trouble
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.setup.background_preflight import BackgroundPreflight
from nnsize_tui.screens.setup.begin import fresh_draft, save_if_half_filled
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.field_editor import FieldEditor
from nnsize_tui.screens.setup.fields import Field
from nnsize_tui.screens.setup.kept_draft import back_words
from nnsize_tui.screens.setup.keys import KEYS, WORDS, anew_key
from nnsize_tui.screens.setup.layout import TALL_LINES, Part, arrange
from nnsize_tui.screens.setup.messages import Measured, PreflightFailure, TableInspected
from nnsize_tui.screens.setup.panes import DataOverview, PlanPane
from nnsize_tui.screens.setup.result import SetupResult
from nnsize_tui.screens.setup.setting_list import SettingList
from nnsize_tui.screens.setup.start_check import Obstacle, ready_settings
from nnsize_tui.screens.setup.starting import Starting
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.screens.setup.text import amount_of, overview_of, settings_of
from nnsize_tui.terminal.timers import after_refresh
from nnsize_tui.text.column_words import Subject
from nnsize_tui.widgets.apply_layout import apply_layout
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.text_input import TextInput
from nnsize_tui.widgets.title_bar import TitleBar


class SetupScreen(BaseScreen[SetupResult]):
    """Edit the settings of a run, show its size and time, and start it."""

    READABLE: ClassVar[str] = "PlanPane, KeyBar"
    CSS_PATH = "../../styles/setup.tcss"
    WORDS: ClassVar[Sequence[tuple[str, str]]] = WORDS
    OFFERS_EXPLANATION: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    def __init__(self, home: Path, draft: Draft | None = None, left_at: float | None = None) -> None:
        """``left_at`` is the time at which the draft was left half-filled."""
        super().__init__()
        self._left_at, self._said = left_at, ""
        self._home = home
        self.state = SetupState(draft or Draft())
        self._preflight = BackgroundPreflight(
            self, self.state, self.show_state, lambda: self.query_one(DataOverview).display
        )
        self.starting = self.hold(Starting(self, home, settings=self._complete, show=self.show_state))
        self._editor = FieldEditor(self, self.state, self._change)
        self._has_more = self._has_said_more = False
        self._data_to_open = ""
        """The built-in data to show as soon as it is inspected."""

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield TitleBar(glyphs, self.state.draft.form.title, id="title")
        yield SettingList(glyphs, id="settings")
        yield DataOverview(glyphs, id="overview")
        yield PlanPane(glyphs, id="plan")
        yield TextInput(id="typing")
        yield KeyBar(glyphs, id="keys")

    def on_mount(self) -> None:
        self._has_more = self.app.size.height >= TALL_LINES
        self._place()
        self._preflight.check(self.state.draft)
        self._go_to_field()
        after_refresh(self, self._let_runner_wait)
        if self._left_at is not None:
            self._said = back_words(self._left_at, anew_key(self))
            self.notify(self._said, timeout=4, markup=False)

    def on_screen_suspend(self) -> None:
        """Leave the word about the draft behind: on another screen its key means nothing."""
        self.explorer.withdraw_notice(self._said)

    def on_unmount(self) -> None:
        self._preflight.cancel()
        self.starting.leave()
        self.explorer.withdraw_notice(self._said)

    def on_resize(self) -> None:
        self._place()
        if not self._has_said_more and self._has_more != (self.app.size.height >= TALL_LINES):
            self._has_more = not self._has_more
            self.show_state()

    def _place(self) -> None:
        apply_layout(self, arrange(*self.app.size), get_args(Part))

    # Editing.

    @property
    def field(self) -> Field | None:
        """The field under the cursor; None on the line that shows more of them."""
        return self._editor.field

    def on_input_changed(self, _: TextInput.Changed) -> None:
        """Take the new text of the field."""
        self._editor.keep_typed()

    def on_setting_list_stepped(self, message: SettingList.Stepped) -> None:
        """Take another value of a field that is one of a few."""
        field = self.state.draft.form.by_key.get(message.key)
        if field is None:
            self.action_more()
        else:
            self._editor.step(field, message.step)

    def _change(self, key: str, text: str) -> None:
        if self.state.draft[key] != text:
            self._preflight.check(self.state.draft.changed(key, text))

    def take(self, draft: Draft) -> None:
        """Edit another draft."""
        self._editor.drop_typed()
        self.query_one(TitleBar).show(draft.form.title)
        self._preflight.check(draft)
        self._go_to_field()

    # Content.

    def show_state(self) -> None:
        """Show the present state."""
        state, glyphs = self.state, self.explorer.glyphs
        basic = {field.key for field in state.draft.form.basic}
        self._has_more = self._has_more or any(key and key not in basic for key in state.plan.problems)
        settings, typed = self.query_one(SettingList), self._editor.key
        is_new = typed in state.plan.problems and not settings.problem_of(typed)
        # The problem of a half-typed text stays hidden: else lines would come and go.
        hidden_problem = typed if self._preflight.is_typing and is_new else ""
        settings.show(list(settings_of(state, has_more=self._has_more, hidden_problem=hidden_problem)))
        self.query_one(DataOverview).show(overview_of(state, glyphs))
        if not hidden_problem:
            self.query_one(PlanPane).show(amount_of(state, glyphs, is_starting=self.starting.is_starting))
        self._editor.place()
        self.refresh_bindings()

    def on_setting_list_moved(self) -> None:
        self._go_to_field()

    def _go_to_field(self) -> None:
        """Edit the field under the cursor."""
        self._editor.keep_typed()
        field = self.field
        if field is None:
            self.query_one(PlanPane).explain("more", "How the file is read, and everything else that can be set.")
        else:
            self.query_one(PlanPane).explain(field.label, field.help)
        self._editor.open()
        self.refresh_bindings()

    def on_table_inspected(self, message: TableInspected) -> None:
        """Show the summary of a table; show built-in data on the data screen if the user asked for it."""
        self._preflight.take_table(message)
        if message.request == self.state.builtin and self._data_to_open == self.state.builtin:
            self._data_to_open = ""
            if isinstance(message.result, PreflightFailure):
                self._complain(message.result.reason)
            else:
                self.action_data()

    def on_measured(self, message: Measured) -> None:
        """Show the time of the run."""
        self._preflight.take_measurement(message)

    def _complain(self, reason: str) -> None:
        self.notify(reason, severity="error", timeout=8, markup=False)

    # Actions.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a key works now."""
        return not self.why_not(action, parameters) and super().check_action(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why a key means nothing now."""
        if not self.is_mounted:
            return ""
        if action == "data" and not self.state.builtin and self.state.shown_data is None:
            return "no data is chosen yet, or it cannot be read"
        if action in ("pick", "next_field") and self._has_list != (action == "pick"):
            return "its values are typed" if action == "pick" else "this field has a list"
        if action == "reset" and not any(self.state.draft.differs(one.key) for one in self.state.draft.form.fields):
            return "every field is as it usually is"
        return super().why_not(action, parameters)

    @property
    def _has_list(self) -> bool:
        """Return whether enter opens a list at the field under the cursor."""
        from nnsize_tui.screens.setup.pick import has_list

        return self.field is not None and has_list(self.field, self.state)

    def subject(self) -> Subject | None:
        """Return the field under the cursor in words."""
        from nnsize_tui.screens.setup.field_words import field_subject

        self._editor.keep_typed()
        return None if self.field is None else field_subject(self.field, self.state)

    def action_move(self, steps: int) -> None:
        """Move the cursor by a number of fields."""
        self.query_one(SettingList).move(steps)

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many fields as are in sight."""
        self.query_one(SettingList).move_page(pages)

    def action_more(self) -> None:
        """Show or hide the fields that are seldom changed."""
        settings, field, form = self.query_one(SettingList), self.field, self.state.draft.form
        self._has_more, self._has_said_more = not self._has_more, True
        self.show_state()
        if self._has_more:
            settings.choose(form.fields[len(form.basic)].key, at_top=True)
        elif field is None or field not in form.basic:
            settings.choose("more")

    def action_reset(self) -> None:
        """Reset the field; reset everything when the field has its usual value already."""
        field = self.field
        if field is None or not self.state.draft.differs(field.key):
            self.take(Draft(kind=self.state.draft.kind))
        else:
            self.take(self.state.draft.changed(field.key, self.state.draft.usual(field.key)))

    def on_setting_list_opened(self) -> None:
        self.action_pick()

    @work
    async def action_pick(self) -> None:
        """Choose a value from a list; without a list, go to the next field."""
        from nnsize_tui.screens.setup.pick import pick

        if self.app.screen is not self:  # the key was pressed twice
            return
        self._editor.keep_typed()
        field = self.field
        if field is None or not self._has_list:
            self.action_next_field()
            return
        draft = await pick(self.app, self.explorer.glyphs, field, self.state)
        if draft is not None:
            self.take(draft)

    def action_next_field(self) -> None:
        """Go to the next field; on the line that shows more of them, show more."""
        if self.field is None:
            self.action_more()
        else:
            self.action_move(1)

    @work
    async def action_data(self) -> None:
        """Show the data screen, where columns may be left out."""
        from nnsize_tui.screens.setup.pick import show_data

        if self.app.screen is not self:
            return
        if self.state.shown_data is not None:
            draft = await show_data(self.app, self.state.shown_data, self.state)
            if draft is not None:
                self.take(draft)
        else:
            self._data_to_open = self.state.builtin
            self._preflight.inspect_builtin(again=True)

    def action_anew(self) -> None:
        """Begin anew, with every field as it usually is."""
        self.take(fresh_draft(self, self.state.draft.kind))

    def action_leave(self) -> None:
        """Leave without a start."""
        self.keep_before_exit()
        self.dismiss(SetupResult(draft=self.state.draft))

    def keep_before_exit(self) -> None:
        """Save the draft if there is something of the user's in it."""
        self._editor.keep_typed()
        save_if_half_filled(self, self.state.draft)

    # Starting.

    def on_plan_pane_start_clicked(self) -> None:
        self.starting.action_start()

    def _let_runner_wait(self) -> None:
        self.starting.let_runner_wait(self.state.draft.kind)

    def _complete(self) -> StartedSettings | None:
        """Return the present settings; if a field is missing or wrong, go there and notify the user."""
        self._editor.keep_typed()
        found = ready_settings(self.state, self._preflight.check)
        if not isinstance(found, Obstacle):
            return found
        self._preflight.end_typing()
        if found.field:
            self.query_one(SettingList).choose(found.field)
        self.notify(f"Not yet: {found.reason}", severity="warning", timeout=found.seconds, markup=False)
        return None

    def on_run_started(self, message: RunStarted) -> None:
        """Leave with the started run; the home screen shows it."""
        message.stop()
        self.explorer.save_draft(self.state.draft.kind, None)
        self.dismiss(SetupResult(draft=self.state.draft, started=message.folder, is_watched=self.starting.is_watched))

    def on_trouble(self, message: Trouble) -> None:
        """Show why the run could not be started; the user can change the draft and try again."""
        self.starting.end()
        self._let_runner_wait()  # the one before may have been used up
        self._complain(message.reason)
        self.show_state()

    @work
    async def action_save(self) -> None:
        """Ask for a file's name, and write the settings to it."""
        from nnsize_tui.screens.dialogs.save_settings import SaveSettings

        settings = self._complete() if self.app.screen is self else None  # not when the key was pressed twice
        if settings is not None:
            await self.app.push_screen_wait(SaveSettings(self.explorer.glyphs, settings))

    @work
    async def action_presets(self) -> None:
        """Choose a preset."""
        from nnsize_tui.screens.setup.pick import pick_preset

        if self.app.screen is not self:
            return
        self._editor.keep_typed()
        try:
            draft = await pick_preset(self, self.explorer.glyphs, self._home)
        except NnsizeError as error:
            self._complain(str(error))
        else:
            if draft is not None:
                self.take(draft)

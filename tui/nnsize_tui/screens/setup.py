"""A new search: which data, which sizes and parameters; checked, counted and timed while one types."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, cast, get_args

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.timer import Timer

from nnsize_engine import launch
from nnsize_engine.errors import NnsizeError
from nnsize_engine.inquiry import Question
from nnsize_engine.settings import SizeSettings
from nnsize_engine.table_settings import OPENML
from nnsize_tui.messages import RunStarted, Trouble
from nnsize_tui.screens import setup_answers
from nnsize_tui.screens.places import place_parts
from nnsize_tui.screens.setup_answers import measure_key
from nnsize_tui.screens.setup_draft import Draft, LookAt
from nnsize_tui.screens.setup_fields import BASIC, BY_KEY, FIELDS, Field
from nnsize_tui.screens.setup_layout import Part, arrange
from nnsize_tui.screens.setup_state import SetupState
from nnsize_tui.screens.setup_text import amount_of, settings_of
from nnsize_tui.screens.steering import Explorer
from nnsize_tui.setup_messages import Measured, TableSeen
from nnsize_tui.widgets.heading_bar import HeadingBar
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.setting_list import SettingList
from nnsize_tui.widgets.setup_panes import DataGlance, PlanPane
from nnsize_tui.widgets.typing import Typing

PAUSE = 0.3
"""Seconds without a key before the data is looked at or a fit is measured."""

TALL = 46
"""Lines of the screen from which on everything is shown at once."""

PAUSE_BEFORE_NETWORK = 1.2
"""The same before something is asked of another machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How the screen was left."""

    draft: Draft
    started: Path | None = None
    """The run that was started, if one was."""


class SetupScreen(Screen[Left]):
    """All settings of a size search, what they amount to, and the start."""

    CSS_PATH = "../styles/setup.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "start", "Start", id="setup.start", priority=True,
                tooltip="Start the search in the background, and open it"),
        Binding("enter", "pick", "Pick", id="setup.pick",
                tooltip="Choose from a list: a file, columns, a scoring; the next value where there are few"),
        Binding("ctrl+d", "data", "Data", id="setup.data", priority=True,
                tooltip="Look at the data: columns, missing values, warnings, rows"),
        Binding("ctrl+n", "more", "More", id="setup.more", priority=True,
                tooltip="Show or hide the parameters of the network, and how the file is read"),
        Binding("ctrl+r", "reset", "Reset", id="setup.reset", priority=True,
                tooltip="The field as it usually is; pressed again, all fields: the built-in search"),
        Binding("escape", "leave", "Back", id="setup.leave", tooltip="Back to all runs without starting; what is "
                "typed is kept"),
        Binding("up,shift+tab", "move(-1)", "Up", id="setup.up", show=False, tooltip="The field above"),
        Binding("down,tab", "move(1)", "Down", id="setup.down", show=False, tooltip="The field below"),
        Binding("pageup", "move(-8)", "Page up", id="setup.page_up", show=False, tooltip="Eight fields up"),
        Binding("pagedown", "move(8)", "Page down", id="setup.page_down", show=False, tooltip="Eight fields down"),
    ]  # fmt: skip

    def __init__(self, home: Path, draft: Draft | None = None) -> None:
        super().__init__()
        self._home = home
        self._state = SetupState(draft or Draft())
        self._has_more = False
        self._is_starting = False
        self._timer: Timer | None = None
        self._typed_key: str | None = None
        """The field whose text is being typed."""

    @property
    def explorer(self) -> Explorer:
        """The app, as far as screens know it."""
        return cast(Explorer, self.app)

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield HeadingBar(glyphs, "A new search: how many neurons?", id="title")
        yield SettingList(glyphs, id="settings")
        yield DataGlance(glyphs, id="glance")
        yield PlanPane(glyphs, id="plan")
        yield Typing(id="typing")
        yield KeyBar(glyphs, id="keys")

    def on_mount(self) -> None:
        self._has_more = self.app.size.height >= TALL
        self._place()
        self._check(self._state.draft)
        self._go_to_field()

    def on_unmount(self) -> None:
        self._state.answers.take_back()

    def on_resize(self) -> None:
        self._place()

    def _place(self) -> None:
        place_parts(self, arrange(*self.app.size), get_args(Part))

    # What is typed.

    @property
    def field(self) -> Field | None:
        """The field under the cursor; None on the line that shows more of them."""
        chosen = self.query_one(SettingList).chosen
        return BY_KEY.get(chosen.key) if chosen is not None else None

    def on_input_changed(self, _: Typing.Changed) -> None:
        """Another text in the field."""
        self._keep_typed()

    def _keep_typed(self) -> None:
        """Take what is typed; also asked before anything else is done, since a quick key overtakes the message."""
        if self._typed_key is not None:
            self._change(self._typed_key, self.query_one(Typing).value)

    def on_setting_list_stepped(self, message: SettingList.Stepped) -> None:
        """Another value of a few."""
        field = BY_KEY.get(message.key)
        if field is None:
            self.action_more()
            return
        options = self._state.options(field)
        now = self._state.value(field)
        if options:
            place = options.index(now) if now in options else 0
            self._change(field.key, options[(place + message.step) % len(options)])

    def _change(self, key: str, text: str) -> None:
        if self._state.draft[key] != text:
            self._check(self._state.draft.changed(key, text))

    def _take(self, draft: Draft) -> None:
        """Another draft altogether."""
        self._typed_key = None  # what stands there is of the old one
        self._check(draft)
        self._go_to_field()

    # Checking, looking, measuring.

    def _check(self, draft: Draft) -> None:
        """Take what is typed now, show what it amounts to, and ask what is not known after a pause."""
        self._state.take(draft)
        self._show()
        if self._timer is not None:
            self._timer.stop()
        look = self._state.reading.look
        is_far = look is not None and look.choice.source.startswith(OPENML)
        self._timer = self.set_timer(PAUSE_BEFORE_NETWORK if is_far else PAUSE, self._ask)

    def _ask(self) -> None:
        """Ask what is not known yet; a question that nobody waits for any more is taken back."""
        look, settings, answers = self._state.reading.look, self._state.plan.settings, self._state.answers
        question = answers.ask_look(look)
        if question is not None and look is not None:
            self._look(look, question)
        question = answers.ask_measure(measure_key(settings) if settings is not None else None)
        if question is not None and settings is not None:
            self._measure(settings, question)

    @work(thread=True, group="look")
    def _look(self, look: LookAt, question: Question) -> None:
        answer = setup_answers.look(look, question)
        if answer is not None:
            self.post_message(TableSeen(look, answer))

    @work(thread=True, group="measure")
    def _measure(self, settings: SizeSettings, question: Question) -> None:
        answer = setup_answers.measure(settings, question)
        if answer is not None:
            self.post_message(Measured(measure_key(settings), answer))

    def on_table_seen(self, message: TableSeen) -> None:
        """A table was looked at; now a fit on it can be measured."""
        self._state.looked(message)
        self._show()
        self._ask()

    def on_measured(self, message: Measured) -> None:
        """A fit was measured."""
        self._state.was_measured(message)
        self._show()

    # Showing.

    def _show(self) -> None:
        state, glyphs = self._state, self.explorer.glyphs
        self._has_more = self._has_more or any(
            key and BY_KEY[key].group in ("reading", "network") for key in state.plan.problems
        )
        self.query_one(SettingList).show(list(settings_of(state, has_more=self._has_more)))
        word = f"looking at it{glyphs.ellipsis}" if state.is_looking else "not known yet"
        self.query_one(DataGlance).show(state.plan.known, state.summary, word)
        self.query_one(PlanPane).show(amount_of(state, glyphs, is_starting=self._is_starting))
        self._place_typing()
        self.refresh_bindings()

    def _place_typing(self) -> None:
        """Where the value under the cursor is, if it is one that is typed."""
        settings, typing = self.query_one(SettingList), self.query_one(Typing)
        region = settings.typing_region
        if region is None:
            if typing.display:
                typing.display = False
                settings.focus()
            return
        offset = settings.styles.offset
        x, y = int(offset.x.value) + region.x, int(offset.y.value) + region.y
        if (typing.styles.offset.x.value, typing.styles.offset.y.value) != (x, y):
            typing.styles.offset = (x, y)
        if typing.styles.width is None or typing.styles.width.value != region.width:
            typing.styles.width = region.width
        typing.display = True

    def on_setting_list_moved(self) -> None:
        self._go_to_field()

    def _go_to_field(self) -> None:
        """The field under the cursor takes the keys from now on."""
        self._keep_typed()
        field, typing, settings = self.field, self.query_one(Typing), self.query_one(SettingList)
        if field is None:
            self.query_one(PlanPane).explain("more", "How the file is read, and every parameter of the network.")
        else:
            self.query_one(PlanPane).explain(field.label, field.help)
        self._place_typing()
        if field is not None and field.kind != "one":
            leaves = () if field.takes_any_text else ("question_mark",)
            typing.begin(self._state.draft[field.key], leaves=leaves, empty=field.empty)
            typing.focus()
            self._typed_key = field.key
        else:
            self._typed_key = None
            settings.focus()
        self.refresh_bindings()

    # What the keys do.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Which keys work now."""
        del parameters
        if action == "data":
            return self._state.summary is not None
        return True

    def action_move(self, steps: int) -> None:
        """Move the cursor by so many fields."""
        self.query_one(SettingList).move(steps)

    def action_more(self) -> None:
        """Show or hide the fields that are seldom changed."""
        settings, field = self.query_one(SettingList), self.field
        self._has_more = not self._has_more
        self._show()
        if self._has_more:
            settings.choose("activation", at_top=True)
        elif field is None or field not in BASIC:
            settings.choose("more")

    def action_reset(self) -> None:
        """The field as it usually is; when it is so already, everything."""
        field = self.field
        if field is None or not self._state.draft.differs(field.key):
            self._take(Draft())
        else:
            self._take(self._state.draft.changed(field.key, field.usual))

    def on_setting_list_opened(self) -> None:
        self.action_pick()

    @work
    async def action_pick(self) -> None:
        """Choose from a list what the field takes; the next value of a few, the next field where there is no list."""
        from nnsize_tui.screens.setup_pick import has_list, pick

        self._keep_typed()
        field = self.field
        if field is None:
            self.action_more()
        elif has_list(field, self._state):
            draft = await pick(self.app, self.explorer.glyphs, field, self._state)
            if draft is not None:
                self._take(draft)
        elif field.kind == "one":
            self.query_one(SettingList).action_step(1)
        else:
            self.action_move(1)

    @work
    async def action_data(self) -> None:
        """Look at the data; columns may be left out there."""
        from nnsize_tui.screens.data import DataScreen
        from nnsize_tui.screens.setup_draft import join_names, split_names

        if self._state.summary is None:
            return
        ignored = await self.app.push_screen_wait(DataScreen(self._state.summary))
        if set(ignored) != set(split_names(self._state.draft["ignore"])):
            self._take(self._state.draft.changed("ignore", join_names(ignored)))

    def action_leave(self) -> None:
        """Back without starting."""
        self._keep_typed()
        self.dismiss(Left(draft=self._state.draft))

    def on_plan_pane_start_clicked(self) -> None:
        self.action_start()

    def action_start(self) -> None:
        """Start the search, or go to the first field that keeps it from being started."""
        if self._is_starting:
            return
        self._keep_typed()
        if self._state.plan.settings is None:
            self._go_to_problem()
            return
        self._is_starting = True
        self._show()
        self._start(self._state.plan.settings)

    def _go_to_problem(self) -> None:
        wrong = next((one for one in FIELDS if one.key in self._state.plan.problems), None)
        if wrong is not None:
            self.query_one(SettingList).choose(wrong.key)
            self.notify(f"Not yet: {wrong.label} has to be mended.", severity="warning", markup=False)
        else:
            words = self._state.plan.problems.get("", "the data is still being looked at.")
            self.notify(f"Not yet: {words}", severity="warning", markup=False)

    @work(thread=True, group="steer")
    def _start(self, settings: SizeSettings) -> None:
        try:
            self.post_message(RunStarted(launch.start(settings, self._home), "size"))
        except NnsizeError as error:
            self.post_message(Trouble(str(error)))

    def on_run_started(self, message: RunStarted) -> None:
        """It is under way; whoever opened this screen shows it."""
        message.stop()
        self.dismiss(Left(draft=self._state.draft, started=message.folder))

    def on_trouble(self, message: Trouble) -> None:
        """It could not be started; everything can be changed and tried again."""
        self._is_starting = False
        self.notify(message.reason, severity="error", timeout=8, markup=False)
        self._show()

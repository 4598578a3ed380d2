"""A new search or evolution: which data, which networks; checked, counted and timed while one types."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, get_args

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnsize_engine.results.table_summary import DataSummary
from nnsize_tui.screens.setup.background_questions import Left
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.fields import Field
from nnsize_tui.screens.setup.layout import Part, arrange
from nnsize_tui.screens.setup.messages import NoAnswer
from nnsize_tui.screens.setup.panes import WRITTEN, DataGlance, PlanPane
from nnsize_tui.screens.setup.setting_list import SettingList
from nnsize_tui.screens.setup.start import FILE_KEYS, START_KEYS, StartingScreen
from nnsize_tui.screens.setup.text import amount_of, settings_of
from nnsize_tui.widgets.heading_bar import HeadingBar
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.place_parts import place_parts
from nnsize_tui.widgets.text_input import Typing

TALL = 46
"""Lines of the screen from which on everything is shown at once."""


class SetupScreen(StartingScreen):
    """All settings of a run, what they amount to, and the start."""

    CSS_PATH = "../../styles/setup.tcss"
    WORDS: ClassVar[Sequence[tuple[str, str]]] = (
        ("< value >", "one of a few: left, right and space take another one, enter shows many as a list"),
        ("candidates", "networks to try: every size with every combination of the parameters' values"),
        ("fits", "trainings: every candidate on every fold, with every seed"),
        ("members", "networks in an evolution's population; each generation evaluates as many"),
        (
            "about 2m10s",
            "computed from networks really trained here for a moment, or a few small generations",
        ),
        ("at most 2m10s", "the same, where training may come to its end, or a population converge, before that"),
        ("inputs", "numbers that the network sees of a row, after encoding"),
        *WRITTEN,
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *START_KEYS,
        Binding("enter", "pick", "Pick", id="setup.pick",
                tooltip="Choose from a list: a file, columns, a scoring; the next value where there are few"),
        Binding("ctrl+d", "data", "Data", id="setup.data", priority=True,
                tooltip="Look at the data: columns, missing values, warnings, rows"),
        Binding("ctrl+n", "more", "More", id="setup.more", priority=True,
                tooltip="Show or hide the parameters of the network, and how the file is read"),
        *FILE_KEYS,
        Binding("ctrl+r", "reset", "Reset", id="setup.reset", priority=True,
                tooltip="The field as it usually is; pressed again, all fields: the built-in run"),
        Binding("escape", "leave", "Back", id="setup.leave", tooltip="Back to all runs without starting; what is "
                "typed is kept"),
        Binding("up,shift+tab", "move(-1)", "Up", id="setup.up", show=False, tooltip="The field above"),
        Binding("down,tab", "move(1)", "Down", id="setup.down", show=False, tooltip="The field below"),
        Binding("pageup", "move(-8)", "Page up", id="setup.page_up", show=False, tooltip="Eight fields up"),
        Binding("pagedown", "move(8)", "Page down", id="setup.page_down", show=False, tooltip="Eight fields down"),
    ]  # fmt: skip

    def __init__(self, home: Path, draft: Draft | None = None) -> None:
        super().__init__(home, draft or Draft())
        self._has_more = self._has_said_more = False
        self._typed_key: str | None = None
        """The field whose text is being typed."""

        self._data_to_open = ""
        """The built-in data to open when it has been looked at."""

    def compose(self) -> ComposeResult:
        glyphs = self.explorer.glyphs
        yield HeadingBar(glyphs, self.state.draft.form.title, id="title")
        yield SettingList(glyphs, id="settings")
        yield DataGlance(glyphs, id="glance")
        yield PlanPane(glyphs, id="plan")
        yield Typing(id="typing")
        yield KeyBar(glyphs, id="keys")

    def on_mount(self) -> None:
        self._has_more = self.app.size.height >= TALL
        self._place()
        self.check(self.state.draft)
        self._go_to_field()

    def on_resize(self) -> None:
        self._place()
        if not self._has_said_more and self._has_more != (self.app.size.height >= TALL):
            self._has_more = not self._has_more
            self.show_state()

    def _place(self) -> None:
        place_parts(self, arrange(*self.app.size), get_args(Part))

    @property
    def has_room_for_data(self) -> bool:
        return self.query_one(DataGlance).display

    # What is typed.

    @property
    def field(self) -> Field | None:
        """The field under the cursor; None on the line that shows more of them."""
        chosen = self.query_one(SettingList).chosen
        return self.state.draft.form.by_key.get(chosen.key) if chosen is not None else None

    def on_input_changed(self, _: Typing.Changed) -> None:
        """Another text in the field."""
        self.keep_typed()

    def keep_typed(self) -> None:
        """Take what is typed; also asked before anything else is done, since a quick key overtakes the message."""
        if self._typed_key is not None:
            self._change(self._typed_key, self.query_one(Typing).value)

    def on_setting_list_stepped(self, message: SettingList.Stepped) -> None:
        """Another value of a few."""
        field = self.state.draft.form.by_key.get(message.key)
        if field is None:
            self.action_more()
            return
        options = self.state.options(field)
        now = self.state.value(field)
        if options:
            place = options.index(now) if now in options else 0
            self._change(field.key, options[(place + message.step) % len(options)])

    def _change(self, key: str, text: str) -> None:
        if self.state.draft[key] != text:
            self.check(self.state.draft.changed(key, text))

    def take(self, draft: Draft) -> None:
        """Another draft altogether."""
        self._typed_key = None  # what stands there is of the old one
        self.query_one(HeadingBar).show(draft.form.title)
        self.check(draft)
        self._go_to_field()

    def go_to_field(self, key: str) -> None:
        self.query_one(SettingList).choose(key)

    # Showing.

    def show_state(self) -> None:
        state, glyphs = self.state, self.explorer.glyphs
        basic = {field.key for field in state.draft.form.basic}
        self._has_more = self._has_more or any(key and key not in basic for key in state.plan.problems)
        settings, typed = self.query_one(SettingList), self._typed_key or ""
        is_new = typed in state.plan.problems and not settings.problem_of(typed)
        hushed = typed if self.is_typing and is_new else ""  # lines would come and go with every comma
        settings.show(list(settings_of(state, has_more=self._has_more, hushed=hushed)))
        otherwise = "not known yet" if state.plan.known is None else ""
        word = f"looking at it{glyphs.ellipsis}" if state.is_awaited else otherwise
        summary = state.data if isinstance(state.data, DataSummary) else None
        self.query_one(DataGlance).show(state.plan.known, summary, word, kind=state.draft.kind)
        if not hushed:
            self.query_one(PlanPane).show(amount_of(state, glyphs, is_starting=self.is_starting))
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
        self.keep_typed()
        field, typing, settings = self.field, self.query_one(Typing), self.query_one(SettingList)
        if field is None:
            self.query_one(PlanPane).explain("more", "How the file is read, and everything else that can be set.")
        else:
            self.query_one(PlanPane).explain(field.label, field.help)
        self._place_typing()
        if field is not None and field.kind != "one":
            leaves = () if field.takes_any_text else ("question_mark",)
            typing.begin(self.state.draft[field.key], leaves=leaves, empty=field.empty)
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
            return bool(self.state.builtin) or self.state.summary is not None
        return True

    def action_move(self, steps: int) -> None:
        """Move the cursor by so many fields."""
        self.query_one(SettingList).move(steps)

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
        """The field as it usually is; when it is so already, everything."""
        field = self.field
        if field is None or not self.state.draft.differs(field.key):
            self.take(Draft(kind=self.state.draft.kind))
        else:
            self.take(self.state.draft.changed(field.key, self.state.draft.usual(field.key)))

    def on_setting_list_opened(self) -> None:
        self.action_pick()

    @work
    async def action_pick(self) -> None:
        """Choose from a list what the field takes; the next value of a few, the next field where there is no list."""
        from nnsize_tui.screens.setup.pick import has_list, pick

        if self.app.screen is not self:  # the key was pressed twice
            return
        self.keep_typed()
        field = self.field
        if field is None:
            self.action_more()
        elif has_list(field, self.state):
            draft = await pick(self.app, self.explorer.glyphs, field, self.state)
            if draft is not None:
                self.take(draft)
        elif field.kind == "one":
            self.query_one(SettingList).action_step(1)
        else:
            self.action_move(1)

    @work
    async def action_data(self) -> None:
        """Look at the data; columns may be left out there."""
        from nnsize_tui.screens.data.screen import DataScreen
        from nnsize_tui.screens.setup.parse import join_names, split_names

        if self.app.screen is not self:
            return
        if not isinstance(self.state.data, DataSummary):
            self._data_to_open = self.state.builtin
            if self._data_to_open:
                self.state.builtin_looks.forget(self._data_to_open)  # it failed, or nobody would ask
                self.inspect_builtin()
            return
        is_builtin = bool(self.state.builtin)
        ignored = await self.app.push_screen_wait(DataScreen(self.state.data, can_ignore=not is_builtin))
        if not is_builtin and set(ignored) != set(split_names(self.state.draft["ignore"])):
            self.take(self.state.draft.changed("ignore", join_names(ignored)))

    def builtin_seen(self, answer: DataSummary | NoAnswer) -> None:
        """Open the built-in data if that was asked for; beside the settings it stands in any case."""
        if self._data_to_open != self.state.builtin:
            return
        self._data_to_open = ""
        if isinstance(answer, NoAnswer):
            self.notify(answer.reason, severity="error", timeout=8, markup=False)
        else:
            self.action_data()

    def action_leave(self) -> None:
        """Back without starting."""
        self.keep_typed()
        self.dismiss(Left(draft=self.state.draft))

    def on_plan_pane_start_clicked(self) -> None:
        self.action_start()

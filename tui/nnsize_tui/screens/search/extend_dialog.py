"""The dialog that extends a search: sizes to add, repeats, rounds of folds, and what they cost."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from nnsize_engine.answers.advice import search_advice
from nnsize_engine.errors import SettingsError
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.extension import Extension, extended
from nnsize_engine.settings.layer_sizes import MAX_NEURONS
from nnsize_engine.settings.search_checks import MAX_FOLD_ROUNDS, MAX_REPEATS
from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.screens.setup.parse import whole
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.text.extension import cost_of, cost_words
from nnsize_tui.text.search import searched, splits_text
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.text_input import TextInput


class ExtendDialog(BaseDialog[Extension | None]):
    """Ask what to add to a search that has ended; the fields begin with what its answer advises."""

    CSS_PATH: ClassVar = ["../../styles/dialogs.tcss", "../../styles/setup.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", id="extend.start", tooltip="Add this to the run and go on with it"),
        Binding("escape", "close", "Cancel", id="extend.close", tooltip="Leave the run as it is"),
        Binding("up", "app.focus_previous", "Previous field", id="extend.up", show=False, tooltip="The field above"),
        Binding("down", "app.focus_next", "Next field", id="extend.down", show=False, tooltip="The field below"),
    ]

    def __init__(self, glyphs: Glyphs, view: SizeView) -> None:
        super().__init__(glyphs)
        self._view = view
        self._advice = search_advice(view) or Extension()

    def compose(self) -> ComposeResult:
        settings = self._view.settings
        with Vertical(classes="dialog"):
            yield Static(f"Extend run {self._view.folder.name}", markup=False, classes="heading")
            yield Static(
                f"It has {searched(settings)} on {splits_text(settings)}; no fit is repeated.",
                markup=False,
                classes="hint",
            )
            with Horizontal(classes="field"):
                yield Static("largest size" if settings.finds_sizes else "sizes to add", classes="label")
                yield TextInput(id="sizes")
            with Horizontal(classes="field"):
                yield Static("repeats, in all", classes="label")
                yield TextInput(id="repeats")
            with Horizontal(classes="field"):
                yield Static("rounds of folds, in all", classes="label")
                yield TextInput(id="fold_rounds")
            yield Static("", markup=False, id="cost")
            yield Static("", markup=False, id="problem")
            with Horizontal(classes="answers"):
                yield Button("Cancel (esc)", id="cancel", compact=True)
                yield Button("Start (enter)", id="start", compact=True, variant="primary")
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        settings, advice = self._view.settings, self._advice
        if settings.finds_sizes:
            largest = advice.max_neurons or settings.candidates[-1][0]
            self._field("sizes").begin(str(largest))
        else:
            self._field("sizes").begin(advice.neurons or "", empty="such as 101:200:2")
        self._field("repeats").begin(str(settings.repeats))
        self._field("repeats").disabled = settings.is_race  # a race trains each size once a fold
        self._field("fold_rounds").begin(str(settings.fold_rounds))
        self._field("sizes").focus()
        self._show_cost()

    def _field(self, name: str) -> TextInput:
        return self.query_one(f"#{name}", TextInput)

    def on_input_changed(self) -> None:
        """Show the cost of what is typed now."""
        self._show_cost()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "start":
            self.action_start()
        else:
            self.action_close()

    def action_start(self) -> None:
        """Close with the extension, unless it cannot be."""
        extension = self._show_cost()
        if extension is not None:
            self.dismiss(extension)

    def action_close(self) -> None:
        """Change nothing."""
        self.dismiss(None)

    def _show_cost(self) -> Extension | None:
        """Show the fits and the time of the extension, or why it cannot be; return it if it can."""
        cost, problem = self.query_one("#cost", Static), self.query_one("#problem", Static)
        try:
            extension = self._read()
            after = extended(self._view.settings, extension)
        except SettingsError as error:
            cost.update("")
            problem.update(str(error))
            return None
        cost.update(cost_words(cost_of(self._view, after)))
        problem.update("")
        return extension

    def _read(self) -> Extension:
        """Return what is typed.

        Raises:
            SettingsError: a number cannot be read.
        """
        settings, sizes = self._view.settings, self._field("sizes").value.strip()
        limit = whole("max_neurons", sizes, 1, MAX_NEURONS) if settings.finds_sizes and sizes else None
        return Extension(
            neurons=None if settings.finds_sizes or not sizes else sizes,
            max_neurons=None if limit == settings.candidates[-1][0] else limit,
            repeats=None if settings.is_race else self._number("repeats", MAX_REPEATS),
            fold_rounds=self._number("fold_rounds", MAX_FOLD_ROUNDS),
        )

    def _number(self, name: str, most: int) -> int | None:
        return whole(name, self._field(name).value.strip(), 1, most)

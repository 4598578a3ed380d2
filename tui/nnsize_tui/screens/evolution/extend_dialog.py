"""The dialog that extends an evolution: generations, evaluations and seconds in all, and how long they take."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from nnsize_engine.answers.advice import evolution_advice, evolution_refusal
from nnsize_engine.errors import RunError, SettingsError
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.evolution_extension import (
    LIMITS,
    EvolutionExtension,
    limits_words,
)
from nnsize_tui.screens.base import BaseDialog
from nnsize_tui.screens.setup.parse import number, whole
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.text.evolution_extension import extended_words
from nnsize_tui.widgets.key_bar import KeyBar
from nnsize_tui.widgets.text_input import TextInput


class ExtendDialog(BaseDialog[EvolutionExtension | None]):
    """Ask for the new limits of an evolution that has ended; the fields begin with twice those that it had."""

    CSS_PATH: ClassVar = ["../../styles/dialogs.tcss", "../../styles/setup.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start", id="extend.start", tooltip="Give the run these limits and go on with it"),
        Binding("escape", "close", "Cancel", id="extend.close", tooltip="Leave the run as it is"),
        Binding("up", "app.focus_previous", "Previous field", id="extend.up", show=False, tooltip="The field above"),
        Binding("down", "app.focus_next", "Next field", id="extend.down", show=False, tooltip="The field below"),
    ]

    def __init__(self, glyphs: Glyphs, view: EvolutionView) -> None:
        super().__init__(glyphs)
        self._view = view
        self._advice = evolution_advice(view) or EvolutionExtension()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(f"Extend run {self._view.folder.name}", markup=False, classes="heading")
            yield Static(
                f"It ends after {limits_words(self._view.settings)}; no generation is repeated.",
                markup=False,
                classes="hint",
            )
            for name in LIMITS:
                with Horizontal(classes="field"):
                    yield Static(f"{name}, in all", classes="label")
                    yield TextInput(id=name)
            yield Static("", markup=False, id="cost")
            yield Static("", markup=False, id="problem")
            with Horizontal(classes="answers"):
                yield Button("Cancel (esc)", id="cancel", compact=True)
                yield Button("Start (enter)", id="start", compact=True, variant="primary")
        yield KeyBar(self._glyphs)

    def on_mount(self) -> None:
        for name in LIMITS:
            advised, present = getattr(self._advice, name), getattr(self._view.settings, name)
            limit = present if advised is None else advised
            self._field(name).begin("" if limit is None else f"{limit:.15g}", empty="no limit")
        limited = next((name for name in LIMITS if getattr(self._view.settings, name) is not None), LIMITS[0])
        self._field(limited).focus()
        self._show_cost()

    def _field(self, name: str) -> TextInput:
        return self.query_one(f"#{name}", TextInput)

    def on_input_changed(self) -> None:
        """Show the time of what is typed now."""
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

    def _show_cost(self) -> EvolutionExtension | None:
        """Show the time of the extension, or why it cannot be; return it if it can."""
        cost, problem = self.query_one("#cost", Static), self.query_one("#problem", Static)
        try:
            if (refusal := evolution_refusal(self._view)) is not None:
                raise RunError(refusal)
            extension = self._read()
            words = extended_words(self._view, extension)
        except (RunError, SettingsError) as error:
            cost.update("")
            problem.update(str(error))
            return None
        cost.update(words)
        problem.update("")
        return extension

    def _read(self) -> EvolutionExtension:
        """Return what is typed; a limit that stays is left out.

        Raises:
            SettingsError: a number cannot be read.
        """
        typed = {name: self._field(name).value.strip() for name in LIMITS}
        found = EvolutionExtension(
            generations=whole("generations", typed["generations"], 0, None) if typed["generations"] else None,
            evaluations=whole("evaluations", typed["evaluations"], 1, None) if typed["evaluations"] else None,
            seconds=number("seconds", typed["seconds"], 0) if typed["seconds"] else None,
        )
        settings = self._view.settings
        changed = {name: total for name in LIMITS if (total := getattr(found, name)) != getattr(settings, name)}
        return EvolutionExtension(**changed)

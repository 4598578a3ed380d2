"""Use the setup screen in a test: answer preflight questions, and write fields."""

from textual.pilot import Pilot

from nnsize_engine.errors import DataError, NnsizeError
from nnsize_engine.preflight.client import Question
from nnsize_engine.results.estimates import SearchEstimate
from nnsize_engine.results.table_summary import DataSummary
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table_choice import TableChoice
from nnsize_tui.screens.setup.screen import SetupScreen
from nnsize_tui.screens.setup.setting_list import SettingList
from nnsize_tui.widgets.text_input import TextInput
from support.made_summaries import made_estimate, made_summary
from support.pilots import until


class Asked:
    """The questions to preflight processes, with made-up answers."""

    def __init__(self) -> None:
        self.inspections: list[TableChoice] = []
        self.measurements: list[SizeSettings] = []
        self.refusal: DataError | None = None
        self.no_estimate: NnsizeError | None = None

    def inspect_table(self, choice: TableChoice, **_: object) -> DataSummary:
        self.inspections.append(choice)
        if self.refusal is not None:
            raise self.refusal
        return made_summary(choice)

    def estimate(self, settings: SizeSettings, question: Question | None = None) -> SearchEstimate:
        del question
        self.measurements.append(settings)
        if self.no_estimate is not None:
            raise self.no_estimate
        return made_estimate()


async def set_up(pilot: Pilot[None]) -> SetupScreen:
    """Open the screen that sets up a search, and wait for its first field."""
    await pilot.press("n")
    return await there(pilot)


async def there(pilot: Pilot[None]) -> SetupScreen:
    """Wait until the screen shows its fields, and one of them has the focus."""
    app = pilot.app

    def is_there() -> bool:
        has_fields = any(settings.highlighted is not None for settings in app.screen.query(SettingList))
        return has_fields and isinstance(app.focused, TextInput | SettingList)

    await until(pilot, is_there)
    screen = app.screen
    assert isinstance(screen, SetupScreen)
    return screen


def go_to(pilot: Pilot[None], key: str) -> None:
    """Put the cursor on a field."""
    pilot.app.screen.query_one(SettingList).choose(key)


async def write(pilot: Pilot[None], key: str, text: str) -> None:
    """Replace the text of a field: all but the last character at once, the last one from the keyboard."""
    go_to(pilot, key)
    await pilot.pause()
    typing = pilot.app.screen.query_one(TextInput)
    typing.value = text[:-1]
    typing.cursor_position = len(text) - 1
    await pilot.press(text[-1])

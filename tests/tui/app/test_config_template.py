"""The file of settings that the explorer writes for whoever wants another theme or other keys."""

import re
import tomllib

import pytest

from nnsize_engine.settings.user_config import defaults_path
from nnsize_tui.app.config import SETTINGS, ExplorerConfig
from nnsize_tui.app.config_file import read_explorer_config
from nnsize_tui.app.config_template import config_template, write_config_template
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.dialogs.palette import Palette
from nnsize_tui.screens.home.screen import HomeScreen
from support.pilots import until, until_shown


@pytest.mark.usefixtures("home")
def test_the_file_says_nothing_as_it_is_and_is_accepted_with_every_line_taken() -> None:
    assert write_config_template(defaults_path())
    assert not write_config_template(defaults_path())
    assert read_explorer_config() == ExplorerConfig()
    taken = re.sub(r"^# (?=[a-z_.]+ = )", "", config_template(), flags=re.MULTILINE)
    defaults_path().write_text(taken)
    config = read_explorer_config()
    assert config.theme == "dark"
    assert config.keys["run.pause"] == ("p",)
    assert set(tomllib.loads(taken)["explorer"]) == set(SETTINGS)


async def test_help_says_where_the_file_is_and_a_command_writes_it_once(explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(120, 200), notifications=True) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(explorer.screen, Help))
        await until_shown(pilot, "Settings of your own", "config.toml", "bell", "OSC 9")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(explorer.screen, Palette))
        await pilot.press(*"settings file", "enter")
        await until_shown(pilot, "Written to")
        assert defaults_path().read_text() == config_template()
        explorer.action_settings_file()
        await until_shown(pilot, "already")  # of "is there already", which a long path may wrap

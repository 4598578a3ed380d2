"""The section [explorer] of the user's file, and what the explorer remembers by itself."""

from pathlib import Path

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.toml import read_defaults
from nnsize_tui.app.config import ExplorerConfig
from nnsize_tui.app.config_file import read_explorer_config
from nnsize_tui.app.saved_state import save_theme, saved_theme, state_path
from support.terminal import terminal

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's file, which is not there yet."""
    path = tmp_path / "mine.toml"
    monkeypatch.setenv("NNSIZE_CONFIG", str(path))
    return path


def test_without_a_file_everything_is_as_usual() -> None:
    assert read_explorer_config() == ExplorerConfig()


def test_everything_can_be_said_beside_defaults_of_runs(file: Path) -> None:
    file.write_text(
        '[size]\ncv = 3\n[explorer]\ntheme = "colour-blind"\nrefresh = 2\nbell = true\nnotify = true\nmouse = false\n'
        '[explorer.keys]\nrun.pause = "f5"\n"run.delete" = ["ctrl+x", "D"]\n'
        'app.help = "?,f1,f2"\ntable.page_up = "pgup"\n'
    )
    config = read_explorer_config()
    assert (config.theme, config.refresh, config.bell, config.notify, config.mouse) == (
        "colour-blind", 2.0, True, True, False,
    )  # fmt: skip
    assert dict(config.keys) == {
        "run.pause": ("f5",),
        "run.delete": ("ctrl+x", "D"),
        "app.help": ("question_mark", "f1", "f2"),
        "table.page_up": ("pageup",),
    }
    assert read_defaults("size") == {"cv": 3}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[explorer", "is not a TOML file"),
        ("explorer = 3", "write [explorer]"),
        ("[explor]", "did you mean 'explorer'"),
        ('[explorer]\nthem = "dark"', "did you mean 'theme'"),
        ('theme = "dark"', "stands outside a section; put it below [size], [evolve], [cluster] or [explorer]"),
        ('[explorer]\nfont = "big"', "there are theme, refresh, bell, notify, mouse, keys"),
        ('[explorer]\ntheme = "pink"', "it must be one of dark, light"),
        ("[explorer]\ntheme = [1]", "it must be one of"),
        ("[explorer]\nrefresh = 0", "from 0.1 to 60"),
        ("[explorer]\nrefresh = true", "from 0.1 to 60"),
        ("[explorer]\nrefresh = nan", "from 0.1 to 60"),
        ("[explorer]\nbell = 1", "true or false"),
        ("[explorer]\nkeys = 1", "[explorer.keys]"),
        ('[explorer.keys]\nrun.paus = "f5"', "did you mean 'run.pause'"),
        ('[explorer.keys]\nrun.frobnicate = "f5"', "those of run are run."),
        ('[explorer.keys]\nzzz = "f5"', "actions begin with app., "),
        ('[explorer.keys]\nrun.pause = "fx5"', "which is no key"),
        ("[explorer.keys]\nrun.pause = 5", "must be a text"),
        ('[explorer.keys]\nrun.pause = ""', "must be a text"),
        ('[explorer.keys]\nrun.pause = "f5"\nrun.delete = "f5"', "both"),
        ('[explorer.keys]\nrun.pause = "x"', "both"),
        ('[explorer.keys]\nrun.pause = "q"', "both"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(file: Path, text: str, words: str) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError) as refused:
        read_explorer_config()
    assert words in str(refused.value)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value).replace("(at line 1", "")


def test_two_keys_may_be_exchanged_and_shared_ones_stay_shared(file: Path) -> None:
    file.write_text('[explorer.keys]\nrun.stop = "d"\nrun.delete = "s"\nrun.pause = "r"')
    assert set(read_explorer_config().keys) == {"run.stop", "run.delete", "run.pause"}


def test_a_broken_file_is_one_sentence_before_there_is_a_screen(file: Path) -> None:
    file.write_text("[explorer]\nbell = 1\n")
    with terminal(NNSIZE_CONFIG=str(file)) as opened:
        assert opened.ended() == 2
        assert b"bell in" in opened.written
        assert opened.written.count(b"\n") == 1
        assert b"\x1b" not in opened.written


def test_a_theme_is_remembered_until_the_file_names_another() -> None:
    assert saved_theme(None) is None
    save_theme("light", None)
    assert saved_theme(None) == "light"
    assert saved_theme("dark") is None
    save_theme("monochrome", "dark")
    assert saved_theme("dark") == "monochrome"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"theme": 3}', '{"theme": "x", "configured": 1}'])
def test_a_damaged_memory_is_no_trouble(text: str) -> None:
    state_path().parent.mkdir(parents=True)
    state_path().write_text(text)
    assert saved_theme(None) is None

"""A setup that is left half-filled comes back, also in the next explorer."""

import json
from pathlib import Path
from types import MappingProxyType

import pytest

from nnsize_engine.runs import launch
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.app.saved_state import MAX_STATE_BYTES, save_theme, saved_draft, saved_theme, state_path
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.kept_draft import draft_fields, draft_from_fields
from support.made_runs import made_run
from support.pilots import shown, until, until_shown
from support.setup_pilots import set_up, write

SIZES = [(80, 24), (160, 48)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["escape", "ctrl+q", "ctrl+c"])
async def test_a_half_filled_setup_is_back_in_the_next_explorer(
    home: Path, explorer: ExplorerApp, size: tuple[int, int], key: str
) -> None:
    async with explorer.run_test(size=size) as pilot:
        await set_up(pilot)
        await write(pilot, "neurons", "3,5")
        await pilot.press(key)
        if key == "escape":
            await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
    assert explorer.has_kept_draft == (key != "escape")
    other = ExplorerApp(home, unicode=True)
    async with other.run_test(size=size, notifications=True) as pilot:
        screen = await set_up(pilot)
        await until_shown(pilot, "Your draft of ", " is back; ctrl+l begins anew.", "3,5")
        await pilot.press("ctrl+l")
        assert screen.state.draft.texts == Draft().texts
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(other.screen, HomeScreen))
    assert saved_draft("size") is None


async def test_a_started_draft_and_an_untouched_one_are_not_kept(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "start", lambda _, folder, **__: made_run(folder, "brandnew"))
    async with explorer.run_test(size=(80, 24)) as pilot:
        await set_up(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        assert saved_draft("size") is None
        await set_up(pilot)
        await write(pilot, "neurons", "3,5")
        await pilot.press("escape")
        await until(pilot, lambda: saved_draft("size") is not None)
        await set_up(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
        assert saved_draft("size") is None
    assert home.exists()


def test_a_draft_and_a_theme_are_kept_side_by_side_for_the_user_alone(explorer: ExplorerApp) -> None:
    explorer.save_draft("size", draft_fields(Draft().at("a\x1bb.csv")))
    save_theme("light", None)
    explorer.save_draft("evolution", {"values": {"layers": "3"}})
    assert saved_theme(None) == "light"
    found = saved_draft("size")
    assert found is not None
    assert draft_from_fields("size", found[0]) == Draft().at("a\x1bb.csv")
    assert state_path().stat().st_mode & 0o77 == 0
    explorer.save_draft("size", None)
    assert saved_draft("size") is None
    assert saved_draft("evolution") is not None


@pytest.mark.parametrize(
    "content",
    [
        "[]", "{", '{"drafts": 3}', '{"drafts": {"size": []}}', '{"drafts": {"size": {"fields": 3, "saved": 1}}}',
        '{"drafts": {"size": {"fields": {}, "saved": 1e999}}}', '{"drafts": {"size": {"fields": {}, "saved": "x"}}}',
        '{"drafts": {"size": {"fields": {}, "saved": NaN}}}', "[" * 100_000, '"' + "x" * MAX_STATE_BYTES + '"',
        '{"drafts": {"size": {"fields": {"values": {"neurons": 3, "gone": "4", "seed": "\\u001b[2J"}}, "saved": 1}}}',
    ],
)  # fmt: skip
async def test_hostile_and_old_content_counts_as_no_draft(explorer: ExplorerApp, content: str) -> None:
    state_path().parent.mkdir(parents=True)
    state_path().write_text(content)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        screen = await set_up(pilot)
        assert screen.state.draft.texts == Draft().texts
        assert "is back" not in shown(pilot)


def test_what_a_field_of_this_version_takes_is_kept_of_a_draft() -> None:
    fields = {"values": {"neurons": "4", "gone": "1", "seed": "x" * 20_000}, "real": {"other": "/x", "data": 3}}
    assert draft_from_fields("size", fields) == Draft(values=MappingProxyType({"neurons": "4"}))
    assert draft_from_fields("evolution", {"values": ["a"]}) is None
    assert json.loads(json.dumps(draft_fields(Draft()))) == {"values": {}, "real": {}}

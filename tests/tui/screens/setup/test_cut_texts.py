"""Nothing on the setup screen is cut, at any size."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from nnsize_engine.preflight import client
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.panes import DataOverview, PlanPane
from nnsize_tui.screens.setup.screen import SetupScreen
from nnsize_tui.screens.setup.setting_list import SettingList
from nnsize_tui.widgets.canvas import Canvas, Line
from nnsize_tui.widgets.title_bar import TitleBar
from support.made_summaries import made_estimate_of
from support.pilots import shown, until
from support.setup_pilots import Asked, there

SIZES = [(60, 20), (80, 24), (100, 30), (118, 36), (160, 48)]
DRAFTS = {"built-in": Draft(), "file": Draft().at("passengers.csv"), "evolution": Draft(kind="evolution")}


def texts_of(lines: Iterable[Line], rule: str) -> list[str]:
    """Return lines as text, without the rules, which fill any width."""
    return ["".join(text for text, _ in line).rstrip(rule).rstrip() for line in lines]


def assert_nothing_is_cut(screen: SetupScreen) -> None:
    rule = screen.explorer.glyphs.rule
    for canvas in screen.query(Canvas):
        width, height = canvas.size
        if not canvas.display or not isinstance(canvas, SettingList | PlanPane | DataOverview | TitleBar):
            continue
        texts = texts_of(canvas.lines(width, height), rule)
        assert len(texts) <= height, (type(canvas).__name__, texts)
        for text in texts:
            assert cell_len(text) <= width, (type(canvas).__name__, text)
            assert screen.explorer.glyphs.ellipsis not in text.replace("looking at it…", ""), text


async def set_up(pilot: Pilot[None], draft: Draft, home: Path) -> SetupScreen:
    await pilot.app.push_screen(SetupScreen(home, draft))
    screen = await there(pilot)
    await until(pilot, lambda: screen.state.measured is not None)
    return screen


@pytest.fixture
def answered(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer measurements of every kind."""
    del asked
    monkeypatch.setattr(client, "estimate", made_estimate_of)


def assert_more_is_in_sight(screen: SetupScreen) -> None:
    settings = screen.query_one(SettingList)
    texts = texts_of(settings.lines(*settings.size), "")
    assert any(text.strip("› ").startswith("more  ") for text in texts), texts
    assert any(text.startswith(" › ") for text in texts), texts


@pytest.mark.usefixtures("answered", "table")
@pytest.mark.parametrize("begun", DRAFTS)
async def test_no_text_is_cut_at_any_size_whatever_field_is_under_the_cursor(
    home: Path, explorer: ExplorerApp, begun: str
) -> None:
    async with explorer.run_test(size=SIZES[0]) as pilot:
        screen = await set_up(pilot, DRAFTS[begun], home)
        settings, plan = screen.query_one(SettingList), screen.query_one(PlanPane)
        draft = screen.state.draft
        for shows_more, sizes in ((False, SIZES[:-1]), (True, SIZES)):  # a tall screen shows all of them by itself
            if shows_more:
                await pilot.press("ctrl+n")
            for size in sizes:
                await pilot.resize_terminal(*size)
                fields = draft.form.fields if shows_more else draft.form.basic
                for field in (field for field in fields if field.key not in draft.idle):
                    settings.choose(field.key)
                    plan.explain(field.label, field.help)
                    assert_nothing_is_cut(screen)
                    assert field.help.split()[-1] in " ".join(texts_of(plan.lines(*plan.size), "")), field.key
                    if not shows_more:
                        assert_more_is_in_sight(screen)


@pytest.mark.usefixtures("answered", "table")
async def test_more_is_clicked_where_it_is_shown(home: Path, explorer: ExplorerApp) -> None:
    async with explorer.run_test(size=(80, 24)) as pilot:
        screen = await set_up(pilot, DRAFTS["file"], home)
        form = screen.state.draft.form
        line = next(number for number, text in enumerate(shown(pilot).split("\n")) if " more  " in text)
        await pilot.click(offset=(5, line))
        await until(pilot, lambda: f"› {form.fields[len(form.basic)].label}" in shown(pilot))


@pytest.mark.usefixtures("answered", "table")
@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_page_keys_move_by_what_is_in_sight(home: Path, explorer: ExplorerApp, size: tuple[int, int]) -> None:
    async with explorer.run_test(size=size) as pilot:
        screen = await set_up(pilot, Draft(kind="evolution"), home)
        settings = screen.query_one(SettingList)
        await pilot.press("ctrl+n") if size[1] < 46 else None
        settings.choose("data")
        await pilot.pause()
        seen, keys = set[str](), list[str]()
        labels = {field.label for field in screen.state.draft.form.fields if field.key not in screen.state.draft.idle}
        for _ in range(10):
            lines = [text[3:] for text in shown(pilot).split("\n")]
            seen.update(label for label in labels if any(text.startswith(f"{label} ") for text in lines))
            await pilot.press("pagedown")
            assert settings.highlighted is not None
            keys.append(settings.highlighted.key)
        assert keys[-1] == keys[-2] != keys[0]
        assert seen == labels, "each page begins where the last one ended"
        for _ in range(10):
            await pilot.press("pageup")
        assert settings.highlighted is not None
        assert settings.highlighted.key == "data"

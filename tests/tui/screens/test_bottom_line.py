"""The bottom line promises no key that does nothing: every key in it is pressed, and something changes."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.preflight import client
from nnsize_engine.runs import launch
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.setup import background_preflight
from nnsize_tui.screens.setup.choices import choices_of
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.screen import SetupScreen
from nnsize_tui.widgets.key_bar import KeyBar
from support.made_runs import GRID, made_corrupt, made_run, make_evolution
from support.made_summaries import made_estimate_of, made_summary
from support.pilots import shown, until, until_shown
from support.setup_pilots import go_to, there

NOT_PRESSED = frozenset({"quit", "save_screen", "palette", "keys", "start(True)", "start(False)"})
"""Keys that end the explorer, write a file or start a run, and those that work everywhere."""

PLACES: dict[str, tuple[str, Sequence[str]]] = {
    "all runs": ("", ()),
    "a search": ("search", ()),
    "a search, its chart": ("search", ("z",)),
    "an evolution": ("evolution", ()),
    "a comparison": ("", ("space", "space", "c")),
    "the help, searched": ("", ("question_mark", "slash", "s", "c", "o", "r", "e", "enter")),
    "the commands": ("", ("ctrl+p",)),
    "an export": ("", ("x",)),
}
"""How one gets to each place: the run that is opened, and keys."""


@pytest.fixture
def runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Make a run of each kind; nothing is asked of runners and other processes."""
    monkeypatch.setattr(client, "look_at_table", lambda choice, **_: made_summary(choice))
    monkeypatch.setattr(client, "estimate", made_estimate_of)
    monkeypatch.setattr(background_preflight, "PAUSE_SECONDS", 0.001)
    for action in ("pause", "resume", "stop", "delete"):
        monkeypatch.setattr(launch, action, lambda *_, **__: None)
    made_corrupt(home, "damage")
    return {"search": made_run(home, "zibiro", GRID), "evolution": make_evolution(home, "bagote", age=1)}


def entries(pilot: Pilot[None]) -> list[tuple[str, str, str]]:
    """Return key, words and action of what the bottom line shows."""
    bar = pilot.app.screen.query_one(KeyBar)
    return [(binding.key, words, binding.action) for _, words, binding in bar.entries(bar.size.width)]


def state_of(pilot: Pilot[None]) -> object:
    """Return what a key can change: the screens, the focus, the picture, notices, the clipboard."""
    app = pilot.app
    notices = tuple(note.identity for note in app._notifications)
    return (tuple(map(id, app.screen_stack)), id(app.focused), shown(pilot), notices, app.clipboard, app.theme)


async def begin(pilot: Pilot[None], folder: Path | None, kind: str, keys: Sequence[str]) -> None:
    """Go home, then to a place."""
    app = pilot.app
    assert isinstance(app, ExplorerApp)
    while not isinstance(app.screen, HomeScreen):
        app.pop_screen()
        await pilot.pause()
    await pilot.press("home")
    if folder is not None:
        app.open_run(folder, "size" if kind == "search" else "evolution")
        await until_shown(pilot, "Quit", "Export")
    for key in keys:
        await pilot.press(key)
    await until(pilot, lambda: bool(app.screen.query(KeyBar)) and bool(entries(pilot)))


async def idle_keys(pilot: Pilot[None], begin_again: Callable[[], Awaitable[None]]) -> list[str]:
    """Press every key in the bottom line; return those that change nothing."""
    app, idle = pilot.app, []
    here = app.screen
    for key, words, action in entries(pilot):
        if action in NOT_PRESSED:
            continue
        if here in app.screen_stack:
            while app.screen is not here:
                app.pop_screen()
                await pilot.pause()
        else:
            await begin_again()
            here = app.screen
        if action not in [one for _, _, one in entries(pilot)]:
            continue  # an earlier key changed what is in sight
        before = state_of(pilot)
        await pilot.press(key.split(",")[0])
        if not await comes(pilot, lambda before=before: state_of(pilot) != before):  # type: ignore[misc]
            idle.append(f"{key} {words}")
    return idle


async def test_every_key_in_the_bottom_line_changes_something(runs: dict[str, Path], home: Path) -> None:
    app = ExplorerApp(home, unicode=True)
    idle = {}
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await until_shown(pilot, "zibiro", "bagote", "damage")
        for place, (kind, keys) in PLACES.items():
            arrive = partial(begin, pilot, runs.get(kind), kind, keys)
            await arrive()
            idle[place] = await idle_keys(pilot, arrive)
    assert not {place: keys for place, keys in idle.items() if keys}


async def comes(pilot: Pilot[None], is_so: Callable[[], bool]) -> bool:
    """Return whether something is so soon; another process that inspects data takes seconds on a busy machine."""
    for _ in range(400):
        if is_so():
            return True
        await pilot.pause(0.025)
    return False


@pytest.mark.parametrize(("kind", "size"), [("n", (160, 48)), ("e", (80, 24))])
@pytest.mark.usefixtures("runs")
async def test_at_every_field_the_bottom_line_offers_a_list_or_another_value_only_where_there_is_one(
    home: Path, kind: str, size: tuple[int, int]
) -> None:
    app = ExplorerApp(home, unicode=True)
    async with app.run_test(size=size) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press(kind)
        screen = await there(pilot)
        await pilot.press("ctrl+n")
        if not screen._has_more:
            await pilot.press("ctrl+n")
        state = screen.state
        idle = state.draft.idle
        for field in state.draft.form.fields:
            if field.key in idle:
                continue
            go_to(pilot, field.key)
            await pilot.pause()
            assert screen.field is field
            offered = {action: words for _, words, action in entries(pilot)}
            has_list = bool(choices_of(field, state)) or field.kind == "file"
            assert ("pick" in offered, "next_field" in offered) == (has_list, not has_list), field.key
            assert ("step(1)" in offered) == (field.kind == "one" and len(state.options(field)) > 1), field.key
            assert field.kind != "one" or has_list, field.key


@pytest.mark.usefixtures("runs")
async def test_every_key_at_a_field_of_a_new_search_changes_something(home: Path) -> None:
    app = ExplorerApp(home, unicode=True)
    idle = {}
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await until_shown(pilot, "zibiro")

        async def arrive(field: str) -> None:
            app.push_screen(SetupScreen(home, Draft()))
            await there(pilot)
            go_to(pilot, field)
            await pilot.pause()

        for field in ("activation", "seed", "stratify"):
            await arrive(field)
            idle[field] = await idle_keys(pilot, partial(arrive, field))
    assert not {field: keys for field, keys in idle.items() if keys}


@pytest.mark.usefixtures("runs")
async def test_reset_is_offered_only_where_something_is_changed(home: Path) -> None:
    app = ExplorerApp(home, unicode=True)
    async with app.run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("n")
        await there(pilot)
        assert "reset" not in [action for _, _, action in entries(pilot)]
        go_to(pilot, "seed")
        await pilot.press("end", "7")
        await until(pilot, lambda: "reset" in [action for _, _, action in entries(pilot)])
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "reset" not in [action for _, _, action in entries(pilot)])


async def test_at_80_columns_the_bottom_line_has_room_for_naming_a_run_and_for_importances(
    runs: dict[str, Path], home: Path
) -> None:
    app = ExplorerApp(home, unicode=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "zibiro", "bagote", "damage", "space Mark", "N Name", "n New", "e Evolve")
        await pilot.press("space")
        await until_shown(pilot, "1 marked", "d Delete")
        await pilot.press("u")
        await begin(pilot, runs["search"], "search", ())
        await until_shown(pilot, "z Zoom", "i Importance")

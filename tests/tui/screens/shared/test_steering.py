"""Steering runs from the home screen: pause, resume, stop, delete, and the reasons of failures."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Button

from nnsize_engine.errors import RunError
from nnsize_engine.runs import launch
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.follow import pending_requests
from nnsize_tui.screens.home.screen import HomeScreen
from support.made_runs import EVOLUTION, made_corrupt, made_run, make_evolution
from support.pilots import shown, until, until_shown


@pytest.mark.parametrize(
    ("state", "key", "action", "word"),
    [
        ("running", "p", "pause", "pausing"),
        ("paused", "p", "resume", "resuming"),
        ("stopped", "r", "resume", "resuming"),
        ("interrupted", "p", "resume", "resuming"),
        ("failed", "r", "resume", "resuming"),
        ("running", "s", "stop", "stopping"),
        ("paused", "s", "stop", "stopping"),
    ],
)
async def test_a_key_asks_at_once(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch, state: str, key: str, action: str, word: str
) -> None:
    folder = made_run(home, "target", state=state, fits=4)  # type: ignore[arg-type]
    asked: list[Path] = []
    monkeypatch.setattr(launch, action, asked.append)
    monkeypatch.setattr(pending_requests, "MAX_PENDING_SECONDS", 600.0)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target")
        await pilot.press(key)
        await until_shown(pilot, f"{word}…")
        await until(pilot, lambda: asked == [folder])


@pytest.mark.parametrize(("state", "keys"), [("finished", "prs"), ("running", "r"), ("stopped", "s")])
async def test_keys_that_make_no_sense_now_do_nothing(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch, state: str, keys: str
) -> None:
    made_run(home, "target", state=state, fits=4)  # type: ignore[arg-type]
    for action in ("pause", "resume", "stop"):
        monkeypatch.setattr(launch, action, lambda _: pytest.fail("it was asked"))
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target")
        await pilot.press(*keys)
        assert state in shown(pilot)


@pytest.mark.parametrize(("key", "is_resumed"), [("y", True), ("n", False)])
async def test_a_run_with_a_python_function_is_resumed_only_after_a_yes(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch, key: str, is_resumed: bool
) -> None:
    settings = replace(EVOLUTION, fitness="/there/metrics:profit")
    folder = make_evolution(home, "target", settings, state="stopped", generations=3)
    asked: list[tuple[Path, bool]] = []
    monkeypatch.setattr(launch, "resume", lambda folder, *, runs_code=False: asked.append((folder, runs_code)))
    async with explorer.run_test(size=(100, 30), notifications=True) as pilot:
        await until_shown(pilot, "target")
        await pilot.press("r")
        await until_shown(pilot, "The fitness is the Python function /there/metrics:profit.", "executes its code")
        assert not asked
        await pilot.press(key)
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        if is_resumed:
            await until(pilot, lambda: asked == [(folder, True)])
        assert bool(asked) is is_resumed


async def test_what_does_not_work_is_said_in_words(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:
        raise RunError(f"run {folder.name} is busy [with] something")

    monkeypatch.setattr(launch, "pause", refuse)
    made_run(home, "target", state="running", fits=4)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target")
        await pilot.press("p")
        await until_shown(pilot, "run target is busy [with] something")
        assert "pausing" not in shown(pilot)


@pytest.mark.parametrize(("keys", "is_deleted"), [("y", True), ("n", False), (("escape",), False), (("enter",), False)])
async def test_d_asks_back_before_it_deletes(
    home: Path, explorer: ExplorerApp, keys: tuple[str, ...], is_deleted: bool
) -> None:
    folder = made_run(home, "target")
    made_run(home, "spared", age=1)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target")
        await pilot.press("d")
        await until_shown(pilot, "Delete run target? Its 12 finished fits will be lost.")
        await until(pilot, lambda: explorer.screen.query_one("#no", Button).has_focus)
        await pilot.press(*keys)
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        if is_deleted:
            await until_shown(pilot, "Run target is deleted.")
            await until_shown(pilot, "› spared")
        assert folder.exists() is not is_deleted


async def test_the_buttons_of_a_question_answer_it_too(home: Path, explorer: ExplorerApp) -> None:
    folder = made_run(home, "target")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target")
        await pilot.press("d")
        await until_shown(pilot, "Delete run target?")
        await until(pilot, lambda: explorer.screen.query_one("#no", Button).has_focus)
        await pilot.press("right")
        await until(pilot, lambda: explorer.screen.query_one("#yes", Button).has_focus)
        await pilot.press("enter")
        await until(pilot, lambda: not folder.exists())


async def test_a_live_run_is_stopped_before_it_is_deleted(
    home: Path, explorer: ExplorerApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_run(home, "target", state="running", fits=4)
    done: list[str] = []

    def delete(_: Path) -> tuple[str, ...]:
        done.append("delete")
        return ()

    monkeypatch.setattr(launch, "stop", lambda _: done.append("stop"))
    monkeypatch.setattr(launch, "wait_for_end", lambda _: done.append("wait"))
    monkeypatch.setattr(launch, "delete", delete)
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "target")
        await pilot.press("d")
        await until_shown(pilot, f"Run {folder.name} is running. Stop it and delete it?")
        await pilot.press("y")
        await until(pilot, lambda: done == ["stop", "wait", "delete"])


async def test_a_run_that_cannot_be_read_says_why_and_can_be_deleted(home: Path, explorer: ExplorerApp) -> None:
    folder = made_corrupt(home, "damage")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "damage", "unreadable", "cannot be read")
        await pilot.press("enter", "p", "s", "x")
        assert isinstance(explorer.screen, HomeScreen)
        await pilot.press("d")
        await until_shown(pilot, "Delete run damage? It cannot be read")
        await pilot.press("y")
        await until(pilot, lambda: not folder.exists())

"""The empty home screen: the two questions, an answer, and the key that adds the examples."""

from pathlib import Path

import pytest

from nnsize_engine.examples.catalogue import EXAMPLES
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.evolution.screen import EvolutionScreen
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.search.screen import SearchScreen
from support.made_runs import made_run
from support.pilots import shown, until, until_shown


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_an_empty_home_asks_the_two_questions_and_shows_an_answer(
    explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    async with explorer.run_test(size=size) as pilot:
        await until_shown(
            pilot,
            "How many neurons does my network need?",
            "Can randomized optimization train it?",
            "Press E for three example runs",
            "an answer: demo-1",
            "55 neurons are recommended",
            "recommended 55  ★ best 75",
        )


async def test_a_small_or_ascii_terminal_has_the_words(home: Path) -> None:
    app = ExplorerApp(home, unicode=False)
    async with app.run_test(size=(60, 20)) as pilot:
        await until_shown(pilot, "Press n to set up", "Press e to set up", "Press E for three example runs")
        assert shown(pilot).isascii()
        await pilot.resize_terminal(80, 24)
        await until_shown(pilot, "an answer: demo-1", "recommended 55")
        assert shown(pilot).isascii()


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_key_adds_examples_that_open_without_computing(
    home: Path, explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    async with explorer.run_test(size=size, notifications=True) as pilot:
        await pilot.press("E")
        await until_shown(pilot, *(example.name for example in EXAMPLES), "an example; article 1", "› demo-1")
        assert "an answer:" not in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, SearchScreen))
        await until_shown(pilot, "55 neurons are recommended", "✓ finished")
        await pilot.press("escape", "up", "enter")
        await until(pilot, lambda: isinstance(explorer.screen, EvolutionScreen))
        await until_shown(pilot, "30-64-32-1", "✓ finished")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))
        assert not explorer.screen.check_action("examples", ())
    assert sorted(path.name for path in home.iterdir()) == ["demo-1", "demo-2", "demo-3", "example-tables"]


async def test_what_is_in_the_way_of_an_example_is_said(home: Path, explorer: ExplorerApp) -> None:
    made_run(home, "zibiro")
    (home / "demo-2").write_text("mine")
    async with explorer.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "zibiro")
        assert explorer.screen.check_action("examples", ())
        await pilot.press("E")
        await until(
            pilot, lambda: any("demo-2 is in the way of an example run" in one.message for one in explorer.notices)
        )

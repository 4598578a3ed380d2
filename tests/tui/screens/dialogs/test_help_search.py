"""The help: it begins where one is, is searched, jumped through, and shows each key once."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nnsize_engine.settings.glossary import GLOSSARY
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.dialogs.help_text import HelpText
from nnsize_tui.screens.home.screen import HomeScreen
from nnsize_tui.screens.setup.screen import SetupScreen
from support.made_runs import made_run
from support.pilots import shown, until, until_shown
from support.setup_pilots import go_to, set_up

SIZES = [(80, 24), (160, 48)]
DEFINITION = "How uncertain a mean score is"


async def opened(pilot: Pilot[None], *keys: str) -> HelpText:
    """Open the help, and wait until all of it is there."""
    await pilot.press(*keys)
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, Help) and bool(app.screen.query(HelpText)))
    text = app.screen.query_one(HelpText)
    await until(pilot, lambda: "Moving in a text" in text.section_titles)
    return text


@pytest.mark.parametrize("size", SIZES)
async def test_the_meaning_of_a_word_is_found_with_three_keys_and_its_letters(
    home: Path, explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "zibiro")
        text = await opened(pilot, "question_mark")
        assert DEFINITION not in shown(pilot)
        await pilot.press("slash", *"standard error")
        await until_shown(pilot, "/standard error", f"1 of {text.search.count}", DEFINITION)
        await pilot.press("enter")
        await until_shown(pilot, "n next  N before  esc end", DEFINITION)
        assert text.search.at == 0 or text.search.count > 1


@pytest.mark.parametrize("size", SIZES)
async def test_a_search_goes_on_with_n_and_back_with_big_n_and_is_ended_by_escape(
    home: Path, explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "zibiro")
        text = await opened(pilot, "question_mark", "slash")
        await pilot.press(*"Fitness", "enter")
        count, first = text.search.count, text.search.at
        assert count > 3
        seen = []
        for _ in range(count):
            seen.append(text.search.rows[text.search.at])
            row = seen[-1] - (text._top or 0)
            assert 0 <= row < text.size.height - 2  # in sight
            await pilot.press("n")
        assert text.search.at == first
        assert sorted(seen) == sorted(text.search.rows)
        await pilot.press("N", "enter")
        assert text.search.at == first
        assert any(span.is_here for spans in text.search.spans.values() for span in spans)
        await pilot.press("slash", *"qqq")
        await until_shown(pilot, "/qqq", "not found")
        await pilot.press("escape")
        await until(pilot, lambda: "/qqq" not in shown(pilot))
        assert isinstance(explorer.screen, Help)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(explorer.screen, HomeScreen))


@pytest.mark.parametrize("size", SIZES)
async def test_every_found_text_is_marked_even_over_the_end_of_a_line(
    explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "0 runs")
        text = await opened(pilot, "question_mark")
        layout = text._layout(text._width)
        for term, words in GLOSSARY:
            text.search.text = words[: len(words) // 2]
            text._search_again()
            assert text.search.count >= 1, term
            row = text.search.rows[0]
            marked = "".join(
                layout.texts[line][span.start : span.end]
                for line in range(row, len(layout.texts))
                for span in text.search.spans.get(line, ())
            )
            wanted = "".join(text.search.text.split())
            assert "".join(marked.split())[: len(wanted)].lower() == wanted.lower()


@pytest.mark.parametrize("keys", [[], ["n"], ["enter"]])
async def test_no_key_is_shown_twice_in_a_section_and_no_key_with_its_meaning_twice_at_all(
    home: Path, explorer: ExplorerApp, keys: list[str]
) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=(100, 40)) as pilot:
        await until_shown(pilot, "zibiro")
        for key in keys:
            await pilot.press(key)
            await until(pilot, lambda: not isinstance(explorer.screen, HomeScreen))
        if keys == ["n"]:
            await until(pilot, lambda: isinstance(explorer.screen, SetupScreen) and explorer.focused is not None)
        text = await opened(pilot, "f1" if keys == ["n"] else "question_mark")
        told: set[tuple[str, str]] = set()
        for section in text._sections:
            if not _has_keys(section.title):
                continue
            signs = [sign for entry in section.entries for sign in entry.sign.split()]
            assert len(signs) == len(set(signs)), section.title
            for entry in section.entries:
                for meaning in entry.meanings:
                    assert (entry.sign, meaning) not in told, (section.title, entry)
                    told.add((entry.sign, meaning))


def _has_keys(title: str) -> bool:
    """Return whether a section lists keys, not words."""
    words = ("Columns of", "Marks of", "States of", "Words", "Settings of", "The field", "The columns")
    return not title.startswith(words)


@pytest.mark.parametrize("size", SIZES)
async def test_tab_goes_through_all_sections_and_a_page_is_a_page(
    home: Path, explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "zibiro")
        text = await opened(pilot, "question_mark")
        assert text.section_titles[0] == "This screen: All runs"
        assert text.section_titles[-1] == "Words"
        await pilot.press("tab")
        await until_shown(pilot, f"help 2/{len(text.section_titles)}: {text.section_titles[1]}")
        seen = {1}
        for _ in range(len(text.section_titles)):
            text.action_section(1)
            seen.add(text._section)
            assert f"  {text.section_titles[text._section]}" in shown(pilot)
        assert seen == set(range(len(text.section_titles)))
        await pilot.press("home", "shift+tab")
        await until_shown(pilot, f"help {len(text.section_titles)}/")
        await pilot.press("home")
        lines = text._layout(text._width).texts
        page = text._lines_in_sight
        await pilot.press("pagedown")
        assert text._top == page
        assert lines[page].strip() in shown(pilot)
        await pilot.press("pageup")
        assert text._top == 0


@pytest.mark.parametrize(("size", "key"), [(SIZES[0], "f1"), (SIZES[1], "ctrl+t")])
@pytest.mark.usefixtures("asked")
async def test_a_key_explains_the_field_under_the_cursor(
    explorer: ExplorerApp, size: tuple[int, int], key: str
) -> None:
    async with explorer.run_test(size=size) as pilot:
        screen = await set_up(pilot)
        go_to(pilot, "scoring")
        await opened(pilot, key)
        await until_shown(pilot, "The field scoring", "The scikit-learn scoring that decides", "now", "roc_auc")
        await pilot.press("escape")
        await until(pilot, lambda: explorer.screen is screen)
        go_to(pilot, "test_size")  # where a question mark is typed or not, the key is the same
        await opened(pilot, key)
        await until_shown(pilot, "The field test-size", "Rows for the final test")


@pytest.mark.parametrize("size", SIZES)
async def test_a_key_explains_the_columns_of_a_table(home: Path, explorer: ExplorerApp, size: tuple[int, int]) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "zibiro")
        text = await opened(pilot, "f1")
        await until_shown(pilot, "The columns of this table", "started", "the rows are sorted")
        assert text.section_titles[1] == "This screen: All runs"
        await pilot.press("escape", "enter")
        await until_shown(pilot, "12/12 fits")
        await opened(pilot, "ctrl+t")
        await until_shown(pilot, "The columns of this table", "neurons of each hidden layer")


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_of_commands_finds_words_and_opens_the_help_there(
    home: Path, explorer: ExplorerApp, size: tuple[int, int]
) -> None:
    made_run(home, "zibiro")
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "zibiro")
        await pilot.press("ctrl+p", *"standard e")
        await until_shown(pilot, DEFINITION)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(explorer.screen, Help))
        await until(pilot, lambda: "Moving in a text" in explorer.screen.query_one(HelpText).section_titles)
        await until_shown(pilot, "Words", "/standard error", DEFINITION)

import pytest

from nnsize_engine.settings.glossary import GLOSSARY
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.screens.dialogs.help import Help
from nnsize_tui.screens.dialogs.help_text import HelpText
from nnsize_tui.widgets.canvas import Line
from support.pilots import until, until_shown


def words_of(lines: list[Line]) -> str:
    return " ".join("".join(piece for piece, _ in line) for line in lines)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 48)])
async def test_the_help_ends_with_the_words_of_the_glossary(explorer: ExplorerApp, size: tuple[int, int]) -> None:
    async with explorer.run_test(size=size) as pilot:
        await until_shown(pilot, "0 runs")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(explorer.screen, Help))
        text = explorer.screen.query_one(HelpText)
        lines = list(text.content(text.size.width))
        headings = [at for at, line in enumerate(lines) if any(ink == "title" for _, ink in line)]
        assert words_of(lines[headings[-1] : headings[-1] + 1]).strip() == "Words"
        # Without blanks: a line may end at any of them, or after a hyphen.
        ending = "".join(words_of(lines[headings[-1] + 1 :]).split())
        assert ending == "".join(f"{term}{words}" for term, words in GLOSSARY).replace(" ", "")
        assert all(sum(len(piece) for piece, _ in line) <= text.size.width for line in lines)
        last = GLOSSARY[-1][1].split()[-1]
        await pilot.press("end")
        await until_shown(pilot, last)

"""The welcome on the home screen while there is no run."""

import textwrap
from collections.abc import Iterable
from pathlib import Path

from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.text.evolution import network_text
from nnsize_tui.widgets.canvas import Canvas, Line
from nnsize_tui.widgets.lines import rule_line, wrapped

MAX_COLUMNS = 100  # of a line of words; longer ones are hard to read

SIZE_QUESTION = "How many neurons does my network need?"
EVOLUTION_QUESTION = "Can randomized optimization train it?"
ANSWERS_QUESTION = "What does an answer look like?"


class Welcome(Canvas):
    """The two questions that the program answers, the keys that begin, and an answer as an example."""

    CAN_WAIT = False  # it is small, and tells what the screen shows

    def __init__(self, glyphs: Glyphs, home: Path, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._home = home
        self._example = self._answer = ""

    def show_answer(self, example: str, answer: str) -> None:
        """Show the answer of an example run, whose picture is shown below; empty texts for none."""
        if (self._example, self._answer) != (example, answer):
            self._example, self._answer = example, answer
            self.redraw()

    def height_at(self, width: int, answer: str = "") -> int:
        """Return the lines of the words at this width, with the answer of an example if there is one."""
        return len(self._words(width)) + (1 + len(list(wrapped(answer, width, "text"))) if answer else 0)

    def lines(self, width: int, height: int) -> Iterable[Line]:
        words = self._words(width)
        if self._answer:
            yield from words
            yield rule_line(f"an answer: {self._example}", width, self.glyphs, "title")
            yield from wrapped(self._answer, width, "text")
            return
        for _ in range(max(0, (height - len(words)) // 2)):
            yield []
        yield from words

    def _words(self, width: int) -> list[Line]:
        sizes = SizeSettings().candidates
        search = (
            f"n to set up a search, with a table of yours or the built-in one: networks from {sizes[0][0]} to "
            f"{sizes[-1][0]} neurons, each scored by cross-validation."
        )
        evolve = (
            f"e to set up an evolution of all weights ({network_text(recommended())} of the built-in network), "
            "beside gradient training."
        )
        lines: list[Line] = [[(f" {SIZE_QUESTION}", "title")], *_keyed(search, width)]
        lines += [[(f" {EVOLUTION_QUESTION}", "title")], *_keyed(evolve, width)]
        lines += [[(f" {ANSWERS_QUESTION}", "title")], *_keyed("E for three example runs; nothing is computed.", width)]
        rest = f"Runs go on when you leave. They are kept in {self._home}"
        return [*lines, *wrapped(rest, min(width, MAX_COLUMNS), "dim")]


def _keyed(words: str, width: int) -> list[Line]:
    """Return a sentence that begins with a key."""
    lead = "   Press "
    first, *others = textwrap.wrap(words, max(20, min(width, MAX_COLUMNS) - len(lead) - 1))
    lines: list[Line] = [[(lead, "text"), (first[0], "accent"), (first[1:], "text")]]
    for line in others:
        lines.append([(f"{' ' * len(lead)}{line}", "text")])
    return lines

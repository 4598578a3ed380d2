"""The welcome on the home screen while there is no run."""

import textwrap
from collections.abc import Iterable
from pathlib import Path

from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_tui.screens.home.title import QUESTION, SECOND
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.text.evolution import network_text
from nnsize_tui.widgets.canvas import Canvas, Line, Piece


class Welcome(Canvas):
    """A description of the program, and the keys that start a run, while there is no run."""

    CAN_WAIT = False  # it is small, and tells what the screen shows

    def __init__(self, glyphs: Glyphs, home: Path, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._home = home

    def lines(self, width: int, height: int) -> Iterable[Line]:
        words = self._words(min(66, width - 4))
        for _ in range(max(0, (height - len(words)) // 2)):
            yield []
        margin: Piece = (" " * max(2, (width - 66) // 2), "text")
        for line in words:
            yield [margin, *line]

    def _words(self, width: int) -> list[Line]:
        settings, evolution = SizeSettings(), EvolutionSettings()
        sizes = settings.candidates
        how = (
            "Every size is trained and scored by cross-validation; or one network's weights evolve. Table and curve "
            "fill in as you watch; you may close this window at any time, the run goes on."
        )
        search = (
            f"n to set up a search: with a file of yours, or the built-in one (the data {settings.data}, {len(sizes)} "
            f"networks from {sizes[0][0]} to {sizes[-1][0]} neurons, {settings.folds} folds, scored by "
            f"{settings.scoring}), which ctrl+s starts as it stands."
        )
        evolve = (
            f"e to set up an evolution, as it stands of {network_text(evolution)}, {evolution.member_count:,} members, "
            f"{evolution.generations_allowed} generations, strategy {evolution.strategy}; beside it the same "
            f"network trained by gradient."
        )
        lines: list[Line] = [[(QUESTION, "title")], [(SECOND, "title")], []]
        lines += [[(line, "text")] for line in textwrap.wrap(how, width)]
        for words in (search, evolve):
            first, *others = textwrap.wrap(f"Press {words}", width)
            lead = len("Press ")
            lines += [[], [(first[:lead], "text"), (first[lead], "accent"), (first[lead + 1 :], "text")]]
            lines += [[(line, "text")] for line in others]
        lines += [[], [("Without a screen: ", "dim"), ("nnsize size --help", "text"), (", ", "dim")]]
        lines[-1] = [*lines[-1], ("nnsize evolve --help", "text")]
        lines += [[(line, "dim")] for line in textwrap.wrap(f"Runs are kept in {self._home}", width)]
        return lines

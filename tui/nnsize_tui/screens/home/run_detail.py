"""The parts around the table of runs: the title, the selected run in words, and a welcome while there is no run."""

import textwrap
from collections.abc import Iterable
from pathlib import Path

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import STEP_NAMES
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.text import moment_text, seconds_text
from nnsize_tui.screens.home.run_table import RunItem
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.text.evolution import network_text
from nnsize_tui.text.kinds import WORDS
from nnsize_tui.widgets.canvas import Canvas, Line, Piece
from nnsize_tui.widgets.run_header import elapsed, joined, spread
from nnsize_tui.widgets.state_badge import state_piece

QUESTION = "How many neurons does a neural network need?"
SECOND = "And can evolution train it?"


class HomeTitle(Canvas):
    """The program's name, and the number of runs."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._right = ""

    def show(self, runs: int, running: int, *, is_starting: bool, marked: int = 0) -> None:
        """Show these numbers of runs."""
        self._right = f"{runs} run" + ("" if runs == 1 else "s") + (f", {running} running" if running else "")
        self._right += f", {marked} marked" if marked else ""
        if is_starting:
            self._right = f"starting{self.glyphs.ellipsis}"
        self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        del height
        yield spread([(" nnsize", "title")], self._middle(width), (self._right, "text"), width)

    def _middle(self, width: int) -> str:
        return f"{QUESTION} {SECOND}" if width >= 110 else QUESTION if width >= 76 else ""


class RunDetail(Canvas):
    """The run under the cursor: its settings, progress and answer in words."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._item: RunItem | None = None

    def show(self, item: RunItem) -> None:
        """Show this run."""
        before, self._item = self._item, item
        if before is not None and before.run.folder == item.run.folder and before.run.state == item.run.state:
            self.redraw_soon()
        else:
            self.redraw()

    def height_at(self, width: int) -> int:
        """Return the lines that the run under the cursor needs at this width."""
        return 1 if self._item is None else 1 + len(self._facts(width)) + len(self._answer(width))

    def lines(self, width: int, height: int) -> Iterable[Line]:
        if self._item is None:
            return
        name = self._item.run.folder.name
        rule = self.glyphs.rule
        yield [(rule, "faint"), (f" {name} ", "title"), (rule * width, "faint")]
        words = [*self._facts(width), *self._answer(width)]
        yield from words[: height - 1]

    def _facts(self, width: int) -> list[Line]:
        assert self._item is not None
        header = self._item.run.header
        if header is None or self._item.run.state is None:
            return []
        settings, data = header.settings, header.data
        dot = f" {self.glyphs.dot} "
        facts = WORDS[header.kind].named_facts(settings)
        if data is not None:
            facts.append(f"{data.train_rows} training and {data.test_rows} test rows")
        steps = f"{STEP_NAMES[header.kind]}s"
        times = [f"{header.done} of {header.total} {steps}", f"started {moment_text(header.created)}"]
        if self._item.run.view is not None:
            if self._item.run.state in LIVE_STATES and self._item.run.view.remaining is not None:
                times.append(f"left {seconds_text(self._item.run.view.remaining)}")
            times.append(f"computed for {seconds_text(elapsed(self._item.run.view))}")
        mark, ink = state_piece(self._item.run.state, self._item.request, self.glyphs)
        settings_lines: list[Line] = [[(f" {line}", "text")] for line in _wrapped(dot.join(facts), width)]
        return [*settings_lines, [(f" {mark}", ink), (joined(["", *times], dot, width - len(mark) - 2), "dim")]]

    def _answer(self, width: int) -> list[Line]:
        assert self._item is not None
        run = self._item.run
        if run.reason:
            return [[(f" {line}", "bad")] for line in _wrapped(run.reason, width)]
        if run.view is None:
            return []
        answer = WORDS[run.view.kind].answer(run.view, self.glyphs.unicode)
        return [[(f" {line}", "text")] for line in _wrapped(answer, width)]


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
            f"networks from {sizes[0][0]} to {sizes[-1][0]} neurons, {settings.cv} folds, scored by "
            f"{settings.scoring}), which ctrl+s starts as it stands."
        )
        evolve = (
            f"e to set up an evolution, as it stands of {network_text(evolution)}, {evolution.member_count:,} members, "
            f"{evolution.generations} generations, strategy {evolution.strategy}; beside it the same "
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


def _wrapped(words: str, width: int) -> list[str]:
    return textwrap.wrap(words, max(10, width - 2))

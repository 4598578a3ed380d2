"""The selected run in words, below the table of all runs."""

from collections.abc import Iterable
from dataclasses import replace

from nnsize_engine.answers.steps import done_of
from nnsize_engine.examples.catalogue import EXAMPLES
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.settings.run import STEP_NAMES
from nnsize_engine.text import moment_text, seconds_text
from nnsize_tui.screens.home.run_table import RunItem
from nnsize_tui.text.cluster import waiting_sentence, waits_for_workers
from nnsize_tui.text.kinds import WORDS
from nnsize_tui.text.sentences import broken_words
from nnsize_tui.text.stalls import is_stalled, stall_sentence, wrong_state
from nnsize_tui.widgets.canvas import Canvas, Line
from nnsize_tui.widgets.lines import rule_line, wrapped
from nnsize_tui.widgets.run_header import elapsed, joined
from nnsize_tui.widgets.state_badge import state_piece


def _standing(item: RunItem) -> tuple[object, ...]:
    """Return what is drawn at once when it changes: which run it is, and where it stands."""
    view = item.run.view
    return (item.run.folder, item.run.state, wrong_state(view), waits_for_workers(view))


class RunDetail(Canvas):
    """The run under the cursor: its settings, progress and answer in words."""

    _item: RunItem | None = None

    def show(self, item: RunItem) -> None:
        """Show this run."""
        before, self._item = self._item, item
        if before is not None and _standing(before) == _standing(item):
            self.redraw_soon()
        else:
            self.redraw()

    def height_at(self, width: int) -> int:
        """Return the lines that the run under the cursor needs at this width."""
        return 1 if self._item is None else 1 + len(self._words(width))

    def lines(self, width: int, height: int) -> Iterable[Line]:
        if self._item is None:
            return
        run = self._item.run
        title = f"{run.folder.name} {self.glyphs.dot} {run.label.name}" if run.label.name else run.folder.name
        yield rule_line(title, width, self.glyphs, "title")
        yield from self._words(width)[: height - 1]

    def _words(self, width: int) -> list[Line]:
        assert self._item is not None
        label = replace(self._item.run.label, name="")  # it is in the title
        return [*wrapped(label.words, width, "strong"), *self._facts(width), *self._answer(width)]

    def _facts(self, width: int) -> list[Line]:
        assert self._item is not None
        header = self._item.run.header
        if header is None or self._item.run.state is None:
            return []
        settings, data = header.settings, header.data
        dot = f" {self.glyphs.dot} "
        facts = WORDS[header.kind].named_facts(settings)
        if data is not None:
            facts.append(
                f"{data.train_rows} training and {data.test_rows} test rows"
                if data.test_rows
                else f"{data.train_rows} training rows"
            )
        view, steps = self._item.run.view, f"{STEP_NAMES[header.kind]}s"
        bound = "at most " if view is not None and WORDS[header.kind].may_end_early(view) else ""
        times = [f"{done_of(header, header.done, bound=bound)} {steps}", f"started {moment_text(header.created)}"]
        if view is not None:
            goes_on = self._item.run.state in LIVE_STATES and not is_stalled(view) and not waits_for_workers(view)
            if goes_on and view.remaining is not None:
                times.append(f"left {bound}{seconds_text(view.remaining)}")
            times.append(f"computed for {seconds_text(elapsed(view))}")
        mark, ink = state_piece(self._item.run.state, self._item.request, self.glyphs, view)
        settings_lines = wrapped(dot.join(facts), width, "text")
        example = next((one for one in EXAMPLES if one.name == self._item.run.folder.name), None)
        label = () if example is None else wrapped(f"an example; {example.words}", width, "accent")
        return [*label, *settings_lines, [(f" {mark}", ink), (joined(["", *times], dot, width - len(mark) - 2), "dim")]]

    def _answer(self, width: int) -> list[Line]:
        assert self._item is not None
        run = self._item.run
        if run.reason:
            return list(wrapped(run.reason, width, "bad"))
        if run.view is None:
            return []
        words = WORDS[run.view.kind]
        answer = " ".join([words.answer(run.view), *words.details(run.view)])
        problems = filter(None, (stall_sentence(run.view), broken_words(run.folder.name, run.view.broken)))
        return [
            *(line for words in problems for line in wrapped(words, width, "bad")),
            *wrapped(waiting_sentence(run.view), width, "warn"),
            *wrapped(answer, width, "text"),
        ]

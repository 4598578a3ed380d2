"""The lines above an open run: its facts, its progress, and its answer so far in words."""

import textwrap
import time
from collections.abc import Iterable, Sequence
from math import ceil

from rich.cells import cell_len, set_cell_size

from nnsize_engine.processes.usage import ProcessUsage
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.view import AnyView, RunView
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.text import seconds_text
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.terminal.themes import Ink
from nnsize_tui.text.cluster import waits_for_workers
from nnsize_tui.text.extension import extended_fact
from nnsize_tui.text.kinds import WORDS
from nnsize_tui.text.stalls import is_stalled, wrong_state
from nnsize_tui.widgets.canvas import Canvas, Line, Piece
from nnsize_tui.widgets.cluster_line import cluster_line
from nnsize_tui.widgets.lines import cut_text
from nnsize_tui.widgets.state_badge import bar, state_piece

MAX_GAP_SECONDS = 5.0
"""Seconds without a heartbeat after which a runner may no longer compute. It beats once a second."""

IDLE = 0.1
"""Processors that a runner uses while it computes nothing."""

SUMMARY_LINES = 2
"""Lines about every run."""

MIN_LINES_FOR_CLUSTER = 16
"""Lines of the screen from which on the cluster has a line of its own."""

MAX_LABEL_SHARE = 3
"""Share of the first line that name and tags may take: one in so many."""

MIN_BAR_COLUMNS = 12
"""Columns that the progress bar keeps next to the use of the machine."""


class RunSummary(Canvas):
    """Two lines: the run and its state; its progress and time. A third one about its cluster, if it has one."""

    MIN_INTERVAL_SECONDS = 1.0  # it holds a clock
    CAN_WAIT = False

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._view: AnyView | None = None
        self._request = ""
        self._use: ProcessUsage | None = None
        self._followed = ""

    @property
    def height_wanted(self) -> int:
        """Return the lines that it needs on this screen."""
        has_cluster = self._view is not None and self._view.cluster is not None
        return SUMMARY_LINES + (has_cluster and self.app.size.height >= MIN_LINES_FOR_CLUSTER)

    def show_followed(self, words: str) -> None:
        """Show the row that the cursor follows, in words; empty for none."""
        self._followed = words
        self.redraw()

    def show_use(self, use: ProcessUsage | None) -> None:
        """Show the run's use of its machine; None where it is not known."""
        self._use = use
        self.redraw_soon()

    def show(self, view: AnyView, request: str) -> None:
        """Show a newer view, and the request that the run has not answered yet."""
        before = self._view
        is_same_state = before is not None and (*_standing(view), request) == (*_standing(before), self._request)
        self._view, self._request = view, request
        if is_same_state:
            self.redraw_soon()
        else:
            self.redraw()

    def lines(self, width: int, height: int) -> Iterable[Line]:
        view = self._view
        if view is None:
            return
        state = state_piece(view.state, self._request, self.glyphs, view)
        name: list[Piece] = [(f" {view.folder.name}", "title")]
        if label := " ".join(filter(None, (view.label.name, *(f"#{tag}" for tag in view.label.tags)))):
            name.append((f" {cut_text(label, width // MAX_LABEL_SHARE, self.glyphs)}", "strong"))
        room = width - sum(cell_len(piece) for piece, _ in name) - cell_len(state[0]) - 5
        words, known = WORDS[view.kind], facts_of(view.settings)
        if cell_len(" . ".join(known[:3])) > room:
            known = words.short_facts(view.settings)
        known = [*words.standing(view), *known[:2], *extended_fact(view), *known[2:]]
        if self._followed:
            known = [self._followed, *known]
        facts = joined(known, f" {self.glyphs.dot} ", room)
        yield spread(name, facts, state, width)
        yield self._progress(view, width)
        if view.cluster is not None and height > SUMMARY_LINES:
            yield cluster_line(view, width)

    def _progress(self, view: AnyView, width: int) -> Line:
        """Return progress and times, then the bar: a line is sent from its beginning to its last change."""
        words = WORDS[view.kind]
        done, times = f" {words.done(view, width)}", ""
        speed = words.speed(view) if width >= 100 else ""
        times += f"  {speed}" if speed else ""
        times += f"  elapsed {seconds_text(elapsed(view)):<6}" if width >= 72 else ""
        goes_on = view.state in LIVE_STATES and not is_stalled(view) and not waits_for_workers(view)
        if goes_on and view.remaining is not None:
            bound = "at most " if words.may_end_early(view) else ""
            times += f"  left {bound}{seconds_text(view.remaining):<6}"
        if view.state == "running" and view.cluster is None and self._use is not None:
            if width < 100:
                done = done.replace(" generations", " gen")  # shorter words for more facts
            room = width - len(done) - len(times) - 2 - MIN_BAR_COLUMNS
            times += next((used for used in use_words(view, self._use) if len(used) <= room), "")
        room = max(8, width - len(done) - len(times) - 2)
        shown = bar(fraction(view), 1, room, view.state, self.glyphs)
        return [(done, "text"), (times, "dim"), (" ", "text"), *shown]


def _standing(view: AnyView) -> tuple[object, ...]:
    """Return what is drawn at once when it changes: where the run stands."""
    return (view.state, wrong_state(view), waits_for_workers(view))


def use_words(view: AnyView, use: ProcessUsage) -> list[str]:
    """Return words for a run's use of its machine, the fullest first; of fixed length, so that nothing moves."""
    workers = view.header.workers or 1
    # Very short fits end before they are recorded as under way, but their processors are busy.
    words = WORDS[view.kind]
    busy = max(words.steps_under_way(view), ceil(use.processors - IDLE))
    short = f"  {100 * use.processors:3.0f}% CPU {use.megabytes:4.0f} MB"
    return [f"  {min(busy, workers)} of {workers} {words.workers}{short}", short]


def facts_of(settings: RunSettings) -> list[str]:
    """Return the facts of a run, the most important first."""
    return WORDS[settings.kind].facts(settings)


def fraction(view: AnyView) -> float:
    """Return the share that is done, from 0 to 1."""
    return WORDS[view.kind].fraction(view)


def joined(facts: list[str], between: str, room: int) -> str:
    """Return as many facts as have room, from the first on, none cut."""
    while len(facts) > 1 and cell_len(between.join(facts)) > room:
        facts = facts[:-1]
    return between.join(facts)


def elapsed(view: RunView, now: float | None = None) -> float:
    """Return the seconds computed, counted on from the last heartbeat."""
    seconds = view.header.active_seconds
    if view.state == "running" and view.header.heartbeat is not None:
        since = (time.time() if now is None else now) - view.header.heartbeat
        seconds += 0.0 if view.stall is not None else min(max(0.0, since), MAX_GAP_SECONDS)
    return seconds


def spread(left: list[Piece], middle: str, right: Piece, width: int) -> Line:
    """Return a line of a left part, a middle part as far as it has room, and a part at the right edge."""
    room = width - sum(cell_len(piece) for piece, _ in left) - cell_len(right[0]) - 5
    if cell_len(middle) > room:
        middle = set_cell_size(middle, max(0, room)).rstrip()
    blank = width - sum(cell_len(piece) for piece, _ in left) - 2 - cell_len(middle) - cell_len(right[0]) - 1
    return [*left, (f"  {middle}", "dim"), (" " * max(1, blank), "dim"), right]


class Answer(Canvas):
    """The answer so far in words, on as many lines as it needs; a shorter one where it needs too many."""

    CAN_WAIT = False  # it is small, and tells what the screen shows

    MIN_LINES = 4
    """Lines that it may take on any screen, before a shorter answer is shown."""

    MAX_SHARE = 6
    """Share of the screen's lines that it may take: one in so many."""

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:
        super().__init__(glyphs, id=id)
        self._text = ""
        self._shorter: Sequence[str] = ()
        self._ink: Ink = "strong"

    def show(self, answer: str, ink: Ink = "strong", shorter: Sequence[str] = ()) -> None:
        """Show this answer, or the first of the shorter ones that fits, with its first sentence in the ink."""
        self._text, self._ink, self._shorter = answer, ink, shorter
        self.redraw_soon()

    @property
    def answer(self) -> str:
        """The whole answer, also where a shorter one is shown."""
        return self._text

    def height_at(self, width: int) -> int:
        """Return the lines that the answer needs at this width."""
        return max(1, len(self._wrapped(width)))

    def lines(self, width: int, height: int) -> Iterable[Line]:
        del height
        lines = self._wrapped(width)
        strong = _first_sentence(" ".join(lines))
        for line in lines:
            here = line[: max(0, strong)]
            yield [(" ", "text"), (here, self._ink), (line[len(here) :], "text")]
            strong -= len(line) + 1

    def _wrapped(self, width: int) -> list[str]:
        """Return the lines of the longest answer that fits; the shortest one is never cut."""
        most = max(self.MIN_LINES, self.app.size.height // self.MAX_SHARE)
        wrapped: list[str] = []
        for text in (self._text, *self._shorter):
            wrapped = textwrap.wrap(text, max(10, width - 2))
            if len(wrapped) <= most:
                break
        return wrapped


def _first_sentence(words: str) -> int:
    """Return the length of the first sentence, up to a full stop that ends a word."""
    end = words.find(". ")
    return len(words) if end < 0 else end + 1

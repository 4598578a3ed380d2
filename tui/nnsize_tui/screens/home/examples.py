"""Example runs on the home screen: a key that adds them, and the answer of one while there is no run."""

from collections.abc import Callable, Collection
from pathlib import Path

from textual.binding import Binding
from textual.message import Message

from nnsize_engine.charts.search_map import first_picture
from nnsize_engine.errors import NnsizeError
from nnsize_engine.examples.catalogue import ARTICLE_1, EXAMPLES
from nnsize_engine.runs.view import AnyView, SizeView
from nnsize_tui.chart.widget import ChartView
from nnsize_tui.follow.messages import Trouble
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.component import Component
from nnsize_tui.screens.home.welcome import Welcome
from nnsize_tui.text.kinds import WORDS

KEY = Binding("E", "examples", "Examples", id="home.examples",
              tooltip="Three example runs, recorded once: they open without computing")  # fmt: skip
"""The key that adds the examples to the list."""

MIN_CHART_LINES = 8  # below which a chart says nothing


class ExampleRead(Message):
    """An example run was read, or all were added."""

    def __init__(self, view: AnyView | None = None) -> None:
        """``view`` is an example that was not added; None if all were."""
        super().__init__()
        self.view = view


class Examples(Component):
    """Add the example runs to the list, and show one of them on an empty screen."""

    def __init__(
        self,
        screen: BaseScreen[None],
        home: Path,
        *,
        names: Callable[[], Collection[str]],
        choose: Callable[[Path], None],
        look_now: Callable[[], None],
        show: Callable[[], None],
    ) -> None:
        """``names`` are those of the runs in the list; ``choose`` puts the cursor on one as soon as it is there.

        ``look_now`` reads all runs again; ``show`` shows an example that was read.
        """
        self._screen, self._home, self._names = screen, home, names
        self._choose, self._look_now, self._show_read = choose, look_now, show
        self._view: AnyView | None = None
        self._is_looked_at = False

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether an example is missing."""
        del action, parameters
        return not {example.name for example in EXAMPLES} <= set(self._names())

    def action_examples(self) -> None:
        """Add the example runs that are missing."""
        self._screen.run_worker(self._add, thread=True, group="examples", exclusive=True)

    def _add(self) -> None:
        from nnsize_engine.examples.add import add_example

        try:
            for example in EXAMPLES:
                add_example(example, self._home)
        except NnsizeError as error:
            self._screen.post_message(Trouble(str(error)))
        else:
            self._screen.post_message(ExampleRead())

    def take(self, message: ExampleRead) -> None:
        """Show an example that was read, or say that all are there."""
        if message.view is not None:
            self._view = message.view
            self._show_read()
            return
        self._choose(self._home / ARTICLE_1.name)
        self._look_now()
        words = f"{len(EXAMPLES)} example runs are in the list. enter opens one, d deletes it."
        self._screen.notify(words, timeout=6, markup=False)

    # The answer on an empty screen.

    def look(self) -> None:
        """Read an example in a thread, once, to show its answer."""
        if not self._is_looked_at:
            self._is_looked_at = True
            self._screen.run_worker(self._look, thread=True, group="examples", exit_on_error=False)

    def _look(self) -> None:
        from nnsize_engine.examples.add import look_at_example

        self._screen.post_message(ExampleRead(look_at_example(ARTICLE_1)))

    def show(self) -> None:
        """Show the answer in words and as a picture, where there is room for both."""
        view, size = self._view, self._screen.app.size
        welcome, chart = self._screen.query_one(Welcome), self._screen.query_one(ChartView)
        answer = "" if view is None else WORDS[view.kind].answer(view).partition(". ")[0] + "."
        words = welcome.height_at(size.width, answer)
        lines = size.height - 2 - words
        picture = first_picture(view) if isinstance(view, SizeView) and lines >= MIN_CHART_LINES else None
        chart.display = picture is not None
        welcome.show_answer(ARTICLE_1.name, answer if picture is not None else "")
        if picture is not None:
            chart.styles.height = lines
            chart.show(picture)

"""The panes of a screen: their regions, and the one that fills the middle alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from textual.geometry import Region
from textual.screen import Screen

from nnsize_tui.screens.component import Component
from nnsize_tui.widgets.apply_layout import apply_layout
from nnsize_tui.widgets.explored_chart import ExploredChart

Part = TypeVar("Part", bound=str)
Focus = TypeVar("Focus", bound=str)


class Panes(Component, Generic[Part, Focus]):
    """Arrange the parts of a screen, and show all of them or one alone."""

    def __init__(
        self,
        screen: Screen[None],
        *,
        parts: tuple[Part, ...],
        focuses: Sequence[Focus],
        arrange: Callable[[int, int], Mapping[Part, Region]],
        table: Part,
        skips: Callable[[Focus], bool] = lambda _: False,
    ) -> None:
        """``focuses`` begins with all parts; ``arrange`` gives the region of each part in sight, by width and height.

        ``table`` gets the keyboard's focus when the part that has it is hidden. ``skips`` says which of the focuses
        the key passes over.
        """
        self._screen, self._arrange, self._skips = screen, arrange, skips
        self._all_parts, self._focuses, self.table = parts, tuple(focuses), table
        self._placed: Mapping[Part, Region] = {}
        self.focus_on = self._focuses[0]
        """The content of the middle."""

    @property
    def placed(self) -> Mapping[Part, Region]:
        """The regions of the parts in sight."""
        return self._placed

    @property
    def shows_all(self) -> bool:
        """Return whether no part is alone."""
        return self.focus_on == self._focuses[0]

    def action_zoom(self) -> None:
        """Show one part alone, then the next, then all parts again."""
        if self.focus_on not in self._focuses:
            self.show_all()  # another key shows that part
            return
        place = self._focuses.index(self.focus_on)
        following = (*self._focuses[place + 1 :], self._focuses[0])
        self.show_only(next(one for one in following if one == self._focuses[0] or not self._skips(one)))

    def show_all(self) -> None:
        """Show all parts."""
        self.show_only(self._focuses[0])

    def show_only(self, focus: Focus) -> None:
        """Show all parts, or one alone."""
        if focus == self.focus_on:
            return
        self.focus_on = focus
        for chart in self._screen.query(ExploredChart):
            chart.set_alone(is_alone=focus in ("chart", "picture"))
        self.place()
        self._screen.refresh_bindings()

    def place(self) -> None:
        """Give each part its region, if the regions have changed."""
        screen = self._screen
        parts = self._arrange(*screen.app.size)
        if parts == self._placed:
            return  # setting a style, even to its old value, lays everything out and sends the whole screen
        self._placed = parts
        apply_layout(screen, parts, self._all_parts)
        if self.table in parts and (screen.focused is None or not screen.focused.display):
            screen.query_one(f"#{self.table}").focus()

"""Keep the cursor of a table on the newest or on the best row of a run, until the user moves it."""

from collections.abc import Callable, Hashable
from typing import Any, Literal, TypeAlias, get_args

from textual.binding import Binding

from nnsize_tui.screens.component import Component
from nnsize_tui.widgets.live_table import LiveTable

Follow: TypeAlias = Literal["off", "newest", "best"]

KEYS: tuple[Binding, ...] = (
    Binding("f", "follow('newest')", "Follow", id="run.follow",
            tooltip="Keep the cursor on the newest row; again: on the best; again, or any move: where it is"),
    Binding("f", "follow('best')", "Best", id="run.follow_best", tooltip="Keep the cursor on the best row so far"),
    Binding("f", "follow('off')", "Unfollow", id="run.unfollow", tooltip="Leave the cursor where it is"),
)  # fmt: skip


class AutoFollow(Component):
    """Move the cursor of a table along with a run."""

    def __init__(
        self,
        table: Callable[[], LiveTable[Any]],
        *,
        row: Callable[[Follow], Hashable | None],
        show: Callable[[str], None],
    ) -> None:
        """``row`` gives the key of the row to follow, if there is one; ``show`` is told what is followed, in words."""
        self._table, self._row, self._show = table, row, show
        self._followed: Follow = "off"
        self._key: Hashable | None = None
        """The row on which the cursor was last put."""

    @property
    def is_on(self) -> bool:
        """Return whether the cursor follows a row."""
        return self._followed != "off"

    @property
    def _next(self) -> Follow:
        """Return the row that the next press of the key follows."""
        order = get_args(Follow)
        found: Follow = order[(order.index(self._followed) + 1) % len(order)]
        return found

    def can_do(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return whether the next press of the key follows this row."""
        del action
        return parameters == (self._next,)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return the reason why the next press of the key follows another row."""
        words = "the key follows the newest row, then the best, then none, and another of them is next"
        return "" if self.can_do(action, parameters) else words

    def action_follow(self, what: Follow) -> None:
        """Keep the cursor on the newest row, on the best, or on none."""
        self._followed = what
        self.move_cursor()
        self._table().redraw()
        self._tell()

    def move_cursor(self) -> None:
        """Put the cursor on the row to follow, if there is one."""
        key = self._row(self._followed) if self.is_on else None
        if key is None:
            return
        self._key = key
        table = self._table()
        if table.highlighted is None or table.key_of(table.highlighted) != key:
            table.choose(key, at_once=False)

    def cursor_moved(self) -> None:
        """Stop following if the user moved the cursor."""
        table = self._table()
        is_off = not self.is_on or self._key is None or table.highlighted is None
        if is_off or table.key_of(table.highlighted) == self._key or table.index_of(self._key) is None:
            return
        self._followed = "off"
        self._tell()

    def _tell(self) -> None:
        self._show(f"follows the {self._followed}" if self.is_on else "")

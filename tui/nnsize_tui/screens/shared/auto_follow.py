"""A cursor that goes along with a run: stays on what is newest, or on what is best."""

from collections.abc import Hashable
from typing import Any, Literal, TypeAlias, get_args

from textual.binding import Binding

from nnsize_tui.widgets.live_table import LiveTable

Follow: TypeAlias = Literal["off", "newest", "best"]

KEYS: tuple[Binding, ...] = (
    Binding("f", "follow('newest')", "Follow", id="run.follow",
            tooltip="Keep the cursor on the newest row; again: on the best; again, or any move: where it is"),
    Binding("f", "follow('best')", "Best", id="run.follow_best", tooltip="Keep the cursor on the best row so far"),
    Binding("f", "follow('off')", "Unfollow", id="run.unfollow", tooltip="Leave the cursor where it is"),
)  # fmt: skip


class Follower:
    """What a table's cursor follows, until somebody moves it."""

    def __init__(self) -> None:
        self.what: Follow = "off"
        self._key: Hashable | None = None
        """The row that it was last put on."""

    @property
    def following(self) -> Follow:
        """What the key would follow next."""
        order = get_args(Follow)
        found: Follow = order[(order.index(self.what) + 1) % len(order)]
        return found

    @property
    def words(self) -> str:
        """What is followed, in words; empty when nothing is."""
        return "" if self.what == "off" else f"follows the {self.what}"

    def go_along(self, table: LiveTable[Any], key: Hashable | None) -> None:
        """Put the cursor on the row to follow, if there is one."""
        if self.what == "off" or key is None:
            return
        self._key = key
        if table.chosen is None or table.key_of(table.chosen) != key:
            table.choose(key, at_once=False)

    def was_moved(self, table: LiveTable[Any]) -> bool:
        """Whether somebody else has moved the cursor; then it follows no more."""
        is_off = self.what == "off" or self._key is None or table.chosen is None
        if is_off or table.key_of(table.chosen) == self._key or table.index_of(self._key) is None:
            return False
        self.what = "off"
        return True

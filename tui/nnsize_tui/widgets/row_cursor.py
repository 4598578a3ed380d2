"""The row under the cursor of a table, and the first row in sight."""

from dataclasses import dataclass


@dataclass(slots=True)
class RowCursor:
    """The cursor's row and the first row in sight, among ``count`` rows of which ``room`` are in sight."""

    row: int = 0
    top: int = 0
    """The first row in sight."""

    def is_in_sight(self, room: int) -> bool:
        """Return whether the row of the cursor is in sight."""
        return self.top <= self.row < self.top + room

    def clamp(self, count: int, room: int) -> None:
        """Leave no line empty while there are rows for it."""
        self.top = max(0, min(self.top, count - room))

    def reveal(self, count: int, room: int) -> None:
        """Scroll as little as possible to bring the row of the cursor in sight."""
        self.top = max(min(self.top, self.row), self.row - room + 1)
        self.clamp(count, room)

    def jump(self, row: int, count: int) -> bool:
        """Go to a row, counted from the end when below 0; return whether that is another row."""
        before = self.row
        self.row = count + row if row < 0 else min(row, count - 1)
        return before != self.row

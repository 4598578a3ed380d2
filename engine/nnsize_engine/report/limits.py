"""How much of a run a report shows, so that its file stays below a megabyte."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

MAX_BYTES = 1_000_000  # of a report: small enough for any mail
MAX_HALVINGS = 8  # after which the limits are so low that any run fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that a report shows of each kind."""

    rows: int = 400
    """Rows of a table."""

    columns: int = 120
    """Columns of the data that are named, and folds that are listed."""

    points: int = 400
    """Points of a line."""

    letters: int = 200
    """Letters of a name, a setting or a reason."""

    code: int = 100_000
    """Letters of the program."""

    def halved(self) -> "Limits":
        """Return limits of half the size."""
        return replace(
            self,
            rows=max(10, self.rows // 2),
            columns=max(8, self.columns // 2),
            points=max(20, self.points // 2),
            letters=max(40, self.letters // 2),
            code=max(1000, self.code // 2),
        )


def kept_rows(ranked: Sequence[int], most: int, always: Collection[int]) -> list[int]:
    """Return the first rows of a ranked table, and below them those that the answer is about."""
    return [*ranked[:most], *(row for row in ranked[most:] if row in always)]


def shortened(text: str, letters: int) -> str:
    """Return text of at most so many letters; a longer one ends with a sign for what is left out."""
    return text if len(text) <= letters else f"{text[: letters - 1]}…"

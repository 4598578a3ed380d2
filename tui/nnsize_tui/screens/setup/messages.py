"""Messages of workers to the setup screen, which the first frame does not load."""

from collections.abc import Hashable
from dataclasses import dataclass

from textual.message import Message

from nnsize_engine.results.estimates import AnyEstimate
from nnsize_engine.results.table_summary import DataSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightFailure:
    """The reason why a question has no result."""

    reason: str
    field: str | None = None
    """The name of the setting at fault; None for no single one."""

    summary: DataSummary | None = None
    """The table with all its problems, if it could be opened."""

    is_refusal: bool = True
    """True if a run would be refused too; False if only the question failed."""


class TableInspected(Message):
    """A table was inspected."""

    def __init__(self, request: Hashable, result: DataSummary | PreflightFailure) -> None:
        super().__init__()
        self.request = request
        """The inspected table, or the name of built-in data."""

        self.result = result


class Measured(Message):
    """A fit or a generation was measured."""

    def __init__(self, key: Hashable, result: AnyEstimate | PreflightFailure) -> None:
        super().__init__()
        self.key = key
        """The key of the measurement."""

        self.result = result

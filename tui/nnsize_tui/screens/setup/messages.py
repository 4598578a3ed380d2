"""Messages of workers to the setup screen, which the first frame does not load."""

from collections.abc import Hashable
from dataclasses import dataclass

from textual.message import Message

from nnsize_engine.results.estimates import AnyEstimate
from nnsize_engine.results.table_summary import DataSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """The reason why a question has no answer."""

    reason: str
    field: str | None = None
    """The name of the setting at fault; None for no single one."""

    is_refusal: bool = True
    """True if a run would be refused too; False if only the question failed."""


class TableSeen(Message):
    """A table was inspected."""

    def __init__(self, look: Hashable, answer: DataSummary | NoAnswer) -> None:
        super().__init__()
        self.look = look
        """The question."""

        self.answer = answer


class Measured(Message):
    """A fit or a generation was measured."""

    def __init__(self, key: Hashable, answer: AnyEstimate | NoAnswer) -> None:
        super().__init__()
        self.key = key
        """The key of the measurement."""

        self.answer = answer

"""Messages of workers to the setup screen; apart from those that the first frame needs."""

from collections.abc import Hashable
from dataclasses import dataclass

from textual.message import Message

from nnsize_engine.results.estimates import AnyEstimate
from nnsize_engine.results.table_summary import DataSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """A question that was not answered, and the reason."""

    reason: str
    field: str | None = None
    """Name of the setting that it is about; None for none in particular."""

    is_refusal: bool = True
    """Whether a run would be refused as well; not when only the asking failed."""


class TableSeen(Message):
    """A table was looked at."""

    def __init__(self, look: Hashable, answer: DataSummary | NoAnswer) -> None:
        super().__init__()
        self.look = look
        """What was asked."""

        self.answer = answer


class Measured(Message):
    """A fit or a generation was measured."""

    def __init__(self, key: Hashable, answer: AnyEstimate | NoAnswer) -> None:
        super().__init__()
        self.key = key
        """What was asked."""

        self.answer = answer

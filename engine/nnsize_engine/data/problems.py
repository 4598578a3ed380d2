"""The faults of a table, collected so that a user sees all of them at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from nnsize_engine.errors import DataError
from nnsize_engine.results.table_problems import all_problems
from nnsize_engine.results.table_summary import TableProblem

Result = TypeVar("Result")


class Problems:
    """Faults in the order in which they were found."""

    def __init__(self) -> None:
        self.found: list[DataError] = []

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Keep a DataError instead of raising it; the rest of the block is skipped."""
        try:
            yield
        except DataError as error:
            self.add(error)

    def attempt(self, work: Callable[[], Result]) -> Result | None:
        """Return the result of ``work``; keep its DataError and return None if it raises one."""
        try:
            return work()
        except DataError as error:
            self.add(error)
            return None

    def add(self, error: DataError) -> None:
        """Keep a fault, once."""
        if all(str(error) != str(one) for one in self.found):
            self.found.append(error)

    def refuse(self) -> None:
        """Raise all faults as one DataError; accept a table without a fault."""
        if self.found:
            raise all_problems(self.records)

    @property
    def records(self) -> tuple[TableProblem, ...]:
        """The faults as records that can travel."""
        return tuple(TableProblem(message=str(one), field=one.field, column=one.column) for one in self.found)


def remark_of(problem: DataError) -> str:
    """Return the fault of a column without its name and without the way out, for a table of columns."""
    words = str(problem).partition("; ")[0]
    return words.removeprefix(f"column '{problem.column}' ").removeprefix(f"target '{problem.column}' ")

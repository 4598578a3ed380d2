"""The parts of a run's program that depend on its kind; the other parts depend only on the data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from nnsize_engine.export.escaping import in_docstring
from nnsize_engine.results.left_out import left_out_text
from nnsize_engine.settings.scaler import Scaler
from nnsize_engine.settings.table import TableSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramParts:
    """The parts of a program that one kind of run adds."""

    docstring: str
    """The docstring, which tells what the program computes."""

    network: Mapping[str, object]
    """The arguments of the network, without scikit-learn's defaults."""

    scaler: Scaler
    """The scaling of the inputs."""

    grid: str
    """The code of the parameter grid; empty without a search."""

    code: str
    """The code that trains and prints the scores."""

    imports: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Further names that the code uses, by their modules."""


def data_text(data: str, table: TableSettings | None) -> str:
    """Return the name of the data for a docstring, so that it neither ends the docstring nor forms an escape."""
    name = data if table is None else table.choice.source
    left_out = "" if table is None else left_out_text(table)
    return in_docstring(name) + (f"\n({in_docstring(left_out)})" if left_out else "")

"""The parts of a run's program that its kind gives; all others follow from the data."""

from collections.abc import Mapping
from dataclasses import dataclass

from nnsize_engine.settings.table import TableSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramParts:
    """What one kind of run adds to its program."""

    docstring: str
    """What the program computes."""

    network: Mapping[str, object]
    """The arguments of the network; scikit-learn's defaults are left out."""

    has_scaling: bool
    """Whether inputs are standardised."""

    grid: str
    """The code of what is searched; empty where nothing is."""

    code: str
    """The code that trains and prints the scores."""


def data_text(data: str, table: TableSettings | None) -> str:
    """The data inside a docstring: nothing in its name ends the docstring or is read as an escape."""
    name = data if table is None else table.choice.source
    return name.encode("unicode_escape").decode("ascii").replace('"', "'").replace("\\", "\\\\")

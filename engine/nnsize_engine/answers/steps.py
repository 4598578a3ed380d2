"""The steps of a run that are done, in words; if only seconds end a run, the number of all is not known."""

from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.settings.evolution import EvolutionSettings


def has_total(header: RunHeader) -> bool:
    """Return whether the number of all steps is known, at most."""
    return not (isinstance(header.settings, EvolutionSettings) and header.settings.ends_by_seconds_alone)


def done_of(header: RunHeader, done: int, *, bound: str = "") -> str:
    """Return words such as ``12 of at most 40``, where ``bound`` is ``at most``, or ``12``."""
    return f"{done} of {bound}{header.total}" if has_total(header) else f"{done}"

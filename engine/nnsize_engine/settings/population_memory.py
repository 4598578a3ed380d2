"""The memory that an evolution needs, compared with the available memory before a run starts."""

import contextlib
import os
from pathlib import Path

from nnsize_engine.errors import SettingsError
from nnsize_engine.processes.job_count import job_count
from nnsize_engine.processes.memory import amount_text, available_bytes
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import names_array
from nnsize_engine.settings.init_file import array_shape
from nnsize_engine.settings.strategies import FAMILIES, PBEST_STRATEGIES, min_members

_BASE_BYTES = 300_000_000  # measured size of the runner with its libraries

_MEMBER_BYTES = 100  # losses, factors and ranks of each member

_GRADIENT_COPIES = 6  # copies of all weights in float64 during training by gradient

_TABLE_COPIES = 5  # copies of a table's inputs in float64 while scikit-learn's encoders are fitted

_SEQUENCE_POINTS = 256  # points of a Sobol or Halton sequence that are drawn together

_LEARNED_BYTES = 8  # of each weight and member in the state of a family: one float64

_HYPERCUBE_BYTES = 16 * 8  # per member, in each thread that draws 16 columns of a Latin hypercube


def check_memory(settings: EvolutionSettings) -> None:
    """Accept an evolution whose population fits into the memory that is available now.

    Raises:
        SettingsError: it does not fit; the message names the needed and the available memory, and what would fit.
    """
    available = available_bytes()
    members = first_members(settings)
    if available is None or members is None:
        return
    needed = _needed(settings, members)
    if needed <= available:
        return
    raise SettingsError(
        f"{members:,} members of {settings.weights:,} weights need {amount_text(needed)} of memory, and "
        f"{amount_text(available)} is available; {_remedy(settings, available)}",
        field=_field_of_members(settings),
    )


def _field_of_members(settings: EvolutionSettings) -> str:
    """Return the setting that decides the number of members."""
    if _is_counted_by_file(settings):
        return "init"
    if settings.strategy in FAMILIES:
        return "members"
    return "popsize" if settings.members is None else "members"


def needed_bytes(settings: EvolutionSettings) -> int | None:
    """Return the approximate bytes of an evolution; None if the file of its population cannot be read."""
    members = first_members(settings)
    return None if members is None else _needed(settings, members)


def _needed(settings: EvolutionSettings, members: int) -> int:
    return _fixed_bytes(settings) + members * _bytes_per_member(settings)


def first_members(settings: EvolutionSettings) -> int | None:
    """Return the members of the first population; None for an unreadable file, which a resumed run does not need."""
    if not _is_counted_by_file(settings):
        return settings.member_count
    with contextlib.suppress(OSError, ValueError, IndexError):
        return array_shape(Path(settings.init))[0]
    return None


def _is_counted_by_file(settings: EvolutionSettings) -> bool:
    """Return whether the array of ``init`` decides the number of members; a family has its own."""
    return names_array(settings.init) and settings.strategy not in FAMILIES


def _bytes_per_member(settings: EvolutionSettings) -> int:
    """Return the bytes of a member, its trial, its share of the archive, and its successor in a restart."""
    itemsize = 8 if settings.precision == "float64" else 4
    if settings.strategy in FAMILIES:  # trials in unit space, their weights, and what the family learns of them
        return settings.weights * (2 * itemsize + _LEARNED_BYTES) + _MEMBER_BYTES
    copies = 2 + (settings.archive if settings.strategy in PBEST_STRATEGIES else 0)
    copies += settings.restart_after is not None
    threads = job_count(settings.jobs, os.cpu_count() or 1)
    drawing = _HYPERCUBE_BYTES * threads if settings.init == "latinhypercube" else 0
    return round(settings.weights * itemsize * copies) + _MEMBER_BYTES + drawing


def _fixed_bytes(settings: EvolutionSettings) -> int:
    """Return the bytes that do not depend on the number of members."""
    data = settings.known
    sequence = _SEQUENCE_POINTS * settings.weights * 8 if settings.init in ("sobol", "halton") else 0
    itemsize = 8 if settings.precision == "float64" else 4
    # Each thread holds the activations of one member; training by gradient holds copies of the weights.
    activations = job_count(settings.jobs, os.cpu_count() or 1) * data.rows * sum(settings.units[1:]) * itemsize
    gradient = _GRADIENT_COPIES * settings.weights * 8 if settings.reference else 0
    copies = 1 if settings.table is None else _TABLE_COPIES
    return _BASE_BYTES + sequence + data.rows * data.inputs * 8 * copies + max(activations, gradient)


def _remedy(settings: EvolutionSettings, available: int) -> str:
    """Return advice in words: settings that would fit."""
    most = _max_members(settings, available)
    if most < min_members(settings.strategy):
        fewer = "take fewer rows (--rows), " if settings.table is not None else ""
        return f"even the fewest members would not fit: {fewer}choose smaller layers, or free memory"
    if _is_counted_by_file(settings):
        return f"give an array of at most {most} members"
    hint = f"--members {most} would fit"
    return f"{hint}, more with --precision float32" if settings.precision == "float64" else hint


def _max_members(settings: EvolutionSettings, available: int) -> int:
    """Return the number of members that fit, rounded down to three digits, because free memory varies."""
    most = max(0, (available - _fixed_bytes(settings)) // _bytes_per_member(settings))
    if settings.init == "sobol":  # rounds up to a power of two
        return 1 << most.bit_length() - 1 if most else 0
    unit: int = 10 ** max(0, len(str(most)) - 3)
    return most // unit * unit

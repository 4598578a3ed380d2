"""The shape of a population in a ``.npy`` file, read without NumPy, which takes long to load.

The runner reads and checks the numbers.
"""

import ast
import struct
from pathlib import Path

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import names_array
from nnsize_engine.settings.strategies import FAMILIES, min_members

_MAGIC = b"\x93NUMPY"
MAX_HEADER_BYTES = 10_000  # the limit of NumPy


def check_init(settings: EvolutionSettings) -> None:
    """Accept a file with an array of the right shape, and any first population that is no array.

    Raises:
        SettingsError: there is no such file, or its array does not fit the network or the strategy.
    """
    if not names_array(settings.init):
        return  # a network is checked where it can be read
    path = Path(settings.init)
    try:
        shape = array_shape(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SettingsError(f"init {path} cannot be read as a .npy file: {reason}", field="init") from error
    refusal = shape_refusal(shape, settings, settings.weights)
    if refusal is not None:
        raise SettingsError(refusal, field="init")


def shape_refusal(shape: tuple[int, ...], settings: EvolutionSettings, weights: int) -> str | None:
    """Return the reason why an array of this shape cannot be the first population; None if it can."""
    name, least = Path(settings.init).name, min_members(settings.strategy)
    if settings.strategy in FAMILIES:
        most = settings.member_count
        if len(shape) != 2 or shape[1] != weights or not 1 <= shape[0] <= most:
            return f"init {name} has shape {shape}; it must be (members, {weights}), with 1 to {most} members"
        return None
    if len(shape) != 2 or shape[1] != weights or shape[0] < least:
        return f"init {name} has shape {shape}; it must be (members, {weights}), with at least {least} members"
    if settings.members is not None and shape[0] != settings.members:
        return f"init {name} has {shape[0]} members, and members is {settings.members}; leave one out"
    return None


def array_shape(path: Path) -> tuple[int, ...]:
    """Return the shape in the header of a ``.npy`` file (NumPy's format, versions 1 to 3).

    Raises:
        OSError: the file cannot be read.
        ValueError: the file is no ``.npy`` file.
    """
    try:
        with path.open("rb") as file:
            magic, version = file.read(len(_MAGIC)), file.read(2)
            if magic != _MAGIC or version[:1] not in (b"\x01", b"\x02", b"\x03"):
                raise ValueError("it does not begin like one")
            size, form = (2, "<H") if version[:1] == b"\x01" else (4, "<I")
            (length,) = struct.unpack(form, file.read(size))
            header = ast.literal_eval(file.read(min(length, MAX_HEADER_BYTES)).decode("latin-1").strip())
        shape = header["shape"]
    except (struct.error, SyntaxError, KeyError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError("its header is damaged") from error
    if not isinstance(shape, tuple) or not all(type(side) is int and side >= 0 for side in shape):
        raise ValueError("its header is damaged")
    return shape

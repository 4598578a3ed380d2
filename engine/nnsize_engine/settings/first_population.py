"""The ways to draw the first population of an evolution."""

from typing import Literal, get_args

from nnsize_engine.errors import SettingsError

Init = Literal["latinhypercube", "sobol", "halton", "random", "glorot"]
INITS: tuple[Init, ...] = get_args(Init)
"""SciPy's ways to draw the first population, and Glorot's initial weights, scaled by layer."""

MAX_SOBOL_WEIGHTS = 21_201  # SciPy has no more direction numbers


def check_init_name(init: str) -> None:
    """Raise a SettingsError unless the text is one of :data:`INITS` or the name of a ``.npy`` file."""
    if init not in INITS and not init.endswith(".npy"):
        raise SettingsError(f"init is {init!r}; it must be one of {', '.join(INITS)}, or a .npy file", field="init")


def check_sobol(init: str, weights: int) -> None:
    """Raise a SettingsError for a Sobol sequence of more than :data:`MAX_SOBOL_WEIGHTS` weights."""
    if init == "sobol" and weights > MAX_SOBOL_WEIGHTS:
        raise SettingsError(
            f"init sobol has points of at most {MAX_SOBOL_WEIGHTS:,} weights, "
            f"and this network has {weights:,}; choose latinhypercube",
            field="init",
        )


def count_members(init: str, weights: int, *, members: int | None, popsize: int) -> int:
    """Return the members of the first population: ``members`` if given, else ``popsize`` for each weight.

    As in SciPy there are at least five, and for a Sobol sequence a power of two.
    """
    count = members if members is not None else max(5, popsize * weights)
    return 1 << (count - 1).bit_length() if init == "sobol" else count

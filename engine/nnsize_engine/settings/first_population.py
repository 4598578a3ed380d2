"""The ways to get the first population of an evolution: drawn, read from an array, or beginning with a network."""

import os
from typing import Literal, get_args

from nnsize_engine.errors import SettingsError

Init = Literal["latinhypercube", "sobol", "halton", "random", "glorot"]
INITS: tuple[Init, ...] = get_args(Init)
"""SciPy's ways to draw the first population, and Glorot's initial weights, scaled by layer."""

MAX_SOBOL_WEIGHTS = 21_201  # SciPy has no more direction numbers


NETWORK_ENDINGS = (".npz", ".skops")
"""Endings of exported networks that can be the first member."""


def names_array(init: str) -> bool:
    """Return whether the first population is an array in a ``.npy`` file."""
    return init.endswith(".npy")


def names_network(init: str) -> bool:
    """Return whether the first member is a network: an exported one, or that of a run, given by its folder."""
    return init not in INITS and not names_array(init) and (init.endswith(NETWORK_ENDINGS) or os.sep in init)


def check_init_name(init: str) -> None:
    """Raise a SettingsError unless the text is one of :data:`INITS`, a file, or the folder of a run."""
    if init not in INITS and not names_array(init) and not names_network(init):
        raise SettingsError(
            f"init is {init!r}; it must be one of {', '.join(INITS)}, a .npy file, an exported network "
            f"({' or '.join(NETWORK_ENDINGS)}), or a run",
            field="init",
        )


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

"""The bits that the weights of an evolution are rounded to."""

from nnsize_engine.errors import SettingsError

BITS: tuple[int, ...] = (8, 4, 2, 1)


def check_bits(bits: object) -> None:
    """Accept a number of bits, or None for weights that are not rounded.

    Raises:
        SettingsError: weights are not rounded to so many bits.
    """
    if bits is None or (isinstance(bits, int) and not isinstance(bits, bool) and bits in BITS):
        return
    raise SettingsError(
        f"bits is {bits!r}; weights are rounded to 8, 4, 2 or 1 bits, or not at all without this setting", field="bits"
    )


def largest_level(bits: int) -> int:
    """Return the largest whole number that a weight of so many bits is a multiple by: 127, 7 or 1.

    One bit is a sign, and has no level 0.
    """
    return max(1, (1 << bits - 1) - 1)

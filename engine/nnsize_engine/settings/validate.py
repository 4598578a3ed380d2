"""Checks of values that several kinds of settings share; a refusal names the field."""

import math
from collections.abc import Sequence

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.option_names import option_of_field

MAX_JOBS = 1024  # threads or processes; no machine has more processors

MAX_SEED = 2**32 - 1  # numpy.random.RandomState accepts no more


TEST_SIZES = "a fraction between 0 and 1, a number of rows from 1 up, or 0 to train on all rows"


def check_choice(field: str, value: str, choices: Sequence[str]) -> None:
    """Raise a SettingsError unless the value is one of ``choices``."""
    if value not in choices:
        reason = f"{option_of_field(field)} is {value!r}; it must be one of {', '.join(choices)}"
        raise SettingsError(reason, field=field)


def check_switch(field: str, value: object) -> None:
    """Raise a SettingsError unless the value is true or false."""
    if not isinstance(value, bool):
        raise SettingsError(f"{option_of_field(field)} is {value!r}; it must be true or false", field=field)


def check_texts(field: str, value: object) -> None:
    """Raise a SettingsError unless the value is a tuple of texts; one text would be iterated by letters."""
    if not isinstance(value, tuple) or not all(isinstance(text, str) for text in value):
        raise SettingsError(f"{option_of_field(field)} is {value!r}; it must be a tuple of texts", field=field)


def check_integer(field: str, value: object, least: int, most: int | None, unit: str = "") -> None:
    """Raise a SettingsError unless the value is a whole number between limits, both included."""
    limits = f"at least {least}" if most is None else f"between {least} and {most}"
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
        found = f"{option_of_field(field)} is {value!r}"
        raise SettingsError(f"{found}; it must be a whole number, {limits}{unit and ' ' + unit}", field=field)


def check_jobs(jobs: object, unit: str) -> None:
    """Raise a SettingsError unless the value is a number of jobs, a negative one as joblib has it, or None."""
    if isinstance(jobs, int) and not isinstance(jobs, bool) and -MAX_JOBS <= jobs < 0:
        return
    if jobs is None:
        return
    check_integer("jobs", jobs, 1, MAX_JOBS, f"{unit}, or -1 for all processors, -2 for all but one")


def check_real(
    field: str, value: object, least: float, most: float, *, above: bool = False, below: bool = False
) -> None:
    """Raise a SettingsError unless the value is a number between limits; ``above`` and ``below`` exclude a limit."""
    is_inside = (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and least <= value <= most  # written as "inside", so that NaN is refused too
        and not (above and value == least)
        and not (below and value == most)
    )
    if not is_inside:
        low = f"above {least:g}" if above else f"at least {least:g}"
        high = "" if most == float("inf") else f" and below {most:g}" if below else f" and at most {most:g}"
        found = f"{option_of_field(field)} is {value!r}"
        raise SettingsError(f"{found}; it must be a number {low}{high}", field=field)


def check_test_size(value: object) -> None:
    """Raise a SettingsError unless the value is a fraction of the rows (float) or a number of rows (int); 0 is both."""
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    fraction = isinstance(value, float) and 0 <= value < 1
    if not (whole or fraction):
        raise SettingsError(
            f"test-size is {value!r}; it must be {TEST_SIZES}",
            field="test_size",
        )


def check_split(test_size: object, split_seed: object, stratify: object) -> None:
    """Raise a SettingsError unless the values describe a split into training and test rows."""
    check_test_size(test_size)
    check_integer("split_seed", split_seed, 0, MAX_SEED)
    check_switch("stratify", stratify)


def count_held_out(test_size: float | int, total: int) -> int:
    """Return the number of test rows of ``total`` rows, or of test groups of ``total`` groups."""
    return test_size if isinstance(test_size, int) else math.ceil(test_size * total)


def parse_test_size(text: str) -> float | int:
    """Read a test size: ``0.33`` is a fraction, ``100`` a number of rows (scikit-learn's meaning), 0 for none.

    Raises:
        SettingsError: the text is no number.
    """
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise SettingsError(
            f"test-size is {text!r}; it must be {TEST_SIZES}",
            field="test_size",
        ) from None

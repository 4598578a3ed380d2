"""Read single texts of the setup screen. No file is opened."""

import contextlib
import csv
import math
import os
import re
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import cast

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import hint
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.separators import separator_of
from nnsize_engine.settings.table_address import check_address, is_address
from nnsize_engine.settings.table_choice import OPENML
from nnsize_engine.settings.validate import check_integer, check_jobs, check_real, check_test_size, parse_test_size
from nnsize_engine.text import escape_text


def whole(field: str, text: str, least: int, most: int | None, unit: str = "") -> int:
    """Read a whole number between limits, both included.

    Raises:
        SettingsError: it is none.
    """
    try:
        value: object = int(text)
    except ValueError:
        value = text
    check_integer(field, value, least, most, unit)
    return cast(int, value)


def jobs_of(text: str) -> int | None:
    """Read a number of jobs; None if the text is empty.

    Raises:
        SettingsError: it is none.
    """
    value: object = text or None
    with contextlib.suppress(ValueError):
        value = int(text)
    check_jobs(value, "at a time")
    return cast("int | None", value)


def number(field: str, text: str, least: float, most: float = math.inf) -> float:
    """Read a number between limits, both included.

    Raises:
        SettingsError: it is none.
    """
    try:
        value: object = float(text)
    except ValueError:
        value = text
    check_real(field, value, least, most)
    return cast(float, value)


def test_size_of(text: str) -> float | int:
    """Read a share of the rows, or a number of rows.

    Raises:
        SettingsError: it is neither.
    """
    value = parse_test_size(text)
    check_test_size(value)
    return value


def typed_separator(text: str) -> str | None:
    """Return the separator, which may be named by a word; None to detect it."""
    return text if text == "\t" else separator_of(text.strip()) or None


def split_names(text: str) -> tuple[str, ...]:
    """Read names joined by commas; a name with a comma in it must be in double quotes."""
    if not text.strip():
        return ()
    row = next(csv.reader([re.sub(r"[\r\n]", " ", text)], skipinitialspace=True))
    return tuple(name.strip() for name in row if name.strip())


def join_names(names: Sequence[str]) -> str:
    """Join names so that :func:`split_names` reads them."""
    doubled = [name.replace('"', '""') for name in names]
    return ",".join(
        f'"{text}"' if "," in text or text.startswith('"') else name for name, text in zip(names, doubled, strict=True)
    )


def find_source(text: str, real: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the absolute path of an existing file, an OpenML source, or an address.

    Raises:
        SettingsError: there is no such file.
    """
    if not text:
        raise SettingsError(f"name a file, or choose one of {', '.join(BUILTIN)}", field="data")
    if text.startswith(OPENML):
        if text == OPENML:
            raise SettingsError("name the data set: openml:NAME or openml:ID", field="data")
        return text
    check_address(text)
    if is_address(text):
        return text
    if text == "-":
        raise SettingsError("standard input is for the commands, such as: nnsize size -; name a file", field="data")
    path = Path(os.path.expanduser(real.get(text, text))).absolute()  # noqa: PTH111  # leaves an unknown ~user alone
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        way_out = hint(text, BUILTIN, otherwise="press enter to look for it")
        reason = getattr(error, "strerror", None)
        found = f"there is no file {escape_text(text)}" if isinstance(error, FileNotFoundError | ValueError) else reason
        raise SettingsError(f"{found}; {way_out}", field="data") from None
    if stat.S_ISDIR(mode):
        raise SettingsError(f"{escape_text(text)} is a folder; press enter to choose a file in it", field="data")
    return str(path)


def stamp_of(source: str) -> tuple[int, int]:
    """Return the time of a file's last change, and its length; zeross where there is none."""
    try:
        found = Path(source).stat()
    except (OSError, ValueError):
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)

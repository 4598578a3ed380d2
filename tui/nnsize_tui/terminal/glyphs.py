"""Special characters: one set for terminals with UTF-8, one in ASCII for all others."""

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """A set of special characters, each one column wide except the ellipsis."""

    unicode: bool
    rule: str
    dot: str
    """Separator between two facts on one line."""

    ellipsis: str
    """End of a shortened text, or mark of something in progress; up to three columns."""

    training: str
    """Mark of a fit that is being trained."""

    done: str
    rest: str
    """Parts of a progress bar: ``done`` and ``rest``."""

    best: str
    recommended: str
    """Marks of the best and of the recommended candidate, the same as in the chart."""

    here: str
    """Mark before the row of the cursor."""

    up: str
    down: str
    """Marks of a column that is sorted upwards or downwards."""

    thumb: str
    track: str
    """Parts of a scroll bar: ``thumb`` and ``track``."""

    on: str
    off: str
    """Marks of chosen and unchosen options."""


UNICODE = Glyphs(
    unicode=True,
    rule="─",
    dot="·",
    ellipsis="…",
    training="…",
    done="━",
    rest="─",
    best="★",
    recommended="◆",
    here="›",
    up="▴",
    down="▾",
    thumb="┃",
    track="│",
    on="●",
    off="○",
)

ASCII = Glyphs(
    unicode=False,
    rule="-",
    dot="|",
    ellipsis="...",
    training="~",
    done="#",
    rest=".",
    best="@",
    recommended="#",
    here=">",
    up="^",
    down="v",
    thumb="#",
    track=":",
    on="*",
    off="o",
)


def glyphs_for(*, unicode: bool) -> Glyphs:
    """Return the set for a terminal with or without Unicode."""
    return UNICODE if unicode else ASCII


def has_unicode(environment: Mapping[str, str]) -> bool:
    """Return whether environment variables name a UTF-8 locale."""
    name = next((value for key in ("LC_ALL", "LC_CTYPE", "LANG") if (value := environment.get(key))), "C")
    if name == "UTF-8":  # macOS writes it so
        return True
    encoding = name.partition("@")[0].partition(".")[2]
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def first_environment() -> Mapping[str, str]:
    """Return the environment with which this process was started.

    Python sets ``LC_CTYPE`` to UTF-8 if the locale is C, which tells nothing about the terminal. Linux keeps the
    original environment.
    """
    try:
        entries = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:
        return os.environ
    return dict(os.fsdecode(entry).split("=", 1) for entry in entries if b"=" in entry)

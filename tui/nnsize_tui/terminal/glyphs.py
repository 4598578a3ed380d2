"""The characters that are not plain text: one set for terminals with UTF-8, one in ASCII for all others."""

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """One set of characters, each one column wide unless its name says more."""

    unicode: bool
    rule: str
    dot: str
    """Between two facts on one line."""

    ellipsis: str
    """Text was cut, or something is under way; up to three columns."""

    training: str
    """A fit is being trained."""

    done: str
    rest: str
    """The two parts of a progress bar."""

    best: str
    adequate: str
    """The same marks as in the chart."""

    here: str
    """Before the row of the cursor."""

    up: str
    down: str
    """Sorted upwards, downwards."""

    thumb: str
    track: str
    """The two parts of a scroll bar."""

    on: str
    off: str
    """Chosen and not chosen of several."""


UNICODE = Glyphs(
    unicode=True,
    rule="─",
    dot="·",
    ellipsis="…",
    training="…",
    done="━",
    rest="─",
    best="★",
    adequate="◆",
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
    adequate="#",
    here=">",
    up="^",
    down="v",
    thumb="#",
    track=":",
    on="*",
    off="o",
)


def glyphs_for(*, unicode: bool) -> Glyphs:
    """The set for a terminal that has Unicode, or has not."""
    return UNICODE if unicode else ASCII


def has_unicode(environment: Mapping[str, str]) -> bool:
    """Whether the locale that these variables name is one of UTF-8."""
    name = next((value for key in ("LC_ALL", "LC_CTYPE", "LANG") if (value := environment.get(key))), "C")
    if name == "UTF-8":  # macOS writes it so
        return True
    encoding = name.partition("@")[0].partition(".")[2]
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def first_environment() -> Mapping[str, str]:
    """The environment as this process was given it.

    Python changes ``LC_CTYPE`` to UTF-8 when the locale is C, which says nothing of the terminal; Linux keeps the
    original.
    """
    try:
        entries = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:
        return os.environ
    return dict(os.fsdecode(entry).split("=", 1) for entry in entries if b"=" in entry)

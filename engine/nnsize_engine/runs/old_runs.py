"""Runs that are old, which a command deletes."""

import re
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from nnsize_engine.errors import SettingsError, StoreError
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.folders import MAX_CLOCK_SECONDS, list_runs, read_state
from nnsize_engine.runs.reader import RunHeader

_SECONDS: Mapping[str, float] = MappingProxyType({"h": 3600.0, "d": 86400.0, "w": 7 * 86400.0})
_AGE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*([hdw])", re.ASCII | re.IGNORECASE)


def parse_age(text: str) -> float:
    """Return an age such as ``12h``, ``30d`` or ``4w`` in seconds.

    Raises:
        SettingsError: it is none.
    """
    found = _AGE.fullmatch(text.strip())
    if found is None:
        raise SettingsError(
            f"older-than is {text[:80]!r}; it must be a number of hours, days or weeks, such as 12h, 30d or 4w",
            field="older_than",
        )
    return float(found.group(1)) * _SECONDS[found.group(2).lower()]


def last_active(header: RunHeader, now: float) -> float:
    """Return when a run was last at work, in seconds since 1970; a heartbeat from the future says nothing."""
    beat = header.heartbeat
    return header.created if beat is None or beat > now + MAX_CLOCK_SECONDS else max(header.created, beat)


def older_runs(home: Path, seconds: float, now: float | None = None) -> list[Path]:
    """Return the runs that were last at work longer ago than that, the newest first.

    Runs that are live or cannot be read are not among them.

    Raises:
        RunError: the home cannot be listed.
    """
    moment = time.time() if now is None else now
    return [folder for folder in list_runs(home) if _is_older(folder, moment, seconds)]


def _is_older(folder: Path, now: float, seconds: float) -> bool:
    try:
        header, state = read_state(folder)
    except StoreError:
        return False
    return state not in LIVE_STATES and last_active(header, now) < now - seconds

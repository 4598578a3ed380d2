"""Find out why a run that is alive does not go on, and say it.

Its runner says so itself while it cannot store results. That it is frozen, or that no heartbeat comes, is seen from
outside alone.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.processes.identity import is_alive, is_frozen
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs.folders import STALE_SECONDS, read_state
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.runs.stall_file import Stall, StallKind, read_stall
from nnsize_engine.text import moment_text, shell_word

MIN_FREE_BYTES = 65_536  # of a disk that is not full: a commit takes a few pages of 4,096


def find_stall(folder: Path, header: RunHeader, state: State, now: float | None = None) -> Stall | None:
    """Return why a run in this state does not go on; None if it does, or has ended.

    Of an interrupted run it is what its runner could not store when it ended.
    """
    if state == "interrupted":
        return read_stall(folder)
    if state not in LIVE_STATES or header.runner is None or header.heartbeat is None:
        return None
    if is_frozen(header.runner):
        return Stall(kind="frozen", since=header.heartbeat)
    said = read_stall(folder)
    if said is not None:
        return said
    moment = time.time() if now is None else now
    if moment - header.heartbeat <= STALE_SECONDS or not is_alive(header.runner):
        return None  # a heartbeat that lies ahead is from before the clock was put back; the next one is due
    return Stall(kind=_seen_kind(folder), since=header.heartbeat)


def stall_of(folder: Path) -> str:
    """Return in one sentence why a run does not go on; empty if it does, or has ended.

    Raises:
        StoreError: it cannot be read.
    """
    header, state = read_state(folder)
    stall = find_stall(folder, header, state)
    return "" if stall is None else stall_words(stall, folder, header, state)


def _seen_kind(folder: Path) -> StallKind:
    """Return what can be seen of a folder whose run is silent."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return "silent"
    if found.f_flag & os.ST_RDONLY:
        return "read-only"
    has_no_files_left = found.f_files > 0 and found.f_favail == 0  # some file systems count none
    return "full" if found.f_bavail * found.f_frsize < MIN_FREE_BYTES or has_no_files_left else "silent"


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said of one kind of stall in which results wait."""

    past: str
    """What was wrong, for a sentence about the past."""

    present: str
    """What has been wrong since a moment."""

    until: str
    """What the run waits for."""


_WORDS: Mapping[StallKind, _Words] = {
    "full": _Words("the disk was full", "the disk has been full", "there is room"),
    "quota": _Words("the disk quota was used up", "your disk quota has been used up", "there is room"),
    "read-only": _Words("the disk was read-only", "the disk has been read-only", "it can be written again"),
    "denied": _Words("its folder was write-protected", "its folder has been write-protected", "you allow writing"),
    "memory": _Words("memory was used up", "memory has been used up", "some is free"),
    "locked": _Words("another program locked its file", "another program has locked its file", "it is unlocked"),
    "failing": _Words("the disk failed to store results", "the disk has failed to store results", "it works again"),
}


def stall_words(stall: Stall, folder: Path, header: RunHeader, state: State) -> str:
    """Return in one sentence why a run does not go on, and what to do."""
    since = moment_text(stall.since)
    if state == "interrupted":
        return (
            f"its runner ended while {past_words(stall.kind)}; {_lost(stall)}: nnsize resume {shell_word(folder.name)}"
        )
    pid = header.runner.pid if header.runner is not None else 0
    if stall.kind == "frozen":
        return f"its runner was frozen at {since} (SIGSTOP); let it go on: kill -CONT {pid}"
    if stall.kind == "silent":
        return (
            f"its runner, process {pid}, has not answered since {since}: the machine is very busy or was asleep, "
            "or its disk does not answer; the run goes on by itself"
        )
    words = _WORDS[stall.kind]
    return f"{words.present} since {since}; {_waiting(stall)}, and the run goes on by itself as soon as {words.until}"


def past_words(kind: StallKind) -> str:
    """Return what was wrong, for a sentence about the past."""
    return _WORDS[kind].past if kind in _WORDS else "it did not answer"


def _waiting(stall: Stall) -> str:
    match stall.waiting:
        case 0:
            return "nothing is lost"
        case 1:
            return "1 result waits in memory"
        case _:
            return f"{stall.waiting:,} results wait in memory"


def _lost(stall: Stall) -> str:
    match stall.waiting:
        case 0:
            return "all results are stored; go on"
        case 1:
            return "1 result was not stored; compute it again"
        case _:
            return f"{stall.waiting:,} results were not stored; compute them again"

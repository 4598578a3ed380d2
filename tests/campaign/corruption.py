"""Corruption: after any damage to a finished run, what is shown is true, or the run or fact is named as broken."""

import csv
import io
import os
import shutil
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from random import Random

from campaign.corruptions import CORRUPTIONS, WEIGHTS
from campaign.filled_runs import NAMES, filled_runs
from campaign.in_process import Ended, run_command
from campaign.outcome import Outcome
from nnsize_engine.errors import NnsizeError
from nnsize_tui.follow.details import DetailFollower, DetailRequest
from nnsize_tui.follow.runs import RunsFollower

LOOKS: dict[str, tuple[str, ...]] = {
    "json": ("show", "target", "--json"),
    "csv": ("export", "target", "--format", "csv"),
    "md": ("export", "target", "--format", "md"),
    "fits": ("export", "target", "--table", "fits"),
    "references": ("export", "target", "--table", "references"),
    "generations": ("export", "target", "--table", "generations"),
    "strategies": ("export", "target", "--table", "strategies"),
    "config": ("show", "target", "--config"),
}
"""Commands whose whole output consists of facts; each kind of run has some of them."""

OTHERS: tuple[tuple[str, ...], ...] = (
    ("show", "target"),
    ("show", "target", "--all"),
    ("show", "target", "--python"),
    ("compare", "target", "spared"),
    ("compare", "target", "spared", "--json"),
    ("export", "target", "--to", "network.npz", "--force"),
    ("export", "target", "--to", "run.zip", "--force"),
)

FACT_ROWS = ("fits", "references", "generations")
"""Looks with a row for each stored fact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What commands said of the run."""

    looks: dict[str, Ended]
    is_named: bool
    """Whether the run or a part of it is named as broken."""

    faults: tuple[str, ...]


def try_corruption(chance: Random, folder: Path) -> Outcome:
    """Damage a run in one way, look at it in all ways, and compare with what was seen before."""
    name = chance.choice(NAMES)
    (way,) = chance.choices(list(CORRUPTIONS), WEIGHTS)
    home = folder / "home"
    whole = _seen_whole(name, home)
    run = _copies(name, home)
    CORRUPTIONS[way](chance, run)
    seen = _look(home, list(whole.looks), chance.choices(OTHERS, k=2))
    faults = [*seen.faults, *_spared_faults(home), *_explorer_faults(home, run)]
    for look, ended in seen.looks.items():
        faults += _changes(look, ended, whole.looks[look], is_named=seen.is_named)
    return Outcome(failures=tuple(f"{name}, {way}: {fault}" for fault in faults))


@lru_cache(maxsize=len(NAMES))
def _seen_whole(name: str, home: Path) -> Seen:
    _copies(name, home)
    seen = _look(home, list(LOOKS), list(OTHERS))
    assert not seen.is_named, name
    assert not seen.faults, seen.faults
    return replace(seen, looks={look: ended for look, ended in seen.looks.items() if ended.code == 0})


def _copies(name: str, home: Path) -> Path:
    """Put copies of a whole run and of another one in an empty home."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(filled_runs()[name], home / "target")
    shutil.copytree(filled_runs()["layers"], home / "spared")
    return home / "target"


def _look(home: Path, names: list[str], others: list[tuple[str, ...]]) -> Seen:
    verdict = run_command("verify", "target", "--json")
    looks = {name: run_command(*LOOKS[name]) for name in names}
    shown = looks["json"]
    is_named = verdict.code != 0 or shown.code != 0 or bool(shown.json["broken"])
    working = home.parent / "working"
    working.mkdir(exist_ok=True)
    os.chdir(working)
    ended = [verdict, *looks.values(), *(run_command(*arguments) for arguments in others)]
    return Seen(looks=looks, is_named=is_named, faults=tuple(fault for one in ended for fault in one.faults))


def _spared_faults(home: Path) -> list[str]:
    """Return what is wrong with the list of runs: the other run is always in it, finished."""
    listed = run_command("runs", "--json")
    if listed.faults or listed.code != 0:
        return [*listed.faults, f"runs ended with code {listed.code}: {listed.errors[-300:]}"]
    states = {one["run"]: one["state"] for one in listed.json}
    rows = {row.folder.name for row in RunsFollower(home).look()}
    if states.get("spared") != "finished" or rows != set(states):
        return [f"the list of runs is {states}, in the explorer {rows}"]
    return []


def _explorer_faults(home: Path, run: Path) -> list[str]:
    """Look at the run as an open screen of the explorer does."""
    posted: list[object] = []
    request = DetailRequest()
    request.candidate = 1
    try:
        view = RunsFollower(home).follower(run).look()
        DetailFollower(run, request, posted.append).look(view)
    except NnsizeError:
        return []
    except Exception as error:
        return [f"the explorer's look raised {type(error).__name__}: {error}"]
    return []


def _changes(look: str, now: Ended, before: Ended, *, is_named: bool) -> list[str]:
    """Return what is shown otherwise than before without a word about it."""
    if now.code != 0 or now.output == before.output:
        return []
    if not is_named:
        return [f"{look} changed silently: {_first_difference(now.output, before.output)}"]
    if look not in FACT_ROWS:
        return []
    known = list(csv.DictReader(io.StringIO(before.output)))
    strange = [row for row in csv.DictReader(io.StringIO(now.output)) if row not in known and not _is_part(row, known)]
    return [f"{look} shows a row that never was, though the run is named: {strange[0]}"] if strange else []


def _is_part(row: dict[str, str], known: list[dict[str, str]]) -> bool:
    """Return whether a row is one of those known, but for cells that are empty because something else is missing.

    A score that is missing may have a column for its reason that was not needed before.
    """
    return any(
        all(cell in (one.get(name), "") for name, cell in row.items() if name in one or not name.startswith("error_"))
        for one in known
    )


def _first_difference(now: str, before: str) -> str:
    lines = zip(now.splitlines(), before.splitlines(), strict=False)
    different = next(((one, other) for one, other in lines if one != other), ("", "other lines at the end"))
    return f"{different[0][:200]!r}, was {different[1][:200]!r}"

"""Hostile folders: links, pipes, devices, huge files, strangers' files and names; nothing outside the run changes."""

import contextlib
import os
import shutil
import socket
import stat
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from campaign.file_limit import unlimited_files
from campaign.filled_runs import filled_runs
from campaign.in_process import run_command
from campaign.outcome import Outcome
from nnsize_engine.runs.database import CHECKPOINT_NAME, FILE_NAME
from nnsize_engine.runs.label import FILE_NAME as LABEL_NAME
from nnsize_engine.runs.ledger import COMMITS_NAME
from nnsize_engine.runs.start_runner import LOG_NAME
from nnsize_tui.follow.runs import RunsFollower
from support.hostile_runs import HOSTILE_NAMES, HOSTILE_TEXT, SCHEMAS, edit

SECRET = b"what is the user's own\n"

STRANGER = 12_345  # a user id that nobody has

HUGE_BYTES = 1 << 40  # of a file with a hole, which takes no room

NAMES = (
    FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", f"{FILE_NAME}-journal", "control", "lock", LOG_NAME,
    COMMITS_NAME, CHECKPOINT_NAME, LABEL_NAME,
)  # fmt: skip

MAX_SECONDS = 60.0  # of all commands on one folder


def _link(path: Path, victim: Path) -> None:
    path.symlink_to(victim)


def _hard_link(path: Path, victim: Path) -> None:
    os.link(victim, path)


def _loop(path: Path, victim: Path) -> None:
    del victim
    path.symlink_to(path)


def _link_to_nothing(path: Path, victim: Path) -> None:
    path.symlink_to(victim.with_name("not-there"))


def _link_to_device(path: Path, victim: Path) -> None:
    del victim
    path.symlink_to("/dev/zero")


def _pipe(path: Path, victim: Path) -> None:
    del victim
    os.mkfifo(path)


def _socket(path: Path, victim: Path) -> None:
    del victim
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as one, contextlib.chdir(path.parent):
        one.bind(path.name)


def _device(path: Path, victim: Path) -> None:
    with contextlib.suppress(PermissionError):
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero
        return
    _link(path, victim)


def _folder(path: Path, victim: Path) -> None:
    path.mkdir()
    shutil.copy(victim, path)


def _huge(path: Path, victim: Path) -> None:
    del victim
    with unlimited_files(), path.open("wb") as file:
        file.truncate(HUGE_BYTES)


def _strangers(path: Path, victim: Path) -> None:
    path.write_bytes(SECRET)
    with contextlib.suppress(PermissionError):
        os.chown(path, STRANGER, STRANGER)
        return
    path.unlink()
    _link(path, victim)


def _closed(path: Path, victim: Path) -> None:
    del victim
    path.write_bytes(b"")
    path.chmod(0)


PLACES: dict[str, Callable[[Path, Path], None]] = {
    "link": _link,
    "hard link": _hard_link,
    "loop": _loop,
    "link to nothing": _link_to_nothing,
    "link to a device": _link_to_device,
    "pipe": _pipe,
    "socket": _socket,
    "device": _device,
    "folder": _folder,
    "huge file": _huge,
    "stranger's file": _strangers,
    "closed file": _closed,
}
"""What may be in place of a file of a run."""


def try_hostile_folder(chance: Random, folder: Path) -> Outcome:
    """Make a folder hostile in a few ways, and let every command look at it, steer it and delete it."""
    home = folder / "home"
    victim = folder / "victim"
    victim.write_bytes(SECRET)
    shutil.copytree(filled_runs()["parameters"], home / "spared")
    run = home / "target"
    shutil.copytree(filled_runs()[chance.choice(("search", "evolution", "comparison", "watched"))], run)
    ways = _make_hostile(chance, run, victim)
    if chance.random() < 0.5:
        name = chance.choice((*HOSTILE_NAMES, os.fsdecode(chance.randbytes(12).replace(b"/", b"").replace(b"\0", b""))))
        run = run.rename(home / (name if name not in ("", ".", "..") else "target"))
        ways.append(f"called {run.name!r}")
    begun = time.monotonic()
    faults = _look_and_delete(chance, home, run)
    if time.monotonic() - begun > MAX_SECONDS:
        faults.append(f"all that took {time.monotonic() - begun:.0f} s")
    if victim.read_bytes() != SECRET or victim.is_symlink():
        faults.append("a file outside the run was changed")
    if {path.name for path in folder.iterdir()} - {"home", "victim", "working", "config", "state"}:
        faults.append(f"files were made: {sorted(path.name for path in folder.iterdir())}")
    return Outcome(failures=tuple(f"{', '.join(ways)}: {fault}" for fault in faults))


def _make_hostile(chance: Random, run: Path, victim: Path) -> list[str]:
    ways = []
    if chance.random() < 0.25:
        schema = chance.choice(list(SCHEMAS))
        SCHEMAS[schema](run)
        ways.append(schema)
    elif chance.random() < 0.25:
        edit(run, "UPDATE run SET reason = ?, id = ?", values=(HOSTILE_TEXT, HOSTILE_TEXT))
        edit(run, "UPDATE log SET text = ?", values=(HOSTILE_TEXT,))
        ways.append("hostile texts")
    for name in chance.sample(NAMES, chance.randint(0 if ways else 1, 2)):
        way = chance.choice(list(PLACES))
        (run / name).unlink(missing_ok=True)
        PLACES[way](run / name, victim)
        ways.append(f"{way} as {name}")
    if chance.random() < 0.1:
        mode = chance.choice((0o777, 0o1777, 0o500))
        run.chmod(mode)
        ways.append(f"mode {mode:o}")
    if chance.random() < 0.1 and os.geteuid() == 0:
        os.chown(run, STRANGER, STRANGER)
        ways.append("a stranger's folder")
    return ways


def _look_and_delete(chance: Random, home: Path, run: Path) -> list[str]:
    """Run commands on the run; the other one is listed all the time, and a deleted run leaves nothing unsaid."""
    commands: list[tuple[str, ...]] = [
        ("show", str(run)), ("show", str(run), "--json"), ("show", str(run), "--python"), ("verify", str(run)),
        ("export", str(run)), ("export", str(run), "--to", "run.zip", "--force"), ("compare", str(run), "spared"),
        ("pause", str(run)), ("stop", str(run)), ("resume", str(run)), ("extend", str(run), "--repeats", "2"),
    ]  # fmt: skip
    working = home.parent / "working"
    working.mkdir(exist_ok=True)
    os.chdir(working)
    faults: list[str] = []
    for arguments in chance.sample(commands, 5):
        if arguments[0] in ("resume", "extend") and chance.random() < 0.7:
            continue  # a runner takes a second
        faults += run_command(*arguments).faults
        if arguments[0] == "extend":
            faults += run_command("stop", str(run)).faults
    listed = run_command("runs", "--json")
    faults += listed.faults
    if listed.code != 0 or {one["run"]: one["state"] for one in listed.json}.get("spared") != "finished":
        faults.append(f"the other run is not listed: {listed.errors[-300:]}")
    if "spared" not in {row.folder.name for row in RunsFollower(home).look()}:
        faults.append("the other run is missing in the explorer")
    deleted = run_command("delete", str(run), "--yes")
    faults += deleted.faults
    if deleted.code == 0 and os.path.lexists(run) and "left" not in deleted.output and "stay" not in deleted.output:
        faults.append(f"delete says nothing of what it left: {deleted.output!r}")
    return faults

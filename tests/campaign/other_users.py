"""Two users: what one prepares for the other in a folder that both may write; and what one may read of the other."""

import os
import shutil
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random

from campaign.filled_runs import filled_runs
from campaign.hostile_folders import NAMES, PLACES, SECRET
from campaign.in_process import run_command
from campaign.outcome import Outcome
from campaign.scratch import end_runners, set_surroundings
from campaign.settings_of_runs import SEARCHES
from nnsize_engine.runs import launch
from nnsize_engine.runs.database import FILE_NAME, create
from nnsize_engine.runs.start_runner import start_runner

OTHER_USER = 65_534  # nobody


def try_other_user(chance: Random, folder: Path) -> Outcome:
    """Let nobody put a run among those of root, or look at a run of root."""
    if os.geteuid() != 0:
        return Outcome(tried=0, not_tried="only root can be a second user")
    del folder  # the other user may not be allowed to enter a folder above it
    with tempfile.TemporaryDirectory(prefix="nnsize-campaign-") as name:
        place = Path(name)
        place.chmod(0o755)
        home = set_surroundings(place)
        os.chdir(place)
        try:
            faults = _planted(chance, place, home) if chance.random() < 0.7 else _read(chance, place, home)
        finally:
            os.chdir("/")
            end_runners(place)
    return Outcome(failures=tuple(faults))


def _planted(chance: Random, folder: Path, home: Path) -> list[str]:
    """Nobody plants a run in a home that everybody may write; root looks at it and deletes it."""
    victim = folder / "victim"
    victim.write_bytes(SECRET)
    victim.chmod(0o600)
    shutil.copytree(filled_runs()["search"], home / "spared")
    home.chmod(0o1777)
    source = folder / "source"
    shutil.copytree(filled_runs()["evolution"], source)
    for path in (source, *source.iterdir()):
        path.chmod(0o755)
    name, way = chance.choice(NAMES), chance.choice(("link", "pipe", "folder", "loop", "link to a device", "nothing"))

    def plant() -> None:
        shutil.copytree(source, home / "target")
        if way != "nothing":
            (home / "target" / name).unlink(missing_ok=True)
            (PLACES[way])(home / "target" / name, source / FILE_NAME if way == "folder" else victim)

    faults = [f"nobody could not prepare it: {words}" for words in _as_other_user(plant)]
    for arguments in (
        ("show", "target"), ("verify", "target"), ("export", "target"), ("compare", "target", "spared"),
        ("resume", "target"), ("stop", "target"),
    ):  # fmt: skip
        faults += run_command(*arguments).faults
    listed = run_command("runs", "--json")
    states = {one["run"]: one["state"] for one in listed.json}
    if states.get("spared") != "finished" or states.get("target") not in ("unreadable", None):
        faults.append(f"a stranger's run is listed: {states}")
    faults += run_command("delete", "target", "--yes").faults
    if victim.read_bytes() != SECRET:
        faults.append("a file of root was changed")
    return [f"{way} as {name}: {fault}" for fault in faults]


def _read(chance: Random, folder: Path, home: Path) -> list[str]:
    """Nobody tries to read and to write what a run of root leaves, whatever root's umask."""
    before = os.umask(chance.choice((0, 0o022, 0o002)))
    try:
        run = home / "target"
        create(run, run.name, SEARCHES["grid"])
        start_runner(run)
        launch.stop(run)
        launch.wait_for(run, lambda state: state == "stopped", 60)
    finally:
        os.umask(before)
    home.chmod(0o755)
    found = folder / "found"
    found.write_text("")
    found.chmod(0o666)

    def read() -> None:
        opened = []
        for name in (*NAMES, ""):
            for mode in (os.O_RDONLY, os.O_WRONLY):
                try:
                    os.close(os.open(run / name, mode))
                except OSError:
                    continue
                opened.append(f"{name} ({mode})")
        found.write_text(", ".join(opened))

    faults = _as_other_user(read)
    if found.read_text():
        faults.append(f"another user could open {found.read_text()}")
    return faults


def _as_other_user(do: Callable[[], None]) -> list[str]:
    """Do something as nobody; return what went wrong."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(OTHER_USER)
            os.setuid(OTHER_USER)
            do()
        except BaseException:
            os.write(write_end, traceback.format_exc(limit=-3).encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as file:
        words = file.read().decode(errors="replace")
    os.waitpid(child, 0)
    return [words] if words else []

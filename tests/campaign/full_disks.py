"""Full disks: a home on a small file system that fills up while a run works; it waits, and loses nothing."""

import contextlib
import errno
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from campaign.in_process import run_command
from campaign.outcome import Outcome
from campaign.settings_of_runs import COMPARISONS, EVOLUTIONS, SEARCHES
from campaign.whole_runs import difference, facts_of, wait_for_end, whole_run
from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.examine import examine
from nnsize_engine.runs.folders import read_state
from nnsize_engine.settings.run import StartedSettings

KINDS: tuple[dict[str, StartedSettings], ...] = (
    {name: SEARCHES[name] for name in ("grid", "repeats", "race", "lbfgs")},
    {name: EVOLUTIONS[name] for name in ("held-out", "shade", "lm-ma-es", "cma-es", "hill-climbing", "genetic")},
    COMPARISONS,
)

MEGABYTES = 3  # of the file system; a run takes one or two with its log


def try_full_disk(chance: Random, folder: Path) -> Outcome:
    """Fill the disk at a random moment, once or twice, make room again, and compare the result."""
    name, settings = chance.choice(list(chance.choice(KINDS).items()))
    whole = whole_run(settings)
    home = folder / "home"
    with _small_disk(home) as reason:
        if reason:
            return Outcome(tried=0, not_tried=reason)
        faults: list[str] = []
        try:
            run = launch.start(settings, home)
        except NnsizeError as error:
            return Outcome(failures=(f"{name}: {error}",))
        for _ in range(chance.randint(1, 2)):
            time.sleep(chance.uniform(0, 2))
            _fill(home / "filler")
            time.sleep(chance.uniform(0.1, 1.5))
            for arguments in (("show", run.name), ("runs",), ("export", run.name)):
                faults += run_command(*arguments).faults
            (home / "filler").unlink()
        if read_state(run)[1] not in (*LIVE_STATES, "finished"):
            with contextlib.suppress(NnsizeError):
                launch.resume(run)
        try:
            wait_for_end(run)
        except AssertionError as error:
            return Outcome(failures=(f"{name}: {error}",))
        if differs := difference(facts_of(run), facts_of(whole)):
            faults.append(f"another result: {differs}")
        if (verdict := examine(run)).condition != "whole":
            faults.append(f"{verdict.condition}: {verdict.broken}")
        return Outcome(failures=tuple(f"{name}: {fault}" for fault in faults))


@contextlib.contextmanager
def _small_disk(home: Path) -> Iterator[str]:
    """Mount a small file system; yield why that is impossible, or nothing."""
    if os.geteuid() != 0:
        yield "only root can mount a small disk"
        return
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=700", "tmpfs", str(home)],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        yield f"a small disk cannot be mounted: {done.stderr.strip()}"
        return
    try:
        yield ""
    finally:
        subprocess.run(["umount", "-l", str(home)], check=False)


def _fill(path: Path) -> None:
    """Fill the disk to the last byte."""
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

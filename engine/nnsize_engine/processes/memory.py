"""Memory that this machine and its containers have left."""

import contextlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

PROC = Path("/proc")


CGROUPS = Path("/sys/fs/cgroup")


_UNLIMITED = 1 << 60
"""Limits above this mean none."""


def amount_text(count: int) -> str:
    """An amount of memory: ``840 MB``, ``3.3 TB``."""
    size, units = count / 1e6, ["MB", "GB", "TB", "PB", "EB"]
    while size >= 999.5 and len(units) > 1:
        size, units = size / 1000, units[1:]
    if size >= 999.5:
        return f"more than 999 {units[0]}"
    return f"{size:.1f} {units[0]}" if size < 10 else f"{size:.0f} {units[0]}"


def available_bytes() -> int | None:
    """Memory that a new process may take: what the machine has left, or what a container or limit leaves of it.

    None where nothing says so.
    """
    limits = [*_machine(), *_cgroups()]
    with contextlib.suppress(OSError, ValueError):
        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            limits.append(soft)
    limits = [limit for limit in limits if limit < _UNLIMITED]
    return min(limits) if limits else None


def _machine() -> Iterator[int]:
    """What Linux says is available; elsewhere all the memory there is."""
    with contextlib.suppress(OSError, ValueError):
        for line in (PROC / "meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                yield int(line.split()[1]) * 1024
                return
    with contextlib.suppress(OSError, ValueError):
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
        if pages > 0 and size > 0:
            yield pages * size


def _cgroups() -> Iterator[int]:
    """What each control group that this process is in leaves: a limit also holds for the groups below it."""
    try:
        lines = (PROC / "self" / "cgroup").read_text().splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        names: tuple[str, str, str]
        if number == "0" and not controllers:
            root, names = CGROUPS, ("memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            root = CGROUPS / "memory"
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        else:
            continue
        group = PurePosixPath("/", path)
        # Within a container the path may be the host's and not exist: its own group is then the root that is seen.
        for place in (group, *group.parents):
            yield from _left(root / place.relative_to("/"), *names)


def _left(group: Path, limit: str, usage: str, cache: str) -> Iterator[int]:
    """What one group leaves: its limit without its use, in which files that can be dropped at any time do not count."""
    try:
        most, used = int((group / limit).read_text()), int((group / usage).read_text())
    except (OSError, ValueError):  # "max" is no number
        return
    droppable = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in (group / "memory.stat").read_text().splitlines():
            name, value = line.split()[:2]
            if name == cache:
                droppable = int(value)
    if most < _UNLIMITED:
        yield max(0, most - max(0, used - droppable))

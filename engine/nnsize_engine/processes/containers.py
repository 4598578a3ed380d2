"""Container limits and identities, which psutil lacks: control groups, boots and process namespaces of Linux.

A process id means something only within one boot of one machine, and within one process namespace of it. Memory limits
of containers and of batch systems are control groups: https://docs.kernel.org/admin-guide/cgroup-v2.html, and
https://docs.kernel.org/admin-guide/cgroup-v1/memory.html for the older version.
"""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

PROC = Path("/proc")
CGROUPS = Path("/sys/fs/cgroup")

MAX_LIMIT_BYTES = 1 << 60  # control groups of version 1 write "no limit" as a number near 2**63


def this_host() -> str:
    """Return a name that differs between machines, boots and containers."""
    name = socket.gethostname()
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{name} {boot} {(PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return name  # not Linux


def memory_left() -> Iterator[int]:
    """Yield the bytes that each limited control group of this process leaves.

    Groups are nested, and the limit of a group holds for all groups in it: the smallest number counts.
    """
    try:
        lines = (PROC / "self" / "cgroup").read_text().splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        names: tuple[str, str, str]
        if number == "0" and not controllers:  # version 2
            root, names = CGROUPS, ("memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):  # version 1
            root = CGROUPS / "memory"
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        else:
            continue
        group = PurePosixPath("/", path)
        # Within a container the path may be the host's and not exist; the container's own group is then the root.
        for parent in (group, *group.parents):
            yield from _left_in_group(root / parent.relative_to("/"), *names)


def _left_in_group(group: Path, limit_name: str, usage_name: str, cache_name: str) -> Iterator[int]:
    """Yield the limit of one group minus its usage, without cached files, which the kernel drops on demand."""
    try:
        limit, used = int((group / limit_name).read_text()), int((group / usage_name).read_text())
    except (OSError, ValueError):  # the limit is "max", or there is no such file
        return
    cached = 0
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in (group / "memory.stat").read_text().splitlines():
            name, value = line.split()[:2]
            if name == cache_name:
                cached = int(value)
    if limit < MAX_LIMIT_BYTES:
        yield max(0, limit - max(0, used - cached))

"""Memory that is available on made-up machines, and how an amount is written."""

import errno
import resource
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from nnsize_engine.processes.memory import available_bytes, lacks_memory, limit_words
from support.engine_fixtures import GB, set_available, write


def test_what_linux_says_is_available(machine: Path) -> None:
    set_available(machine, 4 * 1024**3)
    assert available_bytes() == 4 * 1024**3


def test_elsewhere_it_is_what_psutil_says(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.exists()
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=16_384_000))
    assert available_bytes() == 16_384_000


def test_a_limit_on_the_address_space_counts(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_available(machine, 4 * GB)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (GB, 2 * GB))
    assert available_bytes() == GB


def test_a_container_of_version_2_leaves_its_limit_without_what_is_in_use(machine: Path) -> None:
    set_available(machine, 9 * GB)
    write(machine / "proc" / "self" / "cgroup", "0::/user.slice/job\n")
    group = machine / "cgroups" / "user.slice"
    write(group / "job" / "memory.max", "max\n")
    write(group / "job" / "memory.current", "100\n")
    write(group / "memory.max", f"{3 * GB}\n")
    write(group / "memory.current", f"{2 * GB}\n")
    write(group / "memory.stat", f"anon 7\ninactive_file {GB // 2}\n")
    assert available_bytes() == 3 * GB // 2


def test_a_container_of_version_1_does_too_also_when_it_sees_the_hosts_path(machine: Path) -> None:
    set_available(machine, 9 * GB)
    write(machine / "proc" / "self" / "cgroup", "5:devices:/x\n4:cpu,memory:/docker/abc\n0::/\n")
    root = machine / "cgroups" / "memory"
    write(root / "memory.limit_in_bytes", f"{2 * GB}\n")
    write(root / "memory.usage_in_bytes", f"{GB // 2}\n")
    assert available_bytes() == 3 * GB // 2
    write(root / "memory.limit_in_bytes", "9223372036854771712\n")  # no limit
    assert available_bytes() == 9 * GB // 1024 * 1024


def test_damaged_files_say_nothing(machine: Path) -> None:
    write(machine / "proc" / "meminfo", "MemAvailable: much\n")
    write(machine / "proc" / "self" / "cgroup", "0::/\nmemory\n\n4:memory\n")
    write(machine / "cgroups" / "memory.max", "")
    assert available_bytes() is None


@pytest.mark.parametrize(
    ("error", "is_it"),
    [
        (MemoryError(), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (ImportError("/lib/scipy/x.so: failed to map segment from shared object"), True),
        (OSError("Could not find/load shared object file 'libllvmlite.so' from resource location"), True),
        (ImportError("No module named 'x'"), False),
        (OSError(errno.ENOENT, "No such file"), False),
        (ValueError("failed to map segment"), False),
    ],
)
def test_a_library_that_finds_no_memory_is_told_from_one_that_is_missing(error: Exception, is_it: bool) -> None:
    assert lacks_memory(error) is is_it


def test_a_small_limit_on_memory_is_named_with_what_lifts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, words in {
        300_000_000: "the limit on it here is 300 MB, and a run takes up to 4.0 GB: ulimit -v unlimited",
        5 * GB: "",
        resource.RLIM_INFINITY: "",
    }.items():
        monkeypatch.setattr(resource, "getrlimit", lambda _, limit=limit: (limit, limit))
        assert limit_words() == words

"""Whether a population fits into memory, asked of made-up machines."""

import resource
from pathlib import Path

import numpy as np
import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.processes import memory
from nnsize_engine.processes.memory import available_bytes
from nnsize_engine.runs import launch
from nnsize_engine.settings import population_memory
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.population_memory import check_memory
from nnsize_engine.settings.table import TableChoice, TableSettings
from support.made_runs import make_evolution

GB = 10**9


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine of two processors, no memory and no limits, that says nothing until files are written."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(memory, "PROC", tmp_path / "proc")
    monkeypatch.setattr(memory, "CGROUPS", tmp_path / "cgroups")
    monkeypatch.setattr("os.sysconf", _unknown)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return tmp_path


def _unknown(name: str) -> int:
    raise ValueError(name)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def set_available(machine: Path, available: int) -> None:
    write(machine / "proc" / "meminfo", f"MemTotal:  99999999999 kB\nMemAvailable:   {available // 1024} kB\n")


def test_where_nothing_is_known_everything_is_accepted(machine: Path) -> None:
    assert machine.exists()
    assert available_bytes() is None
    check_memory(EvolutionSettings(members=100_000_000))


def test_what_linux_says_is_available(machine: Path) -> None:
    set_available(machine, 4 * 1024**3)
    assert available_bytes() == 4 * 1024**3


def test_elsewhere_it_is_all_the_memory_there_is(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.exists()
    monkeypatch.setattr("os.sysconf", {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 16384}.__getitem__)
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


def test_too_many_members_are_refused_with_what_would_fit(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_available(machine, 2_050_000_000)
    check_memory(EvolutionSettings())  # article 2's
    tries, bytes_per_member = [], population_memory._bytes_per_member

    def counted(settings: EvolutionSettings) -> int:
        tries.append(settings)
        return bytes_per_member(settings)

    monkeypatch.setattr(population_memory, "_bytes_per_member", counted)
    with pytest.raises(SettingsError) as caught:
        check_memory(EvolutionSettings(members=100_000_000, jobs=1))
    assert len(tries) < 100  # it does not try them one by one
    assert str(caught.value) == (
        "100,000,000 members of 4,097 weights need 3.3 TB of memory, and 2.0 GB is available; --members 53000 would fit"
    )
    check_memory(EvolutionSettings(members=52_900, jobs=1))
    with pytest.raises(SettingsError):
        check_memory(EvolutionSettings(members=54_000, jobs=1))


def test_float64_takes_twice_as_much_and_is_told_of_float32(machine: Path) -> None:
    set_available(machine, 2_050_000_000)
    with pytest.raises(SettingsError, match=r"--members 26500 would fit, more with --precision float32$"):
        check_memory(EvolutionSettings(members=52_900, jobs=1, precision="float64"))


def test_an_archive_needs_room_too(machine: Path) -> None:
    set_available(machine, 2_050_000_000)
    with pytest.raises(SettingsError, match=r"need 2\.9 GB of memory"):
        check_memory(EvolutionSettings(members=52_900, jobs=1, strategy="shade"))
    check_memory(EvolutionSettings(members=52_900, jobs=1, strategy="shade", archive=0.0))


def test_a_restart_draws_a_population_while_the_one_before_is_still_there(machine: Path) -> None:
    set_available(machine, 2_050_000_000)
    with pytest.raises(SettingsError, match=r"need 2\.9 GB of memory"):
        check_memory(EvolutionSettings(members=52_900, jobs=1, restart_after=10))


def test_sobol_is_told_a_power_of_two(machine: Path) -> None:
    set_available(machine, 2_050_000_000)
    with pytest.raises(SettingsError, match=r"^65,536 members .* --members 32768 would fit$"):
        check_memory(EvolutionSettings(members=40_000, init="sobol"))
    check_memory(EvolutionSettings(members=32_768, init="sobol"))


def test_where_not_even_the_fewest_members_fit(machine: Path) -> None:
    set_available(machine, 2_050_000_000)
    with pytest.raises(SettingsError, match="even the fewest members would not fit: choose smaller layers"):
        check_memory(EvolutionSettings(layers="1000000,1000000"))
    with pytest.raises(SettingsError, match="need more than 999 EB of memory"):
        check_memory(EvolutionSettings(layers="1000000,1000000", popsize=100_000_000))


def test_the_members_of_an_array_are_read_from_its_header(machine: Path) -> None:
    set_available(machine, 350_000_000)
    path = machine / "first.npy"
    np.save(path, np.zeros((400, 4097), np.float32))
    check_memory(EvolutionSettings(init=str(path)))  # popsize would have made 20,485
    set_available(machine, 310_000_000)
    with pytest.raises(SettingsError, match=r"^400 members .* give an array of at most \d+ members$"):
        check_memory(EvolutionSettings(init=str(path)))


def test_what_is_no_array_is_left_to_others(machine: Path) -> None:
    set_available(machine, 1000)
    path = machine / "first.npy"
    path.write_bytes(b"junk")
    check_memory(EvolutionSettings(init=str(path)))
    check_memory(EvolutionSettings(init=str(machine / "none.npy")))


def test_nothing_is_started_that_does_not_fit(machine: Path, run_home: Path) -> None:
    set_available(machine, GB)
    with pytest.raises(SettingsError, match="of memory"):
        launch.start(EvolutionSettings(members=1_000_000), run_home)
    assert not run_home.exists()
    folder = make_evolution(run_home, "bagote", EvolutionSettings(), state="stopped", generations=3)
    set_available(machine, GB // 2)
    with pytest.raises(SettingsError, match="of memory"):
        launch.resume(folder)


def test_a_table_that_is_too_large_for_the_machine_is_refused_with_fewer_rows_as_the_way_out(machine: Path) -> None:
    table = TableSettings(
        choice=TableChoice(source="/data/large.csv", target=("y",), task="classification"),
        task="binary",
        rows=1_000_000,
        inputs=50,
        classes=2,
        labels=("0", "1"),
        sha256="0" * 64,
    )
    settings = EvolutionSettings(data="large.csv", table=table, layers="5", members=20)
    set_available(machine, 4 * GB)
    check_memory(settings)
    set_available(machine, 2 * GB)
    with pytest.raises(SettingsError, match=r"even the fewest members would not fit: take fewer rows \(--rows\)"):
        check_memory(settings)

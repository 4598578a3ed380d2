"""Populations that fit into the memory of made-up machines, and others that do not."""

from pathlib import Path

import numpy as np
import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.processes.memory import available_bytes
from nnsize_engine.runs import launch
from nnsize_engine.settings import population_memory
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.population_memory import check_memory
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from support.engine_fixtures import GB, set_available
from support.made_runs import make_evolution


def test_where_nothing_is_known_everything_is_accepted(machine: Path) -> None:
    assert machine.exists()
    assert available_bytes() is None
    check_memory(EvolutionSettings(members=100_000_000))


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

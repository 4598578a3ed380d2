"""Parts of runs on a cluster that need no process: places, versions, arrays, counts, what is stored."""

import contextlib
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.cluster.aligned import aligned, aligned_array
from nnsize_engine.cluster.places import free_places
from nnsize_engine.cluster.tally import WorkTally
from nnsize_engine.cluster.versions import PACKAGES, mismatch, own_versions
from nnsize_engine.cluster.workers import Worker, lacking
from nnsize_engine.errors import RunError, SettingsError
from nnsize_engine.network.training_rows import read_rows
from nnsize_engine.results.cluster_facts import ClusterFacts, WorkerFacts
from nnsize_engine.runs.change_cluster import change_cluster
from nnsize_engine.runs.cluster_tables import read_cluster, set_cluster
from nnsize_engine.runs.database import create, open_for_writing, reading, transaction
from nnsize_engine.runs.reader import read_header
from nnsize_engine.settings.cluster import ClusterSettings, cluster_settings, parse_workers
from nnsize_engine.settings.search import SizeSettings


def worker(name: str, threads: int = 1, *, is_taking_tasks: bool = True) -> Worker:
    """Return a worker."""
    return Worker(
        address=name, name=name, host="here", threads=threads, memory=1, memory_limit=0, last_seen=0.0,
        is_taking_tasks=is_taking_tasks,
    )  # fmt: skip


@given(st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=6), st.sampled_from([0.001, 0.1, 9.0]))
def test_each_thread_gets_one_fit_before_any_is_sent_ahead(kinds: list[tuple[int, bool]], seconds: float) -> None:
    workers = [worker(str(place), threads, is_taking_tasks=taking) for place, (threads, taking) in enumerate(kinds)]
    found = [one.address for one in free_places(workers, Counter(), seconds)]
    threads = sum(one.threads for one in workers if one.is_taking_tasks)
    ahead = {0.001: 2, 0.1: 1, 9.0: 0}[seconds]
    expected = {one.address: one.threads + ahead for one in workers if one.is_taking_tasks}
    assert Counter(found) == Counter(expected)
    if len({one.threads for one in workers}) == 1:
        assert Counter(found[:threads]) == {address: count - ahead for address, count in expected.items()}


def test_a_busy_worker_gets_no_more() -> None:
    assert list(free_places([worker("a", 2)], Counter({"a": 2}), 9.0)) == []
    assert lacking({}) == "a worker"
    assert lacking({"a": worker("a", is_taking_tasks=False)}) == "workers with free memory"
    assert lacking({"a": worker("a")}) == ""


def test_versions_that_differ_are_named() -> None:
    ours = own_versions()
    theirs = {**ours, "python": f"{ours['python']}.99.final.0"}
    assert mismatch({"packages": theirs}) == ""
    assert mismatch({"packages": {**theirs, "numba": None}}) == f"numba missing instead of {ours['numba']}"
    assert mismatch({"packages": {**theirs, "python": "3.1.4"}}) == f"python 3.1 instead of {ours['python']}"
    assert set(ours) == {"python", *PACKAGES}


@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_at_any_byte_are_copied_and_others_stay(order: str) -> None:
    content = np.arange(6.0).tobytes()
    raw = np.frombuffer(b"x" + content, dtype=np.uint8)[1:]
    askew = np.ndarray((2, 3), dtype=np.float64, buffer=raw, order="C" if order == "C" else "F")
    assert not askew.flags.aligned
    better = aligned_array(askew)
    assert better.flags.aligned
    assert better.flags.writeable
    assert better.flags.c_contiguous == (order == "C")
    assert better.flags.f_contiguous == (order == "F")
    assert np.array_equal(better, askew)
    assert aligned_array(better) is better


def test_a_record_with_such_an_array_is_made_anew() -> None:
    rows = read_rows(np.eye(4), [0, 1, 0, 1], task="classification", precision="float64")
    assert aligned(rows) is rows
    raw = np.frombuffer(b"x" + rows.inputs.tobytes(), dtype=np.uint8)[1:]
    found = aligned(replace(rows, inputs=np.ndarray((4, 4), dtype=np.float64, buffer=raw)))
    assert found.inputs.flags.aligned
    assert np.array_equal(found.inputs, rows.inputs)
    assert found.targets is rows.targets


def test_counts_of_workers_follow_their_tasks() -> None:
    tally = WorkTally()
    tally.begin("a", "1", "5 neurons")
    tally.begin("a", "2", "7 neurons")
    assert tally.busy_with() == {"a": "5 neurons and 1 more"}
    tally.end("a", "1", done=1)
    tally.end("a", "2", done=0)
    assert (tally.done_by("a"), tally.busy_with()) == (1, {})
    assert 0 < tally.rate <= 1
    tally.begin("b", "3", "9 neurons")
    tally.forget("b")
    assert tally.busy_with() == {}


FACTS = ClusterFacts(
    where="slurm",
    workers=tuple(
        WorkerFacts(
            name=f"w{number}", host="h", threads=2, fits_done=number, busy_with="5 neurons" * (number % 2),
            memory=10, memory_limit=100, last_seen=time.time(),
        )
        for number in range(3)
    ),
    waiting=4,
    rate=0.5,
    bytes_sent=10**9,
    waits_for="",
)  # fmt: skip


def test_what_is_known_of_a_cluster_is_stored_and_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    create(folder, "run", SizeSettings())
    with contextlib.closing(open_for_writing(folder)) as connection:
        for facts in (FACTS, replace(FACTS, workers=FACTS.workers[:1], waits_for="a worker"), None):
            with transaction(connection, folder):
                set_cluster(connection, facts)
            with reading(folder) as reader:
                assert read_cluster(reader) == facts
    assert (FACTS.busy, FACTS.memory, FACTS.memory_limit) == (1, 30, 300)


def test_a_run_that_has_ended_can_compute_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    create(folder, "run", SizeSettings())
    with pytest.raises(RunError, match="computes where it began; stop it first: nnsize stop run"):
        change_cluster(folder, ClusterSettings(where="local:2"))
    with contextlib.closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        from nnsize_engine.runs.writer import set_state

        set_state(connection, "stopped", None)
    change_cluster(folder, ClusterSettings(where="local:2"))
    with reading(folder) as reader:
        assert read_header(reader).settings == SizeSettings(cluster=ClusterSettings(where="local:2"))
    change_cluster(folder, None)
    with reading(folder) as reader:
        assert read_header(reader).settings == SizeSettings()


@given(st.text(max_size=12))
def test_any_text_names_a_cluster_or_is_refused(text: str) -> None:
    try:
        found = cluster_settings(text)
    except SettingsError as error:
        refused_field, found = error.field, None
    else:
        refused_field = "cluster"
    assert refused_field == "cluster"
    assert found is None or cluster_settings(found.where) == found


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_workers_are_read_as_they_are_written(fewest: int, most: int) -> None:
    fewest, most = sorted((fewest, most))
    settings = ClusterSettings(where="slurm", workers=(fewest, most))
    assert parse_workers(settings.workers_text) == (fewest, most)

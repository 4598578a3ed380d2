"""Evolutions as run files: every record comes back as it went in, and a look reads only what is new."""

import contextlib
import gc
import math
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsize_engine.errors import StoreError
from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import (
    HISTOGRAM_BINS,
    Evaluating,
    GenerationResult,
    NetworkName,
    NetworkScores,
    StoredNetwork,
)
from nnsize_engine.runs import launch
from nnsize_engine.runs import view as views
from nnsize_engine.runs.database import FILE_NAME, SCHEMA_VERSION, create, open_for_writing, reading, transaction
from nnsize_engine.runs.evolution_reader import read_evaluating, read_generations, read_network_scores
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.reader import read_header, read_network
from nnsize_engine.runs.search_reader import read_fits
from nnsize_engine.runs.stored_values import MAX_COUNT, MAX_SECONDS
from nnsize_engine.runs.writer import (
    add_fits,
    add_generations,
    keep_unfinished,
    set_evaluating,
    set_loss_curve,
    set_network,
    set_network_scores,
    set_state,
    set_under_way,
)
from nnsize_engine.settings.evolution import EvolutionSettings
from support.made_runs import (
    EVOLUTION,
    add_made_generations,
    enter_state,
    made_fit,
    made_generation,
    made_network,
    make_evolution,
)
from support.signed_runs import sign
from support.views import evolution_view, size_view

SAVED_RUNS = Path(__file__).parents[2] / "saved_runs"

numbers = st.floats(allow_nan=False, allow_infinity=False)
perhaps = st.none() | numbers
counts = st.integers(0, 2**32 - 1)
large = st.integers(0, MAX_COUNT)
seconds = st.floats(0, MAX_SECONDS)
texts = st.text(max_size=20)
names: st.SearchStrategy[NetworkName] = st.sampled_from(("evolved", "gradient"))

GENERATIONS = st.builds(
    GenerationResult, number=large, best=perhaps, mean=perhaps, std=perhaps, train=perhaps, held_out=perhaps,
    diversity=numbers, accepted=large, mutation=perhaps, recombination=perhaps, members=large, evaluations=large,
    seconds=seconds, elapsed=seconds, restarts=large, low=perhaps, high=perhaps,
    counts=st.lists(counts, max_size=HISTOGRAM_BINS).map(tuple),
)  # fmt: skip
SCORES = st.builds(
    NetworkScores, name=names, fitness=perhaps, held_out=perhaps, train_score=perhaps, test_score=perhaps,
    train_loss=perhaps, test_loss=perhaps, seconds=seconds, steps=large, error=st.none() | texts,
)  # fmt: skip


def with_weights(network: StoredNetwork) -> StoredNetwork:
    """Return a network with as many weights as its layers take."""
    expected = sum((inputs + 1) * outputs for inputs, outputs in pairwise(network.units))
    return replace(network, weights=(network.weights * 8 * expected)[: 8 * expected])


NETWORKS = st.builds(
    StoredNetwork, name=names, units=st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple), activation=texts,
    kind=st.sampled_from(("binary", "multiclass", "regression")),
    classes=st.lists(st.integers() | numbers | texts, max_size=5).map(tuple),
    mean=st.lists(numbers, max_size=5).map(tuple), scale=st.lists(numbers, max_size=5).map(tuple), steps=large,
    weights=st.binary(min_size=1, max_size=12),
).map(with_weights)  # fmt: skip


@pytest.fixture(scope="module")
def empty() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "bagote"
        create(folder, folder.name, EVOLUTION)
        yield folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "bagote"
    create(path, path.name, EVOLUTION)
    return path


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(open_for_writing(folder)) as connection, transaction(connection, folder):
        yield connection


@contextlib.contextmanager
def trying(folder: Path) -> Iterator[sqlite3.Connection]:
    """Write what is forgotten again."""
    with contextlib.closing(open_for_writing(folder)) as connection:
        connection.execute("BEGIN")
        yield connection


@pytest.mark.parametrize(
    "given_settings",
    [
        EVOLUTION,
        EvolutionSettings(),
        EvolutionSettings(mutation=(0.3, 0.9), recombination=0.5, bounds="glorot:3"),
        EvolutionSettings(data="diabetes", fitness="squared_error", strategy="shade", members=20, jobs=2),
    ],
)
def test_a_new_evolution_has_its_settings_and_nothing_done(tmp_path: Path, given_settings: EvolutionSettings) -> None:
    create(tmp_path / "new", "new", given_settings)
    view = evolution_view(tmp_path / "new")
    assert (view.settings, view.header.kind) == (given_settings, "evolution")
    assert (view.header.total, view.header.done, view.state) == (given_settings.generations_allowed, 0, "starting")
    assert (view.generations, view.evaluating, view.evolved, view.gradient) == (Generations(), None, None, None)
    assert view.remaining is None


@settings(max_examples=50, deadline=None)
@given(generations=st.lists(GENERATIONS, max_size=4, unique_by=lambda generation: generation.number))
def test_generations_come_back_in_order(empty: Path, generations: list[GenerationResult]) -> None:
    with trying(empty) as connection:
        add_generations(connection, generations)
        found = read_generations(connection)
    assert list(found) == sorted(generations, key=lambda generation: generation.number)


@settings(max_examples=50, deadline=None)
@given(network=NETWORKS, scores=SCORES)
def test_a_network_and_its_scores_come_back(empty: Path, network: StoredNetwork, scores: NetworkScores) -> None:
    scores = replace(scores, name=network.name)
    with trying(empty) as connection:
        set_network(connection, network, scores)
        assert read_network(connection, network.name) == network
        assert read_network_scores(connection) == {network.name: scores}


def test_what_could_not_be_computed_comes_back_as_none(folder: Path) -> None:
    generation = replace(made_generation(3), best=None, mean=None, std=None, train=None, held_out=None, low=None,
                         high=None, mutation=None, recombination=None, counts=(0,) * 32)  # fmt: skip
    odd = replace(generation, best=math.nan, mean=math.inf, std=-math.inf)
    scores = NetworkScores(
        name="gradient", fitness=math.nan, held_out=None, train_score=None, test_score=-math.inf, train_loss=None,
        test_loss=None, seconds=0.0, steps=0, error="it diverged",
    )  # fmt: skip
    with writing(folder) as connection:
        add_generations(connection, [odd])
        set_network_scores(connection, scores)
    with reading(folder) as connection:
        assert list(read_generations(connection)) == [generation]
        assert read_network_scores(connection) == {"gradient": replace(scores, fitness=None, test_score=None)}
        assert read_network(connection, "gradient") is None


def test_a_generation_without_a_number_it_needs_is_an_error_not_left_out(folder: Path) -> None:
    with pytest.raises(StoreError, match="NOT NULL"), writing(folder) as connection:
        add_generations(connection, [replace(made_generation(0), diversity=math.nan)])


def test_a_generation_is_written_once_and_a_network_replaced(folder: Path) -> None:
    first, later = made_network("evolved", 1), made_network("evolved", 2)
    scores = evolution_view(make_evolution(folder.parent, "other")).evolved
    assert scores is not None
    with writing(folder) as connection:
        add_generations(connection, [made_generation(0)])
        add_generations(connection, [replace(made_generation(0), best=-1.0), made_generation(1)])
        set_network(connection, first, scores)
        set_network(connection, later, replace(scores, steps=2, test_score=None))
    with reading(folder) as connection:
        assert list(read_generations(connection)) == [made_generation(0), made_generation(1)]
        assert read_generations(connection, Generations([made_generation(0)]))[1:] == (made_generation(1),)
        assert read_header(connection).done == 1
        assert read_network(connection, "evolved") == later
        assert read_network(connection, "gradient") is None
        assert read_network_scores(connection) == {"evolved": replace(scores, steps=2, test_score=None)}


def test_how_far_a_generation_is_replaces_what_was_known(folder: Path) -> None:
    with writing(folder) as connection:
        set_evaluating(connection, Evaluating(generation=1, members_done=2, members=30))
        set_evaluating(connection, Evaluating(generation=1, members_done=9, members=30))
        assert read_evaluating(connection) == Evaluating(generation=1, members_done=9, members=30)
        set_evaluating(connection, None)
        assert read_evaluating(connection) is None


def test_a_look_reads_only_the_generations_that_are_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_evolution(tmp_path, "live", state="running", generations=4)
    asked: list[int] = []

    def noted(connection: sqlite3.Connection, known: Generations) -> Generations:
        asked.append(len(known))
        return read_generations(connection, known)

    monkeypatch.setattr("nnsize_engine.runs.evolution_results.read_generations", noted)
    follower = RunFollower(folder)
    first, again = follower.look(), follower.look()
    add_made_generations(folder, [made_generation(5), made_generation(6)])
    later = follower.look()
    assert asked == [0, 5, 5]
    assert isinstance(first, views.EvolutionView)
    assert isinstance(later, views.EvolutionView)
    assert first == again
    assert [generation.number for generation in first.generations] == [0, 1, 2, 3, 4]
    assert list(later.generations) == [*first.generations, made_generation(5), made_generation(6)]
    assert (later.header.done, later.header.total) == (6, 40)
    assert later.remaining == pytest.approx(34 * 0.5)


def test_what_is_under_way_is_shown_only_while_a_runner_is_at_work(tmp_path: Path) -> None:
    folder = make_evolution(tmp_path, "live", state="running", generations=4)
    assert evolution_view(folder).evaluating == Evaluating(generation=5, members_done=10, members=30)
    enter_state(folder, "stopped")
    assert evolution_view(folder).evaluating is None


def test_one_that_converged_has_nothing_left(tmp_path: Path) -> None:
    view = evolution_view(make_evolution(tmp_path, "done", generations=12))
    assert (view.state, view.header.done, view.remaining) == ("finished", 12, None)
    assert view.evolved is not None
    assert view.gradient is not None
    assert (view.evolved.name, view.evolved.steps, view.gradient.name) == ("evolved", 12, "gradient")


def test_a_search_put_in_the_place_of_an_evolution_is_seen_as_one(tmp_path: Path) -> None:
    folder = make_evolution(tmp_path, "one")
    follower = RunFollower(folder)
    follower.look()
    shutil.rmtree(folder)
    shutil.copytree(SAVED_RUNS / "version-1", folder)
    assert isinstance(follower.look(), views.SizeView)


def test_a_look_without_news_costs_the_same_after_many_generations(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []

    @contextlib.contextmanager
    def counted(folder: Path) -> Iterator[sqlite3.Connection]:
        with reading(folder) as connection:
            connection.set_progress_handler(lambda: steps.append(1), 1)  # after every instruction of SQLite's machine
            yield connection

    def count_calls(*_: object) -> None:
        steps.append(1)

    first, costs = made_generation(0), []
    for more in (range(40), range(40, 80), range(80, 20_000)):  # what comes first has things to do once
        with writing(folder) as connection:
            add_generations(connection, [replace(first, number=number) for number in more])
        follower = RunFollower(folder)
        view = follower.look()
        with monkeypatch.context() as patched:
            patched.setattr("nnsize_engine.runs.follower.reading", counted)
            gc.collect()  # of what other tests left
            steps.clear()
            sys.setprofile(count_calls)
            try:
                again = follower.look()
            finally:
                sys.setprofile(None)
        costs.append(len(steps))
        assert isinstance(view, views.EvolutionView)
        assert isinstance(again, views.EvolutionView)
        assert again.generations is view.generations
    assert 100 < costs[2] <= costs[1] + 20


def test_a_run_of_version_1_reads_as_it_is_and_is_upgraded_when_written(tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(SAVED_RUNS / "version-1", folder)
    before = (folder / FILE_NAME).read_bytes()
    seen = size_view(folder)
    assert (folder / FILE_NAME).read_bytes() == before
    with writing(folder) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert list(read_generations(connection)) == []
        set_state(connection, "stopped")
        keep_unfinished(connection, 0, 1, 1.0, b"state")
        set_under_way(connection, [])
        set_loss_curve(connection, 0, 0, b"")
        add_fits(connection, [made_fit(0, 77)])
        assert len(read_fits(connection)[0]) == seen.header.done + 1
    with writing(folder) as connection:  # and is not upgraded twice
        connection.execute("DELETE FROM fit WHERE fold = 77")
        set_state(connection, "finished")
    assert replace(size_view(folder), remaining=None) == seen


def test_an_upgrade_that_fails_leaves_the_old_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "old"
    shutil.copytree(SAVED_RUNS / "version-1", folder)
    monkeypatch.setattr("nnsize_engine.runs.schema._script", lambda _: "CREATE TABLE generation (x); CREATE nonsense;")
    with pytest.raises(StoreError, match="cannot be written"):
        open_for_writing(folder)
    with contextlib.closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'generation'").fetchall() == []


def test_a_run_of_an_unknown_kind_is_one_sentence(folder: Path) -> None:
    with writing(folder) as connection:
        connection.execute("UPDATE run SET kind = 'revolution'")
        sign(connection)
    with pytest.raises(StoreError, match="of kind 'revolution'; this nnsize knows size, evolution and watched"):
        RunFollower(folder).look()


@pytest.mark.parametrize("change", ["counts = 'text'", "counts = x'0102'", "counts = 5"])
@pytest.mark.parametrize("is_signed", [True, False])
def test_a_damaged_histogram_is_named_and_its_generation_left_out(tmp_path: Path, change: str, is_signed: bool) -> None:
    folder = make_evolution(tmp_path, "hurt", generations=5)
    with writing(folder) as connection:
        connection.execute(f"UPDATE generation SET {change} WHERE number = 3")
        if is_signed:
            sign(connection)
    view = RunFollower(folder).look()
    assert isinstance(view, views.EvolutionView)
    assert view.generations.column("number") == [0, 1, 2, 4, 5]
    (words,) = view.broken
    assert words.startswith("generation 3: counts is ")


def test_deleting_an_evolution_takes_its_checkpoint_along(tmp_path: Path) -> None:
    folder = make_evolution(tmp_path, "done")
    for name in ("checkpoint.npz", ".checkpoint-ab12"):
        (folder / name).write_bytes(b"x")
    launch.delete(folder.rename(tmp_path / "gone"))
    assert list(tmp_path.iterdir()) == []

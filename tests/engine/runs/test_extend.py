"""An extension keeps every fit under the number of its candidate and split; the file holds all of it or nothing."""

import contextlib
import hashlib
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.errors import RunError, SettingsError
from nnsize_engine.export.tables import candidate_table, fit_table
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.records import State
from nnsize_engine.results.renumbering import Renumbering
from nnsize_engine.results.search_records import FinalTest, FitResult
from nnsize_engine.runs import launch, writer
from nnsize_engine.runs.database import FILE_NAME, create, open_for_writing, reading, transaction
from nnsize_engine.runs.extend import store_extension
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.lock import only_runner
from nnsize_engine.runs.reader import read_header
from nnsize_engine.runs.search_reader import read_final_tests, read_fits, read_loss_curve, read_unfinished
from nnsize_engine.runs.view import SizeView
from nnsize_engine.settings.evolution_extension import EvolutionExtension
from nnsize_engine.settings.extension import Extension, extended
from nnsize_engine.settings.search import SizeSettings
from support.made_runs import SMALL, made_run, make_evolution

MORE = Extension(neurons="3,12")


def fits_of(settings: SizeSettings) -> dict[tuple[int, int], FitResult]:
    """Return every fit of a search, with a score that only its candidate, fold and repeat decide."""
    found = {}
    for candidate in list_candidates(settings):
        for split in range(settings.splits):
            what = (candidate.hidden_layer_sizes, candidate.parameters, settings.fold_of(split))
            digest = hashlib.sha256(repr((what, settings.repeat_of(split))).encode()).digest()
            found[candidate.number, split] = FitResult(
                candidate=candidate.number,
                fold=split,
                test_score=0.8 + int.from_bytes(digest[:6]) / 2**50,
                train_score=0.9 + int.from_bytes(digest[6:12]) / 2**50,
                fit_seconds=0.1,
                score_seconds=0.01,
                iterations=digest[12],
                has_converged=True,
            )
    return found


def store(folder: Path, fits: Sequence[FitResult]) -> None:
    """Store fits, each with a loss curve that only its scores decide."""
    connection = open_for_writing(folder)
    with contextlib.closing(connection), transaction(connection, folder):
        writer.add_fits(connection, fits)
        for fit in fits:
            writer.set_loss_curve(connection, fit.candidate, fit.fold, curve_of(fit))


def curve_of(fit: FitResult) -> bytes:
    assert fit.iterations is not None
    return bytes(8 * (1 + fit.iterations % 3))


def end(folder: Path) -> SizeView:
    """Store the run as finished, and look at it."""
    connection = open_for_writing(folder)
    with contextlib.closing(connection), transaction(connection, folder):
        writer.set_state(connection, "finished")
    view = RunFollower(folder).look()
    assert isinstance(view, SizeView)
    return view


def extend_stored(folder: Path, extension: Extension) -> SizeSettings:
    connection = open_for_writing(folder)
    with contextlib.closing(connection):
        before = read_header(connection).settings
        assert isinstance(before, SizeSettings)
        after = extended(before, extension)
        with transaction(connection, folder):
            store_extension(connection, before, after)
    return after


@st.composite
def grids(draw: st.DrawFn) -> SizeSettings:
    sizes = draw(st.lists(st.sampled_from(["2", "3", "5", "7:12:2", "4x2", "9"]), min_size=1, max_size=4, unique=True))
    values: dict[str, tuple[float | str, ...]] = {
        "alpha": (0.1, 0.001),
        "activation": ("relu", "tanh"),
        "tol": (0.1, 0.01),
    }
    names = draw(st.lists(st.sampled_from(sorted(values)), max_size=2, unique=True))
    return SizeSettings(
        data="iris",
        scoring="accuracy",
        neurons=",".join(sizes),
        cv=draw(st.integers(2, 3)),
        repeats=draw(st.integers(1, 3)),
        fold_rounds=draw(st.integers(1, 3)),
        grid=tuple((name, values[name]) for name in names),
    )


@st.composite
def extensions(draw: st.DrawFn, settings: SizeSettings) -> Extension:
    more = draw(st.lists(st.sampled_from(["1", "13", "8", "6:30:10", "2x2"]), min_size=1, max_size=3, unique=True))
    return Extension(
        neurons=draw(st.sampled_from([None, ",".join(more)])),
        repeats=settings.repeats + draw(st.integers(0, 2)),
        fold_rounds=settings.fold_rounds + draw(st.integers(0, 2)),
    )


@given(data=st.data(), settings=grids())
@hypothesis.settings(max_examples=40)
def test_a_run_extended_again_and_again_equals_one_that_began_so(data: st.DataObject, settings: SizeSettings) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder, fresh = Path(home, "grown"), Path(home, "fresh")
        create(folder, "run", settings)
        for _ in range(data.draw(st.integers(1, 3), label="extensions")):
            whole = fits_of(settings)
            with reading(folder) as connection:
                done = {(fit.candidate, fit.fold) for fit in read_fits(connection)[0]}
            left = [key for key in whole if key not in done]  # a killed runner has stored some of them
            stored = data.draw(st.lists(st.sampled_from(left), unique=True), label="fits") if left else []
            store(folder, [whole[key] for key in stored])
            extension = data.draw(extensions(settings), label="extension")
            try:
                settings = extend_stored(folder, extension)
            except SettingsError:  # it adds nothing
                continue
            with reading(folder) as connection:
                kept = {(fit.candidate, fit.fold): fit for fit in read_fits(connection)[0]}
                expected = fits_of(settings)
                assert len(kept) == len(done) + len(stored)
                assert all(fit == expected[key] for key, fit in kept.items())
                assert all(8 * len(read_loss_curve(connection, *key)) == len(curve_of(kept[key])) for key in kept)
        whole = fits_of(settings)
        with reading(folder) as connection:
            done = {(fit.candidate, fit.fold) for fit in read_fits(connection)[0]}
        store(folder, [fit for key, fit in whole.items() if key not in done])
        create(fresh, "run", settings)
        store(fresh, list(whole.values()))
        grown, new = end(folder), end(fresh)
        assert candidate_table(grown) == candidate_table(new)
        assert fit_table(grown) == fit_table(new)
        assert (grown.settings, grown.choice, grown.shared) == (new.settings, new.choice, new.shared)
        assert (grown.header.done, grown.header.total) == (new.header.done, new.header.total)


def test_unfinished_trainings_and_the_final_test_get_their_new_numbers(tmp_path: Path) -> None:
    settings = SizeSettings(
        data="iris", scoring="accuracy", neurons="4,8", cv=3, repeats=2, grid=(("alpha", (0.1, 1)),)
    )
    folder = tmp_path / "run"
    create(folder, "run", settings)
    connection = open_for_writing(folder)
    with contextlib.closing(connection), transaction(connection, folder):
        final = FinalTest(candidate=3, test_score=0.9, train_score=1.0, fit_seconds=1.0, iterations=9)
        writer.set_final_test(connection, final)
        for place, split in enumerate((0, 4, 6)):
            writer.keep_unfinished(connection, 3, split, float(place), b"state")
    after = extend_stored(folder, Extension(neurons="2", fold_rounds=2, repeats=3))
    number = Renumbering.between(settings, after).candidates[3]
    chosen = list_candidates(after)[number]
    assert (chosen.hidden_layer_sizes, chosen.parameters) == ((8,), (("alpha", 1),))
    assert number == 4
    with reading(folder) as connection:
        assert read_final_tests(connection) == {4: replace(final, candidate=4)}
        # Fold 1 of repeat 1 is behind the six folds of repeat 0; the final test follows all 18 splits.
        expected = [(4, 0, 0.0, b"state"), (4, 7, 1.0, b"state"), (4, 18, 2.0, b"state")]
        assert sorted(read_unfinished(connection)) == expected


def test_a_follower_begins_again_with_an_extended_run(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "bagote")
    follower = RunFollower(folder)
    before = follower.look()
    assert isinstance(before, SizeView)
    assert before.final_of_best is not None
    extend_stored(folder, MORE)
    now = follower.look()
    assert isinstance(now, SizeView)
    assert (now.state, now.header.done, now.header.total) == ("stopped", before.header.done, before.header.done + 6)
    assert now.finals == {}  # those of before are shown again if their candidates are still chosen
    assert [one.scores for one in now.summaries if one.folds_done] == [one.scores for one in before.summaries]
    assert now.log[-1].text == "extended: + 2 sizes"


@pytest.mark.parametrize("version", ["version-1", "version-2-size"])
def test_a_run_of_an_earlier_version_can_be_extended(version: str, tmp_path: Path) -> None:
    import shutil

    saved = next((Path(__file__).parents[2] / "saved_runs" / version).rglob(FILE_NAME)).parent
    folder = Path(shutil.copytree(saved, tmp_path / "old"))
    before = RunFollower(folder).look()
    assert isinstance(before, SizeView)
    largest = max(layers[0] for layers in before.settings.candidates)
    extend_stored(folder, Extension(neurons=str(largest + 1), repeats=before.settings.repeats + 1))
    after = RunFollower(folder).look()
    assert isinstance(after, SizeView)
    assert after.header.done == before.header.done
    assert after.header.total == after.settings.total_steps > before.header.total


@pytest.mark.parametrize("broken", ["_renumber", "settings_to_json"])
def test_a_run_whose_extension_breaks_off_is_as_it_was(
    broken: str, run_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_run(run_home, "bagote")
    before = RunFollower(folder).look()

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(f"nnsize_engine.runs.extend.{broken}", fail)
    with pytest.raises(Exception, match="cannot be written: disk I/O error"):
        launch.extend(folder, MORE)
    assert RunFollower(folder).look() == before


def test_a_run_whose_runner_was_never_started_goes_on_with_the_new_settings(
    run_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made_run(run_home, "bagote")

    def die(_: Path, *, runs_code: bool) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    monkeypatch.setattr(launch, "start_runner", die)
    with pytest.raises(KeyboardInterrupt):
        launch.extend(folder, MORE)
    header, state = read_state(folder)
    assert state == "stopped"
    assert header.settings == extended(SMALL, MORE)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("running", "run bagote is running; stop it or let it end, and then extend it"),
        ("paused", "run bagote is paused; stop it or let it end, and then extend it"),
        ("refused", "run bagote was refused and has no fits; start a new run instead"),
    ],
)
def test_a_run_at_work_and_one_that_was_refused_are_not_extended(state: State, message: str, run_home: Path) -> None:
    folder = made_run(run_home, "bagote", state=state, fits=3)
    with pytest.raises(RunError) as refused:
        launch.extend(folder, MORE)
    assert str(refused.value) == message


def test_an_extension_of_another_kind_is_refused(run_home: Path) -> None:
    evolution = make_evolution(run_home, "bagote")
    with pytest.raises(RunError) as refused:
        launch.extend(evolution, MORE)
    assert str(refused.value) == (
        "run bagote is an evolution; extend it with --generations, --evaluations or --seconds"
    )
    search = made_run(run_home, "zibiro")
    with pytest.raises(RunError) as refused:
        launch.extend(search, EvolutionExtension(seconds=5))
    assert str(refused.value) == (
        "run zibiro is a size search; extend it with --neurons, --max-neurons, --repeats or --fold-rounds"
    )


def test_a_run_that_another_runner_holds_is_not_extended(run_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made_run(run_home, "bagote")
    monkeypatch.setattr("nnsize_engine.runs.lock.MAX_LOCK_SECONDS", 0.1)
    with only_runner(folder), pytest.raises(RunError, match="another runner is at work on run bagote"):
        launch.extend(folder, MORE)

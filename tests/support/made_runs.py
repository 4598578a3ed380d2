"""Made-up runs in any state, the same every time, without computation."""

import math
import os
import sqlite3
import struct
import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from nnsize_engine.processes.containers import this_host
from nnsize_engine.processes.identity import ProcessIdentity, this_process
from nnsize_engine.results.candidates import list_candidates
from nnsize_engine.results.records import (
    HISTOGRAM_BINS,
    LIVE_STATES,
    DataFacts,
    Evaluating,
    GenerationResult,
    NetworkName,
    NetworkScores,
    State,
    StoredNetwork,
)
from nnsize_engine.results.search_choice import choose_from_fits
from nnsize_engine.results.search_race import SearchRace
from nnsize_engine.results.search_records import Candidate, FinalTest, FitResult
from nnsize_engine.runs.database import FILE_NAME, create, open_for_writing, settle, transaction
from nnsize_engine.runs.writer import (
    add_fits,
    add_generations,
    add_log,
    set_data,
    set_evaluating,
    set_final_test,
    set_network,
    set_runner,
    set_state,
    set_total,
    set_workers,
    update_run,
)
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import is_minimised
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.search import SizeSettings

CREATED = 1_700_000_000.0
"""14 November 2023, 22:13:20 UTC."""

SMALL = SizeSettings(data="iris", scoring="accuracy", neurons="2:10:2", cv=3)
EVOLUTION = EvolutionSettings(
    data="iris", layers="6,3", fitness="log_loss", members=30, generations=40, validation_fraction=0.2, tol=0.0
)


def made_fit(candidate: int, fold: int, *, score: float | None = None, error: str | None = None) -> FitResult:
    """Return a fit with numbers made from its place: scores rise with the size and fall with the fold."""
    if score is None:
        wobble = 0.001 * ((candidate * 7 + fold * 3) % 5)
        score = round(0.9 + 0.02 * (1 - 1 / (candidate + 1)) - 0.003 * fold + wobble, 6)
    return FitResult(
        candidate=candidate,
        fold=fold,
        test_score=None if error else score,
        train_score=None if error else min(1.0, score + 0.05),
        fit_seconds=0.1 + 0.01 * candidate,
        score_seconds=0.001,
        iterations=None if error else 150 + candidate % 60,
        has_converged=None if error else candidate % 60 < 50,
        error=error,
    )


AUTO = SizeSettings(data="iris", scoring="accuracy", neurons="auto", max_neurons=64)
GRID = SizeSettings(
    data="iris",
    scoring="accuracy",
    neurons="4:40:6",
    cv=3,
    grid=(("activation", ("relu", "tanh")), ("alpha", (1e-5, 1e-3, 1e-1))),
)
LAYERED = SizeSettings(data="iris", scoring="accuracy", neurons="8:65:8 x 0:65:8", cv=3)
MANY = replace(GRID, grid=(*GRID.grid, ("learning_rate_init", (0.001, 0.003, 0.01, 0.03))), repeats=3)
"""36 fits of six lines; 72 networks of two layers; 24 combinations, each fit with three seeds."""


def surface_score(candidate: Candidate, split: int, cv: int) -> float:
    """Return a score that is highest near 30 and 20 neurons, tanh, and 0.001, and differs a little by fold and seed."""
    first, second = (*candidate.hidden_layer_sizes, 0)[:2]
    score = 0.97 - 0.08 * math.log2(first / 30) ** 2 / 9 - 0.00002 * (second - 20) ** 2
    for name, value in candidate.parameters:
        if isinstance(value, float):
            score -= 0.006 * math.log10(value / 0.001) ** 2
        elif name == "activation":
            score -= 0.01 if value == "relu" else 0.0
    return round(score - 0.003 * (split % cv) + 0.001 * ((candidate.number * 7 + split * 3) % 5), 6)


def _raced(settings: SizeSettings, fits: Mapping[tuple[int, int], FitResult]) -> list[FitResult]:
    """Of all fits those that a race wants, in its order."""
    race, ended = SearchRace(settings, list_candidates(settings)), []
    while wanted := race.view().wanted:
        now = [fits[key] for key in wanted]
        race.take(now)
        ended += now
    return ended


def made_run(
    home: Path,
    name: str,
    settings: SizeSettings = SMALL,
    *,
    is_surface: bool = False,
    state: State = "finished",
    fits: int | None = None,
    failed: Collection[tuple[int, int]] = (),
    age: int = 0,
    reason: str | None = None,
) -> Path:
    """Make a search in a state, with a number of fits or all of them; ``age`` makes it older than the others.

    ``is_surface`` scores by :func:`surface_score`; ``failed`` are candidates and folds; ``interrupted`` is a running
    one whose process is gone. Its clock stands still: the last beat of a live one lies in the future.
    """
    folder = home / name
    create(folder, name, settings)
    order = _all_fits(settings, is_surface=is_surface, failed=failed)
    if settings.is_race:
        order = _raced(settings, {(fit.candidate, fit.fold): fit for fit in order})
    stored = "running" if state == "interrupted" else state
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_data(connection, _facts(settings), {"python": "3.11.0"})
        set_workers(connection, 2)
        add_fits(connection, order[: len(order) if fits is None else fits])
        if settings.is_race:
            set_total(connection, len(order))
        if state == "finished":
            for final in _finals(settings, order):
                set_final_test(connection, final)
        add_runner(connection, is_alive=state in LIVE_STATES)
        add_log(connection, "info", f"{settings.data}: made up for a test")
        if failed:
            add_log(connection, "warning", "a fit failed: the loss became infinite")
        set_state(connection, stored, reason)
        update_run(connection, created=CREATED - 3600 * age, active_seconds=42.0)
        connection.execute("UPDATE log SET time = ?", (CREATED + 1,))
    leave(connection, state)
    return folder


def _all_fits(settings: SizeSettings, *, is_surface: bool, failed: Collection[tuple[int, int]]) -> list[FitResult]:
    """Return the fits of all candidates, fold by fold."""
    return [
        made_fit(
            candidate.number,
            fold,
            score=surface_score(candidate, fold, settings.cv) if is_surface else None,
            error="the loss became infinite" if (candidate.number, fold) in failed else None,
        )
        for fold in range(settings.splits)
        for candidate in list_candidates(settings)
    ]


def make_evolution(
    home: Path,
    name: str,
    settings: EvolutionSettings = EVOLUTION,
    *,
    state: State = "finished",
    generations: int | None = None,
    age: int = 0,
    reason: str | None = None,
) -> Path:
    """Make an evolution in a state, up to a generation or to the last one; -1 makes none.

    Only a finished one has the final scores of its networks. States and clocks are those of :func:`made_run`.
    """
    folder = home / name
    create(folder, name, settings)
    last = settings.generations_allowed if generations is None else generations
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_data(connection, _facts(settings), {"python": "3.11.0"})
        set_workers(connection, 2)
        add_generations(connection, [made_generation(number, settings) for number in range(last + 1)])
        if last >= 0:
            set_network(connection, made_network("evolved", last, settings), _scores("evolved", last, settings, state))
        if last >= 0 and settings.reference:
            set_network(connection, made_network("gradient", 90, settings), _scores("gradient", 90, settings, state))
        if state in LIVE_STATES:
            members = settings.member_count
            set_evaluating(connection, Evaluating(generation=last + 1, members_done=members // 3, members=members))
        add_runner(connection, is_alive=state in LIVE_STATES)
        add_log(connection, "info", f"{settings.data}: an evolution made up for a test")
        set_state(connection, "running" if state == "interrupted" else state, reason)
        update_run(connection, created=CREATED - 3600 * age, active_seconds=42.0)
        connection.execute("UPDATE log SET time = ?", (CREATED + 1,))
    leave(connection, state)
    return folder


def made_generation(number: int, settings: EvolutionSettings = EVOLUTION) -> GenerationResult:
    """Return a generation with numbers made from its own; fitness and diversity change less and less."""
    left = math.exp(-number / 12)
    loss, spread = 0.08 + 0.9 * left, 0.02 + 0.3 * left
    best, mean, held_out = loss, loss + spread, loss + 0.03 + 0.001 * (number % 4)
    if not is_minimised(settings.fitness):  # 1 is best
        best, mean, held_out, spread = 1 - loss / 2, 1 - (loss + spread) / 2, 1 - held_out / 2, spread / 2
    decay = settings.weight_decay
    members = settings.member_count
    return GenerationResult(
        number=number,
        best=best,
        mean=mean,
        std=spread / 2,
        train=best - decay if is_minimised(settings.fitness) else best + decay,
        held_out=held_out if settings.validation_fraction else None,
        diversity=0.05 + 0.6 * left,
        accepted=0 if number == 0 else max(1, round(members * 0.4 * left)),
        mutation=None if number == 0 else 0.5 + 0.01 * (number % 20),
        recombination=None if number == 0 else 0.9 - 0.01 * (number % 30),
        members=members,
        evaluations=members * (number + 1),
        seconds=0.5,
        elapsed=0.5 * (number + 1),
        restarts=0,
        low=min(best, mean) - spread,
        high=max(best, mean) + spread,
        counts=_histogram(members, number),
    )


def _histogram(members: int, number: int) -> tuple[int, ...]:
    """Return a histogram of one hill, which moves with the generations."""
    top = 8 + number % 12
    shares = [math.exp(-((place - top) ** 2) / 18) for place in range(HISTOGRAM_BINS)]
    counts = [int(members * share / sum(shares)) for share in shares]
    counts[top] += members - sum(counts)
    return tuple(counts)


def made_network(name: NetworkName, steps: int, settings: EvolutionSettings = EVOLUTION) -> StoredNetwork:
    """Return a network with small weights."""
    data = builtin_data(settings.data)
    weights = [0.3 * math.sin(place + len(name)) for place in range(settings.weights)]
    return StoredNetwork(
        name=name,
        units=settings.units,
        activation=settings.activation,
        kind=settings.task,
        classes=tuple(range(data.classes)),
        mean=(0.5,) * data.inputs if settings.scale else (),
        scale=(2.0,) * data.inputs if settings.scale else (),
        steps=steps,
        weights=struct.pack(f"<{len(weights)}d", *weights),
    )


def _scores(name: NetworkName, steps: int, settings: EvolutionSettings, state: State) -> NetworkScores:
    """Return the scores of a network; those by gradient are a little better."""
    gain = 0.01 if name == "gradient" else 0.0
    fitness = 0.1 - gain if is_minimised(settings.fitness) else 0.96 + gain
    ended, is_tested = state == "finished", state == "finished" and bool(settings.test_size)
    return NetworkScores(
        name=name,
        fitness=fitness,
        held_out=fitness + 0.002 if settings.validation_fraction else None,
        train_score=0.965 + gain if ended else None,
        test_score=0.951 + gain if is_tested else None,
        train_loss=0.11 - gain if ended else None,
        test_loss=0.13 - gain if is_tested else None,
        seconds=0.4 if name == "gradient" else 0.5 * (steps + 1),
        steps=steps,
    )


def add_made_generations(folder: Path, generations: Collection[GenerationResult]) -> None:
    """Let an evolution make progress."""
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        add_generations(connection, generations)
    connection.close()


def add_made_fits(folder: Path, fits: Collection[FitResult]) -> None:
    """Let a run make progress."""
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        add_fits(connection, fits)
    connection.close()


def enter_state(folder: Path, state: State) -> None:
    """Let a run change its state."""
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_state(connection, state)
        add_runner(connection, is_alive=state in LIVE_STATES)
    leave(connection, state)


def made_corrupt(home: Path, name: str) -> Path:
    """Make a run folder whose file is no database."""
    folder = home / name
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_bytes(b"not a database, but longer than the header of one, and that many times" * 20)
    return folder


def dead_process() -> ProcessIdentity:
    """Return a process that is gone: its number belongs to this process now."""
    return ProcessIdentity(pid=os.getpid(), start="1", host=this_host())


def add_runner(connection: sqlite3.Connection, *, is_alive: bool) -> None:
    """Name this process as the runner, or one that is gone."""
    set_runner(connection, this_process() if is_alive else dead_process())
    connection.execute("UPDATE runner SET heartbeat = ?", (time.time() + 1e6,))


def leave(connection: sqlite3.Connection, state: State) -> None:
    """Close the file as a runner leaves it."""
    if state not in LIVE_STATES and state != "interrupted":
        settle(connection)
    connection.close()


def _facts(settings: RunSettings) -> DataFacts:
    return DataFacts(
        name=settings.data,
        task=settings.task,
        rows=150,
        inputs=4,
        classes=3,
        train_rows=100 if settings.test_size else 150,
        test_rows=50 if settings.test_size else 0,
        sha256="0" * 64,
    )


def _finals(settings: SizeSettings, fits: Collection[FitResult]) -> list[FinalTest]:
    """Return the final tests of the best and of the recommended candidate; the best has the higher score."""
    choice = choose_from_fits(settings, fits)
    if choice is None:
        return []
    return [
        FinalTest(
            candidate=one.number,
            test_score=(0.953 if one == choice.best else 0.951) if settings.test_size else None,
            train_score=0.98,
            fit_seconds=0.2,
            iterations=180,
        )
        for one in choice.finalists
    ]

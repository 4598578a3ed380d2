"""Made-up watched searches in any state, the same every time, without scikit-learn."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from nnsize_engine.results.records import LIVE_STATES, DataFacts, State
from nnsize_engine.results.scores import Score
from nnsize_engine.results.search_records import FitProgress, FitResult
from nnsize_engine.results.watched import WatchedCandidate
from nnsize_engine.runs.database import create, open_for_writing, transaction
from nnsize_engine.runs.writer import (
    add_fits,
    add_log,
    set_data,
    set_state,
    set_total,
    set_under_way,
    set_watched_candidates,
    set_workers,
    update_run,
)
from nnsize_engine.settings.parameter_grid import Value
from nnsize_engine.settings.watched import WatchedSettings
from support.made_runs import CREATED, add_runner, leave, made_fit

GRID = WatchedSettings(
    name="my search",
    search="GridSearchCV",
    estimator="StandardScaler + SVC",
    searched=("svc__C", "svc__kernel"),
    splits=3,
    scorings=("roc_auc",),
    score_names=("score",),
    planned=6,
    rows=381,
    inputs=30,
    task="binary",
    classes=2,
)
CURVE = replace(GRID, searched=("svc__C",), planned=4)
HALVING = replace(CURVE, search="HalvingGridSearchCV", resource="n_samples", scorings=("f1", "roc_auc"),
                  score_names=("f1", "roc_auc"))  # fmt: skip


def candidates_of(settings: WatchedSettings) -> list[WatchedCandidate]:
    """Return the candidates of one of the made-up searches."""
    sizes: Sequence[Value] = (0.1, 1.0, 10.0, 100.0)
    if settings.searched == ("svc__C",):
        found = [WatchedCandidate(number=place, parameters=(("svc__C", size),)) for place, size in enumerate(sizes)]
    else:
        found = [
            WatchedCandidate(number=2 * place + other, parameters=(("svc__C", size), ("svc__kernel", kernel)))
            for place, size in enumerate(sizes[:3])
            for other, kernel in enumerate(("linear", "rbf"))
        ]
    if settings.is_halving:
        found = [replace(one, iteration=0, resources=100) for one in found]
        better = [replace(found[place], iteration=1, resources=300) for place in (1, 2)]
        again = [replace(one, number=4 + place) for place, one in enumerate(better)]
        return found + again
    return found


def made_watched(
    home: Path,
    name: str,
    settings: WatchedSettings = GRID,
    *,
    state: State = "finished",
    fits: int | None = None,
    failed: Collection[tuple[int, int]] = (),
    has_training: bool = False,
    reason: str | None = None,
) -> Path:
    """Make a watched search in a state, with a number of fits or all of them; ``failed`` are candidates and folds."""
    folder = home / name
    create(folder, name, settings)
    candidates = candidates_of(settings)
    order = [(one.number, split) for one in candidates for split in range(settings.splits)]
    count = len(order) if fits is None else fits
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        facts = DataFacts(name=settings.data, task=settings.task, rows=settings.rows, inputs=settings.inputs,
                          classes=settings.classes, train_rows=settings.rows, test_rows=0, sha256="00")  # fmt: skip
        set_data(connection, facts, {"python": "3.11.0"})
        set_workers(connection, 2)
        chosen = 1 if state == "finished" else None
        set_watched_candidates(connection, [replace(one, is_chosen=one.number == chosen) for one in candidates])
        set_total(connection, len(order))
        add_fits(connection, [_fit(settings, *place, is_failed=place in failed, has_training=has_training)
                              for place in order[:count]])  # fmt: skip
        if state in LIVE_STATES:
            under_way = order[count : count + 2]
            set_under_way(connection, [FitProgress(candidate=c, fold=f, epochs=0, loss=0.0) for c, f in under_way])
        add_runner(connection, is_alive=state in LIVE_STATES)
        add_log(connection, "info", f"{len(candidates)} candidates on {settings.splits} folds")
        set_state(connection, "running" if state == "interrupted" else state, reason)
        update_run(connection, created=CREATED, active_seconds=42.0)
        connection.execute("UPDATE log SET time = ?", (CREATED + 1,))
    leave(connection, state)
    return folder


def _fit(settings: WatchedSettings, candidate: int, split: int, *, is_failed: bool, has_training: bool) -> FitResult:
    fit = made_fit(candidate, split, error="ValueError: C must be positive" if is_failed else None)
    further = [Score(name=name, test=fit.test_score, train=None) for name in settings.further_scorings]
    shown = () if is_failed else tuple(further)
    train = fit.train_score if has_training else None
    return replace(fit, train_score=train, iterations=None, has_converged=None, further=shown)

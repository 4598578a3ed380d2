"""Runs that compare strategies, made up without computing."""

from dataclasses import replace
from pathlib import Path

from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import LIVE_STATES, GenerationResult, NetworkScores, SeriesResult, State
from nnsize_engine.results.series import SeriesView
from nnsize_engine.runs.database import create, open_for_writing, transaction
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.runs.writer import (
    add_log,
    add_series_generation,
    add_series_result,
    set_data,
    set_network,
    set_state,
    set_workers,
    update_run,
)
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.series import Series, series_of
from nnsize_engine.settings.strategy_comparison import compared_settings
from support.made_runs import CREATED, _facts, add_runner, leave, made_generation, made_network

COMPARISON = compared_settings(
    ("shade", "sep-cma-es"), {"data": "iris", "layers": "6,3", "evaluations": 4000, "repeats": 2, "members": 30}
)

LAST = 40
"""Generations of each series."""


def generation_of(series: Series, number: int) -> GenerationResult:
    """Return a generation whose fitness depends on the strategy and on the seed."""
    one = made_generation(number, replace(series.settings, members=30))
    factor = (1.0 if series.name == "shade" else 0.4) * (1 + 0.15 * series.repeat)
    return replace(
        one, best=(one.best or 0) * factor + 0.05, train=(one.best or 0) * factor, elapsed=one.elapsed * factor
    )


def result_of(series: Series) -> SeriesResult:
    """Return the end of a series."""
    last = generation_of(series, LAST)
    scores = NetworkScores(
        name="evolved",
        fitness=last.train,
        held_out=None,
        train_score=0.97 - 0.01 * series.number,
        test_score=0.96 - 0.01 * series.number,
        train_loss=last.train,
        test_loss=0.2,
        seconds=last.elapsed,
        steps=LAST,
        objective=last.best,
    )
    reason = "another generation would exceed 4,000 evaluations"
    return SeriesResult(series=series.number, reason=reason, value=last.best, scores=scores)


def gradient_scores() -> NetworkScores:
    """Return the scores of the network trained by gradient."""
    return NetworkScores(
        name="gradient", fitness=0.08, held_out=None, train_score=0.98, test_score=0.961, train_loss=0.08,
        test_loss=0.1, seconds=0.4, steps=90, objective=0.09,
    )  # fmt: skip


def make_comparison(
    home: Path,
    name: str,
    settings: EvolutionSettings = COMPARISON,
    *,
    state: State = "finished",
    over: int | None = None,
    under_way: bool = False,
) -> Path:
    """Make a run with a number of series that are over, all by default, and perhaps half of the next one."""
    folder = home / name
    create(folder, name, settings)
    series = series_of(settings)
    count = len(series) if over is None else over
    connection = open_for_writing(folder)
    with transaction(connection, folder):
        set_data(connection, _facts(settings), {"python": "3.11.0"})
        set_workers(connection, 2)
        for one in series[: count + under_way]:
            is_over = one.number < count
            for number in range((LAST if is_over else LAST // 2) + 1):
                add_series_generation(connection, one.number, generation_of(one, number))
            if is_over:
                add_series_result(connection, result_of(one))
        if count:
            set_network(connection, made_network("evolved", LAST, settings), result_of(series[0]).scores)
        set_network(connection, made_network("gradient", 90, settings), gradient_scores())
        add_log(connection, "info", f"{settings.data}: a comparison made up for a test")
        add_runner(connection, is_alive=state in LIVE_STATES)
        set_state(connection, state)
        update_run(connection, created=CREATED, active_seconds=42.0)
        connection.execute("UPDATE log SET time = ?", (CREATED + 1,))
    leave(connection, state)
    return folder


def comparison_view(
    *, over: int, under_way: bool = False, generations: int = LAST, settings: EvolutionSettings = COMPARISON
) -> EvolutionView:
    """Return a view of a run that is not on disk."""
    import tempfile

    with tempfile.TemporaryDirectory() as home:
        view = RunFollower(make_comparison(Path(home), "zelodo", settings, over=over, under_way=under_way)).look()
    assert isinstance(view, EvolutionView)
    if generations == 0:
        empty = tuple(SeriesView(series=one.series, generations=Generations(), result=None) for one in view.series)
        return replace(view, series=empty)
    return view

"""The results of an evolution, or of several that are compared, read bit by bit."""

import sqlite3

from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.series import SeriesView, best_series, remaining_of_series
from nnsize_engine.results.time_left import remaining_of_generations
from nnsize_engine.runs.evolution_reader import (
    read_evaluating,
    read_generations,
    read_last_series,
    read_network_scores,
    read_series_generations,
    read_series_results,
)
from nnsize_engine.runs.view import EvolutionView, RunView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.series import series_of


class ComparisonResults:
    """The results of a run that compares strategies that are read so far."""

    def __init__(self, settings: EvolutionSettings) -> None:
        self._settings = settings
        self._series = [SeriesView(series=one, generations=Generations(), result=None) for one in series_of(settings)]

    def look(self, connection: sqlite3.Connection, seen: RunView) -> EvolutionView:
        """Read the generations that are new, of the series that is under way alone."""
        results = read_series_results(connection)
        last = read_last_series(connection)
        for number, one in enumerate(self._series):
            if one.result is None and last is not None and number <= last:
                generations = read_series_generations(connection, number, one.generations)
                self._series[number] = SeriesView(
                    series=one.series, generations=generations, result=results.get(number)
                )
        series, scores = tuple(self._series), read_network_scores(connection)
        best = best_series(results.values(), self._settings.fitness)
        if best is None and last is not None:
            best = 0  # nothing else has begun
        return EvolutionView(
            folder=seen.folder,
            header=seen.header,
            settings=self._settings,
            state=seen.state,
            remaining=None if seen.state == "finished" else remaining_of_series(series),
            log=seen.log,
            generations=Generations() if best is None else series[best].generations,
            evaluating=read_evaluating(connection) if seen.state in LIVE_STATES else None,
            evolved=scores.get("evolved"),
            gradient=scores.get("gradient"),
            quantized=scores.get("quantized"),
            series=series,
            best_series=best,
        )


class EvolutionResults:
    """The results of an evolution that are read so far."""

    def __init__(self, settings: EvolutionSettings) -> None:
        self._settings = settings
        self._generations = Generations()

    def look(self, connection: sqlite3.Connection, seen: RunView) -> EvolutionView:
        """Read the generations that are new."""
        self._generations = read_generations(connection, self._generations)
        is_over = seen.state == "finished"  # also when it converged before its last generation
        scores = read_network_scores(connection)
        return EvolutionView(
            folder=seen.folder,
            header=seen.header,
            settings=self._settings,
            state=seen.state,
            remaining=(
                None
                if is_over
                else remaining_of_generations(self._generations, seen.header.total, self._settings.seconds)
            ),
            log=seen.log,
            generations=self._generations,
            evaluating=read_evaluating(connection) if seen.state in LIVE_STATES else None,
            evolved=scores.get("evolved"),
            gradient=scores.get("gradient"),
            quantized=scores.get("quantized"),
        )

"""Article 1 on one machine and on workers: 240 fits of about twenty milliseconds, and their scores."""

import functools
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.cluster_parts.machines import cluster_of
from benchmarks.report import say
from nnsize_engine.cluster.cluster_fits import ClusterFits
from nnsize_engine.cluster.connection import Cluster
from nnsize_engine.cluster.opening import open_cluster
from nnsize_engine.cluster.shared_folds import SharedFolds
from nnsize_engine.data.split import load_split
from nnsize_engine.search.events import FinishedFit, SearchEvent
from nnsize_engine.search.search import SizeSearch, plan, run_fits, stream_fits
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.search import SizeSettings

JOBS = 2

REPEATS = 5

Scores = dict[tuple[int, int], tuple[float | None, float | None]]


def article() -> SizeSearch:
    """Return the search of article 1."""
    settings = SizeSettings(data="breast_cancer", neurons="5:100:2", jobs=JOBS, references=False)
    return plan(settings, load_split(settings))


def scores_of(events: Iterator[SearchEvent]) -> Scores:
    """Return the test score and the training score of each fit."""
    ended = (event for event in events if isinstance(event, FinishedFit))
    return {(fit.result.candidate, fit.result.fold): (fit.result.test_score, fit.result.train_score) for fit in ended}


def on_this_machine() -> Scores:
    """Run the search without a cluster."""
    return scores_of(run_fits(article(), (), {}, JOBS, threading.Event(), lambda _: None))


def on_workers(cluster: Cluster) -> Scores:
    """Run the search on workers that are there."""
    search, halt = article(), threading.Event()
    folds = SharedFolds(search, cluster)
    running = ClusterFits(search, folds, cluster, {}, halt, lambda _: None)
    found = scores_of(stream_fits(search, (), running, len(cluster.workers), halt))
    folds.close()
    return found


def timed(search: Callable[[], Scores]) -> tuple[float, Scores]:
    """Return the seconds of a search, and its scores."""
    began = time.perf_counter()
    scores = search()
    return time.perf_counter() - began, scores


def compared(name: str, cluster: Cluster) -> dict[str, Any]:
    """Run both in turn after one warm-up each, and return their seconds and whether the scores are equal."""
    there = functools.partial(on_workers, cluster)
    timed(on_this_machine), timed(there)
    pairs = [(timed(on_this_machine), timed(there)) for _ in range(REPEATS)]
    here_seconds = statistics.median(here[0] for here, _ in pairs)
    there_seconds = statistics.median(there[0] for _, there in pairs)
    ratio = statistics.median(there[0] / here[0] for here, there in pairs)
    is_equal = all(here[1] == there[1] for here, there in pairs)
    fits = len(pairs[0][0][1])
    say(
        f"{name:<34} {fits:>5} {here_seconds:>8.2f} {there_seconds:>8.2f} {ratio:>6.2f}   {'yes' if is_equal else 'NO'}"
    )
    return {"fits": fits, "here": here_seconds, "there": there_seconds, "ratio": ratio, "is_equal": is_equal}


def measure_article(*, is_short: bool) -> dict[str, Any]:
    """Measure on local workers and on a scheduler with separate ones, and print a table."""
    del is_short
    say(f"\nArticle 1, {JOBS} at a time, after a warm-up; medians of {REPEATS}\n")
    say(f"{'':<34} {'fits':>5} {'here':>8} {'there':>8} {'ratio':>6}   same scores")
    found = {}
    halt, settings = threading.Event(), ClusterSettings(where=f"local:{JOBS}")
    with TemporaryDirectory() as folder, open_cluster(settings, Path(folder), lambda *_: None, halt) as cluster:
        found["local"] = compared(f"--cluster local:{JOBS}", cluster)
    with cluster_of(JOBS) as cluster:
        found["separate"] = compared(f"a scheduler with {JOBS} workers", cluster)
    return found

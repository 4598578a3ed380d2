"""Fits of a size search on workers: what a fit costs beside its training, and how many workers one run keeps busy."""

import threading
import time
from typing import Any

from benchmarks.cluster_parts.machines import cluster_of, sent_bytes
from benchmarks.report import say
from nnsize_engine.cluster.cluster_fits import ClusterFits
from nnsize_engine.cluster.connection import Cluster
from nnsize_engine.cluster.shared_folds import SharedFolds
from nnsize_engine.data.split import load_split
from nnsize_engine.search.events import FinishedFit
from nnsize_engine.search.search import SizeSearch, plan, stream_fits
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings

LONG_SECONDS, LONG_FITS = 10.0, 6  # the fits of the aim: 1.8 times as fast with two workers

FIT_SECONDS = 1.0  # of a padded fit, of simulated workers

WORKERS = (1, 2, 4, 8, 32, 128)

FITS_PER_WORKER = 5

BUSY_FITS = 600  # without padding, to see how many fits a second one run dispatches


def search_of(fits: int) -> SizeSearch:
    """Return a search of about so many fits, each of a millisecond or two."""
    settings = SizeSettings(
        data="iris", neurons=f"1:{max(2, fits // 5) + 1}", cv=5, scoring="accuracy",
        network=NetworkParameters(max_iter=2), references=False,
    )  # fmt: skip
    return plan(settings, load_split(settings))


def run(cluster: Cluster, fits: int) -> tuple[float, int, int]:
    """Return the seconds of a search, the number of its fits, and the bytes on the wire."""
    search, halt = search_of(fits), threading.Event()
    folds = SharedFolds(search, cluster)
    before, began = sent_bytes(), time.perf_counter()
    running = ClusterFits(search, folds, cluster, {}, halt, lambda _: None)
    done = sum(isinstance(fit, FinishedFit) for fit in stream_fits(search, (), running, len(cluster.workers), halt))
    seconds = time.perf_counter() - began
    folds.close()
    return seconds, done, sent_bytes() - before


def warm(cluster: Cluster) -> None:
    """Let every worker import and compile what it needs."""
    run(cluster, 10 * len(cluster.workers))


def efficiency(workers: int, seconds: float, fits: int) -> dict[str, Any]:
    """Run padded fits on simulated workers."""
    with cluster_of(workers, simulated_seconds=seconds) as cluster:
        warm(cluster) if seconds < 2 else None
        wall, done, sent = run(cluster, fits)
    ideal = seconds * -(-done // workers)
    found = {
        "workers": workers,
        "fit_seconds": seconds,
        "fits": done,
        "seconds": round(wall, 3),
        "efficiency": round(ideal / wall, 3) if seconds else None,
        "fits_per_second": round(done / wall, 1),
        "bytes_per_fit": sent // done,
    }
    say(
        f"{workers:>8} {seconds:>10.1f} {done:>6} {wall:>9.2f} {found['efficiency'] or '':>11} "
        f"{found['fits_per_second']:>8} {found['bytes_per_fit']:>11,}"
    )
    return found


def overhead() -> dict[str, Any]:
    """Return the milliseconds that a fit costs beside its training, on one real worker."""
    with cluster_of(1) as cluster:
        run(cluster, 50)
        wall, done, sent = run(cluster, 200)
        tally = cluster.tally.bytes_sent
    found = {"milliseconds_per_fit": round(1000 * wall / done, 2), "bytes_per_fit": sent // done, "rows_sent": tally}
    say(f"One real worker, fits of about 1 ms: {found['milliseconds_per_fit']} ms each, {found['bytes_per_fit']:,} B")
    return found


def measure_fits(*, is_short: bool) -> dict[str, Any]:
    """Measure all, and print a table."""
    say("\nFits of a size search\n")
    found: dict[str, Any] = {"overhead": overhead()}
    titles = f"{'workers':>8} {'s of a fit':>10} {'fits':>6} {'seconds':>9} {'efficiency':>11} {'fits/s':>8}"
    say(f"\n{titles} {'bytes/fit':>11}")
    padded = [efficiency(workers, FIT_SECONDS, FITS_PER_WORKER * workers) for workers in WORKERS]
    found["padded"] = padded + [efficiency(workers, 0.0, BUSY_FITS) for workers in (1, 32, 128)]
    if not is_short:
        one, two = (efficiency(workers, LONG_SECONDS, LONG_FITS) for workers in (1, 2))
        found["long"] = {"one": one, "two": two, "gain": round(one["seconds"] / two["seconds"], 2)}
        say(f"\nFits of {LONG_SECONDS:g} s: two workers are {found['long']['gain']} times as fast as one")
    return found

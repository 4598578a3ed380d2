"""Speed of `nnsize.MLPClassifier` against scikit-learn's, and against our bare trainer, on the trainer's workloads.

    python engine/benchmarks/estimators.py
    python engine/benchmarks/estimators.py --workloads article --repeats 5 --threads 1 2

Every network of a workload is trained on the whole standardised table, by the three of them in turn in one process, so
that a busy moment of the machine slows all of them. All weights must be equal to the last bit. The time of each network
is the shortest of its repeats. The number of BLAS threads is the same for the three; GridSearchCV gives each worker
one.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

from report import machine, save_report, say
from workloads import WORKLOADS, Workload

TARGET = 4.0
"""Times that our estimator is faster than scikit-learn's."""

MAX_OVERHEAD = 0.05
"""Share of the time of the bare trainer that our estimator may add on the workload of article 1."""

TRAINERS = ("scikit-learn", "nnsize", "bare trainer")


def train_all(workload: Workload, repeats: int) -> dict[str, Any]:
    """Train the networks of a workload; return the seconds of each trainer and whether all weights are equal."""
    import numpy as np
    from sklearn import neural_network
    from sklearn.preprocessing import StandardScaler

    import nnsize
    from nnsize_engine.network.train import prepare_compiled_code, train_rows
    from nnsize_engine.network.training_rows import read_rows
    from nnsize_engine.settings.network import NetworkParameters

    prepare_compiled_code()
    X, y = workload.load()
    X = StandardScaler().fit_transform(X)
    seconds = dict.fromkeys(TRAINERS, 0.0)
    equal = True
    for size in workload.sizes:
        given: dict[str, Any] = {"hidden_layer_sizes": (size,), "max_iter": workload.max_iter, "random_state": 0}
        calls: dict[str, Callable[..., Any]] = {
            "scikit-learn": lambda given: neural_network.MLPClassifier(**given).fit(X, y),
            "nnsize": lambda given: nnsize.MLPClassifier(**given).fit(X, y),
            "bare trainer": lambda given: train_rows(
                read_rows(X, y, task="classification"), NetworkParameters(**given)
            ),
        }
        times: dict[str, list[float]] = {name: [] for name in TRAINERS}
        found: dict[str, Any] = {}
        for _ in range(repeats):
            for name, call in calls.items():
                began = time.perf_counter()
                found[name] = call(given)
                times[name].append(time.perf_counter() - began)
        theirs, ours, bare = (found[name] for name in TRAINERS)
        equal &= theirs.n_iter_ == ours.n_iter_ == bare.n_iter
        equal &= theirs.loss_curve_ == ours.loss_curve_
        equal &= all(map(np.array_equal, theirs.coefs_ + theirs.intercepts_, ours.coefs_ + ours.intercepts_))
        for name in TRAINERS:
            seconds[name] += min(times[name])
    return {"seconds": seconds, "is_equal": bool(equal), "networks": len(workload.sizes)}


def in_fresh_process(name: str, repeats: int, threads: int) -> dict[str, Any]:
    """Train the networks of a workload in a process whose BLAS has so many threads."""
    variables = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | dict.fromkeys(variables, str(threads))
    command = [sys.executable, __file__, "--one", name, str(repeats)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    ours = found["seconds"]["nnsize"]
    return found | {
        "threads": threads,
        "times_faster": found["seconds"]["scikit-learn"] / ours,
        "overhead": ours / found["seconds"]["bare trainer"] - 1,
    }


def show(title: str, found: dict[str, Any]) -> None:
    """Print the line of one workload."""
    seconds = found["seconds"]
    say(
        f"{title}\n  {found['threads']} BLAS thread(s), {found['networks']} networks: "
        + ", ".join(f"{name} {seconds[name]:.2f} s" for name in TRAINERS)
        + f"; {found['times_faster']:.1f}x faster, overhead {found['overhead']:+.1%}, "
        + ("all weights equal" if found["is_equal"] else "WEIGHTS DIFFER")
    )


def main() -> None:
    """Run the workloads, print their lines and save the results."""
    parser = argparse.ArgumentParser(description="Compare nnsize.MLPClassifier with scikit-learn's.")
    parser.add_argument("--workloads", nargs="*", default=list(WORKLOADS), choices=list(WORKLOADS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="*", default=[1])
    parser.add_argument("--one", nargs=2, metavar=("WORKLOAD", "REPEATS"), help="train one workload, print JSON")
    arguments = parser.parse_args()
    if arguments.one:
        warnings.simplefilter("ignore")
        say(json.dumps(train_all(WORKLOADS[arguments.one[0]], int(arguments.one[1]))))
        return
    targets = {"times_faster": TARGET, "overhead_of_article": MAX_OVERHEAD}
    report: dict[str, Any] = {"machine": machine(), "repeats": arguments.repeats, "targets": targets, "workloads": {}}
    for name in arguments.workloads:
        found = [in_fresh_process(name, arguments.repeats, threads) for threads in arguments.threads]
        report["workloads"][name] = {"title": WORKLOADS[name].title, "runs": found}
        for one in found:
            show(WORKLOADS[name].title, one)
    save_report("estimators", report)


if __name__ == "__main__":
    main()

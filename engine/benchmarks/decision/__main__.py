"""How the decision was chosen: ``python engine/benchmarks/decision`` (about half an hour on 2 cores; resumable)."""

import argparse
import sys

import grids
import joblib
import report
import tasks

from nnsize_engine.processes.parallel import one_blas_thread


def _compute(task: tasks.Task) -> None:
    with one_blas_thread():
        for search in grids.compute(task):
            print(f"{task.name}: {search + 1} of {task.searches}", file=sys.stderr, flush=True)


def main() -> None:
    """Compute what is missing, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="tasks at a time")
    parser.add_argument("--show", action="store_true", help="compute nothing; print what is kept")
    given = parser.parse_args()
    every = tasks.all_tasks()
    if not given.show:
        joblib.Parallel(n_jobs=given.jobs, prefer="processes", batch_size=1)(joblib.delayed(_compute)(t) for t in every)
    print(report.tables(every))


if __name__ == "__main__":
    main()

"""How the decision was chosen: ``python engine/benchmarks/decision`` (about half an hour on 2 cores; resumable)."""

import argparse
import sys

import grids
import joblib
import study_tables
import tasks

from nnsize_engine.processes.parallel import one_blas_thread


def _compute(task: tasks.Task) -> None:
    with one_blas_thread():
        for search in grids.compute(task):
            sys.stderr.write(f"{task.name}: {search + 1} of {task.searches}\n")
            sys.stderr.flush()


def main() -> None:
    """Compute what is missing, then write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="tasks at a time")
    parser.add_argument("--show", action="store_true", help="compute nothing; write the tables of what is kept")
    given = parser.parse_args()
    every = tasks.all_tasks()
    if not given.show:
        joblib.Parallel(n_jobs=given.jobs, prefer="processes", batch_size=1)(joblib.delayed(_compute)(t) for t in every)
    sys.stdout.write(study_tables.tables(every) + "\n")


if __name__ == "__main__":
    main()

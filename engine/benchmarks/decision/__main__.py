"""Study by which the decision was chosen: ``python engine/benchmarks/decision`` (about half an hour; resumable).

The parts are

=============  ======================================================================================
``grids``      every fit of every search, on which all rules are judged
``tpe``        Optuna's TPE, replayed over these fits; needs ``pip install optuna``
``halving``    scikit-learn's HalvingGridSearchCV, which trains on subsets of rows
``layers``     some tasks again, with one and two hidden layers
``precision``  some tasks again, in float32
=============  ======================================================================================
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

import grids
import halving
import joblib
import layers
import precision
import study_tables
import tasks
import tpe

from nnsize_engine.network.train import prepare_compiled_code
from nnsize_engine.processes.parallel import one_blas_thread

PARTS: Mapping[str, Callable[[tasks.Task], Iterator[int]]] = {
    "grids": grids.compute,
    "tpe": tpe.compute_tpe,
    "halving": halving.compute_halving,
    "layers": layers.compute_layers,
    "precision": precision.compute_precision,
}


def _tasks_of(part: str, every: Sequence[tasks.Task]) -> Sequence[tasks.Task]:
    match part:
        case "layers":
            return [task for task in every if task.name in layers.TASKS]
        case "precision":
            return precision.tasks_of_precision(every)
        case _:
            return every


def _compute(part: str, task: tasks.Task) -> None:
    for precision_of_fits in ("float64", "float32"):
        prepare_compiled_code(precision_of_fits)  # no fit is timed with compilation
    with one_blas_thread():
        for search in PARTS[part](task):
            sys.stderr.write(f"{part}, {task.name}: {search + 1} of {task.searches}\n")
            sys.stderr.flush()


def main() -> None:
    """Compute what is missing, then write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="*", default=list(PARTS), choices=list(PARTS), help="what to compute")
    parser.add_argument("--jobs", type=int, default=2, help="tasks at a time")
    parser.add_argument("--show", action="store_true", help="compute nothing; write the tables of what is kept")
    given = parser.parse_args()
    every = tasks.all_tasks()
    for part in [] if given.show else given.parts:
        joblib.Parallel(n_jobs=given.jobs, prefer="processes", batch_size=1)(
            joblib.delayed(_compute)(part, task) for task in _tasks_of(part, every)
        )
    found = [study_tables.tables(every), layers.layers_table(every), precision.precision_table(every)]
    sys.stdout.write("\n".join(table for table in found if table) + "\n")


if __name__ == "__main__":
    main()

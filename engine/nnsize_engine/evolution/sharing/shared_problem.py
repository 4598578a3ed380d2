"""The part of a problem that a worker needs: the encoded training rows, and the members that a file gives."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.evaluate import OUTPUTS
from nnsize_engine.evolution.first_members import given_members
from nnsize_engine.evolution.objectives import make_objective
from nnsize_engine.evolution.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharedProblem:
    """What is sent to each worker once."""

    problem: Problem
    """Without test rows, held-out rows, encoder and objective."""

    given: NDArray[Any]
    """First members that ``init`` names, shape (members, weights): the file is where the run is."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Make arrays that are aligned and can be written to wherever it is unpickled.

        Numba takes other arrays for another type, and would compile all functions once more, into slower code.
        """
        return _unpacked, (self.problem, self.given)

    @property
    def nbytes(self) -> int:
        """About as many bytes as are sent."""
        table = self.problem.training
        arrays = (table.rows.inputs, table.rows.targets, table.labels, table.answers, self.given)
        return sum(array.nbytes for array in arrays)


def shared_problem(problem: Problem) -> SharedProblem:
    """Return what a worker needs of a problem.

    Raises:
        DataError: the first members cannot be read.
    """
    split, none = problem.split, np.empty(0)
    lean = replace(split, X_train=none, y_train=none, X_test=none, y_test=none)
    bare = replace(lean, groups=None, fitness_groups=None, sample_weight=None)
    sent = replace(problem, split=bare, held_out=None, encoder=None, encoder_content=b"", objective=None)
    return SharedProblem(problem=sent, given=given_members(problem.settings, bounds_of(problem.settings)))


def _unpacked(problem: Problem, given: NDArray[Any]) -> SharedProblem:
    table = problem.training
    rows = replace(table.rows, inputs=_usable(table.rows.inputs), targets=_usable(table.rows.targets))
    usable = replace(table, rows=rows, labels=_usable(table.labels), answers=_usable(table.answers))
    received = replace(problem, training=usable, units=_usable(problem.units))
    return SharedProblem(problem=received, given=_usable(given))


def _usable(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array that is aligned and can be written to; itself if it is."""
    return array if array.flags.aligned and array.flags.writeable else np.array(array, order="K")


def received_problem(shared: SharedProblem) -> Problem:
    """Return the problem that a worker solves.

    Raises:
        DataError: the fitness is a Python function that cannot be imported here.
    """
    problem = shared.problem
    if problem.measure != OUTPUTS:
        return problem
    rows = problem.training.rows
    return replace(problem, objective=make_objective(problem.settings, rows.kind, rows.classes))

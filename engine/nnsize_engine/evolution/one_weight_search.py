"""A search that changes one weight at a time: its state, and a generation of it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.family import Facts, Floats, Losses, Start
from nnsize_engine.evolution.local_problem import LocalProblem
from nnsize_engine.evolution.one_weight import (
    ACCEPTED,
    BEST_LOSS,
    LOSS,
    SQUARES,
    Position,
    Rule,
    changed_value,
    current_loss,
    fill_order,
    search_weights,
    settle_change,
    sum_of_squares,
)
from nnsize_engine.evolution.row_sums import refresh
from nnsize_engine.settings.strategies import EVALUATIONS_OF_GENERATION


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneWeightState:
    """State after a generation; with the rule and the rows, it determines the rest of the search."""

    generation: int
    seed: int
    generation_size: int
    """Evaluations of each generation."""

    evaluations: int
    """Evaluations of all generations so far; the first network's is not among them."""

    accepted: int
    """Changes that were kept in the last generation."""

    weights: Floats
    """Current weights in the precision of the run, shape (weights,)."""

    loss: float
    best_weights: Floats
    """Weights with the smallest loss so far."""

    best_loss: float
    steps: NDArray[np.float64]
    """Step of each weight in units of the Glorot limit, with the sign of its direction."""


def generation_size(members: int | None) -> int:
    """Return the evaluations of a generation.

    Raises:
        SettingsError: there are none.
    """
    if members is not None and members < 1:
        raise SettingsError(f"members is {members}; a generation needs at least 1 evaluation", field="members")
    return EVALUATIONS_OF_GENERATION if members is None else members


def first_state(start: Start, weights: Floats, loss: float) -> OneWeightState:
    """Return the state of a search that begins at a network."""
    finite = float(loss) if np.isfinite(loss) else np.inf
    return OneWeightState(
        generation=0,
        seed=start.seed,
        generation_size=generation_size(start.members),
        evaluations=0,
        accepted=0,
        weights=weights.copy(),
        loss=finite,
        best_weights=weights.copy(),
        best_loss=finite,
        steps=np.full(weights.size, start.step, dtype=np.float64),
    )


def remembered(state: OneWeightState) -> Floats:
    """Return the current and the best weights, shape (2, weights)."""
    return np.stack([state.weights, state.best_weights])


def with_losses(state: OneWeightState, losses: Losses) -> OneWeightState:
    """Return the state with other losses of these weights; the better of them is the best one."""
    loss, best_loss = (float(loss) if np.isfinite(loss) else np.inf for loss in losses)
    if loss < best_loss:
        return replace(state, loss=loss, best_loss=loss, best_weights=state.weights)
    return replace(state, loss=loss, best_loss=best_loss)


def facts(state: OneWeightState, temperature: float | None = None) -> Facts:
    """Return what a table shows of a state."""
    step = float(np.sqrt(np.mean(np.square(state.steps))))
    return Facts(step_size=step, temperature=temperature, accepted=state.accepted)


class OneWeightGeneration:
    """A generation under way. It changes copies of the state's arrays."""

    def __init__(self, state: OneWeightState, problem: LocalProblem, rule: Rule) -> None:
        self._state, self._problem, self._rule = state, problem, rule
        self._done = 0
        units = problem.network.units
        with np.errstate(all="ignore"):  # without Numba, NumPy warns of overflows; such a loss is not finite
            squares = sum_of_squares(units, state.weights)
            self._position = Position(
                weights=state.weights.copy(),
                best_weights=state.best_weights.copy(),
                steps=state.steps.copy(),
                order=np.empty(state.weights.size, dtype=np.int64),
                numbers=np.array([state.loss, state.best_loss, squares, 0.0]),
                tried=np.full(state.generation_size, np.inf),
            )
            fill_order(rule.seed, state.evaluations // state.weights.size, self._position.order)
            if problem.has_sums:
                refresh(problem.numpy_loops, problem.network.settings, units, state.weights, problem.known)
                self._renew_loss()

    def _renew_loss(self) -> None:
        """Compute the loss from the new sums: rounded otherwise, the stored one would not equal it."""
        numbers, problem = self._position.numbers, self._problem
        loss = current_loss(problem.numpy_loops, problem.network, problem.known, float(numbers[SQUARES]))
        if numbers[LOSS] == numbers[BEST_LOSS]:
            numbers[BEST_LOSS] = loss
        numbers[LOSS] = loss

    @property
    def weights(self) -> Floats:
        """Current weights, shape (weights,); they change with :meth:`advance`."""
        return self._position.weights

    @property
    def steps(self) -> NDArray[np.float64]:
        """Steps of the weights, as in the state; they change with :meth:`advance`."""
        return self._position.steps

    @property
    def loss(self) -> float:
        """Loss of the current weights."""
        return float(self._position.numbers[LOSS])

    @property
    def tried_losses(self) -> Losses:
        """Losses of the changes in their order, shape (evaluations,); infinite where nothing is evaluated."""
        return self._position.tried

    @property
    def left(self) -> int:
        """Evaluations that are not done."""
        return self._state.generation_size - self._done

    def advance(self, count: int) -> None:
        """Evaluate this many changes, or those that are left if they are fewer."""
        first = self._state.evaluations + self._done
        last = first + min(count, self.left)
        with np.errstate(all="ignore"):
            if self._problem.has_sums:
                problem = self._problem
                arguments = (problem.numpy_loops, self._rule, problem.network, problem.known)
                search_weights(*arguments, self._position, first, last)
            else:
                self._evaluate_networks(first, last)
        self._done += last - first

    def _evaluate_networks(self, first: int, last: int) -> None:
        """Do the same for a loss that is computed from whole networks."""
        trial, value = self._position.weights.copy(), np.empty(1, self._position.weights.dtype)
        for evaluation in range(first, last):
            weight = changed_value(self._rule, self._problem.network, self._position, evaluation, value)
            trial[weight] = value[0]
            loss = self._problem.loss(trial)
            settle_change(self._rule, self._position, evaluation, weight, value, loss)
            trial[weight] = self._position.weights[weight]

    def close(self) -> OneWeightState:
        """Return the state after this generation; nothing is left."""
        assert not self.left
        numbers = self._position.numbers
        return replace(
            self._state,
            generation=self._state.generation + 1,
            evaluations=self._state.evaluations + self._state.generation_size,
            accepted=int(numbers[ACCEPTED]),
            weights=self._position.weights,
            loss=float(numbers[LOSS]),
            best_weights=self._position.best_weights,
            best_loss=float(numbers[BEST_LOSS]),
            steps=self._position.steps,
        )

"""Checkpoint of an evolution after a generation: a file written under another name and renamed, so never incomplete."""

import contextlib
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nnsize_engine.errors import StoreError
from nnsize_engine.evolution.ask_tell import Population
from nnsize_engine.evolution.evolve import EvolutionState
from nnsize_engine.evolution.problem import Problem
from nnsize_engine.runs.database import CHECKPOINT_DRAFT, CHECKPOINT_NAME
from nnsize_engine.settings.run import settings_to_json

_NUMBERS = ("generation", "archived", "memory", "evaluations", "restarts", "stagnation", "first_count")
_ARRAYS = ("members", "losses", "archive", "means")


def write_checkpoint(folder: Path, state: EvolutionState, identity: str) -> None:
    """Write a state over an earlier one. There is no random generator to store: see :mod:`streams`.

    Raises:
        OSError: it cannot be written; the earlier checkpoint stays.
    """
    population = state.population
    arrays: dict[str, Any] = {name: getattr(population, name) for name in _ARRAYS}
    arrays["archive"] = population.archive[: population.archived]
    arrays["archive_room"] = np.array(len(population.archive))
    arrays["numbers"] = np.array([getattr(population, name) for name in _NUMBERS], dtype=np.int64)
    arrays["watched"] = np.array([state.best_held_out_loss, state.elapsed])
    arrays["watched_weights"] = state.best_held_out_weights
    arrays["watched_generation"] = np.array(state.best_held_out_generation)
    arrays["identity"] = np.array(identity)
    handle, name = tempfile.mkstemp(prefix=CHECKPOINT_DRAFT, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(folder / CHECKPOINT_NAME)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def read_checkpoint(folder: Path, identity: str) -> EvolutionState | None:
    """Return the stored state; None if there is none.

    Raises:
        StoreError: the file is damaged, or belongs to another evolution.
    """
    path = folder / CHECKPOINT_NAME
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            found = {name: kept[name] for name in kept.files}
        numbers = dict(zip(_NUMBERS, found["numbers"].tolist(), strict=True))
        archive = np.empty((int(found["archive_room"]), found["members"].shape[1]), dtype=found["members"].dtype)
        archive[: numbers["archived"]] = found["archive"]
        population = Population(
            members=found["members"], losses=found["losses"], archive=archive, means=found["means"], **numbers
        )
        watched, elapsed = found["watched"].tolist()
        state = EvolutionState(
            population=population,
            best_held_out_loss=watched,
            best_held_out_weights=found["watched_weights"],
            best_held_out_generation=int(found["watched_generation"]),
            elapsed=elapsed,
        )
        is_ours = str(found["identity"]) == identity
    except Exception as error:  # a damaged archive fails in many ways
        raise StoreError(f"the checkpoint cannot be read back ({error})") from error
    if not is_ours:
        raise StoreError("the checkpoint belongs to another evolution")
    return state


def identity_of(problem: Problem) -> str:
    """Return what a checkpoint belongs to: the settings, except the number of threads, and the data."""
    return f"{settings_to_json(replace(problem.settings, jobs=None))} {problem.split.facts.sha256}"


def remove_checkpoint(folder: Path) -> None:
    """Remove the checkpoint and its drafts."""
    remove_drafts(folder)
    with contextlib.suppress(OSError):
        (folder / CHECKPOINT_NAME).unlink(missing_ok=True)


def remove_drafts(folder: Path) -> None:
    """Remove incomplete checkpoints of a runner that died."""
    for path in folder.glob(f"{CHECKPOINT_DRAFT}*"):
        with contextlib.suppress(OSError):
            path.unlink()

"""Checkpoint of an evolution after a generation: a file written under another name and renamed, so never incomplete.

What an algorithm remembers is stored by the names of its fields: that of differential evolution as in all earlier
versions, that of a family by :mod:`nnsize_engine.evolution.stored_state`.
"""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nnsize_engine.errors import SettingsError, StoreError
from nnsize_engine.evolution.ask_tell import Population
from nnsize_engine.evolution.evolve import EvolutionState
from nnsize_engine.evolution.family_evolution import FamilyPopulation
from nnsize_engine.evolution.local_evolution import LocalPopulation
from nnsize_engine.evolution.problem import Problem
from nnsize_engine.evolution.stored_state import family_arrays, family_population
from nnsize_engine.runs.database import CHECKPOINT_DRAFT, CHECKPOINT_NAME
from nnsize_engine.runs.own_files import open_own
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.evolution_extension import without_limits
from nnsize_engine.settings.stored_settings import settings_from_json, settings_to_json

_NUMBERS = ("generation", "archived", "memory", "evaluations", "restarts", "stagnation", "first_count")
_ARRAYS = ("members", "losses", "archive", "means")

_REVISIONS = {"lshade": 2}
"""Revision of a strategy that was changed after runs of it could be left, from 1; L-SHADE shrinks by evaluations."""


def write_checkpoint(folder: Path, state: EvolutionState, identity: str) -> None:
    """Write a state over an earlier one. There is no random generator to store: see :mod:`streams`.

    Raises:
        OSError: it cannot be written; the earlier checkpoint stays.
    """
    arrays = population_arrays(state.population)
    arrays["watched"] = np.array([state.best_held_out_loss, state.elapsed])
    arrays["watched_weights"] = state.best_held_out_weights
    arrays["watched_generation"] = np.array(state.best_held_out_generation)
    arrays["identity"] = np.array(identity)
    arrays["revision"] = np.array(_revision_of(identity))
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
        StoreError: the file is damaged, holds what no evolution leaves, belongs to another evolution, or is of an
            earlier revision of its strategy.
    """
    try:
        handle = open_own(folder / CHECKPOINT_NAME, os.O_RDONLY)
        with os.fdopen(handle, "rb") as file, np.load(file, allow_pickle=False) as kept:
            found = {name: kept[name] for name in kept.files}
        _check(found)
        watched, elapsed = found["watched"].tolist()
        state = EvolutionState(
            population=population_of(found),
            best_held_out_loss=watched,
            best_held_out_weights=found["watched_weights"],
            best_held_out_generation=int(found["watched_generation"]),
            elapsed=elapsed,
        )
        is_ours = _is_same(str(found["identity"]), identity)
        revision = int(found.get("revision", np.array(1)))
    except FileNotFoundError:
        return None
    except _ImplausibleError as error:
        raise StoreError(f"the checkpoint cannot be read back ({error})") from error
    except Exception as error:  # a damaged archive fails in many ways
        # What NumPy says of other files, such as to allow pickles, is no advice for the user.
        reason = getattr(error, "strerror", None) or "it is damaged, or no checkpoint of nnsize"
        raise StoreError(f"the checkpoint cannot be read back ({reason})") from error
    if not is_ours:
        raise StoreError("the checkpoint belongs to another evolution")
    if revision != _revision_of(identity):
        raise StoreError("the checkpoint was written by a version of nnsize whose strategy had other numbers")
    return state


class _ImplausibleError(Exception):
    """Arrays that no evolution leaves."""


def _check(found: Mapping[str, Any]) -> None:
    """Accept arrays that an evolution may have left. A loss may be infinite; nothing is ever NaN but unused means.

    Raises:
        _ImplausibleError: an array holds something else.
    """
    for name, array in found.items():
        if array.dtype.kind == "f" and name != "means" and np.isnan(array).any():
            raise _ImplausibleError(f"{name[:60]} holds NaN")
        if name in ("members", "trials", "leader", "best", "watched_weights") and not np.isfinite(array).all():
            raise _ImplausibleError(f"{name} holds a weight that is not finite")
    for name in ("generation", "evaluations", "restarts", "numbers"):
        if name in found and found[name].min() < 0:
            raise _ImplausibleError(f"{name} holds a negative number")
    if "members" in found and found["members"].shape[:1] != found["losses"].shape:
        raise _ImplausibleError("members and losses differ in number")


def identity_of(problem: Problem) -> str:
    """Return what a checkpoint belongs to: the settings, except limits, threads and the cluster, and the data."""
    return f"{settings_to_json(_deciding(problem.settings))} {problem.split.facts.sha256}"


def _deciding(settings: EvolutionSettings) -> EvolutionSettings:
    """Return the settings that decide how one generation follows from another."""
    return replace(without_limits(settings), jobs=None, cluster=None)


def _is_same(stored: str, identity: str) -> bool:
    """Return whether two identities are equal.

    Settings that an earlier version did not know have their defaults; it stored the limits as well.
    """
    if stored == identity:
        return True
    (text, data), (now, here) = stored.rsplit(" ", 1), identity.rsplit(" ", 1)
    try:
        return data == here and _settings_in(text) == _settings_in(now)
    except (SettingsError, TypeError, ValueError):  # settings of a later version, or none
        return False


def _settings_in(text: str) -> EvolutionSettings | None:
    settings = settings_from_json(text, "evolution")
    return _deciding(settings) if isinstance(settings, EvolutionSettings) else None


def _revision_of(identity: str) -> int:
    """Return the revision of the strategy that an identity names; 1 for settings that cannot be read."""
    with contextlib.suppress(SettingsError, TypeError, ValueError, AttributeError):
        settings = settings_from_json(identity.rsplit(" ", 1)[0], "evolution")
        return _REVISIONS.get(getattr(settings, "strategy", ""), 1)
    return 1


def checkpoint_bytes(state: EvolutionState) -> int:
    """Return the size of the checkpoint of a state, without its few numbers."""
    return sum(array.nbytes for array in population_arrays(state.population).values())


def population_arrays(population: Population | FamilyPopulation | LocalPopulation) -> dict[str, Any]:
    """Return a population as named arrays; views of its own."""
    return _differential_arrays(population) if isinstance(population, Population) else family_arrays(population)


def _differential_arrays(population: Population) -> dict[str, Any]:
    arrays: dict[str, Any] = {name: getattr(population, name) for name in _ARRAYS}
    arrays["archive"] = population.archive[: population.archived]
    arrays["archive_room"] = np.array(len(population.archive))
    arrays["numbers"] = np.array([getattr(population, name) for name in _NUMBERS], dtype=np.int64)
    return arrays


def population_of(found: Mapping[str, Any]) -> Population | FamilyPopulation | LocalPopulation:
    """Return the population that :func:`population_arrays` made arrays of.

    Raises:
        StoreError: the strategy remembers other values now.
        KeyError: an array is missing.
    """
    if "family" in found:
        return family_population(found)
    numbers = dict(zip(_NUMBERS, found["numbers"].tolist(), strict=True))
    archive = np.empty((int(found["archive_room"]), found["members"].shape[1]), dtype=found["members"].dtype)
    archive[: numbers["archived"]] = found["archive"]
    return Population(
        members=found["members"], losses=found["losses"], archive=archive, means=found["means"], **numbers
    )


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

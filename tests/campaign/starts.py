"""Start the runners of trials: forked from a process that has loaded the libraries, and for a part as users do."""

import os
from collections.abc import Sequence
from random import Random

from nnsize_engine.runs import start_runner
from support.warm_runners import CHECKPOINT_VARIABLE, RUNNER, WarmRunners

ADDRESS_VARIABLE = "NNSIZE_CAMPAIGN_RUNNERS"
"""Environment variable with the address of the process that forks runners; without it, runners start as always."""

USUAL_SHARE = 0.08  # of all trials; there a runner loads its libraries itself, two seconds of a processor each time

CHECKPOINT_SECONDS = ("0.05", "0.3", "")
"""Seconds between two checkpoints of forked runners. Ten, as always, are more than a run of a trial takes."""

_spawn = start_runner.spawn


def start_runners_warm() -> None:
    """Let this process, and its copies, fork runners where the environment says so."""
    start_runner.spawn = _start


def choose_start(chance: Random, address: str) -> None:
    """Choose how the runners of a trial start."""
    is_usual = chance.random() < USUAL_SHARE
    os.environ[CHECKPOINT_VARIABLE] = chance.choice(CHECKPOINT_SECONDS)
    if is_usual:
        os.environ.pop(ADDRESS_VARIABLE, None)
    else:
        os.environ[ADDRESS_VARIABLE] = address


def _start(module: Sequence[str], log: int) -> int:
    address = os.environ.get(ADDRESS_VARIABLE)
    return WarmRunners(address).spawn(module, log) if address and module[0] == RUNNER else _spawn(module, log)

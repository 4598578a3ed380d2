"""A stand-in for SLURM on the PATH of a test."""

import contextlib
import os
import shlex
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from support.slurm import stand_in
from support.slurm.stand_in import StandIn

JOBQUEUE = """
jobqueue:
  slurm:
    cores: 1
    memory: 2GB
    worker-extra-args: [--no-nanny]  # half as many processes to start
"""


@contextlib.contextmanager
def slurm_on_path(folder: Path) -> Iterator[tuple[StandIn, dict[str, str]]]:
    """Make the commands of SLURM in a folder; give their jobs, and the environment for who calls them.

    All jobs that are left are killed at the end.
    """
    commands, config, state = folder / "commands", folder / "dask", folder / "slurm"
    for path in (commands, config, state):
        path.mkdir(parents=True)
    for name in ("sbatch", "squeue", "scancel"):
        call = shlex.join([sys.executable, "-I", "-S", str(stand_in.__file__), str(state), name])
        (commands / name).write_text(f'#!/bin/sh\nexec {call} "$@"\n')
        (commands / name).chmod(0o755)
    (config / "jobqueue.yaml").write_text(JOBQUEUE)
    found = StandIn(state)
    try:
        yield found, {"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "DASK_CONFIG": str(config)}
    finally:
        for job_id in found.ids():
            if found.state(job_id) == "RUNNING":
                found.end(job_id, signal.SIGKILL)

"""The schedulers that the user has named, so that no run or file of somebody else connects to another one.

Dask runs code that a scheduler sends. So a scheduler that a run folder or a settings file names is only connected to
once the user has named it: on the command line, in the setup screen, or in the user's own settings file.
"""

import contextlib
import os

from nnsize_engine.errors import RunError, SettingsError
from nnsize_engine.processes.private_files import make_private
from nnsize_engine.runs.own_files import open_own, read_own
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.home import home
from nnsize_engine.text import escape_text, shell_word

_FILE_NAME = ".schedulers"  # begins with a point, so that no run has this name

MAX_BYTES = 100_000  # of the newest lines; an address has less than a hundred


def remember_scheduler(cluster: ClusterSettings | None) -> None:
    """Remember the scheduler that the user has named; do nothing for another kind of cluster."""
    if not _connects(cluster) or is_known(cluster):
        return
    assert cluster is not None
    with contextlib.suppress(OSError):  # it is asked for again
        make_private(home())
        handle = open_own(home() / _FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{escape_text(cluster.where)}\n")


def is_known(cluster: ClusterSettings | None) -> bool:
    """Return whether the user has named the scheduler of a cluster, or it has none of others."""
    if not _connects(cluster):
        return True
    assert cluster is not None
    try:
        lines = read_own(home() / _FILE_NAME, MAX_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return False
    return escape_text(cluster.where) in lines


def check_known(name: str, cluster: ClusterSettings | None) -> None:
    """Accept the cluster of a run that is resumed.

    Raises:
        RunError: it is a scheduler that the user has never named.
    """
    if is_known(cluster):
        return
    assert cluster is not None
    run, where = shell_word(name), shell_word(cluster.where)
    raise RunError(
        f"run {name} would connect to the scheduler {escape_text(cluster.where)}, which you have not named before and "
        f"which could run code on this machine; if it is yours type: nnsize resume {run} --cluster {where}, and else "
        f"go on here: nnsize resume {run} --cluster none"
    )


def check_file_names(cluster: ClusterSettings | None) -> None:
    """Accept the cluster that a settings file names.

    Raises:
        SettingsError: it is a scheduler that the user has never named.
    """
    if not is_known(cluster):
        assert cluster is not None
        where = escape_text(cluster.where)
        raise SettingsError(
            f"the settings file names the scheduler {where}, which you have not named before and which could run code "
            f"on this machine; if it is yours add --cluster {shell_word(cluster.where)}",
            field="cluster",
        )


def _connects(cluster: ClusterSettings | None) -> bool:
    """Return whether the scheduler of a cluster was started by somebody else."""
    return cluster is not None and cluster.kind in ("scheduler", "file")

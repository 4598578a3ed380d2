"""Let a run that has ended compute elsewhere when it is resumed: on another cluster, or on this machine alone."""

import contextlib
from dataclasses import replace
from pathlib import Path

from nnsize_engine.errors import RunError
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import writer
from nnsize_engine.runs.database import open_for_writing, transaction
from nnsize_engine.runs.folders import read_state
from nnsize_engine.runs.known_schedulers import remember_scheduler
from nnsize_engine.runs.lock import only_runner
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.run import KIND_WORDS
from nnsize_engine.settings.start_checks import check_dask
from nnsize_engine.settings.stored_settings import settings_to_json
from nnsize_engine.settings.watched import NO_CONTROL, WatchedSettings
from nnsize_engine.text import shell_word


def change_cluster(folder: Path, cluster: ClusterSettings | None) -> None:
    """Store the cluster that a run is resumed on; None for this machine alone.

    Raises:
        RunError: a runner is at work on it, or scikit-learn runs it.
        SettingsError: no cluster can share this evolution, or Dask is missing.
    """
    check_dask(cluster)
    header, state = read_state(folder)
    if state in LIVE_STATES:
        raise RunError(
            f"run {folder.name} is {state}, and computes where it began; stop it first: nnsize stop "
            f"{shell_word(folder.name)}"
        )
    settings = header.settings
    if isinstance(settings, WatchedSettings):
        raise RunError(f"run {folder.name} is {KIND_WORDS['watched']}: {NO_CONTROL.format('choose its workers')}")
    changed = replace(settings, cluster=cluster)
    remember_scheduler(cluster)
    if changed == settings:
        return
    where = "this machine" if cluster is None else cluster.where
    with (
        only_runner(folder),
        contextlib.closing(open_for_writing(folder)) as connection,
        transaction(connection, folder),
    ):
        writer.update_run(connection, settings=settings_to_json(changed))
        writer.add_log(connection, "info", f"goes on computing on {where}")

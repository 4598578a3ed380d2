"""The question where a run goes on that a cluster computed: there, on this machine, or on another cluster."""

from typing import Any

from textual.app import App

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.cluster import NO_CLUSTER, ClusterSettings, cluster_settings
from nnsize_engine.text import escape_text
from nnsize_tui.screens.dialogs.pick_names import PickNames
from nnsize_tui.terminal.glyphs import Glyphs


async def asked_cluster(
    app: App[Any], glyphs: Glyphs, name: str, cluster: ClusterSettings
) -> tuple[ClusterSettings | None] | None:
    """Return the cluster on which the user lets the run go on, in a tuple of one; None if the question was left.

    It must be awaited in a worker.
    """
    before = escape_text(f"{cluster.where} {cluster.workers_text}".strip())
    names = [
        (before, "as before"),
        (NO_CLUSTER, "this machine alone"),
        ("local:2", "two workers on this machine"),
        ("slurm 2:40", "a queue; or type another cluster"),
    ]
    offered = [one for place, one in enumerate(names) if one[0] not in dict(names[:place])]
    picker = PickNames(glyphs, f"Resume {name} on", offered, (before,), many=False, takes=_is_cluster)
    chosen = await app.push_screen_wait(picker)
    if not chosen:
        return None
    return (cluster,) if chosen[0] == before else (typed_cluster(chosen[0]),)


def typed_cluster(text: str) -> ClusterSettings | None:
    """Return the cluster that a text names, with its workers after a blank; None for this machine.

    Raises:
        SettingsError: it names none.
    """
    where, _, workers = text.strip().partition(" ")
    return cluster_settings(where, workers)


def _is_cluster(text: str) -> bool:
    """Return whether a text names a cluster or this machine."""
    try:
        typed_cluster(text)
    except SettingsError:
        return False
    return bool(text.strip())

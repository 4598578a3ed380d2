"""The cluster that computes a run: which one, how many workers, how long to wait for them.

The cluster changes no result. It is stored with the settings, so that a resumed run goes on where it computed before.
"""

import math
import os
import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import closest_match
from nnsize_engine.settings.validate import check_integer

NO_CLUSTER = "none"
"""The text that means this machine alone."""

QUEUES = ("slurm", "pbs", "sge", "lsf", "htcondor", "moab", "oar")
"""Queueing systems that dask-jobqueue submits jobs to."""

ClusterKind = Literal["scheduler", "file", "local", "queue"]
"""A running scheduler by its address, or by its file; workers on this machine; jobs in a queue."""

MAX_WORKERS = 10_000  # of a cluster; a scheduler of Dask serves a few thousand

MAX_LOCAL_WORKERS = 256  # processes on one machine, each of about 200 MB

MAX_WAIT_SECONDS = 30 * 86_400.0  # of the wait for the first worker: no queue keeps a job waiting for longer

WAIT_SECONDS = 60.0  # for the first worker of a scheduler that runs, or on this machine

QUEUE_WAIT_SECONDS = 7 * 86_400.0  # for the first job of a queue to start

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.%]+\]|[^\s/:\[\]]+):(\d{1,5})/?")

EXAMPLES = "tcp://HOST:8786, tls://HOST:8786, a scheduler file, local:4, slurm or another queue, or none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterSettings:
    """The cluster of a run."""

    where: str
    """Address of a scheduler, absolute path of a scheduler file, ``local:N``, or the name of a queue."""

    workers: tuple[int, int] | None = None
    """Fewest and most workers.

    A queue is asked for them. A run on a scheduler that others started begins with the fewest. None for one worker.
    """

    wait_seconds: float = WAIT_SECONDS
    """Seconds that the run waits for its first workers, before it ends."""

    def __post_init__(self) -> None:
        kind = kind_of(self.where)
        if self.workers is not None:
            _check_workers(self.workers, kind)
        if not 0 < self.wait_seconds <= MAX_WAIT_SECONDS:  # written as "inside", so that NaN is refused too
            raise SettingsError(
                f"cluster-wait is {self.wait_seconds!r}; it must be a number of seconds above 0 and at most "
                f"{MAX_WAIT_SECONDS:,.0f}",
                field="cluster_wait",
            )

    @property
    def kind(self) -> ClusterKind:
        """The kind of cluster that ``where`` names."""
        return kind_of(self.where)

    @property
    def min_workers(self) -> int:
        """Workers that a run waits for before it begins."""
        if self.kind == "local":
            return local_workers(self.where)
        # The jobs of a queue start one after the other, and the first one can begin.
        return 1 if self.workers is None or self.kind == "queue" else self.workers[0]

    @property
    def workers_text(self) -> str:
        """The workers as a user writes them; empty for None."""
        if self.workers is None:
            return ""
        fewest, most = self.workers
        return str(most) if fewest == most else f"{fewest}:{most}"


def cluster_settings(where: str, workers: str = "", wait_seconds: float | None = None) -> ClusterSettings | None:
    """Return the cluster that texts of a user name; None for ``none`` or no text.

    A scheduler file becomes an absolute path, because the runner has another working folder.

    Raises:
        SettingsError: a text is refused, or there is no such scheduler file.
    """
    where, workers = where.strip(), workers.strip()
    if where in ("", NO_CLUSTER):
        if workers:
            raise SettingsError(
                f"workers is {workers!r}, but no cluster is chosen; choose one with cluster, or use jobs for the fits "
                "at a time on this machine",
                field="workers",
            )
        return None
    kind = kind_of(where)
    if kind == "file":
        path = Path(os.path.expanduser(where)).absolute()  # noqa: PTH111  # leaves an unknown ~user alone
        if not path.is_file():
            raise SettingsError(
                f"cluster is {where!r}, and there is no such scheduler file; start a scheduler with: dask scheduler "
                "--scheduler-file FILE",
                field="cluster",
            )
        where = str(path)
    usual = QUEUE_WAIT_SECONDS if kind == "queue" else WAIT_SECONDS
    return ClusterSettings(
        where=where,
        workers=parse_workers(workers) if workers else None,
        wait_seconds=usual if wait_seconds is None else wait_seconds,
    )


def cluster_of_options(options: MutableMapping[str, Any]) -> ClusterSettings | None:
    """Take the options about the cluster out of those of a command, and return the cluster; None without one.

    Raises:
        SettingsError: an option is refused.
    """
    where, workers = str(options.pop("cluster", None) or ""), str(options.pop("workers", None) or "")
    seconds = options.pop("cluster_wait", None)
    return cluster_settings(where, workers, seconds)


def kind_of(where: str) -> ClusterKind:
    """Return the kind of cluster that a text names.

    Raises:
        SettingsError: it names none.
    """
    if "://" in where:
        _check_address(where)
        return "scheduler"
    if where.startswith("local"):
        local_workers(where)
        return "local"
    if where in QUEUES:
        return "queue"
    if "/" in where or where.endswith(".json"):
        return "file"
    near = closest_match(where, (*QUEUES, NO_CLUSTER))
    advice = f"it must be {EXAMPLES}" if near is None else f"did you mean {near!r}?"
    raise SettingsError(f"cluster is {where!r}; {advice}", field="cluster")


def local_workers(where: str) -> int:
    """Return the number of worker processes of ``local:N``.

    Raises:
        SettingsError: the text has no such number.
    """
    name, _, count = where.partition(":")
    if name == "local" and count.isascii() and count.isdecimal() and 1 <= int(count[:9]) <= MAX_LOCAL_WORKERS:
        return int(count)
    raise SettingsError(
        f"cluster is {where!r}; it must be local:N with 1 to {MAX_LOCAL_WORKERS} worker processes on this machine",
        field="cluster",
    )


def parse_workers(text: str) -> tuple[int, int]:
    """Read a number of workers, ``40``, or the fewest and the most, ``2:40``.

    Raises:
        SettingsError: the text is neither.
    """
    low, colon, high = text.partition(":")
    parts = [low, high] if colon else [low, low]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise _wrong_workers(text)
    fewest, most = (int(part[:9]) for part in parts)
    return fewest, most


def _check_address(where: str) -> None:
    found = _ADDRESS.fullmatch(where)
    if found is None or not 0 < int(found[3]) < 65_536:
        raise SettingsError(
            f"cluster is {where!r}; the address of a scheduler is tcp://HOST:PORT or tls://HOST:PORT", field="cluster"
        )


def _check_workers(workers: tuple[int, int], kind: ClusterKind) -> None:
    fewest, most = workers
    check_integer("workers", fewest, 1, MAX_WORKERS)
    check_integer("workers", most, 1, MAX_WORKERS)
    if fewest > most:
        raise _wrong_workers(f"{fewest}:{most}")
    if kind == "local":
        raise SettingsError(
            f"workers is {fewest if fewest == most else f'{fewest}:{most}'}, but local:N says itself how many workers "
            "there are; leave workers out",
            field="workers",
        )


def _wrong_workers(found: str) -> SettingsError:
    return SettingsError(
        f"workers is {found!r}; it must be a number such as 40, or the fewest and the most such as 2:40, "
        f"from 1 to {MAX_WORKERS:,}",
        field="workers",
    )


def cluster_from_stored(fields: dict[str, object] | None) -> ClusterSettings | None:
    """Make the settings from a JSON object; None stays None."""
    if fields is None:
        return None
    workers = fields.get("workers")
    pair = tuple(workers) if isinstance(workers, list) else workers  # JSON has no tuples
    return ClusterSettings(**{**fields, "workers": pair})  # type: ignore[arg-type]  # wrong_field checks the types


def cluster_words(cluster: ClusterSettings | None) -> str:
    """Return a cluster in a few words; empty for None."""
    if cluster is None:
        return ""
    return f"{cluster.where}, {cluster.workers_text} workers" if cluster.workers is not None else cluster.where


def wait_option(cluster: ClusterSettings) -> float | None:
    """Return the seconds to wait if they are not the usual ones of the kind of cluster."""
    usual = QUEUE_WAIT_SECONDS if cluster.kind == "queue" else WAIT_SECONDS
    return None if math.isclose(cluster.wait_seconds, usual) else cluster.wait_seconds

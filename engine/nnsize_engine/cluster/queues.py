"""Workers as jobs in the queue of a cluster, through dask-jobqueue and the user's own ``jobqueue.yaml``.

The scheduler is in this process. Its connections take TLS, because everybody in the network of a cluster could
otherwise run code as this user: with the certificates of Dask's configuration, else with ones made for this run, whose
key only the user and the user's jobs can read.
"""

import contextlib
import os
import shlex
import shutil
import sys
import types
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nnsize_engine.cluster.adaptive import IDLE_SECONDS, adaptive_class
from nnsize_engine.cluster.backend import Note
from nnsize_engine.cluster.job_keeper import JobKeeper
from nnsize_engine.cluster.queue_watcher import start_watcher
from nnsize_engine.cluster.recorded_job import Submissions, recorded
from nnsize_engine.errors import ClusterError
from nnsize_engine.processes.private_files import new_private_file
from nnsize_engine.processes.queue_commands import BATCH_QUEUES, Queue, ask_queue, cancel_jobs
from nnsize_engine.runs.queue_jobs import JobList, remove_ended
from nnsize_engine.settings.cluster import ClusterSettings

CLOSE_SECONDS = 10.0  # for the scheduler to end


def open_queue_cluster(name: str, settings: ClusterSettings, folder: Path, note: Note) -> "QueueBackend":
    """Start a scheduler and submit jobs whose workers connect to it.

    ``folder`` is that of the run; the jobs get a folder in it.

    Raises:
        ClusterError: the queue cannot be used.
    """
    queue = BATCH_QUEUES[name]
    check_queue(queue)
    return QueueBackend(queue, settings, folder, note)


def check_queue(queue: Queue) -> None:
    """Accept a queue whose commands are here, and whose jobs have a size.

    Raises:
        ClusterError: a command or a setting is missing.
    """
    if shutil.which(queue.submit) is None:
        raise ClusterError(
            f"cluster {queue.name} needs the command {queue.submit}, which is not on the PATH here; start the run on a "
            f"login node of the cluster, or load its module"
        )
    needed = ("cores", "memory", "disk") if queue.name == "htcondor" else ("cores", "memory")
    with _readable_config():
        import dask

        missing = [key for key in needed if dask.config.get(f"jobqueue.{queue.name}.{key}", None) is None]
    if missing:
        examples = {"cores": "cores: 1", "memory": "memory: 4GB", "disk": "disk: 1GB"}
        sizes = ", ".join(examples[key] for key in needed)
        raise ClusterError(
            f"cluster {queue.name} needs to know the size of a job, and {config_file()} does not say its "
            f"{' and '.join(missing)}; write there, for example: jobqueue: {{{queue.name}: {{{sizes}}}}}"
        )


def config_file() -> Path:
    """Return the file in which users describe their queue to dask-jobqueue."""
    import dask

    return Path(dask.config.PATH) / "jobqueue.yaml"


@contextlib.contextmanager
def _readable_config() -> Iterator[None]:
    """Turn what Dask says of a wrong configuration file into one sentence.

    Raises:
        ClusterError: the file cannot be read.
    """
    try:
        yield
    except ValueError as error:
        raise ClusterError(f"Dask's configuration cannot be read: {' '.join(str(error).split())}") from error


class QueueBackend:
    """A scheduler in this process, and jobs whose workers connect to it."""

    def __init__(self, queue: Queue, settings: ClusterSettings, run: Path, note: Note) -> None:
        """Start the scheduler and submit the jobs.

        Raises:
            ClusterError: the settings of the jobs cannot be used, or the run's folder cannot be written.
        """
        self._queue, self._note = queue, note
        remove_ended(run)
        try:
            self._jobs = JobList(run, queue)
        except OSError as error:
            raise ClusterError(f"no folder for jobs can be made in {run}: {error.strerror or error}") from error
        submissions = Submissions(self._jobs, note)
        with contextlib.ExitStack() as undo:
            undo.callback(self._jobs.forget)
            self._cluster, self._cancel = _start(submissions, note)
            undo.callback(self._cluster.close, timeout=CLOSE_SECONDS)
            try:
                self._watcher = start_watcher(self._jobs, run, self._cancel)
            except OSError as error:
                raise ClusterError(f"a process that watches the jobs cannot be started: {error}") from error
            undo.pop_all()
        self.security: Any = self._cluster.security
        self._keeper = JobKeeper(self._cluster, submissions, note)
        fewest, most = settings.workers or (1, 1)
        if fewest == most:
            self._cluster.scale(most)
        else:
            # It looks once a second, and gives a worker back that had no work in so many looks.
            self._cluster.adapt(Adaptive=adaptive_class(), minimum=fewest, maximum=most, wait_count=IDLE_SECONDS)
        self._keeper.start()

    @property
    def address(self) -> str:
        """Address of the scheduler."""
        return str(self._cluster.scheduler_address)

    def status(self) -> str:
        """Return what the queue says of the jobs.

        Raises:
            ClusterError: the queue refuses all jobs, or they end before their workers connect.
        """
        return self._keeper.status()

    def close(self) -> None:
        """Cancel the jobs and end the scheduler."""
        self._keeper.end()
        self._cancel_all()
        self._cluster.close(timeout=CLOSE_SECONDS)
        self._cancel_all()  # what was being submitted meanwhile
        left = self._jobs.ids
        if left:
            self._note("warning", f"{self._queue.name} still has jobs of this run; they are cancelled when it answers")
            return  # the watcher goes on
        self._watcher.kill()
        self._watcher.wait()
        self._jobs.forget()

    def _cancel_all(self) -> None:
        ids = self._jobs.ids
        if cancel_jobs(self._cancel, ids):
            self._jobs.remove(ids)
        elif (left := ask_queue(self._queue, ids)) is not None:
            self._jobs.remove([job_id for job_id in ids if job_id not in {job.id for job in left}])


def _start(submissions: Submissions, note: Note) -> tuple[Any, Sequence[str]]:
    """Start the scheduler; return the cluster without jobs, and the command that cancels jobs.

    Raises:
        ClusterError: the settings of the jobs cannot be used.
    """
    import dask

    dask_jobqueue = import_dask_jobqueue()  # before settings are changed for a while, which would forget its defaults
    queue, folder = submissions.jobs.queue, submissions.jobs.folder
    with warnings.catch_warnings(record=True) as told, dask.config.set({"distributed.scheduler.http.routes": []}):
        warnings.simplefilter("always")
        try:
            cluster_class = getattr(dask_jobqueue, queue.cluster)
            job_class = cluster_class.job_cls
            own_options = dask.config.get(f"jobqueue.{queue.name}.scheduler-options", None) or {}
            first = job_class("tcp://127.0.0.1:1", name="first")  # dask-jobqueue itself tries settings like this
            cluster = cluster_class(
                job_cls=recorded(job_class, submissions),
                processes=first.worker_processes,
                security=_security(folder),
                scheduler_options={"dashboard": False, "dashboard_address": "127.0.0.1:0", **own_options},
            )
        except Exception as error:  # whatever a wrong value in a file of the user makes of dask-jobqueue
            reason = " ".join(str(error).split())
            raise ClusterError(
                f"the scheduler for {queue.name} cannot be started as {config_file()} says: {reason}"
            ) from error
    for words in dict.fromkeys(" ".join(str(one.message).split()) for one in told):
        note("warning", f"dask-jobqueue: {words}")
    return cluster, shlex.split(first.cancel_command)


def import_dask_jobqueue() -> Any:
    """Import dask-jobqueue without its module for jobs that start a scheduler themselves.

    That module replaces the handlers of SIGINT and SIGTERM when it is imported, and raises in any other thread than the
    main one.
    """
    unused = types.ModuleType("dask_jobqueue.runner")
    unused.__dict__.update(Role=object, BaseRunner=object)
    sys.modules.setdefault(unused.__name__, unused)
    import dask_jobqueue

    return dask_jobqueue


def _security(folder: Path) -> Any:
    """Return the certificates of Dask's configuration, or new ones in a folder that only the user can read."""
    from distributed import Security

    configured = Security()
    if configured.tls_ca_file:
        return configured
    made, paths = Security.temporary(), (folder / "certificate.pem", folder / "key.pem")
    for path, content in zip(paths, (made.tls_ca_file, made.tls_scheduler_key), strict=True):
        with os.fdopen(new_private_file(path), "w") as file:
            file.write(content)
    certificate, key = map(str, paths)
    roles = ("scheduler", "worker", "client")
    named = {f"tls_{role}_{part}": path for role in roles for part, path in (("cert", certificate), ("key", key))}
    return Security(require_encryption=True, tls_ca_file=certificate, **named)

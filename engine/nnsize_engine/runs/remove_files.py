"""Remove the files of a run, whatever they are, and nothing else."""

import contextlib
from pathlib import Path

from nnsize_engine.errors import RunError
from nnsize_engine.runs import control_file
from nnsize_engine.runs.database import CHECKPOINT_DRAFT, CHECKPOINT_NAME
from nnsize_engine.runs.database import FILE_NAME as STORE_NAME
from nnsize_engine.runs.label import DRAFT_PREFIX as LABEL_DRAFT
from nnsize_engine.runs.label import FILE_NAME as LABEL_NAME
from nnsize_engine.runs.ledger import COMMITS_NAME
from nnsize_engine.runs.lock import FILE_NAME as LOCK_NAME
from nnsize_engine.runs.lock import only_runner
from nnsize_engine.runs.own_files import check_own
from nnsize_engine.runs.stall_file import DRAFT_PREFIX
from nnsize_engine.runs.stall_file import FILE_NAME as STALL_NAME
from nnsize_engine.runs.told_files import TOLD_PREFIX
from nnsize_engine.settings.kept_data import DATA_NAME


def remove_files(folder: Path, log_name: str) -> tuple[str, ...]:
    """Remove a run's own files, and its folder unless something else is in it; return the names of that.

    Raises:
        RunError: a runner holds the run, or a file cannot be removed.
    """
    from nnsize_engine.runs.queue_jobs import jobs_folders, remove_jobs_folder  # not when the explorer starts

    with _locked(folder):
        own = (STORE_NAME, f"{STORE_NAME}-wal", f"{STORE_NAME}-shm", f"{STORE_NAME}-journal", control_file.FILE_NAME)
        try:
            for name in (*own, COMMITS_NAME, CHECKPOINT_NAME, DATA_NAME, log_name, STALL_NAME, LABEL_NAME, LOCK_NAME):
                _remove(folder / name)
            for pattern in (
                ".control-*",
                f"{CHECKPOINT_DRAFT}*",
                f"{DRAFT_PREFIX}*",
                f"{TOLD_PREFIX}*",
                f"{LABEL_DRAFT}*",
            ):
                for draft in folder.glob(pattern):
                    _remove(draft)
            for jobs in jobs_folders(folder):
                remove_jobs_folder(jobs)
            with contextlib.suppress(OSError):  # the user's own files stay, and so does the folder
                folder.rmdir()
            return tuple(sorted(path.name for path in folder.iterdir())) if folder.exists() else ()
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise RunError(f"run {folder.name} cannot be deleted: {where}{error.strerror or error}") from error


def _locked(folder: Path) -> contextlib.AbstractContextManager[None]:
    """Hold a run's lock; a link or a pipe in its place locks nothing, because no runner opens it."""
    try:
        check_own(folder / LOCK_NAME)
    except OSError:
        return contextlib.nullcontext()
    return only_runner(folder)


def _remove(path: Path) -> None:
    """Remove a file, a link but not what it leads to, or an empty folder; a folder with content stays.

    Raises:
        OSError: it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError:
        if not path.is_dir() or path.is_symlink():
            raise
        with contextlib.suppress(OSError):
            path.rmdir()

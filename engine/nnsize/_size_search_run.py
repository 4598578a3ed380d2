"""A search of SizeSearchCV as a run: its data is kept in the folder of the run, its fits are made by a runner."""

import dataclasses
import os
import sys
from pathlib import Path

from nnsize._errors import told_in_python
from nnsize._progress import Snapshot, display_for, watch_words
from nnsize._run import Run, follow_run
from nnsize._size_search_fit import Searched, searched_of
from nnsize._size_search_settings import Plan
from nnsize_engine.answers.kinds import answer_of
from nnsize_engine.data.kept_file import read_rows, write_rows
from nnsize_engine.data.kept_rows import KeptRows
from nnsize_engine.data.source import file_sha256
from nnsize_engine.errors import RunTakenError
from nnsize_engine.processes.private_files import new_private_file
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch, steer
from nnsize_engine.runs.database import reading
from nnsize_engine.runs.folders import home
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.reader import read_header
from nnsize_engine.runs.relabel import numbered_name
from nnsize_engine.runs.search_reader import read_fits
from nnsize_engine.runs.view import AnyView, SizeView
from nnsize_engine.settings.kept_data import DATA_NAME
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.search import SizeSettings

MAX_NAME_LETTERS = 64  # of an id, as in RUN_NAME


def start_search(plan: Plan, name: str | None, max_store: int) -> Run:
    """Keep the data of a search in a new run, and start it; a name that another run has gets a number.

    Raises:
        NnsizeError: the run cannot be started.
        ValueError: the data is larger than allowed.
    """
    if plan.kept.bytes > max_store:
        raise ValueError(
            f"the run would keep a copy of the data of {size_text(plan.kept.bytes)}, and max_store allows "
            f"{size_text(max_store)}; give a larger max_store, or store=False, or save the data as a file and search "
            "it with 'nnsize size'"
        )

    def fill(draft: Path) -> RunSettings:
        with os.fdopen(new_private_file(draft / DATA_NAME), "wb") as file:
            write_rows(file, plan.kept)
            file.flush()
            os.fsync(file.fileno())
        table = plan.settings.table
        assert table is not None
        choice = dataclasses.replace(table.choice, source=DATA_NAME)
        table = dataclasses.replace(table, choice=choice, sha256=file_sha256(draft / DATA_NAME))
        return dataclasses.replace(plan.settings, data=DATA_NAME, table=table)

    while True:
        try:
            return Run(launch.start(plan.settings, home(), name=name, fill=fill))
        except RunTakenError:  # again if another program has just taken the number
            assert name is not None
            name = numbered_name(name, home(), MAX_NAME_LETTERS)


def size_text(count: int) -> str:
    """Return a number of bytes in words."""
    for unit, bytes_each in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= bytes_each:
            return f"{count / bytes_each:.3g} {unit}"
    return f"{count} bytes"


def read_search(folder: Path, settings: SizeSettings) -> Searched:
    """Return what a search that has ended tells.

    Raises:
        NnsizeError: the run cannot be read.
        ValueError: all its fits failed.
    """
    with reading(folder) as connection:
        read_header(connection)
        fits = tuple(read_fits(connection)[0])
    return searched_of(settings, fits)


def read_kept_rows(run: Run) -> KeptRows:
    """Return the rows that a run keeps.

    Raises:
        DataError: they are gone or damaged.
    """
    return read_rows(run.folder / DATA_NAME)


def wait_until_begun(run: Run, verbose: int) -> None:
    """Return once a new run is at work, and say how to watch it.

    Raises:
        ValueError: the run was refused; it is removed.
        OSError: it cannot be read.
    """
    with told_in_python():
        if steer.wait_until_at_work(run.folder) == "refused":
            launch.discard_refused(run.folder)
    if verbose:
        print(watch_words(run.folder), file=sys.stderr)  # noqa: T201  # as the displays do


def follow_search(run: Run, verbose: int, timeout: float | None = None) -> SizeView:
    """Show a run until it has ended, and return the last look at it.

    Raises:
        TimeoutError: it has not ended in time.
        ValueError: it is no search.
        OSError: it cannot be read.
    """
    data = run.folder / DATA_NAME
    note = f"({size_text(data.lstat().st_size)} of data are kept in its folder)" if os.path.lexists(data) else ""
    with display_for(verbose) as display:
        view = follow_run(
            run, lambda view: display.show(_snapshot(view, note, has_answer=display.shows_answers)), timeout
        )
    if not isinstance(view, SizeView):
        raise ValueError(f"run {run.name} is no search for the number of neurons")
    return view


def _snapshot(view: AnyView, note: str, *, has_answer: bool) -> Snapshot:
    """Return the progress of a run."""
    header = view.header
    words = answer_of(view) if has_answer and isinstance(view, SizeView) and view.choice is not None else ""
    return Snapshot(
        done=header.done,
        total=header.total,
        words=words,
        remaining=view.remaining if view.state in LIVE_STATES else None,
        folder=view.folder,
        note=view.stall_words or note,
    )


def stop_run(run: Run) -> None:
    """Stop a run after Ctrl-C, and say how it goes on; nothing that is finished is lost."""
    view = steer.stop_followed(RunFollower(run.folder))
    if view.state == "stopped":
        print(  # noqa: T201  # as the displays do
            f"run {run.name} is stopped, and its finished fits are kept; go on with .run_.resume() and .wait()",
            file=sys.stderr,
        )


def ended_badly(view: SizeView) -> Exception | None:
    """Return why a search gives no results, by how its run ended; None if it gives them."""
    name, reason = view.folder.name, view.header.reason
    match view.state:
        case "finished":
            return None
        case "refused":
            return ValueError(reason or "the data does not allow these settings")
        case "failed" if view.choice is None and view.header.done >= view.header.total:
            return None  # all fits failed, which is said in scikit-learn's words
        case "failed":
            return RuntimeError(f"run {name} failed: {reason}")
        case other:
            return RuntimeError(
                f"run {name} is {other}, and its finished fits are kept; go on with .run_.resume() and .wait()"
            )

"""Start, steer and delete runs, by their runners and control files; never by importing what computes."""

import contextlib
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nnsize_engine.errors import DataError, NnsizeError, RunError, StoreError
from nnsize_engine.processes.identity import is_alive
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs import control_file
from nnsize_engine.runs.database import Fill, create, open_for_writing, transaction
from nnsize_engine.runs.extend_run import check_extensible, extend_stored
from nnsize_engine.runs.first_network import check_first_network
from nnsize_engine.runs.folders import home, named_run_folder, new_run_folder, read_state
from nnsize_engine.runs.known_schedulers import check_known, remember_scheduler
from nnsize_engine.runs.label import NO_LABEL, RunLabel
from nnsize_engine.runs.leftovers import remove_leftovers
from nnsize_engine.runs.lock import only_runner
from nnsize_engine.runs.reader import RunHeader
from nnsize_engine.runs.relabel import check_is_free
from nnsize_engine.runs.remove_files import remove_files
from nnsize_engine.runs.stall_file import Stall
from nnsize_engine.runs.stalls import find_stall, stall_words
from nnsize_engine.runs.standard_input import forget_copy
from nnsize_engine.runs.start_runner import LOG_NAME, start_runner
from nnsize_engine.runs.table_check import check_unchanged
from nnsize_engine.runs.waiting_runner import WaitingRunner
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import KIND_WORDS, RunExtension, RunSettings, StartedSettings, code_of
from nnsize_engine.settings.start_checks import check_resume, check_start
from nnsize_engine.settings.watched import NO_CONTROL, WatchedSettings
from nnsize_engine.text import shell_word

# A runner usually ends a few hundredths of a second after it has stored how its run ended.
MAX_END_SECONDS = 30.0

MAX_STOP_SECONDS = 65.0  # until a run has paused or stopped; a large population takes a while to be stored

MAX_STALL_SECONDS = 3.0  # that a stalled run is waited for: one that finds room goes on within a second


def start(
    settings: StartedSettings,
    home: Path,
    *,
    name: str | None = None,
    label: RunLabel = NO_LABEL,
    fill: Fill | None = None,
    waiting: WaitingRunner | None = None,
) -> Path:
    """Create a run and start its runner, detached from this terminal.

    Args:
        settings: settings of the run.
        home: the folder of all runs.
        name: the name of the run, which is its id as well; None for an id that is drawn.
        label: name, note and tags of the run.
        fill: writes data from memory into the folder of the run.
        waiting: it may have a runner that has loaded its libraries; None to start one.

    Raises:
        SettingsError: its population does not fit into memory, or a file with one does not fit the network.
        StoreError: the run folder cannot be written.
        RunError: the runner cannot be started, or another run has the name.
    """
    check_start(settings)
    if isinstance(settings, EvolutionSettings):
        check_first_network(settings)
    remove_leftovers(home)
    remember_scheduler(settings.cluster)
    if name is None:
        folder = new_run_folder(home)
    else:
        folder, label = named_run_folder(home, name), replace(label, name=name)
    check_is_free(label.name, home)
    create(folder, folder.name, settings, fill, label)
    try:
        start_runner(folder, runs_code=True, waiting=waiting)
    except NnsizeError:
        shutil.rmtree(folder, ignore_errors=True)  # nothing was computed; leave no run behind that never was one
        raise
    return folder


def resume(folder: Path, *, runs_code: bool = False) -> None:
    """Go on with a run that is paused, stopped, failed or interrupted; repeats no finished fit or generation.

    What is broken in it is computed again, also in a finished run.

    ``runs_code`` allows a run whose fitness is a Python function to call it: the run may be someone else's.

    Raises:
        RunError: it is running or finished, or it would run code that was not allowed.
        SettingsError: its population no longer fits into memory.
        DataError: the file with its table is not what it was.
    """
    header, state = read_state(folder)
    _check_steered(header, "start the search again")
    if state in ("starting", "running"):
        raise RunError(f"run {folder.name} is {state} already{_but(folder, header, state)}")
    if state == "finished" and _is_whole(folder):
        raise RunError(f"run {folder.name} is finished; there is nothing left to do")
    if state != "paused":  # a paused one has its memory already, and has imported its code
        check_code(folder.name, header.settings, is_allowed=runs_code)
        check_known(folder.name, header.settings.cluster)
        check_resume(header.settings)
    if header.data is not None and header.settings.table is not None:
        check_unchanged(header.settings.table)  # a paused one holds its rows, but would not be what its settings say
    control_file.ask(folder, "run")
    if state != "paused":
        _let_end(header)
        start_runner(folder, runs_code=runs_code)


def _check_steered(header: RunHeader, remedy: str) -> None:
    """Accept a run that nnsize itself computes.

    Raises:
        RunError: it is a watched search; the message says what to do in its place.
    """
    if isinstance(header.settings, WatchedSettings):
        raise RunError(f"run {header.id} is {KIND_WORDS['watched']}: {NO_CONTROL.format(remedy)}")


def _is_whole(folder: Path) -> bool:
    from nnsize_engine.runs.examine import examine  # not when the explorer starts

    return examine(folder).condition == "whole"


def check_code(name: str, settings: RunSettings, *, is_allowed: bool, command: str = "resume") -> None:
    """Accept settings that run no code of the user, or whose code is allowed.

    Raises:
        RunError: the fitness is a Python function, and it is not allowed.
    """
    function = code_of(settings)
    if function is not None and not is_allowed:
        raise RunError(
            f"run {name} would run the Python function {function} on this machine; look at it, and if you trust it "
            f"type: nnsize {command} {shell_word(name)} --run-code"
        )


def extend(folder: Path, extension: RunExtension, *, runs_code: bool = False) -> None:
    """Add fits to a search that has ended, or generations to an evolution, and go on; repeats nothing that is finished.

    If this process dies, the run has either its old settings or the new ones, and can be resumed with them.
    ``runs_code`` allows a Python function of the user, as in :func:`resume`.

    Raises:
        RunError: it is at work, it was refused, it is a run of another kind, or it would run code that is not allowed.
        SettingsError: the extension does not fit the run.
        DataError: the file with its table is not what it was.
    """
    from nnsize_engine.runs.mend import mend  # not when the explorer starts

    header, state = read_state(folder)
    _check_steered(header, "start another search")
    check_extensible(header, state)
    check_code(folder.name, header.settings, is_allowed=runs_code, command="extend")
    check_known(folder.name, header.settings.cluster)
    check_resume(header.settings)
    if header.data is not None and header.settings.table is not None:
        check_unchanged(header.settings.table)
    _let_end(header)
    with only_runner(folder), contextlib.closing(open_for_writing(folder)) as connection:
        header, state = read_state(folder)  # again: another process may have extended or resumed the run since
        check_extensible(header, state)
        mend(connection, folder)
        with transaction(connection, folder):
            extend_stored(connection, folder, header, extension)
    control_file.ask(folder, "run")
    start_runner(folder, runs_code=runs_code)


def pause(folder: Path) -> None:
    """Ask a run to compute nothing more for now.

    Raises:
        RunError: no runner is working on it.
    """
    header, state = read_state(folder)
    _check_steered(header, "interrupt it")
    if state not in ("starting", "running"):
        raise RunError(f"run {folder.name} is {state}; only a running one can be paused")
    control_file.ask(folder, "pause")


def stop(folder: Path) -> None:
    """Ask a run to end now; it can be resumed later.

    Raises:
        RunError: no runner is working on it.
    """
    header, state = read_state(folder)
    _check_steered(header, "interrupt it")
    if state not in LIVE_STATES:
        raise RunError(f"run {folder.name} is {state}; only a running or paused one can be stopped")
    control_file.ask(folder, "stop")


def delete(folder: Path) -> tuple[str, ...]:
    """Remove a run and all its results: its own files, and the folder unless something else is in it.

    Returns the names of what is left in the folder.

    Raises:
        RunError: a runner is working on it, it is a link, or its files cannot be removed.
        StoreError: it lies elsewhere than the other runs and is no run that can be read.
    """
    if folder.is_symlink():
        raise RunError(f"{folder} is a link; delete the run it points to, or remove the link")
    table = None
    try:
        header, state = read_state(folder)
        table = header.settings.table
    except StoreError:
        if folder.parent != home():
            raise  # where runs live a damaged one may be deleted, but elsewhere nothing that only looks like one
    else:
        if state in LIVE_STATES:
            _check_steered(header, "let it end, or interrupt it")
            raise RunError(f"run {folder.name} is {state}; stop it before deleting it{_but(folder, header, state)}")
        _let_end(header)
    left = remove_files(folder, LOG_NAME)
    if table is not None:
        forget_copy(table.choice.source)
    return left


def discard_refused(folder: Path) -> None:
    """Remove a run whose settings its data does not allow, and say so.

    Raises:
        DataError: always, with the reason of the refusal.
    """
    header, _ = read_state(folder)
    delete(folder)
    raise DataError(header.reason or "the data does not allow these settings")


def wait_for(folder: Path, reached: Callable[[State], bool], seconds: float) -> State:
    """Wait until a run's state is as wanted, it is stalled, or the time is up; returns the last state seen."""
    return _wait(folder, reached, seconds, lambda stall: stall.kind != "silent")  # a silent one may only be slow


def wait_for_end(folder: Path, is_given_up: Callable[[], bool] = lambda: False) -> State:
    """Wait until a run that was asked to stop has ended, or does not for a reason; returns the last state seen.

    It does not when it is frozen, when another command has let it go on since, or when the time is up.
    """

    def reached(state: State) -> bool:
        return state not in LIVE_STATES or is_given_up() or control_file.wish(folder, "stop") == "run"

    return _wait(folder, reached, MAX_STOP_SECONDS, lambda stall: stall.kind == "frozen")


def _wait(
    folder: Path, reached: Callable[[State], bool], seconds: float, is_hopeless: Callable[[Stall], bool]
) -> State:
    now = time.monotonic()
    deadline, hoped = now + seconds, now
    while True:
        header, state = read_state(folder)
        stall, now = find_stall(folder, header, state), time.monotonic()
        if stall is None or not is_hopeless(stall):
            hoped = now
        if reached(state) or now > deadline or now - hoped > MAX_STALL_SECONDS:
            return state
        time.sleep(0.05)


def _but(folder: Path, header: RunHeader, state: State) -> str:
    """Return the end of a sentence about a run that is alive and does not go on; empty if it does."""
    stall = find_stall(folder, header, state)
    return "" if stall is None else f", but {stall_words(stall, folder, header, state)}"


def _let_end(header: RunHeader) -> None:
    """Wait for the runner of a run that is stored as ended: it tidies up, and holds the run's lock until it is gone.

    The process of a watched search goes on, and has let the run go.
    """
    if isinstance(header.settings, WatchedSettings):
        return
    deadline = time.monotonic() + MAX_END_SECONDS
    while header.runner is not None and is_alive(header.runner) and time.monotonic() < deadline:
        time.sleep(0.05)

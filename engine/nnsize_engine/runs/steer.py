"""Steer runs and wait until they have followed: what commands and the Python API do."""

import time
from collections.abc import Callable
from pathlib import Path

from nnsize_engine.errors import NnsizeError, RunError
from nnsize_engine.results.records import LIVE_STATES, State
from nnsize_engine.runs import launch
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.stalls import stall_of
from nnsize_engine.runs.view import AnyView
from nnsize_engine.text import shell_word

GivesUp = Callable[[], bool]
"""Returns whether whoever waits does not want to wait any longer."""

LOOK_SECONDS = 0.25  # between two looks at a run that is followed

MAX_START_SECONDS = 60.0  # until a new run is at work

AT_WORK: frozenset[State] = frozenset({"starting", "running"})
AT_REST: frozenset[State] = frozenset({"paused", "stopped", "interrupted"})

_BAD_ENDS: frozenset[State] = frozenset({"failed", "refused", "interrupted"})


def never() -> bool:
    """Return that nobody gives up."""
    return False


def pause(folder: Path, gives_up: GivesUp = never) -> State:
    """Halt a run, and return its state once it has paused; the old one if the caller gave up.

    Raises:
        RunError: it is not at work, did not react in time, or failed.
    """
    launch.pause(folder)
    return _left(folder, AT_WORK, gives_up)


def resume(folder: Path, gives_up: GivesUp = never, *, runs_code: bool = False) -> State:
    """Let a run go on, and return its state once it does; the old one if the caller gave up.

    Raises:
        NnsizeError: it cannot go on, did not react in time, or failed.
    """
    launch.resume(folder, runs_code=runs_code)
    return _left(folder, AT_REST, gives_up)


def stop(folder: Path, gives_up: GivesUp = never) -> State:
    """End a run, and return its state once it has ended; the old one if the caller gave up.

    Raises:
        RunError: it is not at work, did not react in time, or failed.
    """
    launch.stop(folder)
    state = launch.wait_for_end(folder, gives_up)
    return state if state in LIVE_STATES and gives_up() else _checked(folder, state, LIVE_STATES)


def wait_until_at_work(folder: Path, gives_up: GivesUp = never) -> State:
    """Return the state of a new run once it is at work, or was refused."""
    return launch.wait_for(folder, lambda state: state != "starting" or gives_up(), MAX_START_SECONDS)


def follow(
    follower: RunFollower, show: Callable[[AnyView], None], gives_up: GivesUp = never, seconds: float = LOOK_SECONDS
) -> AnyView:
    """Look at a run until it ends or the caller gives up, and return the last look at it.

    Raises:
        StoreError: it is gone, or cannot be read.
    """
    while True:
        view = follower.look()
        show(view)
        if view.state not in LIVE_STATES or gives_up():
            return view
        time.sleep(seconds)


def stop_followed(follower: RunFollower, gives_up: GivesUp = never) -> AnyView:
    """Stop a run that was followed, and return a look at what it has become; one that just ended is left as it is.

    Raises:
        StoreError: it is gone, or cannot be read.
    """
    try:
        launch.stop(follower.folder)
        launch.wait_for_end(follower.folder, gives_up)
    except NnsizeError:
        pass  # the run ended by itself at this moment
    return follower.look()


def _left(folder: Path, states: frozenset[State], gives_up: GivesUp) -> State:
    state = launch.wait_for(folder, lambda state: state not in states or gives_up(), launch.MAX_STOP_SECONDS)
    return state if state in states and gives_up() else _checked(folder, state, states)


def _checked(folder: Path, state: State, left: frozenset[State]) -> State:
    """Return the state of a run that should have left some states.

    Raises:
        RunError: it has not, or it failed.
    """
    show = f"nnsize show {shell_word(folder.name)}"
    words = stall_of(folder)
    if words and state in left:
        raise RunError(f"run {folder.name} is still {state}, and does what it was asked later: {words}")
    if words and state == "interrupted":
        raise RunError(f"run {folder.name} has ended: {words}")
    if state in left:
        raise RunError(f"run {folder.name} was asked, but is still {state}; '{show}' tells more")
    if state in _BAD_ENDS:
        raise RunError(f"run {folder.name} was asked, but is {state} now; '{show}' tells more")
    return state

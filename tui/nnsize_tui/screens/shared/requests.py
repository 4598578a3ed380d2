"""Ask runs to pause, to go on or to stop: the one under the cursor, or all marked ones with a single notice."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

from textual.message import Message
from textual.screen import Screen

from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import State
from nnsize_engine.runs import launch
from nnsize_engine.runs.change_cluster import change_cluster
from nnsize_engine.runs.folders import read_state
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.run import RunSettings, code_of
from nnsize_tui.follow.messages import Trouble
from nnsize_tui.screens.base import BaseScreen
from nnsize_tui.screens.dialogs.confirm import Confirm
from nnsize_tui.screens.dialogs.run_code import asks_about_code
from nnsize_tui.screens.shared.target import MAX_NAMES, Target, called, names_of

ENDED: tuple[State, ...] = ("stopped", "finished", "failed", "refused", "interrupted")
RESUMED: tuple[State, ...] = ("starting", "running", "finished")

Action = Callable[[Path], None]


class Requests:
    """Send what a key asks of runs, in a thread, and show it at once."""

    def __init__(self, screen: BaseScreen[None], *, look_now: Callable[[], None], show: Callable[[], None]) -> None:
        """``look_now`` reads the runs again; ``show`` shows a request that a run has not answered yet."""
        self._screen, self._look_now, self._show = screen, look_now, show

    def pause(self, targets: Sequence[Target], left: Sequence[Target]) -> None:
        """Ask runs to pause; ``left`` are the marked runs for which that is nothing."""
        self._send("pausing", ("paused", *ENDED), [(target.folder, launch.pause) for target in targets], left)

    def resume(self, targets: Sequence[Target], left: Sequence[Target]) -> None:
        """Let runs go on; ask first where if a cluster computed one, and if one calls a Python function."""
        settings = [None if target.state == "paused" else _settings_in(target.folder) for target in targets]
        if all(one is None or (one.cluster is None and code_of(one) is None) for one in settings):
            self._send("resuming", RESUMED, [(target.folder, launch.resume) for target in targets], left)
        else:
            self._screen.run_task(partial(self._ask_and_resume, list(zip(targets, settings, strict=True)), left))

    async def _ask_and_resume(self, runs: Sequence[tuple[Target, RunSettings | None]], left: Sequence[Target]) -> None:
        if not self._screen.is_active:  # the key was pressed twice
            return
        asked = [(target.folder, await self._how_to_resume(target, settings)) for target, settings in runs]
        self._send("resuming", RESUMED, [(folder, action) for folder, action in asked if action is not None], left)

    async def _how_to_resume(self, target: Target, settings: RunSettings | None) -> Action | None:
        """Return what lets a run go on; None if the user said no."""
        from nnsize_tui.screens.dialogs.resume_where import asked_cluster

        if settings is None:
            return launch.resume
        screen, code, cluster = self._screen, code_of(settings), settings.cluster
        glyphs = screen.explorer.glyphs
        if cluster is not None:
            answer = await asked_cluster(screen.app, glyphs, target.folder.name, cluster)
            if answer is None:
                return None
            (cluster,) = answer
        if code is not None and not await asks_about_code(screen.app, glyphs, code):
            return None
        if cluster == settings.cluster and code is None:
            return launch.resume
        resume = launch.resume if cluster == settings.cluster else partial(_resume_on, cluster)
        return partial(resume, runs_code=code is not None)

    async def stop(self, targets: Sequence[Target], left: Sequence[Target]) -> None:
        """Ask runs to stop; ask the user before several are stopped."""
        screen = self._screen
        if not targets or not screen.is_active:  # the key was pressed twice
            return
        if len(targets) > 1:
            question = f"Stop {len(targets)} runs: {names_of(targets)}? What is finished is kept; they can be resumed."
            if not await screen.app.push_screen_wait(Confirm(screen.explorer.glyphs, question, yes="Stop", no="Go on")):
                return
        self._send("stopping", ENDED, [(target.folder, launch.stop) for target in targets], left)

    def _send(
        self, word: str, until: Collection[State], asked: Sequence[tuple[Path, Action]], left: Sequence[Target]
    ) -> None:
        for folder, _ in asked:
            self._screen.explorer.pending_requests.ask(folder, word, until)
        self._show()
        if asked and len(asked) + len(left) > 1:
            self._screen.notify(_notice(word, len(asked), left), markup=False)
        self._screen.run_worker(partial(self._steer, asked), group="steer", thread=True)

    # In a thread: the screen may be left meanwhile.

    def _steer(self, asked: Sequence[tuple[Path, Action]]) -> None:
        home = self._screen.app.get_default_screen()
        refused: dict[Path, str] = {}
        for folder, action in asked:
            try:
                action(folder)
            except NnsizeError as error:
                refused[folder] = str(error)
        if refused:
            tell(self._screen, Trouble(_refusals(refused, len(asked)), *refused), home)
        self._look_now()


def tell(screen: Screen[None], message: Message, home: Screen[object]) -> None:
    """Send a message to a screen, or to the home screen if that one was left meanwhile."""
    if not screen.post_message(message):
        home.post_message(message)


def _settings_in(folder: Path) -> RunSettings | None:
    """Return the settings of a run; None if it cannot be read."""
    try:
        return read_state(folder)[0].settings
    except NnsizeError:  # resuming reports it
        return None


def _resume_on(cluster: ClusterSettings | None, folder: Path, *, runs_code: bool) -> None:
    change_cluster(folder, cluster)
    launch.resume(folder, runs_code=runs_code)


def _notice(word: str, count: int, left: Sequence[Target]) -> str:
    """Return what is asked of marked runs, and of which it is not asked."""
    doing = f"{word[0].upper()}{word[1:]}"
    if not left:
        return f"{doing} {count} runs."
    more = len(left) - MAX_NAMES
    names = ", ".join(f"{called(one)} ({_state_of(one)})" for one in left[:MAX_NAMES])
    names += f" and {more} more" if more > 0 else ""
    return f"{doing} {count} of {count + len(left)} runs; that is not for {names}."


def _state_of(target: Target) -> str:
    if target.kind == "watched":
        return "scikit-learn runs it"
    return target.state or "cannot be read"


def _refusals(refused: dict[Path, str], count: int) -> str:
    """Return why runs did not do what ``count`` runs were asked for."""
    reasons = list(refused.values())
    if count == 1:
        return reasons[0]
    more = len(reasons) - MAX_NAMES
    lines = [f"{len(reasons)} of {count} runs refused:", *reasons[:MAX_NAMES]]
    return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)

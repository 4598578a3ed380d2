"""Delete runs: the question before it, and the work in a thread."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from textual.message import Message

from nnsize_engine.errors import NnsizeError
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs import launch
from nnsize_engine.runs.stored_size import stored_bytes
from nnsize_engine.settings.run import STEP_NAMES
from nnsize_engine.text import bytes_text
from nnsize_tui.follow.messages import RunDeleted, RunsDeleted, Trouble
from nnsize_tui.screens.shared.target import Target, called, names_of


def question_about(targets: Sequence[Target]) -> str:
    """Return the question before runs are deleted, with their size on disk."""
    size = bytes_text(sum(stored_bytes(target.folder) for target in targets))
    if len(targets) == 1:
        return f"{_question_about_one(targets[0])} It takes {size} on disk."
    live = sum(target.state in LIVE_STATES for target in targets)
    ask = f"Delete {len(targets)} runs: {names_of(targets)}?"
    if live:
        ask += f" {live} of them {'is' if live == 1 else 'are'} live and will be stopped first."
    return f"{ask} {_lost(targets)} will be lost. They take {size} on disk."


def _question_about_one(target: Target) -> str:
    name = called(target)
    if target.state is None:
        return f"Delete run {name}? It cannot be read; whatever it holds will be lost."
    steps = f"{target.done} finished {STEP_NAMES[target.kind]}" + ("" if target.done == 1 else "s")
    if target.state in LIVE_STATES:
        return f"Run {name} is {target.state}. Stop it and delete it? Its {steps} will be lost."
    return f"Delete run {name}? Its {steps} will be lost."


def _lost(targets: Sequence[Target]) -> str:
    """Return what the runs have finished, in words."""
    done: Counter[str] = Counter()
    for target in targets:
        done[STEP_NAMES[target.kind]] += target.done
    steps = [f"{count:,} finished {name}" + ("" if count == 1 else "s") for name, count in done.items() if count]
    return f"Their {' and '.join(steps)}" if steps else "Whatever they hold"


def delete_all(targets: Sequence[Target], tell: Callable[[Message], None]) -> None:
    """Delete runs, live ones once they have stopped; ``tell`` gets what became of them. It takes time."""
    deleted: list[Path] = []
    left: dict[Path, tuple[str, ...]] = {}
    freed = 0
    for target in targets:
        folder, size = target.folder, stored_bytes(target.folder)
        try:
            if target.state in LIVE_STATES:
                launch.stop(folder)
                launch.wait_for_end(folder)
            left[folder] = launch.delete(folder)
        except NnsizeError as error:
            tell(Trouble(str(error), folder))
        else:
            deleted.append(folder)
            freed += size
    if len(targets) == 1 and deleted:
        tell(RunDeleted(deleted[0], left[deleted[0]]))
    elif deleted:
        tell(RunsDeleted(tuple(deleted), freed, tuple(folder for folder in deleted if left[folder])))

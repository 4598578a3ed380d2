"""Change the label of a run, or check the one of a new run: its name is no other run's."""

import itertools
import os
from pathlib import Path

from nnsize_engine.errors import RunTakenError, StoreError
from nnsize_engine.runs.folder_lock import alone_in
from nnsize_engine.runs.folders import read_state, run_folders
from nnsize_engine.runs.label import LabelChange, RunLabel, label_of, read_label, write_label


def relabel(folder: Path, change: LabelChange) -> RunLabel:
    """Change the label of a run, and return the new one; two changes at the same time are both kept.

    Raises:
        SettingsError: the label is refused.
        RunError: another run has its name, or it cannot be written.
    """
    with alone_in(folder):
        before = label_in(folder)
        label = change.of(before)
        if label.name != before.name:
            check_is_free(label.name, folder.parent, but=folder)
        write_label(folder, label)
    return label


def label_in(folder: Path) -> RunLabel:
    """Return the label of a run, also of one that cannot be read."""
    try:
        return label_of(folder, read_state(folder)[0].settings)
    except StoreError:  # a run that cannot be read may be labelled, such as "damaged by the full disk"
        return read_label(folder)


def numbered_name(name: str, home: Path, longest: int) -> str:
    """Return a name for a new run: the given one if it is free, else with the first free number, as in ``flowers-2``.

    A name that would have more than ``longest`` letters with its number is cut before it.
    """
    taken = {other for folder in run_folders(home) for other in (folder.name, read_label(folder).name)}
    endings = (f"-{number}" for number in itertools.count(2))
    numbered = (f"{name[: longest - len(ending)].rstrip(' .')}{ending}" for ending in endings)
    return next(
        one for one in itertools.chain([name], numbered) if one not in taken and not os.path.lexists(home / one)
    )


def check_is_free(name: str, home: Path, *, but: Path | None = None) -> None:
    """Accept a name that no other run has, as its name or as its id; an empty one always.

    Raises:
        RunTakenError: another run has it.
    """
    if not name:
        return
    for other in run_folders(home):
        if other != but and name in (other.name, read_label(other).name):
            which = "" if other.name == name else f", which is {other.name}"
            raise RunTakenError(
                f"there is a run {name!r} already{which}; choose another name, or delete that run first"
            )

"""Lists of the files and folders of a folder. No file is opened."""

import os
from collections.abc import Sequence
from pathlib import Path

from nnsize_engine.errors import DataError
from nnsize_engine.text import escape_text
from nnsize_tui.screens.dialogs.file_table import Entry

_TEXTS = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".arff", ".jsonl", ".ndjson", ".json")
_PACKED = (".gz", ".bz2", ".xz", ".zst")

READABLE = (
    *_TEXTS, *(text + packed for text in _TEXTS for packed in _PACKED), ".zip",
    ".xlsx", ".xlsm", ".parquet", ".pq", ".feather", ".arrow", ".arrows", ".ipc", ".npz", ".npy",
)  # fmt: skip
"""Endings of files that can be read."""


def list_folder(folder: Path) -> tuple[Entry, ...]:
    """Return the folders in a folder, then the files that may hold a table, each by name.

    Raises:
        DataError: it cannot be listed.
    """
    found: list[Entry] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                is_folder = _is_folder(entry)
                if is_folder or entry.name.lower().endswith(READABLE):
                    found.append(Entry(name=entry.name, path=entry.path, is_folder=is_folder))
    except FileNotFoundError:
        raise DataError(f"there is no folder {escape_text(folder.name)}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"this folder cannot be listed: {str(reason).lower()}") from error
    return tuple(sorted(found, key=lambda entry: (not entry.is_folder, entry.name.lower(), entry.name)))


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads nowhere
        return False


def matching(entries: Sequence[Entry], typed: str) -> Sequence[Entry]:
    """Return the entries whose names begin with the typed text; hidden ones only if it begins with a dot."""
    start = typed.lower()
    if not start:
        return [entry for entry in entries if not entry.name.startswith(".")]
    return [entry for entry in entries if escape_text(entry.name).lower().startswith(start)]


def completed(entries: Sequence[Entry], typed: str) -> str:
    """Return the beginning that all matching names share; with a slash for a single folder."""
    names = [escape_text(entry.name) for entry in entries]
    if not names:
        return typed
    if len(names) == 1:
        return names[0] + ("/" if entries[0].is_folder else "")
    exact = [name for name in names if name.startswith(typed)] or names
    common = _beginning(exact)
    return common if len(common) >= len(typed) else typed


def _beginning(names: Sequence[str]) -> str:
    """Return the beginning that all names share."""
    first, last = min(names), max(names)
    same = next((place for place, sign in enumerate(first) if last[place : place + 1] != sign), len(first))
    return first[:same]


def shortened(folder: Path) -> str:
    """Return the text of a folder, with a slash at its end and ``~`` for the home folder."""
    text = str(folder)
    home = os.path.expanduser("~")  # noqa: PTH111  # pathlib's fails where there is none
    if home != "/" and (text == home or text.startswith(home + os.sep)):
        text = "~" + text[len(home) :]
    return text if text.endswith("/") else text + "/"


def expanded(typed: str) -> Path:
    """Return the folder of a typed text; the working folder for an empty one."""
    return Path(os.path.expanduser(typed or ".")).absolute()  # noqa: PTH111  # leaves an unknown ~user alone

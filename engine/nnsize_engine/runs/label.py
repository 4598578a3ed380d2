"""The label of a run: its name, a note and tags, which people give it and may change at any time.

The label has a small file of its own, because the runner alone writes the run file, and a label changes while it does
so, or long after the run has ended. The file is replaced as a whole. It may come from somebody else, so that what a
label cannot be is not shown.
"""

import contextlib
import json
import os
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nnsize_engine.errors import NnsizeError, RunError, SettingsError
from nnsize_engine.runs.control_file import refusal_advice
from nnsize_engine.runs.own_files import read_own
from nnsize_engine.settings.run import RunSettings
from nnsize_engine.settings.watched import WatchedSettings
from nnsize_engine.text import escape_text

FILE_NAME = "label.json"

DRAFT_PREFIX = ".label-"
"""How the names of labels begin that are being written."""

MAX_NAME_LETTERS = 80  # as wide as a small terminal
MAX_NOTE_LETTERS = 500  # a few sentences
MAX_TAG_LETTERS = 32
MAX_TAGS = 16
MAX_LABEL_BYTES = 16_384  # the longest label has 13,300 bytes, twelve for each letter


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLabel:
    """What people call a run."""

    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    """In the order in which they were given, each once."""

    def __post_init__(self) -> None:
        _check_text("name", self.name, MAX_NAME_LETTERS)
        _check_text("note", self.note, MAX_NOTE_LETTERS)
        if self.name == "last":
            raise SettingsError("the name is 'last', which means the newest run; give the run another name")
        for tag in self.tags:
            _check_text("tag", tag, MAX_TAG_LETTERS)
            if not tag or "," in tag or len(tag.split()) != 1:
                raise SettingsError(f"a tag is {tag!r}; it must be one word without commas, such as baseline")
        if len(self.tags) > MAX_TAGS or len(set(self.tags)) < len(self.tags):
            raise SettingsError(f"there are {len(self.tags)} tags; a run has up to {MAX_TAGS} different ones")

    @property
    def words(self) -> str:
        """The name and the tags in one line, and the note after them; empty without a label."""
        parts = [self.name, " ".join(f"#{tag}" for tag in self.tags), self.note]
        return "  ".join(part for part in parts if part)

    @property
    def lines(self) -> tuple[str, ...]:
        """Name, note and tags as lines for the head of a file; none for what is not there."""
        parts = {"Name": self.name, "Note": self.note, "Tags": " ".join(self.tags)}
        return tuple(f"{what}: {text}" for what, text in parts.items() if text)


def _check_text(what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise SettingsError(f"the {what} has {len(text):,} characters; at most {most} are kept")
    if not text.isprintable():
        raise SettingsError(f"the {what} is '{escape_text(text)}'; it must be plain text in one line")
    if text != text.strip():
        raise SettingsError(f"the {what} is {text!r}; it must not begin or end with a blank")


NO_LABEL = RunLabel()


def made_label(name: str = "", note: str = "", tags: Sequence[str] = ()) -> RunLabel:
    """Return the label that somebody typed: blanks around texts, line ends in a note and repeated tags are left out.

    Raises:
        SettingsError: a text is too long, or holds control characters.
    """
    return RunLabel(name=name.strip(), note=" ".join(note.split()), tags=tuple(dict.fromkeys(map(_tag, tags))))


def _tag(text: str) -> str:
    return text.strip().removeprefix("#")


def read_label(folder: Path) -> RunLabel:
    """Return the label of a run; an empty one if it has none, or if its file is not what nnsize writes."""
    return _read(folder) or NO_LABEL


def label_of(folder: Path, settings: RunSettings) -> RunLabel:
    """Return the label of a run; a watched search without one has the name that it was given in Python."""
    label = _read(folder)
    if label is None and isinstance(settings, WatchedSettings):
        return watched_label(settings)
    return label or NO_LABEL


def watched_label(settings: WatchedSettings) -> RunLabel:
    """Return the label of a new watched search; a name that cannot be one is left out."""
    try:
        return made_label(name=settings.name[:MAX_NAME_LETTERS])
    except SettingsError:
        return NO_LABEL


def _read(folder: Path) -> RunLabel | None:
    """Return the label of a run; None if it has none, or one that is not what nnsize writes."""
    try:
        content = read_own(folder / FILE_NAME, MAX_LABEL_BYTES + 1)
        if len(content) > MAX_LABEL_BYTES:
            return None
        found = json.loads(content)
        name, note, tags = found["name"], found["note"], found["tags"]
        if not all(isinstance(text, str) for text in (name, note, *tags)) or not isinstance(tags, list):
            return None
        return RunLabel(name=name, note=note, tags=tuple(tags))
    except (OSError, ValueError, LookupError, TypeError, RecursionError, NnsizeError):
        return None


def write_label(folder: Path, label: RunLabel) -> None:
    """Replace the label of a run, in one step.

    Raises:
        RunError: the folder cannot be written.
    """
    draft = None
    try:
        handle, draft = tempfile.mkstemp(prefix=DRAFT_PREFIX, dir=folder)
        with os.fdopen(handle, "w") as file:
            file.write(f"{json.dumps(asdict(label))}\n")
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(folder / FILE_NAME)
    except OSError as error:
        if draft is not None:
            with contextlib.suppress(OSError):
                Path(draft).unlink()
        reason = error.strerror or error
        advice = refusal_advice(error.errno, folder)
        raise RunError(f"the label of run {folder.name} cannot be written: {reason}{advice}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelChange:
    """What is changed in a label; None leaves a text as it is."""

    name: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    """Tags to add."""

    removed: tuple[str, ...] = ()
    """Tags to remove."""

    def of(self, label: RunLabel) -> RunLabel:
        """Return the changed label.

        Raises:
            SettingsError: a text is too long or holds control characters, or a tag that is to be removed is not there.
        """
        missing = [tag for tag in self.removed if tag not in label.tags]
        if missing:
            has = f"it has {', '.join(label.tags)}" if label.tags else "it has none"
            raise SettingsError(f"the run has no tag {escape_text(missing[0])!r}; {has}")
        kept = [tag for tag in label.tags if tag not in self.removed]
        return made_label(
            label.name if self.name is None else self.name,
            label.note if self.note is None else self.note,
            [*kept, *self.tags],
        )


LabelStatus = tuple[int, int, int] | None


def label_status(folder: Path) -> LabelStatus:
    """Return what changes with every write of a label; None without a label."""
    try:
        status = os.lstat(folder / FILE_NAME)  # for thousands of runs, a path costs more than the call
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino) if stat.S_ISREG(status.st_mode) else None


class LabelReader:
    """Reads the label of one run again and again, and only when its file has changed."""

    def __init__(self) -> None:
        self._status: LabelStatus = None
        self._label: RunLabel = NO_LABEL
        self._settings: RunSettings | None = None

    def look(self, folder: Path, settings: RunSettings) -> RunLabel:
        """Return the present label of a run with these settings."""
        status = label_status(folder)
        if status != self._status or settings is not self._settings:
            self._status, self._settings = status, settings
            self._label = label_of(folder, settings)
        return self._label

"""Names of files in place of their paths, because the folders of its author do not concern the readers of a report."""

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from nnsize_engine.report.page import Page
from nnsize_engine.runs.view import AnyView

Part = TypeVar("Part")

_PATH = re.compile(r"(?<![\w:/.<])/(?:[^\s/'\"<>|:*?,;()]+/)+(?=[^\s/'\"<>|:*?,;()])")
"""The folders of a path that has at least one, of signs that also stand in the middle of a sentence."""


def without_folders(page: Page, views: Sequence[AnyView]) -> Page:
    """Return a page that names the files of its runs, and those of messages, without their folders."""
    return _without(page, sorted({path for view in views for path in _paths(view)}, key=len, reverse=True))


def _paths(view: AnyView) -> list[str]:
    """Return the paths that a run knows, which may have signs that end a path in a sentence, such as blanks."""
    own = [getattr(view.settings, field.name) for field in dataclasses.fields(view.settings)]
    table = view.settings.table
    given = [str(one) for one in (*own, None if table is None else table.choice.source) if str(one).startswith("/")]
    return [*given, str(view.folder), str(view.folder.parent), str(Path.home())]


def _without(part: Part, paths: Sequence[str]) -> Part:
    """Return a part of a page without folders in its texts; charts and numbers stay as they are."""
    found: Any = part
    if isinstance(part, str):
        for path in paths:
            if len(path) > 1:
                name = "~" if path == str(Path.home()) else PurePosixPath(path).name
                found = found.replace(f"{path}/", "").replace(path, name)
        found = _PATH.sub("", found)
    elif isinstance(part, tuple | list):
        found = type(part)(_without(one, paths) for one in part)
    elif dataclasses.is_dataclass(part) and type(part).__module__ == Page.__module__:
        fields = dataclasses.fields(part)
        found = dataclasses.replace(
            found, **{field.name: _without(getattr(part, field.name), paths) for field in fields}
        )
    result: Part = found
    return result

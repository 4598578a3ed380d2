"""The name of a Python function of the user: ``mymodule:function``, or with its folder ``/home/me/mymodule:function``.

This module imports nothing of the user's: only the process that computes does, in
:mod:`nnsize_engine.evolution.python_function`.
"""

import importlib.util
import os
import re
from dataclasses import dataclass
from pathlib import Path

from nnsize_engine.errors import SettingsError

_NAME = r"[^\W\d]\w*"

_PATTERN = re.compile(rf"(?:(?P<folder>.*)/)?(?P<module>{_NAME}(?:\.{_NAME})*):(?P<function>{_NAME})")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionName:
    """A function by its module."""

    folder: str
    """The absolute folder that the module is imported from; empty for an installed module."""

    module: str
    function: str

    @property
    def text(self) -> str:
        """The name as it is stored."""
        return f"{self.folder}/{self.module}:{self.function}" if self.folder else f"{self.module}:{self.function}"


def is_function(name: str) -> bool:
    """Return whether a text has the form of a function's name."""
    return _PATTERN.fullmatch(name) is not None


def parse_function(name: str) -> FunctionName:
    """Return the parts of a function's name.

    Raises:
        SettingsError: the text has another form.
    """
    found = _PATTERN.fullmatch(name)
    if found is None:
        raise SettingsError(f"fitness is {name!r}; a Python function is written module:function", field="fitness")
    return FunctionName(folder=found["folder"] or "", module=found["module"], function=found["function"])


def short_name(name: str) -> str:
    """Return a function's name without its folder."""
    one = parse_function(name)
    return f"{one.module}:{one.function}"


def located(name: str, folder: Path) -> str:
    """Return the name of a function with the absolute folder of its module, looked for in ``folder``.

    A path may lead to the module: ``scripts/metrics.py:profit``. An installed module has no folder. No code is run.

    Raises:
        SettingsError: there is no such module.
    """
    path, _, function = name.rpartition(":")
    one = parse_function(f"{path.removesuffix('.py')}:{function}")
    given = Path(os.path.expanduser(one.folder)) if one.folder else Path()  # noqa: PTH111  # leaves an unknown ~user alone
    where = Path(os.path.normpath(folder / given))
    place = where.joinpath(*one.module.split("."))
    if place.with_suffix(".py").is_file() or (place / "__init__.py").is_file():
        return FunctionName(folder=str(where), module=one.module, function=one.function).text
    if not one.folder and importlib.util.find_spec(one.module.partition(".")[0]) is not None:
        return one.text
    raise SettingsError(
        f"fitness {name}: there is no module {one.module} in {where}"
        + ("" if one.folder else ", and none of that name is installed")
        + f"; start in the folder of {one.module.rpartition('.')[2]}.py, or write its path before it",
        field="fitness",
    )

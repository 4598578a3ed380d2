"""The installation of nnsize that runs: by which program, from where, with which extras.

Programs that install leave facts behind: pip and uv in the folder of the package's metadata, as
https://packaging.python.org/en/latest/specifications/direct-url/ says; pipx and ``uv tool`` in the root of the
environment that they make.
"""

import json
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

NAME = "nnsize"

Installer = Literal["pip", "uv", "uv tool", "pipx"]

_RECEIPT = "uv-receipt.toml"
_PIPX_FACTS = "pipx_metadata.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An installation of nnsize."""

    installer: Installer
    prefix: Path
    """The root of the environment."""

    python: Path
    """The interpreter of the environment."""

    source: str = ""
    """A folder, or an address as pip takes it; empty for a package index."""

    is_editable: bool = False
    """True if it uses the files in the folder, which is a clone."""

    extras: tuple[str, ...] = ()
    """Extras that the program would remove unless they are named again."""

    further: tuple[str, ...] = ()
    """Packages beside nnsize that the program would remove unless they are named again."""

    is_of_user: bool = False
    """True if it is in the user's own folder of packages, outside of any environment."""

    @property
    def is_folder(self) -> bool:
        """Return whether it came from a folder."""
        return bool(self.source) and "://" not in self.source

    def requirement(self, *extras: str) -> str:
        """Return what to install for these extras as well, in the syntax of pip."""
        names = ",".join(dict.fromkeys((*self.extras, *extras)))
        if self.is_folder:
            return f"{self.source}[{names}]"
        return f"{NAME}[{names}] @ {self.source}" if self.source else f"{NAME}[{names}]"


def find_installation() -> Installation:
    """Return the installation that runs now."""
    prefix, python = Path(sys.prefix), Path(sys.executable or "python3")
    facts, installer, folder = _metadata()
    source, is_editable = _source(facts)
    if (prefix / _RECEIPT).exists():
        extras, further = _of_receipt(_read_toml(prefix / _RECEIPT))
        tool: Installer = "uv tool"
    elif (prefix / _PIPX_FACTS).exists():
        extras, further = _of_pipx(_read_json(_read(prefix / _PIPX_FACTS))), ()
        tool = "pipx"
    else:
        extras, further = (), ()
        tool = "uv" if installer == "uv" or find_spec("pip") is None else "pip"
    return Installation(
        installer=tool, prefix=prefix, python=python, source=source, is_editable=is_editable, extras=extras,
        further=further, is_of_user=tool == "pip" and _is_of_user(folder),
    )  # fmt: skip


def _metadata() -> tuple[Mapping[str, Any], str, Path | None]:
    """Return the facts on the source, the name of the installer, and the folder that holds the package."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        found = distribution(NAME)
    except PackageNotFoundError:  # such as a folder on PYTHONPATH
        return {}, "", None
    facts, installer = found.read_text("direct_url.json") or "", found.read_text("INSTALLER") or ""
    return _read_json(facts), installer.strip(), Path(str(found.locate_file("")))


def _source(facts: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the folder or the address of the source, and whether it is editable."""
    url = facts.get("url")
    if not isinstance(url, str) or not url:
        return "", False
    match facts:
        case {"dir_info": {**about}}:
            return unquote(urlsplit(url).path), about.get("editable") is True
        case {"vcs_info": {"vcs": str(system), **about}}:
            revision = about.get("requested_revision") or about.get("commit_id")
            return f"{system}+{url}" + (f"@{revision}" if revision else ""), False
    return url, False


def _of_receipt(facts: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the extras and the further packages that ``uv tool`` has installed."""
    extras: tuple[str, ...] = ()
    further: list[str] = []
    match facts:
        case {"tool": {"requirements": [*requirements]}}:
            for one in requirements:
                match one:
                    case {"name": "nnsize", "extras": [*names]}:
                        extras = tuple(map(str, names))
                    case {"name": str(name)} if name != NAME:
                        further.append(f"{name}{one.get('specifier', '')}")
    return extras, tuple(further)


def _of_pipx(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the extras that pipx has installed."""
    match facts:
        case {"main_package": {"package_or_url": str(given)}} if found := re.search(r"\[([\w\-., ]+)\]", given):
            return tuple(name.strip() for name in found[1].split(","))
    return ()


def _is_of_user(folder: Path | None) -> bool:
    import site

    if folder is None or sys.prefix != sys.base_prefix:
        return False
    return folder == Path(site.getusersitepackages())


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _read_json(text: str) -> Mapping[str, Any]:
    """Return the object in a text; an empty one if it holds none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _read_toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError:
        return {}

"""The command that installs an optional library where nnsize itself is installed."""

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, assert_never

if TYPE_CHECKING:
    from nnsize_engine.processes.installation import Installation

Extra = Literal["parquet", "excel", "zstd", "cluster", "pictures"]


def install_hint(extra: Extra) -> str:
    """Return the advice to install an extra, for the installation at hand."""
    # Imported here, because modules that the explorer loads at its start import this one.
    from nnsize_engine.processes.installation import find_installation

    return f"install it: {install_command(find_installation(), extra)}"


def install_command(installation: "Installation", extra: Extra) -> str:
    """Return the command of a shell that adds an extra to an installation, seen from the current folder."""
    match installation.installer:
        case "pip":
            words = [*_pip(installation), "install", *_pip_options(installation)]
        case "uv":
            words = ["uv", "pip", "install", *_uv_options(installation)]
        case "uv tool":
            words = ["uv", "tool", "install"]
            words += [word for package in installation.further for word in ("--with", package)]
        case "pipx":
            words = ["pipx", "install", "--force"]
        case _:
            assert_never(installation.installer)
    requirement = installation.requirement(extra)
    if installation.is_folder:
        requirement = _short(Path(installation.source)) + requirement.removeprefix(installation.source)
        if not requirement.startswith((".", "/")):
            requirement = f"./{requirement}"  # otherwise it would be the name of a package
    if installation.is_editable:
        words.append("--editable")
    return " ".join([*map(shlex.quote, words), _quoted(requirement)])


def _quoted(requirement: str) -> str:
    """Quote a requirement, also where only some shells would read its brackets as a pattern."""
    return shlex.quote(requirement) if "'" in requirement else f"'{requirement}'"


def _pip(installation: "Installation") -> list[str]:
    """Return how pip of the environment is called: by its name, if the shell finds it so, else by its path."""
    import shutil

    beside = installation.python.with_name("pip")
    found = shutil.which("pip")
    if found is not None and beside.exists() and Path(found).samefile(beside):
        return ["pip"]
    if beside.exists():
        return [_short(beside)]
    return [_short(installation.python), "-m", "pip"]


def _pip_options(installation: "Installation") -> list[str]:
    """Return the options for packages outside of an environment, as the user has installed nnsize there."""
    import sysconfig

    if not installation.is_of_user:
        return []
    is_managed = Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED").exists()
    return ["--user", "--break-system-packages"] if is_managed else ["--user"]


def _uv_options(installation: "Installation") -> list[str]:
    """Return the options that name the environment, unless uv finds it by itself."""
    active, here = os.environ.get("VIRTUAL_ENV"), _current_folder()
    if (Path(active) if active else here and here / ".venv") == installation.prefix:
        return []
    if sys.prefix == sys.base_prefix:
        return ["--system", "--python", _short(installation.python)]
    return ["--python", _short(installation.python)]


def _short(path: Path) -> str:
    """Return a path from the current folder if it is below it, else the whole path."""
    here = _current_folder()
    return str(path) if here is None or not path.is_relative_to(here) else str(path.relative_to(here))


def _current_folder() -> Path | None:
    """Return the current folder; None if it was removed."""
    try:
        return Path.cwd()
    except OSError:
        return None

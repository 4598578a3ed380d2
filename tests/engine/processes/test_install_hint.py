"""The command that installs an extra, tried with stand-ins for pip, uv and pipx in stand-ins for installations."""

import importlib.util
import json
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import get_args

import pytest

from nnsize_engine.processes.install_hint import Extra, install_hint

NAME = "nnsize-0.1.0.dist-info"


EXTRAS = frozenset(get_args(Extra))


def test_all_extras_are_known_and_all_names_them() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    named = dict(project["optional-dependencies"])
    assert named.pop("all") == [f"nnsize[{','.join(sorted(EXTRAS))}]"]
    assert set(named) == EXTRAS


class Place:
    """A stand-in for an environment that holds nnsize."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self._monkeypatch = root, monkeypatch
        self.prefix = root / "clone" / ".venv"
        self.packages = self.prefix / "lib" / "packages"
        (self.packages / NAME).mkdir(parents=True)
        (self.packages / NAME / "METADATA").write_text("Metadata-Version: 2.1\nName: nnsize\nVersion: 0.1.0\n")
        self.bin = self.prefix / "bin"
        self.bin.mkdir()
        (self.bin / "python").symlink_to(sys.executable)
        monkeypatch.setattr(sys, "prefix", str(self.prefix))
        monkeypatch.setattr(sys, "executable", str(self.bin / "python"))
        found = metadata.PathDistribution(self.packages / NAME)
        monkeypatch.setattr(metadata, "distribution", lambda _: found)
        for name in ("uv", "pipx"):
            self.program(root / "path" / name)
        monkeypatch.setenv("PATH", f"{root / 'path'}:/usr/bin:/bin")
        monkeypatch.delenv("VIRTUAL_ENV", raising=False)
        self.go(root)

    def program(self, path: Path) -> None:
        """Write a stand-in that prints its path and its arguments."""
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\nprintf '%s\\n' '{path}' \"$@\"\n")
        path.chmod(0o700)

    def go(self, folder: Path) -> None:
        """Make a folder the current one."""
        folder.mkdir(parents=True, exist_ok=True)
        self._monkeypatch.chdir(folder)

    def fact(self, name: str, text: str) -> None:
        """Write a file beside the package's metadata."""
        (self.packages / NAME / name).write_text(text)

    def source(self, facts: Mapping[str, object]) -> None:
        """Say where the package came from."""
        self.fact("direct_url.json", json.dumps(facts))

    def clone(self, *, editable: bool = True) -> None:
        """Say that the package came from the folder in which the environment lies."""
        self.source({"url": (self.root / "clone").as_uri(), "dir_info": {"editable": True} if editable else {}})

    def run(self) -> list[str]:
        """Run the advice in a shell; return the program and the arguments that it got."""
        command = install_hint("cluster").removeprefix("install it: ")
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(tmp_path / "a home", monkeypatch)


def test_a_clone_is_installed_again_by_its_own_pip(place: Place) -> None:
    place.clone()
    place.program(place.bin / "pip")
    assert place.run()[1:] == ["install", "--editable", "./clone[cluster]"]
    place.go(place.root / "clone")
    assert install_hint("cluster") == "install it: .venv/bin/pip install --editable '.[cluster]'"
    assert place.run() == [str(place.bin / "pip"), "install", "--editable", ".[cluster]"]
    place.go(place.root / "elsewhere")
    assert place.run() == [str(place.bin / "pip"), "install", "--editable", f"{place.root / 'clone'}[cluster]"]


def test_in_an_active_environment_pip_is_called_by_its_name(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.program(place.bin / "pip")
    monkeypatch.setenv("PATH", f"{place.bin}:{os.environ['PATH']}")
    assert install_hint("parquet") == "install it: pip install 'nnsize[parquet]'"
    assert place.run() == [str(place.bin / "pip"), "install", "nnsize[cluster]"]


def test_without_the_script_pip_is_a_module_of_the_interpreter(place: Place) -> None:
    (place.bin / "python").unlink()
    place.program(place.bin / "python")
    assert place.run() == [str(place.bin / "python"), "-m", "pip", "install", "nnsize[cluster]"]


@pytest.mark.parametrize(
    ("facts", "requirement"),
    [
        ({"url": "file:///a%20b/nnsize", "dir_info": {}}, "/a b/nnsize[cluster]"),
        ({"url": "file:///a/it's", "dir_info": {}}, "/a/it's[cluster]"),
        (
            {"url": "https://x.org/n.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "nnsize[cluster] @ git+https://x.org/n.git@abc",
        ),
        (
            {"url": "https://x.org/n.git", "vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": "a"}},
            "nnsize[cluster] @ git+https://x.org/n.git@main",
        ),
        (
            {"url": "file:///a/nnsize-0.1.0-py3-none-any.whl", "archive_info": {}},
            "nnsize[cluster] @ file:///a/nnsize-0.1.0-py3-none-any.whl",
        ),
        ({"url": ""}, "nnsize[cluster]"),
        ({}, "nnsize[cluster]"),
    ],
)
def test_the_extra_comes_from_where_nnsize_came(place: Place, facts: Mapping[str, object], requirement: str) -> None:
    place.program(place.bin / "pip")
    place.source(facts)
    assert place.run() == [str(place.bin / "pip"), "install", requirement]


def test_facts_that_cannot_be_read_are_those_of_an_index(place: Place) -> None:
    place.program(place.bin / "pip")
    place.fact("direct_url.json", "[oops")
    assert place.run()[1:] == ["install", "nnsize[cluster]"]
    (place.prefix / "uv-receipt.toml").write_text("[oops")
    assert place.run()[1:] == ["tool", "install", "nnsize[cluster]"]


@pytest.mark.parametrize("is_managed", [False, True])
def test_packages_of_the_user_stay_there(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_managed: bool
) -> None:
    place.program(place.bin / "pip")
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    monkeypatch.setattr(site, "getusersitepackages", lambda: str(place.packages))
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    if is_managed:
        (tmp_path / "EXTERNALLY-MANAGED").touch()
    options = ["--user", "--break-system-packages"] if is_managed else ["--user"]
    assert place.run()[1:] == ["install", *options, "nnsize[cluster]"]


def test_an_environment_of_uv_is_named_unless_uv_finds_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.clone()
    place.fact("INSTALLER", "uv\n")
    place.program(place.bin / "pip")
    python = str((place.bin / "python").relative_to(place.root))
    assert place.run()[1:] == ["pip", "install", "--python", python, "--editable", "./clone[cluster]"]
    monkeypatch.setenv("VIRTUAL_ENV", str(place.prefix))
    assert place.run()[1:] == ["pip", "install", "--editable", "./clone[cluster]"]
    monkeypatch.delenv("VIRTUAL_ENV")
    place.go(place.root / "clone")
    assert install_hint("cluster") == "install it: uv pip install --editable '.[cluster]'"


def test_an_environment_without_pip_is_one_of_uv(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "nnsize_engine.processes.installation.find_spec", lambda name: None if name == "pip" else find(name)
    )
    place.go(place.root / "clone")
    assert place.run()[1:] == ["pip", "install", "nnsize[cluster]"]


def test_a_tool_of_uv_keeps_its_extras_and_what_came_with_it(place: Place) -> None:
    receipt = (
        '[tool]\nrequirements = [{ name = "nnsize", extras = ["excel"] }, { name = "rich", specifier = ">=14" }]\n'
    )
    (place.prefix / "uv-receipt.toml").write_text(receipt)
    assert place.run()[1:] == ["tool", "install", "--with", "rich>=14", "nnsize[excel,cluster]"]
    place.clone()
    assert place.run()[1:] == ["tool", "install", "--with", "rich>=14", "--editable", "./clone[excel,cluster]"]


def test_an_application_of_pipx_keeps_its_extras(place: Place) -> None:
    facts = {"main_package": {"package": "nnsize", "package_or_url": "nnsize[excel, cluster]"}}
    (place.prefix / "pipx_metadata.json").write_text(json.dumps(facts))
    assert place.run()[1:] == ["install", "--force", "nnsize[excel,cluster]"]
    place.clone(editable=False)
    assert place.run()[1:] == ["install", "--force", "./clone[excel,cluster]"]


def test_a_folder_on_the_path_and_a_current_folder_that_is_gone_are_no_trouble(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    place.go(place.root / "gone")
    place.program(place.bin / "pip")
    shutil.rmtree(place.root / "gone")
    assert install_hint("zstd") == f"install it: '{place.bin / 'pip'}' install 'nnsize[zstd]'"

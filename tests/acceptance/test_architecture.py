"""The modules that commands and screens load, measured in fresh processes."""

import subprocess
import sys

import pytest

HEAVY = ("numba", "scipy", "sklearn", "pandas", "joblib", "psutil")

LOADED = """
import importlib, pkgutil, sys
import {package}
for module in pkgutil.walk_packages({package}.__path__, "{package}."):
    if not module.name.endswith((".__main__", {skipped})):
        importlib.import_module(module.name)
print("\\n".join(sys.modules))
"""


def modules_loaded_by(program: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after a program."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_no_screen_and_no_command_loads_what_computes() -> None:
    loaded = modules_loaded_by(LOADED.format(package="nnsize_tui", skipped="'.nothing'"))
    assert "textual" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_the_engine_loads_no_terminal_library() -> None:
    loaded = modules_loaded_by(LOADED.format(package="nnsize_engine", skipped="'.nothing'"))
    assert "numpy" in loaded
    assert loaded.isdisjoint({"textual", "rich", "click", "plotext", "nnsize_tui"})


@pytest.mark.parametrize("module", ["runs.view", "runs.follower", "export.table_file", "runs.launch"])
def test_what_screens_load_of_the_engine_needs_not_even_numpy(module: str) -> None:
    loaded = modules_loaded_by(f"import sys, nnsize_engine.{module}; print('\\n'.join(sys.modules))")
    assert loaded.isdisjoint({*HEAVY, "numpy"})

"""The package: what importing it loads, its names, its docstrings and their examples."""

import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from typing import Any

import pytest

import nnsize

MAX_IMPORT_SECONDS = 0.1

HEAVY = {"numpy", "numba", "scipy", "sklearn", "pandas", "joblib", "matplotlib", "textual", "nnsize_engine"}

IMPORT = """
import sys, time
begin = time.process_time()
import nnsize
print(time.process_time() - begin, *{name.partition(".")[0] for name in sys.modules})
"""

MODULES = [module.name for module in pkgutil.iter_modules(nnsize.__path__, "nnsize.")]
PUBLIC = [getattr(nnsize, name) for name in nnsize.__all__]


def test_importing_the_package_is_quick_and_loads_nothing_heavy() -> None:
    found = [subprocess.check_output([sys.executable, "-c", IMPORT], text=True).split() for _ in range(3)]
    assert min(float(seconds) for seconds, *_ in found) <= MAX_IMPORT_SECONDS
    assert HEAVY.isdisjoint(found[0][1:])


def test_names_are_loaded_when_they_are_first_used() -> None:
    assert dir(nnsize) == sorted(nnsize.__all__)
    with pytest.raises(AttributeError, match="module 'nnsize' has no attribute 'MLPTransformer'"):
        _ = nnsize.MLPTransformer
    assert all(name.split(".")[-1].startswith("_") for name in MODULES)


@pytest.mark.usefixtures("run_home", "warm")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.usefixtures("run_home")
@pytest.mark.parametrize("name", ["nnsize", *MODULES])
def test_the_examples_in_docstrings_give_what_they_say(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


@pytest.mark.parametrize("public", PUBLIC)
def test_docstrings_name_every_parameter_in_its_order(public: Any) -> None:
    called = public.__init__ if inspect.isclass(public) else public
    assert _documented(public, "Parameters") == _parameters(called)
    assert "Examples\n    --------\n" in public.__doc__
    for name, method in inspect.getmembers(public, inspect.isfunction):
        if not name.startswith("_") and method.__module__.startswith("nnsize."):
            assert _documented(method, "Parameters") == _parameters(method), name


@pytest.mark.parametrize("public", [one for one in PUBLIC if one.__name__.startswith("MLP")])
def test_a_network_has_all_that_the_one_of_scikit_learn_has(public: Any) -> None:
    theirs = getattr(importlib.import_module("sklearn.neural_network"), public.__name__)
    assert inspect.signature(public).parameters.keys() == inspect.signature(theirs).parameters.keys()
    defaults = {name: one.default for name, one in inspect.signature(theirs).parameters.items()}
    assert {name: one.default for name, one in inspect.signature(public).parameters.items()} == defaults
    assert {name for name in dir(theirs) if not name.startswith("_")} <= set(dir(public))
    assert set(_documented(public, "Attributes")) == set(_documented(theirs, "Attributes"))


def _parameters(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


def _documented(documented: Any, section: str) -> list[str]:
    """Return the names in a section of a numpydoc docstring."""
    text = inspect.cleandoc(documented.__doc__)
    found = re.search(rf"^{section}\n-+\n(.*?)(?=^\w[^\n]*\n-+\n|\Z)", text, flags=re.DOTALL | re.MULTILINE)
    return [] if found is None else re.findall(r"^(\w+) : ", found[1], flags=re.MULTILINE)

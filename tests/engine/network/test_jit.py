"""Machine code: kept in the user's cache folder, shared safely, and not needed for right answers."""

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.network import numpy_kernels
from nnsize_engine.network.epochs import run_epochs
from nnsize_engine.network.train import prepare_compiled_code
from nnsize_engine.processes import code_cache
from nnsize_engine.settings.network import NetworkParameters
from support.networks import KINDS, make_table
from support.training import train

TRAIN = """
import json, sys
import numpy as np
from nnsize_engine.processes.code_cache import needs_compiling
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.network.train import prepare_compiled_code
from support.training import train

was_compiled = not needs_compiling("float64")
print("ready", flush=True)
sys.stdin.readline()
prepare_compiled_code()
X = np.random.RandomState(0).normal(size=(60, 4))
found = []
for activation in ("relu", "tanh", "logistic"):
    for y, task in ((X[:, 0] > 0, "classification"), (np.digitize(X[:, 0], [-1, 1]), "classification"),
                    (X[:, :2], "regression")):
        for solver in ("adam", "sgd"):
            parameters = NetworkParameters(hidden_layer_sizes=(5, 3), activation=activation, solver=solver,
                                           early_stopping=solver == "sgd", max_iter=8, random_state=1)
            network = train(X, y, parameters, task=task)
            found.append([*network.loss_curve, *network.weights])
print(json.dumps([was_compiled, found]))
"""


def _train(**environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", TRAIN],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _wait_until_ready(process: "subprocess.Popen[str]") -> None:
    """Wait until it knows whether it has to compile, which it does once it is told so."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def _result(process: "subprocess.Popen[str]", *, is_ready: bool = False) -> tuple[bool, list[list[float]]]:
    import json

    if not is_ready:
        _wait_until_ready(process)
    output, _ = process.communicate("go\n", timeout=600)
    assert process.returncode == 0
    was_compiled, found = json.loads(output)
    return was_compiled, found


@pytest.fixture(scope="module")
def uncached(tmp_path_factory: pytest.TempPathFactory) -> tuple[bool, list[list[float]]]:
    """What comes out where there is no writable cache folder."""
    blocked = tmp_path_factory.mktemp("blocked") / "file"
    blocked.touch()
    return _result(_train(XDG_CACHE_HOME=str(blocked / "folder")))


@pytest.fixture(scope="module")
def expected(uncached: tuple[bool, list[list[float]]]) -> list[list[float]]:
    return uncached[1]


def test_two_runs_may_compile_at_once_a_third_finds_their_code_and_a_fourth_replaces_what_is_damaged(
    tmp_path: Path, expected: list[list[float]]
) -> None:
    both = [_train(XDG_CACHE_HOME=str(tmp_path)) for _ in range(2)]
    for process in both:
        _wait_until_ready(process)
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in both:
        was_compiled, found = _result(process, is_ready=True)
        assert not was_compiled
        assert found == expected
    assert _result(_train(XDG_CACHE_HOME=str(tmp_path))) == (True, expected)
    kept = sorted(tmp_path.rglob("*.nb[ci]"))
    assert kept
    for path in kept:
        path.write_bytes(path.read_bytes()[:100])
    assert _result(_train(XDG_CACHE_HOME=str(tmp_path))) == (True, expected)


def test_without_a_writable_cache_folder_everything_is_compiled_anew(
    uncached: tuple[bool, list[list[float]]],
) -> None:
    was_compiled, found = uncached  # the other tests compare what they find with this
    assert not was_compiled
    assert found


def test_without_numba_answers_are_right(expected: list[list[float]]) -> None:
    _, found = _result(_train(NUMBA_DISABLE_JIT="1"))
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_every_task_runs_the_same_machine_code() -> None:
    """A second signature of the same precision would make somebody wait for the compiler again."""
    for kind, early_stopping in product(KINDS, (False, True)):
        X, y = make_table(kind, 40, 3, 0)
        parameters = NetworkParameters(max_iter=2, early_stopping=early_stopping, random_state=0)
        train(np.asfortranarray(X), y, parameters, task="classification" if kind[0] in "bm" else "regression")
    precisions = [str(signature[3][1].dtype) for signature in run_epochs.signatures]  # type: ignore[attr-defined]
    assert len(set(precisions)) == len(precisions)


def test_the_loops_of_numpy_are_found() -> None:
    assert numpy_kernels.USES_NUMPY_LOOPS
    assert numpy_kernels.addresses("float64").all()
    assert numpy_kernels.addresses("float32").all()


def test_a_loop_that_numpy_does_not_have_is_not_made_up() -> None:
    assert numpy_kernels._address(np.exp, "?->?") == 0
    assert numpy_kernels._address(np.arctan2, "d->d") == 0


def test_code_of_another_version_is_deleted_once_nothing_has_used_it_for_long(tmp_path: Path) -> None:
    for name, age in (("mine", 0.0), ("recent", 1e6), ("old", 1e7)):
        (tmp_path / name).mkdir()
        then = (tmp_path / name).stat().st_mtime - age
        os.utime(tmp_path / name, (then, then))
    code_cache._remove_stale_folders(tmp_path / "mine")
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "recent"}


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(SettingsError, match="float64 or float32"):
        prepare_compiled_code("float16")

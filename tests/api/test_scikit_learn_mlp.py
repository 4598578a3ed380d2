"""scikit-learn's own tests of its multi-layer perceptrons, run on ours: only the line of the import is replaced."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

THEIRS = "from sklearn.neural_network import MLPClassifier, MLPRegressor"
OURS = "from nnsize import MLPClassifier, MLPRegressor"

EXCEPTIONS = {
    "test_gradient": "it calls the private method _loss_grad_lbfgs, which ours has not: scikit-learn trains by lbfgs",
}
"""Tests that cannot pass, and why."""

# scikit-learn's tests do not make errors of warnings.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def global_random_seed() -> int:
    """The seed that scikit-learn's own fixture gives by default."""
    return 42


def _tests() -> dict[str, Any]:
    spec = find_spec("sklearn.neural_network.tests.test_mlp")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text()
    assert source.count(THEIRS) == 1
    names: dict[str, Any] = {"__name__": __name__}
    exec(compile(source.replace(THEIRS, OURS), spec.origin, "exec"), names)
    return {name: value for name, value in names.items() if name.startswith("test_")}


for _name, _test in _tests().items():
    if _name in EXCEPTIONS:
        _test = pytest.mark.xfail(reason=EXCEPTIONS[_name], raises=AttributeError, strict=True)(_test)
    globals()[_name] = _test

"""What the tests of the engine share."""

from collections.abc import Iterator

import numpy  # noqa: F401  # it and SciPy each have a BLAS, which can be limited once it is loaded
import pytest
import scipy.linalg  # noqa: F401

from nnsize_engine.processes.parallel import one_blas_thread


@pytest.fixture(scope="session", autouse=True)
def quick_products() -> Iterator[None]:
    """Let scikit-learn compute products as our runs do: several threads would wait for each other."""
    with one_blas_thread():
        yield

"""Charts are described in plain Python: screens load the descriptions before their first frame."""

import pkgutil
import subprocess
import sys

import nnsize_engine.charts

HEAVY = {"numpy", "matplotlib", "plotext", "pandas", "scipy", "sklearn", "numba", "textual", "rich"}


def test_describing_charts_loads_nothing_that_draws_or_computes() -> None:
    names = [f"nnsize_engine.charts.{module.name}" for module in pkgutil.iter_modules(nnsize_engine.charts.__path__)]
    code = f"import sys; sys.path[:0] = {sys.path}; import {', '.join(names)}; print(*({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

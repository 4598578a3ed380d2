"""Neural networks in scikit-learn's words, trained by the compiled code of nnsize.

Importing this package loads no large library: scikit-learn, NumPy and Numba are loaded when a name is first used.

>>> import nnsize
>>> nnsize.MLPClassifier(hidden_layer_sizes=(20,))
MLPClassifier(hidden_layer_sizes=(20,))
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnsize._convergence_display import ConvergenceDisplay
    from nnsize._evolution_classifier import EvolutionClassifier
    from nnsize._evolution_regressor import EvolutionRegressor
    from nnsize._mlp_classifier import MLPClassifier
    from nnsize._mlp_regressor import MLPRegressor
    from nnsize._run import Run
    from nnsize._runs import list_runs, open_run
    from nnsize._score_curve_display import ScoreCurveDisplay
    from nnsize._size_search import SizeSearchCV
    from nnsize._watch import watch

__all__ = [
    "ConvergenceDisplay",
    "EvolutionClassifier",
    "EvolutionRegressor",
    "MLPClassifier",
    "MLPRegressor",
    "Run",
    "ScoreCurveDisplay",
    "SizeSearchCV",
    "list_runs",
    "open_run",
    "watch",
]

_MODULES = {
    "ConvergenceDisplay": "nnsize._convergence_display",
    "EvolutionClassifier": "nnsize._evolution_classifier",
    "EvolutionRegressor": "nnsize._evolution_regressor",
    "MLPClassifier": "nnsize._mlp_classifier",
    "MLPRegressor": "nnsize._mlp_regressor",
    "Run": "nnsize._run",
    "ScoreCurveDisplay": "nnsize._score_curve_display",
    "SizeSearchCV": "nnsize._size_search",
    "list_runs": "nnsize._runs",
    "open_run": "nnsize._runs",
    "watch": "nnsize._watch",
}


def __getattr__(name: str) -> object:
    """Load the module of a public name when the name is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, whether they are loaded or not."""
    return sorted(__all__)

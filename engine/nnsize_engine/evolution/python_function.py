"""A Python function of the user as fitness: imported here, in the process that computes, and nowhere else."""

import importlib
import inspect
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nnsize_engine.errors import DataError
from nnsize_engine.settings.python_function import FunctionName, parse_function, short_name

SCORER_PARAMETERS = 3  # estimator, X, y: a scorer of scikit-learn; fewer are y_true and the outputs


class PythonFitness:
    """A function that scores a network; a larger score is better, as with a scorer of scikit-learn."""

    def __init__(self, name: str) -> None:
        """Import the function.

        Raises:
            DataError: there is no such function, its module cannot be imported, or it takes other arguments.
        """
        self.name = short_name(name)
        self._function = _imported(parse_function(name), self.name)
        self.takes_estimator = _takes_estimator(self._function, self.name)
        """Whether it is called with an estimator, X and y; else with y_true and outputs."""

    def score(self, *arguments: Any) -> float:
        """Call the function; minus infinity is the worst score.

        Raises:
            DataError: it raises, or returns something else than a number.
        """
        try:
            found = self._function(*arguments)
        except Exception as error:  # it is the user's code
            reason = " ".join(str(error).split())
            raise DataError(
                f"fitness {self.name} raised {type(error).__name__}{': ' if reason else ''}{reason}; correct the "
                "function, and start again",
                field="fitness",
            ) from error
        try:
            value = float(found)
        except (TypeError, ValueError):
            value = math.nan
        if math.isnan(value) or value == math.inf:
            raise DataError(
                f"fitness {self.name} returned {_shown(found)}; it must return a number, and a larger one for a better "
                "network",
                field="fitness",
            )
        return value


def _shown(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def _imported(name: FunctionName, shown: str) -> Callable[..., Any]:
    """Import a function from the folder that its name holds.

    Raises:
        DataError: it cannot be imported.
    """
    if name.folder:
        sys.path.insert(0, name.folder)
    try:
        module = importlib.import_module(name.module)
    except Exception as error:  # it is the user's code
        reason = " ".join(str(error).split())
        raise DataError(
            f"fitness {shown} cannot be imported: {type(error).__name__}: {reason}", field="fitness"
        ) from error
    finally:
        if name.folder:
            sys.path.remove(name.folder)
    place = getattr(module, "__file__", None)
    if name.folder and (place is None or not Path(place).is_relative_to(name.folder)):
        raise DataError(
            f"fitness {shown}: another module called {name.module} is in use, {place or 'built into Python'}; rename "
            "yours",
            field="fitness",
        )
    function: Callable[..., Any] | None = getattr(module, name.function, None)
    if not callable(function):
        raise DataError(f"fitness {shown}: module {name.module} has no function {name.function}", field="fitness")
    return function


def _takes_estimator(function: Callable[..., Any], shown: str) -> bool:
    """Return whether a function takes an estimator, X and y instead of y_true and outputs.

    Raises:
        DataError: it takes neither.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # compiled code does not tell: most metrics are such
        return False
    positional = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    needed = [one for one in positional if one.default is one.empty]
    keywords = [one for one in parameters if one.kind == one.KEYWORD_ONLY and one.default is one.empty]
    takes_any = any(one.kind == one.VAR_POSITIONAL for one in parameters)
    if not keywords and len(needed) == SCORER_PARAMETERS:
        return True
    if not keywords and len(needed) <= 2 and (len(positional) >= 2 or takes_any):
        return False
    raise DataError(
        f"fitness {shown} takes {len(needed)} arguments; it must take (y_true, outputs) or (estimator, X, y)",
        field="fitness",
    )

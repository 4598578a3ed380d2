"""Options for the settings of an evolution: SciPy's and scikit-learn's words with dashes."""

import os
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import click

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.evolution import EvolutionSettings, parse_mutation
from nnsize_engine.settings.fitness import default_loss
from nnsize_engine.settings.search import PRECISIONS
from nnsize_engine.settings.strategies import AUTO
from nnsize_engine.settings.table import TableSettings

_PRECISION = click.Choice(PRECISIONS)

OPTIONS: "Mapping[str, tuple[click.ParamType[Any] | None, str, str]]" = {
    "layers": (None, "SIZES", "Neurons of each hidden layer: 64,32."),
    "activation": (None, "NAME", "Of hidden neurons: relu, tanh, logistic or identity."),
    "fitness": (None, "NAME", "log_loss or squared_error, minimised; or a scikit-learn scoring, maximised."),
    "weight_decay": (click.FLOAT, "X", "Times half the sum of squared weights: added to the loss."),
    "strategy": (None, "NAME", "SciPy's, such as rand1exp; jade, shade, lshade; or auto, the recommended settings."),
    "mutation": (None, "F", "Scale of difference vectors: 0.7, or a range to draw from, 0.5:1."),
    "recombination": (click.FLOAT, "CR", "Chance that a weight comes from the mutant."),
    "popsize": (click.INT, "N", "Members per weight, as SciPy means it."),
    "members": (click.INT, "N", "Members in all, instead of popsize."),
    "generations": (click.INT, "N", "Most generations after the first population."),
    "init": (None, "NAME", "latinhypercube, sobol, halton, random, glorot; or FILE.npy, shape (members, weights)."),
    "bounds": (None, "RANGE", "Limits of the weights: -1:1, one a layer -2:2,-1:1,-1:1, or glorot:3."),
    "tol": (click.FLOAT, "X", "Stop when the fitness spreads by no more than this, relative to its mean."),
    "atol": (click.FLOAT, "X", "The same, absolute."),
    "seed": (click.INT, "N", "Of every random number."),
    "batch_size": (click.INT, "ROWS", "Compare on a mini-batch of so many rows."),
    "batch_generations": (click.INT, "N", "Generations between two draws of a mini-batch."),
    "restart_after": (click.INT, "N", "Draw anew, keeping the best, after so many generations without a better one."),
    "validation_fraction": (click.FLOAT, "PART", "Share of training rows held back to watch the best member on."),
    "early_stopping": (None, "", "Stop by the held-back rows, and return what was best there."),
    "n_iter_no_change": (click.INT, "N", "Generations without a better one there before that."),
    "p_best": (click.FLOAT, "PART", "Share of best members that current-to-pbest strategies move towards."),
    "archive": (click.FLOAT, "X", "Replaced parents that those remember, as a multiple of the members."),
    "memory": (click.INT, "N", "Successful means that shade and lshade remember."),
    "scoring": (None, "NAME", "A scikit-learn scoring for the training and test score."),
    "test_size": (None, "PART", "Held out for one final test: a fraction, or a number of rows."),
    "split_seed": (click.INT, "N", "random_state of the split into training and test rows."),
    "stratify": (None, "", "Keep the share of each class in both."),
    "scale": (None, "", "Standardise the inputs."),
    "reference": (None, "", "Train the same network by gradient too, for comparison."),
    "jobs": (click.INT, "N", "Threads; changes no result."),
    "precision": (_PRECISION, "|".join(PRECISIONS), "Of weights while evolving; final scores are always float64."),
}
"""For each setting but the data: what click reads it as, what stands for its value, and half a line of help."""

_NO_VALUE = {
    "mutation": "0.5:1, or adapts",
    "recombination": "0.7, or adapts",
    "batch_size": "all rows",
    "restart_after": "never",
    "scoring": "accuracy, or r2",
    "jobs": "one on each processor",
}
"""What stands for a setting that is None."""


def evolution_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option for every setting of an evolution."""
    article, auto = EvolutionSettings(), recommended()
    switches = {field.name for field in fields(EvolutionSettings) if field.type in (bool, "bool")}
    for name, (kind, metavar, text) in reversed(list(OPTIONS.items())):
        option, shown = name.replace("_", "-"), _default(name, article)
        if _default(name, auto) != shown:
            shown = "; ".join(part for part in (shown, f"auto: {_default(name, auto)}") if part)
        help_text = f"{text}  [default: {shown}]" if shown else text
        if name in switches:
            command = click.option(f"--{option}/--no-{option}", name, default=None, help=help_text)(command)
        else:
            command = click.option(f"--{option}", name, type=kind, metavar=metavar, help=help_text)(command)
    return command


def _default(name: str, settings: EvolutionSettings) -> str:
    value = getattr(settings, name)
    if name == "fitness":
        return f"{value}, or squared_error"
    if value is None:
        return _NO_VALUE.get(name, "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def settings_from(options: Mapping[str, Any], table: TableSettings | None = None) -> EvolutionSettings:
    """The settings that were asked for: only what was given replaces the defaults, or those of strategy auto.

    Raises:
        SettingsError: something given is refused.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if "popsize" in given and "members" in given:
        raise SettingsError(
            "popsize and members both say how many members there are; give one of them", field="members"
        )
    if "mutation" in given:
        given["mutation"] = parse_mutation(given["mutation"])
    if str(given.get("init", "")).endswith(".npy"):
        # The runner's working folder is another; os.path leaves an unknown ~user alone.
        given["init"] = str(Path(os.path.expanduser(given["init"])).absolute())  # noqa: PTH111
    known = table.known if table is not None else builtin_data(given["data"])
    if given.get("strategy") != AUTO:
        if known.task == "regression":
            given = {"fitness": default_loss("regression")} | given  # the article's is for classes
        return EvolutionSettings(table=table, **given)
    del given["strategy"]
    return recommended(table=table, **(_consequences(given) | given))


def _consequences(given: Mapping[str, Any]) -> dict[str, Any]:
    """Recommended settings that make no sense beside what was given."""
    changed: dict[str, Any] = {}
    if "popsize" in given or str(given.get("init", "")).endswith(".npy"):
        changed["members"] = None  # said by the user, or by the array
    if given.get("validation_fraction") == 0:
        changed["early_stopping"] = False
    return changed

"""Options for the settings of a size search."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.scorings import default_scoring
from nnsize_engine.settings.search import PRECISIONS, SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_tui.commands.network_options import network_parameters

_DEFAULTS = SizeSettings()

OPTIONS: "Mapping[str, tuple[click.ParamType[Any] | None, str, str, str]]" = {
    "neurons": (
        None,
        "SIZES",
        "Hidden-layer sizes: 5:100:2 (the end is left out), 8,16,32, log:4:512:8, two layers 64x32 or "
        "'8:65:8 x 0:65:8' (0 is no such layer).",
        _DEFAULTS.neurons,
    ),
    "cv": (
        click.INT,
        "FOLDS",
        "Folds of the cross-validation, as GridSearchCV(cv=FOLDS) makes them.",
        str(_DEFAULTS.cv),
    ),
    "repeats": (click.INT, "R", "Train every fit with R seeds: seed, seed+1, ...", str(_DEFAULTS.repeats)),
    "scoring": (
        None,
        "NAME",
        "A scikit-learn scoring.",
        "roc_auc for two classes, accuracy for more, r2 for numbers",
    ),
    "seed": (click.INT, "N", "random_state of the networks.", str(_DEFAULTS.seed)),
    "test_size": (
        None,
        "PART",
        "Held out for one final test: a fraction, or a number of rows.",
        str(_DEFAULTS.test_size),
    ),
    "split_seed": (
        click.INT,
        "N",
        "random_state of the split into training and test rows.",
        str(_DEFAULTS.split_seed),
    ),
    "stratify": (None, "", "Keep the share of each class in both.", "no-stratify"),
    "jobs": (click.INT, "N", "Fits at a time.", "one on each processor"),
    "precision": (
        click.Choice(PRECISIONS),
        "|".join(PRECISIONS),
        "float64 gives scikit-learn's scores; float32 is faster and near them.",
        _DEFAULTS.precision,
    ),
}
"""For each setting of the search: what click reads it as, what stands for its value, half a line of help, its default.

click knows no default of any, so that a setting of a file or of the user's defaults is told from one given.
"""


def search_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option for every setting of a search but the networks'."""
    for name, (kind, metavar, text, default) in reversed(list(OPTIONS.items())):
        option, help_text = name.replace("_", "-"), f"{text}  [default: {default}]"
        if metavar:
            command = click.option(f"--{option}", name, type=kind, metavar=metavar, help=help_text)(command)
        else:
            command = click.option(f"--{option}/--no-{option}", name, default=None, help=help_text)(command)
    return command


def settings_from(options: Mapping[str, Any], table: TableSettings | None = None) -> SizeSettings:
    """The settings that were asked for: what was given replaces the defaults.

    Raises:
        SettingsError: something given is refused.
    """
    own = {name: value for name, value in options.items() if name in OPTIONS or name == "data"}
    network, grid = network_parameters({name: value for name, value in options.items() if name not in own})
    known = table.known if table is not None else builtin_data(own["data"])
    own.setdefault("scoring", default_scoring(known.task))
    return SizeSettings(table=table, network=network, grid=grid, **own)

"""Options for the settings of a size search."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from nnsize_engine.settings.class_weight import CLASS_WEIGHTS
from nnsize_engine.settings.cluster import NO_CLUSTER, cluster_of_options
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.descriptions import SEARCH_TEXTS
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.precision import PRECISIONS
from nnsize_engine.settings.scaler import SCALERS
from nnsize_engine.settings.scorings import default_scoring, split_scorings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.splitters import folds_of_choice
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.target_scale import TARGET_SCALES
from nnsize_tui.commands.cluster_option import ClusterType
from nnsize_tui.commands.network_options import network_parameters

_DEFAULTS = SizeSettings()


class _Folds(click.ParamType[int | str]):
    """A number of folds, or a text such as ``group:5``, which the settings read."""

    name = "folds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        del param, ctx
        try:
            return int(value)
        except ValueError:
            return str(value)


OPTIONS: "Mapping[str, tuple[click.ParamType[Any] | None, str, str]]" = {
    "neurons": (None, "SIZES", _DEFAULTS.neurons),
    "max_neurons": (click.INT, "N", "as many as training rows, 128 to 512"),
    "race": (None, "", "no-race"),
    "cv": (_Folds(), "FOLDS", str(_DEFAULTS.cv)),
    "fold_rounds": (click.INT, "N", str(_DEFAULTS.fold_rounds)),
    "repeats": (click.INT, "R", str(_DEFAULTS.repeats)),
    "references": (None, "", "references"),
    "scoring": (None, "NAMES", "roc_auc for two classes, accuracy for more, r2 for numbers"),
    "seed": (click.INT, "N", str(_DEFAULTS.seed)),
    "test_size": (None, "PART", str(_DEFAULTS.test_size)),
    "split_seed": (click.INT, "N", str(_DEFAULTS.split_seed)),
    "stratify": (None, "", "no-stratify"),
    "target_scale": (click.Choice(TARGET_SCALES), "|".join(TARGET_SCALES), "standard for numbers"),
    "scaler": (click.Choice(SCALERS), "|".join(SCALERS), _DEFAULTS.scaler),
    "class_weight": (click.Choice(CLASS_WEIGHTS), "|".join(CLASS_WEIGHTS), _DEFAULTS.class_weight),
    "jobs": (click.INT, "N", "one on each processor"),
    "cluster": (ClusterType(), "WHERE", NO_CLUSTER),
    "workers": (None, "N", "one"),
    "cluster_wait": (click.FLOAT, "SECONDS", "60, or a week in a queue"),
    "precision": (click.Choice(PRECISIONS), "|".join(PRECISIONS), _DEFAULTS.precision),
}
"""The settings of the search: click's type, the word for the value, and the default in words.

click gets no defaults, so that given options can be told from those of a file or of the user.
"""

_LAYER_RANGES = " Each layer may be a range: '8:65:8 x 0:65:8', where 0 is no such layer."


def search_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option for every setting of a search, except those of the networks."""
    for name, (kind, metavar, default) in reversed(list(OPTIONS.items())):
        text = SEARCH_TEXTS[name] + (_LAYER_RANGES if name == "neurons" else "")
        option, help_text = option_of_field(name), f"{text}  [default: {default}]"
        if metavar:
            command = click.option(f"--{option}", name, type=kind, metavar=metavar, help=help_text)(command)
        else:
            command = click.option(f"--{option}/--no-{option}", name, default=None, help=help_text)(command)
    return command


def settings_from(options: Mapping[str, Any], table: TableSettings | None = None) -> SizeSettings:
    """Return the settings: the given options replace the defaults.

    Raises:
        SettingsError: an option is refused.
    """
    own = {name: value for name, value in options.items() if name in OPTIONS or name == "data"}
    network, grid = network_parameters({name: value for name, value in options.items() if name not in own})
    known = table.known if table is not None else builtin_data(own["data"])
    own["scoring"], own["further_scorings"] = split_scorings(own.get("scoring", default_scoring(known.task)))
    if "cv" in own:
        own |= folds_of_choice(own["cv"], own.get("fold_rounds"))
    own["cluster"] = cluster_of_options(own)
    return SizeSettings(table=table, network=network, grid=grid, **own)

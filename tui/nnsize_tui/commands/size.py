"""``nnsize size``: search for the number of neurons."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from nnsize_engine import launch
from nnsize_engine.builtin import BUILTIN, builtin_data
from nnsize_engine.runs import home
from nnsize_engine.scorings import default_scoring
from nnsize_engine.settings import PRECISIONS, SizeSettings
from nnsize_engine.table_settings import TableSettings
from nnsize_tui.commands.follow import follow, start_detached
from nnsize_tui.commands.given import config_option, find_given
from nnsize_tui.commands.network_options import NetworkCommand, network_options, network_parameters
from nnsize_tui.commands.table_options import table_options

_DEFAULTS = SizeSettings()

_OPTIONS: "Mapping[str, tuple[click.ParamType[Any] | None, str, str, str]]" = {
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


def _search_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, (kind, metavar, text, default) in reversed(list(_OPTIONS.items())):
        option, help_text = name.replace("_", "-"), f"{text}  [default: {default}]"
        if metavar:
            command = click.option(f"--{option}", name, type=kind, metavar=metavar, help=help_text)(command)
        else:
            command = click.option(f"--{option}/--no-{option}", name, default=None, help=help_text)(command)
    return command


@click.command(cls=NetworkCommand, short_help="Search for the number of neurons a network needs.")
@click.argument("data", required=False)
@_search_options
@network_options
@table_options
@config_option
@click.option("--detach", is_flag=True, help="Start the search, print its id, and return.")
@click.option("--json", "as_json", is_flag=True, help="Print the final result as one JSON object, nothing else.")
@click.pass_context
def size(context: click.Context, /, config: str | None, detach: bool, as_json: bool, **options: Any) -> None:
    """Score every hidden-layer size on DATA by cross-validation, choose, and test the best one once.

    DATA is breast_cancer, wine, iris, digits, diabetes or synthetic; or a file of yours (CSV, TSV, Parquet, Arrow,
    NumPy), or openml:NAME. Without arguments this is the search of breast_cancer over 5, 7, ... 99 neurons. Every
    parameter of the networks takes several values to search: --activation relu,tanh --alpha log:1e-5:1e-1:5. The
    search runs in the background: closing the terminal does not end it, Ctrl-C stops it and keeps what is finished.
    """
    given = find_given("size", options, config, _DEFAULTS)
    folder = launch.start(settings_from(given.options, given.table), home())
    if detach:
        start_detached(folder, as_json=as_json, said=given.said)
    else:
        context.exit(follow(folder, as_json=as_json, is_new=True, said=given.said))


def settings_from(options: Mapping[str, Any], table: TableSettings | None = None) -> SizeSettings:
    """The settings that were asked for: what was given replaces the defaults.

    Raises:
        SettingsError: something given is refused.
    """
    own = {name: value for name, value in options.items() if name in _OPTIONS or name == "data"}
    network, grid = network_parameters({name: value for name, value in options.items() if name not in own})
    known = table.known if table is not None else builtin_data(own["data"])
    own.setdefault("scoring", default_scoring(known.task))
    return SizeSettings(table=table, network=network, grid=grid, **own)


assert size.help is not None
assert all(name in size.help for name in BUILTIN), "the help names every built-in data set"

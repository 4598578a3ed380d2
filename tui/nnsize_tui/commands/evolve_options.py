"""Options for the settings of an evolution: SciPy's and scikit-learn's words with dashes."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import click

from nnsize_engine.runs.first_network import absolute_init
from nnsize_engine.settings.auto_strategy import USUAL_EVALUATIONS, recommended
from nnsize_engine.settings.cluster import NO_CLUSTER, cluster_of_options
from nnsize_engine.settings.descriptions import EVOLUTION_TEXTS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.evolution_choice import evolution_settings
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.precision import PRECISIONS
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.target_scale import TARGET_SCALES
from nnsize_engine.settings.weight_bits import BITS
from nnsize_tui.commands.cluster_option import ClusterType

_PRECISION = click.Choice(PRECISIONS)

OPTIONS: "Mapping[str, tuple[click.ParamType[Any] | None, str]]" = {
    "layers": (None, "SIZES"),
    "activation": (None, "NAME"),
    "fitness": (None, "NAME"),
    "weight_decay": (click.FLOAT, "X"),
    "strategy": (None, "NAME,..."),
    "mutation": (None, "F"),
    "recombination": (click.FLOAT, "CR"),
    "popsize": (click.INT, "N"),
    "members": (click.INT, "N"),
    "step": (click.FLOAT, "X"),
    "generations": (click.INT, "N"),
    "evaluations": (click.INT, "N"),
    "seconds": (click.FLOAT, "X"),
    "init": (None, "NAME"),
    "bounds": (None, "RANGE"),
    "tol": (click.FLOAT, "X"),
    "atol": (click.FLOAT, "X"),
    "repeats": (click.INT, "N"),
    "seed": (click.INT, "N"),
    "batch_size": (click.INT, "ROWS"),
    "batch_generations": (click.INT, "N"),
    "restart_after": (click.INT, "N"),
    "validation_fraction": (click.FLOAT, "PART"),
    "early_stopping": (None, ""),
    "n_iter_no_change": (click.INT, "N"),
    "p_best": (click.FLOAT, "PART"),
    "archive": (click.FLOAT, "X"),
    "memory": (click.INT, "N"),
    "scoring": (None, "NAME"),
    "test_size": (None, "PART"),
    "split_seed": (click.INT, "N"),
    "stratify": (None, ""),
    "scale": (None, ""),
    "target_scale": (click.Choice(TARGET_SCALES), "|".join(TARGET_SCALES)),
    "reference": (None, ""),
    "jobs": (click.INT, "N"),
    "cluster": (ClusterType(), "WHERE"),
    "workers": (None, "N"),
    "cluster_wait": (click.FLOAT, "SECONDS"),
    "precision": (_PRECISION, "|".join(PRECISIONS)),
    "cost": (None, "FILE"),
    "bits": (click.INT, "|".join(map(str, BITS))),
}
"""The settings except the data: click's type, and the word for the value."""

_NO_VALUE = {
    "evaluations": f"any number, {USUAL_EVALUATIONS:,} for families",
    "seconds": "any number",
    "step": "the strategy's own",
    "p_best": "0.05; shade draws it",
    "mutation": "0.5:1, or adapts",
    "recombination": "0.7, or adapts",
    "batch_size": "all rows",
    "restart_after": "never",
    "scoring": "accuracy, or r2",
    "target_scale": "standard for numbers",
    "jobs": "one on each processor",
    "cluster": NO_CLUSTER,
    "workers": "one",
    "cluster_wait": "60, or a week in a queue",
    "bits": "all of the precision",
}
"""The default in words, for settings whose default is None."""


def evolution_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option for every setting of an evolution."""
    article, auto = EvolutionSettings(), recommended()
    switches = {field.name for field in fields(EvolutionSettings) if field.type in (bool, "bool")}
    for name, (kind, metavar) in reversed(list(OPTIONS.items())):
        option, shown = option_of_field(name), _default(name, article)
        if _default(name, auto) != shown:
            shown = "; ".join(part for part in (shown, f"auto: {_default(name, auto)}") if part)
        text = EVOLUTION_TEXTS[name]
        help_text = f"{text}  [default: {shown}]" if shown else text
        if name in switches:
            command = click.option(f"--{option}/--no-{option}", name, default=None, help=help_text)(command)
        else:
            command = click.option(f"--{option}", name, type=kind, metavar=metavar, help=help_text)(command)
    return command


def _default(name: str, settings: EvolutionSettings) -> str:
    value = getattr(settings, name, None)
    if name == "fitness":
        return f"{value}, or squared_error"
    if value is None:
        return _NO_VALUE.get(name, "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def settings_from(options: Mapping[str, Any], table: TableSettings | None = None) -> EvolutionSettings:
    """Return the settings: the given options replace the defaults, or those of strategy auto.

    Raises:
        SettingsError: an option is refused.
    """
    given = dict(options)
    given["cluster"] = cluster_of_options(given)
    if given.get("init") is not None:
        given["init"] = absolute_init(str(given["init"]))  # the runner's working folder is another
    return evolution_settings(given, table)

"""Options for the settings of an evolution: SciPy's and scikit-learn's words with dashes."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import click

from nnsize_engine.errors import SettingsError
from nnsize_engine.runs.first_network import absolute_init
from nnsize_engine.settings.auto_strategy import USUAL_EVALUATIONS, family_defaults, recommended
from nnsize_engine.settings.cluster import NO_CLUSTER, cluster_of_options
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.descriptions import EVOLUTION_TEXTS
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import default_loss
from nnsize_engine.settings.mutation import parse_mutation
from nnsize_engine.settings.option_names import option_of_field
from nnsize_engine.settings.precision import PRECISIONS
from nnsize_engine.settings.strategies import AUTO
from nnsize_engine.settings.strategy_comparison import compared_settings, strategy_names
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.target_scale import TARGET_SCALES
from nnsize_engine.settings.typed_objective import with_objective
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
    given = {name: value for name, value in options.items() if value is not None}
    given["cluster"] = cluster_of_options(given)
    if "popsize" in given and "members" in given:
        raise SettingsError(
            "popsize and members both say how many members there are; give one of them", field="members"
        )
    if "mutation" in given:
        given["mutation"] = parse_mutation(given["mutation"])
    if "init" in given:
        given["init"] = absolute_init(str(given["init"]))  # the runner's working folder is another
    known = table.known if table is not None else builtin_data(given["data"])
    given = with_objective(given, known)
    if "strategy" in given:
        names = strategy_names(str(given["strategy"]))
        if len(names) > 1:
            del given["strategy"]
            return compared_settings(names, {"table": table, **given})
        (given["strategy"],) = names
    if given.get("strategy") != AUTO:
        if known.task == "regression":
            given = {"fitness": default_loss("regression")} | given  # the article's is for classes
        given = family_defaults(given.get("strategy", EvolutionSettings().strategy), given) | given
        return EvolutionSettings(table=table, **given)
    del given["strategy"]
    return recommended(table=table, **(_replaced_recommendations(given) | given))


def _replaced_recommendations(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return replacements for recommended settings that contradict the given ones."""
    changed: dict[str, Any] = {}
    if given.get("validation_fraction") == 0:
        changed["early_stopping"] = False
    return changed

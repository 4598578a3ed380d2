"""Options for scikit-learn's network parameters: its names with dashes, its defaults."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import click

from nnsize_engine.network.parameters import NetworkParameters

HELP: Mapping[str, str] = {
    "activation": "relu, tanh, logistic or identity.",
    "solver": "adam, sgd or lbfgs (which scikit-learn itself trains).",
    "alpha": "Strength of the L2 penalty.",
    "batch_size": "Rows per step; auto is 200, or all rows if fewer.",
    "learning_rate": "How sgd's step changes: constant, invscaling or adaptive.",
    "learning_rate_init": "The first step size.",
    "power_t": "Exponent of invscaling.",
    "max_iter": "Most epochs.",
    "shuffle": "Visit the rows in another order every epoch.",
    "tol": "An epoch that improves by less counts as none.",
    "momentum": "Share of the last step that sgd keeps.",
    "nesterovs_momentum": "Let sgd look ahead along its momentum.",
    "early_stopping": "Stop by the score on held-back training rows.",
    "validation_fraction": "Share of rows held back for early stopping.",
    "beta_1": "Decay of adam's mean of gradients.",
    "beta_2": "Decay of adam's mean of squared gradients.",
    "epsilon": "Keeps adam from dividing by zero.",
    "n_iter_no_change": "Stop after more than this many epochs without improvement.",
    "max_fun": "Most loss evaluations of lbfgs.",
    "loss": "For regression: squared_error or poisson.",
}
"""What each parameter is; hidden layers and the seed are the search's own."""


def network_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option for every network parameter."""
    defaults = {field.name: field.default for field in fields(NetworkParameters)}
    for name, text in reversed(list(HELP.items())):
        option, default = name.replace("_", "-"), defaults[name]
        if isinstance(default, bool):
            shown = option if default else f"no-{option}"
            option = f"--{option}/--no-{option}"
            command = click.option(option, name, default=None, help=f"{text}  [default: {shown}]")(command)
        else:
            command = click.option(f"--{option}", name, metavar="VALUE", help=f"{text}  [default: {default}]")(command)
    return command


def network_parameters(given: Mapping[str, str | bool | None]) -> NetworkParameters:
    """The parameters that were given, scikit-learn's defaults for the others.

    Raises:
        SettingsError: scikit-learn would refuse one.
    """
    return NetworkParameters(**{name: _value(value) for name, value in given.items() if value is not None})


def _value(value: str | bool) -> Any:
    """A number where the text is one; the text otherwise, for the parameter's own check."""
    if isinstance(value, bool):
        return value
    for number in (int, float):
        try:
            return number(value)
        except ValueError:
            continue
    return value

"""The networks' parameters on a command line."""

from typing import Any

import click
import pytest
from click.testing import CliRunner

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.descriptions import NETWORK_TEXTS
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.parameter_grid import DEFAULTS, Grid
from nnsize_tui.commands.network_options import NetworkCommand, network_options, network_parameters


def _read(*arguments: str) -> tuple[str, NetworkParameters, Grid]:
    """What a command line means: its data, and the parameters set and searched."""
    found: list[Any] = []

    @click.command(cls=NetworkCommand)
    @click.argument("data", default="breast_cancer")
    @network_options
    def command(data: str, **given: str | None) -> None:
        found.extend((data, *network_parameters(given)))

    CliRunner().invoke(command, arguments, standalone_mode=False, catch_exceptions=False)
    data, parameters, grid = found
    return data, parameters, grid


def test_every_parameter_has_an_option_and_nothing_given_means_the_defaults() -> None:
    assert set(NETWORK_TEXTS) == set(DEFAULTS)
    assert _read() == ("breast_cancer", NetworkParameters(), ())


def test_one_value_is_set_and_several_are_searched_in_the_order_given() -> None:
    _, parameters, grid = _read("--alpha", "log:1e-3:1e-1:3", "--max-iter", "50", "--activation", "relu,tanh")
    assert parameters == NetworkParameters(max_iter=50)
    assert grid == (("alpha", (0.001, 0.01, 0.1)), ("activation", ("relu", "tanh")))
    assert _read("--alpha", "0.5,0.5")[1:] == (NetworkParameters(alpha=0.5), ())


@pytest.mark.parametrize(
    ("arguments", "data", "is_stopping", "grid"),
    [
        (("--early-stopping",), "breast_cancer", True, ()),
        (("--early-stopping", "wine"), "wine", True, ()),
        (("--early-stopping", "--alpha", "1"), "breast_cancer", True, ()),
        (("--early-stopping", "yes", "wine"), "wine", True, ()),
        (("--early-stopping", "no"), "breast_cancer", False, ()),
        (("--early-stopping=no", "wine"), "wine", False, ()),
        (("--no-early-stopping", "wine"), "wine", False, ()),
        (("--early-stopping", "--no-early-stopping"), "breast_cancer", False, ()),
        (("--early-stopping", "yes,no", "wine"), "wine", False, (("early_stopping", (True, False)),)),
        (("wine", "--early-stopping=no,yes"), "wine", False, (("early_stopping", (False, True)),)),
        (("--early-stopping", "--", "yes"), "yes", True, ()),
    ],
)
def test_what_is_true_or_false_needs_no_value_and_takes_no_other_argument(
    arguments: tuple[str, ...], data: str, is_stopping: bool, grid: Grid
) -> None:
    found, parameters, searched = _read(*arguments)
    assert (found, parameters.early_stopping, searched) == (data, is_stopping, grid)


def test_a_value_that_cannot_be_is_refused_with_the_text_it_stands_in() -> None:
    with pytest.raises(SettingsError, match=r"^alpha '1,x': alpha is 'x'; it must be a number of at least 0$"):
        _read("--alpha", "1,x")
    with pytest.raises(SettingsError, match=r"^early_stopping 'yes,2': early_stopping is '2'; it must be yes or no$"):
        _read("--early-stopping", "yes,2")

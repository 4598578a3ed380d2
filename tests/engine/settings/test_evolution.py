"""An evolution's settings: article 2's by default, checked when they are made."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.activations import glorot_limits
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import LOSSES, check_fitness, default_loss, fitnesses_for, is_minimised, scoring_of
from nnsize_engine.settings.layer_sizes import count_weights, parse_layers, units_text
from nnsize_engine.settings.stored_settings import settings_from_json, settings_to_json
from nnsize_engine.settings.strategies import DIFFERENTIAL_STRATEGIES, FAMILIES, STRATEGIES, min_members
from nnsize_engine.settings.weight_bounds import parse_bounds


def test_the_defaults_are_article_2s_evolution() -> None:
    settings = EvolutionSettings()
    assert units_text(settings.units) == "30-64-32-1"
    assert (settings.weights, settings.member_count, settings.generations_allowed) == (4097, 20485, 10)
    assert settings.layer_bounds == ((-1.0, 1.0),) * 3
    assert (settings.strategy, settings.mutation_range, settings.final_scoring) == ("best1bin", (0.5, 1.0), "accuracy")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"bounds": "1:-1"}, "'1:-1' is reversed or empty"),
        ({"bounds": "0:0"}, "reversed or empty"),
        ({"bounds": "-1:1,-1:1"}, "has 2 ranges; the network has 3 layers"),
        ({"bounds": "nan:1"}, "'nan' is not a finite number"),
        ({"bounds": "-1e30:1e30"}, "goes beyond 1e"),
        ({"bounds": "glorot:0"}, "the factor must be above 0"),
        ({"bounds": "glorot:x"}, "not a finite number"),
        ({"bounds": "1"}, "does not read as LOW:HIGH"),
        ({"members": 4}, "strategy best1bin needs 5"),
        ({"members": 5, "strategy": "rand2exp"}, "strategy rand2exp needs 6"),
        ({"members": 0}, "members is 0"),
        ({"popsize": 0}, "popsize is 0"),
        ({"recombination": 7.0}, "recombination is 7"),
        ({"recombination": math.nan}, "recombination is nan"),
        ({"mutation": 2.0}, "below 2"),
        ({"mutation": (0.9, 0.4)}, "the smaller end comes first"),
        ({"mutation": 0.5, "strategy": "shade"}, "finds mutation and recombination by itself"),
        ({"recombination": 0.5, "strategy": "jade"}, "finds mutation and recombination by itself"),
        ({"layers": "64,x"}, "write for example 64,32"),
        ({"layers": ""}, "write for example 64,32"),
        ({"layers": "0"}, "write for example 64,32"),
        ({"layers": "5:100:2"}, "write for example 64,32"),
        ({"strategy": "best1bni"}, "the nearest is 'best1bin'"),
        ({"strategy": "L-SHADE"}, "the nearest is 'lshade'"),
        ({"fitness": "r2"}, "does not fit two classes"),
        ({"fitness": "squared_error"}, "does not fit two classes"),
        ({"scoring": "r2"}, "does not fit two classes"),
        ({"init": "gauss"}, "a .npy file, an exported network (.npz or .skops), or a run"),
        ({"init": "sobol", "layers": "300,300"}, "at most 21,201 weights"),
        ({"activation": "swish"}, "one of identity, logistic, relu, tanh"),
        ({"early_stopping": True}, "give a validation-fraction above 0"),
        ({"validation_fraction": 1.0}, "below 1"),
        ({"weight_decay": -1.0}, "weight-decay is -1"),
        ({"p_best": 0.0}, "above 0"),
        ({"generations": -1}, "generations is -1"),
        ({"batch_size": 100_000}, "batch-size is 100000"),
        ({"seed": -1}, "seed is -1"),
        ({"data": "mnist"}, "unknown data 'mnist'"),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        EvolutionSettings(**wrong)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@given(
    st.builds(
        EvolutionSettings,
        data=st.sampled_from(["breast_cancer"]),
        layers=st.sampled_from(["8", "64,32", "4x4x4"]),
        strategy=st.sampled_from([name for name in DIFFERENTIAL_STRATEGIES if "shade" not in name and name != "jade"]),
        mutation=st.none() | st.floats(0, 1.9) | st.tuples(st.floats(0, 0.5), st.floats(0.5, 1.9)),
        recombination=st.none() | st.floats(0, 1),
        members=st.none() | st.integers(6, 1000),
        tol=st.floats(0, 10),
        test_size=st.integers(0, 100) | st.floats(0.01, 0.99),
    )
)
def test_settings_come_back_as_they_were_stored(settings: EvolutionSettings) -> None:
    assert settings.kind == "evolution"
    assert settings_from_json(settings_to_json(settings), "evolution") == settings


@pytest.mark.parametrize("data", list(BUILTIN))
def test_auto_takes_every_task_and_what_is_given_comes_first(data: str) -> None:
    settings = recommended(data=data)
    assert settings.strategy != EvolutionSettings().strategy
    assert settings.fitness == default_loss(settings.task)
    assert recommended(data=data, members=77, layers="9").members == 77
    with pytest.raises(SettingsError):
        recommended(data=data, members=0)


@pytest.mark.parametrize("data", list(BUILTIN))
@pytest.mark.parametrize("bits", [None, 1, 8])
@pytest.mark.parametrize("activation", ["relu", "step"])
def test_auto_takes_every_fitness_with_rounded_weights_and_steps(data: str, bits: int | None, activation: str) -> None:
    known = BUILTIN[data]
    for fitness in fitnesses_for(known.task):
        cost = None if fitness != "cost" else ";".join([",".join(["1"] * known.classes)] * known.classes)
        settings = recommended(data=data, fitness=fitness, bits=bits, activation=activation, cost=cost, layers="3")
        assert settings.strategy == ("hill-climbing" if fitness in LOSSES else "lm-ma-es")
        assert settings.weight_decay == (0.03 if fitness == "squared_error" else 0.01)


def test_layers_are_read_in_both_ways_of_writing() -> None:
    assert parse_layers("64,32") == parse_layers("64x32") == parse_layers(" 64 , 32 ") == (64, 32)


def test_weights_are_counted_as_in_a_size_search() -> None:
    for data, layers in (("digits", "32"), ("iris", "4,4,4"), ("diabetes", "7")):
        settings = EvolutionSettings(data=data, layers=layers, fitness=default_loss(BUILTIN[data].task))
        assert settings.weights == count_weights(settings.units)


def test_a_sobol_population_is_the_next_power_of_two() -> None:
    assert EvolutionSettings(init="sobol", members=100).member_count == 128
    assert EvolutionSettings(init="sobol", members=128).member_count == 128


def test_bounds_by_layer() -> None:
    units = (30, 64, 32, 1)
    assert parse_bounds("-2:2,-1:1,-0.5:3", units, "relu") == ((-2, 2), (-1, 1), (-0.5, 3))
    limits = glorot_limits(units, "tanh")
    assert parse_bounds("glorot:3", units, "tanh") == tuple((-3 * limit, 3 * limit) for limit in limits)


def test_each_strategy_has_enough_members_to_draw_from() -> None:
    for strategy in STRATEGIES:
        least = min_members(strategy)
        assert least >= (1 if strategy in FAMILIES else 5)
        settings = EvolutionSettings(strategy=strategy, members=least, layers="8")  # few weights: cma-es has a limit
        with pytest.raises(SettingsError):
            replace(settings, members=least - 1)


def test_a_loss_is_minimised_and_the_negative_of_a_scoring() -> None:
    for loss, scoring in LOSSES.items():
        assert is_minimised(loss)
        assert scoring_of(loss) == scoring
        assert scoring.startswith("neg_")
    assert not is_minimised("accuracy")
    check_fitness("neg_log_loss", "binary")

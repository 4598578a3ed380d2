"""The words on values: every value has a line, and every value that is offered is accepted."""

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.activations import ACTIVATIONS, EVOLVED_ACTIVATIONS
from nnsize_engine.settings.choice_words import EVOLUTION_CHOICES, FITNESS_WORDS, NETWORK_CHOICES, SEARCH_CHOICES
from nnsize_engine.settings.class_weight import CLASS_WEIGHTS
from nnsize_engine.settings.datasets import Task
from nnsize_engine.settings.first_population import INITS
from nnsize_engine.settings.fitness import check_fitness, fitnesses_for
from nnsize_engine.settings.layer_sizes import parse_layers, parse_neurons
from nnsize_engine.settings.network import CHOICES
from nnsize_engine.settings.parameter_grid import parse_values
from nnsize_engine.settings.precision import PRECISIONS
from nnsize_engine.settings.scaler import SCALERS
from nnsize_engine.settings.scoring_words import (
    SCORING_WORDS,
    every_offered_scoring,
    offered_scorings,
    scoring_words,
)
from nnsize_engine.settings.scorings import (
    BINARY_ONLY,
    CLASSIFICATION,
    CLUSTERING,
    MULTILABEL_ONLY,
    REGRESSION,
    check_scoring,
    default_scoring,
    scorings_for,
)
from nnsize_engine.settings.splitters import parse_folds
from nnsize_engine.settings.strategies import AUTO, STRATEGIES
from nnsize_engine.settings.strategy_words import offered_strategies, strategy_words
from nnsize_engine.settings.table_choice import HEADER_CHOICES
from nnsize_engine.settings.target_scale import TARGET_SCALES

MAX_WORDS = 80  # characters, so that a line of words stays one on a screen of 120 columns
TASKS: tuple[Task, ...] = ("binary", "multiclass", "multilabel", "regression")


def names(choices: object) -> set[str]:
    return {name for name, _ in choices}  # type: ignore[attr-defined]


def test_every_scoring_but_those_of_clusterings_has_a_line_of_words() -> None:
    assert set(SCORING_WORDS) == (CLASSIFICATION | BINARY_ONLY | REGRESSION | MULTILABEL_ONLY) - CLUSTERING
    assert set(every_offered_scoring()) == set(SCORING_WORDS)
    assert CLUSTERING < CLASSIFICATION


@pytest.mark.parametrize("task", TASKS)
def test_the_scorings_that_are_offered_fit_and_begin_with_the_usual_one(task: Task) -> None:
    offered = offered_scorings(task, 3)
    assert offered[0] == default_scoring(task)
    assert set(offered) == set(scorings_for(task, 3)) - CLUSTERING
    assert len(offered) == len(set(offered))
    assert all(scoring_words(name, task) for name in offered)


@pytest.mark.parametrize("name", ["acuracy", "rand_scor", "r3"])
def test_the_refusal_of_a_scoring_names_none_of_a_clustering(name: str) -> None:
    for task in TASKS:
        with pytest.raises(SettingsError) as refused:
            check_scoring(name, task, 3)
        assert not any(score in str(refused.value).replace(repr(name), "") for score in CLUSTERING)
        with pytest.raises(SettingsError) as refused:
            check_fitness(name, task, 3)
        assert not any(score in str(refused.value).replace(repr(name), "") for score in CLUSTERING)


def test_a_score_of_a_clustering_that_is_named_is_still_computed() -> None:
    check_scoring("rand_score", "binary")


def test_every_strategy_has_a_line_of_words_and_auto_comes_first() -> None:
    assert offered_strategies()[0] == AUTO
    assert sorted(offered_strategies()[1:]) == sorted(STRATEGIES)
    lines = [strategy_words(name) for name in STRATEGIES]
    assert all(lines)
    assert max(map(len, lines)) <= MAX_WORDS


def test_every_closed_choice_has_all_its_values() -> None:
    assert names(SEARCH_CHOICES["scaler"]) == set(SCALERS)
    assert names(SEARCH_CHOICES["class_weight"]) == set(CLASS_WEIGHTS)
    assert names(SEARCH_CHOICES["target_scale"]) == set(TARGET_SCALES)
    assert names(SEARCH_CHOICES["precision"]) == names(EVOLUTION_CHOICES["precision"]) == set(PRECISIONS)
    assert names(SEARCH_CHOICES["header"]) == {*HEADER_CHOICES, "found out"}
    assert names(SEARCH_CHOICES["activation"]) == set(ACTIVATIONS)
    assert names(EVOLUTION_CHOICES["activation"]) == set(EVOLVED_ACTIVATIONS)
    assert names(EVOLUTION_CHOICES["init"]) == set(INITS)
    for name, values in CHOICES.items():
        assert names(NETWORK_CHOICES[name]) == set(values)


def test_every_value_that_is_offered_is_accepted_and_has_a_short_line() -> None:
    for name, choices in NETWORK_CHOICES.items():
        for value, _ in choices:
            assert parse_values(name, value)
    for value, _ in SEARCH_CHOICES["neurons"]:
        assert value == "auto" or parse_neurons(value)
    for value, _ in SEARCH_CHOICES["cv"]:
        parse_folds(value)
    for value, _ in EVOLUTION_CHOICES["layers"]:
        parse_layers(value)
    for choices in (*SEARCH_CHOICES.values(), *EVOLUTION_CHOICES.values(), tuple(SCORING_WORDS.items())):
        assert len(names(choices)) == len(choices)
        for value, words in choices:
            assert words, value
            assert len(words) <= MAX_WORDS, (value, words)


def test_every_fitness_that_is_no_scoring_has_a_line_of_words() -> None:
    of_any_task = {name for task in TASKS for name in fitnesses_for(task)}
    assert set(FITNESS_WORDS) == of_any_task - set(CLASSIFICATION | BINARY_ONLY | REGRESSION | MULTILABEL_ONLY)

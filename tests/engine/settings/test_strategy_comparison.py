"""The settings of runs that compare strategies: what all share, what is each one's own, and what is refused."""

from typing import Any

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.run import settings_from_json, settings_to_json
from nnsize_engine.settings.series import first_repeats, series_of
from nnsize_engine.settings.strategy_comparison import (
    compared_settings,
    notes_of_comparison,
    own_settings,
    strategy_names,
)
from nnsize_engine.settings.toml import options_of

NAMES = ("auto", "rand1bin", "sep-cma-es", "shade")


def test_all_strategies_have_the_objective_the_start_and_the_budget_of_auto() -> None:
    auto = recommended(data="digits")
    for one in first_repeats(compared_settings(NAMES, {"data": "digits"})):
        assert one.evaluations == auto.plan(auto.member_count).evaluations
        assert one.generations is None
        for name in ("fitness", "weight_decay", "init", "bounds", "tol"):
            assert getattr(one, name) == getattr(auto, name)


def test_every_strategy_has_its_first_repeat_before_any_has_its_second() -> None:
    series = series_of(compared_settings(NAMES, {"data": "iris", "repeats": 2, "seed": 7}))
    assert [(one.name, one.repeat, one.settings.seed) for one in series] == [
        *((name, 0, 7) for name in NAMES),
        *((name, 1, 8) for name in NAMES),
    ]
    assert [one.settings.strategy for one in series[:4]] == [recommended(data="iris").strategy, *NAMES[1:]]
    assert not any(one.settings.is_comparison for one in series)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"step": 0.3, "mutation": (0.4, 0.9), "evaluations": 5000},
        {"members": 40, "memory": 9, "archive": 2.0, "seconds": 5.0},
        {"popsize": 3, "generations": 30, "weight_decay": 0.0, "validation_fraction": 0.2},
    ],
)
def test_settings_are_stored_and_written_as_options_and_come_back_the_same(given: dict[str, Any]) -> None:
    settings = compared_settings(NAMES, {"data": "iris", "layers": "5", "repeats": 3, **given})
    assert settings_from_json(settings_to_json(settings), "evolution") == settings
    options = {name.replace("-", "_"): value for name, value in options_of(settings).items()}
    names = strategy_names(str(options.pop("strategy")))
    if isinstance(options.get("mutation"), str):
        options["mutation"] = given["mutation"]
    assert compared_settings(names, options) == settings


def test_a_setting_is_given_to_those_that_take_it_and_said_so() -> None:
    settings = compared_settings(NAMES, {"data": "iris", "step": 0.3, "mutation": 0.6})
    assert own_settings(settings) == {"step": 0.3, "mutation": 0.6}
    assert [(one.step, one.mutation) for one in first_repeats(settings)] == [
        (0.3, None),
        (None, 0.6),
        (0.3, None),
        (None, None),
    ]
    assert notes_of_comparison(settings)[1:] == [
        "step 0.3 is for auto, sep-cma-es; rand1bin, shade have no such setting",
        "mutation 0.6 is for rand1bin; auto, sep-cma-es, shade have no such setting",
    ]


def test_auto_says_which_of_the_other_strategies_it_is() -> None:
    settings = compared_settings(("auto", "shade", "hill-climbing"), {"data": "iris"})
    assert notes_of_comparison(settings)[1:] == [
        "auto is hill-climbing here, with the same settings: both get the same results"
    ]
    settings = compared_settings(("auto", "hill-climbing"), {"data": "iris", "fitness": "accuracy"})
    assert len(notes_of_comparison(settings)) == 1  # auto is another one by accuracy


def test_a_budget_that_suffices_for_the_compared_strategies_suffices_whatever_auto_needs() -> None:
    settings = compared_settings(("sep-cma-es", "lm-ma-es"), {"data": "iris", "layers": "4", "evaluations": 50})
    assert [one.evaluations for one in first_repeats(settings)] == [50, 50]


def test_a_swarm_has_no_step_in_a_comparison_either() -> None:
    settings = compared_settings(("pso", "snes"), {"data": "iris", "step": 0.3})
    assert [one.step for one in first_repeats(settings)] == [None, 0.3]
    assert notes_of_comparison(settings)[1:] == ["step 0.3 is for snes; pso has no such setting"]


def test_one_strategy_and_one_seed_compare_nothing() -> None:
    assert not EvolutionSettings().is_comparison
    assert notes_of_comparison(EvolutionSettings()) == []
    assert EvolutionSettings(repeats=2, members=20).total_steps == 20


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("shade,SHADE", "strategy shade is named twice; name it once, and give repeats for several seeds"),
        ("shade,", "strategy 'shade,' has a comma without a name; leave it out"),
        ("shade,jadde", "unknown strategy 'jadde'; the nearest is 'jade', and all are auto, "),
    ],
)
def test_names_that_mean_nothing_are_refused_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(SettingsError) as raised:
        strategy_names(text)
    assert str(raised.value).startswith(words)


@pytest.mark.parametrize(
    ("names", "given", "words"),
    [
        (("shade", "jade"), {"step": 0.1}, "none of the strategies shade, jade has step 0.1; leave it out"),
        (("pso", "jade"), {"step": 0.1}, "none of the strategies pso, jade has step 0.1; leave it out"),
        (("auto", "pgpe"), {"members": 21}, "strategy pgpe draws pairs of trials; give an even number such as 22"),
        (("auto", "cma-es"), {"data": "digits"}, "strategy cma-es takes at most 1,000 weights"),
        (
            ("auto", "shade"),
            {"evaluations": 50},
            "strategy auto: evaluations is 50, and the first population has 100 members; give more evaluations",
        ),
        (("auto", "shade"), {"bits": 3}, "bits is 3"),
        (("shade", "jade"), {"repeats": 0}, "repeats is 0"),
        (("shade", "jade"), {"repeats": 5, "seed": 2**32 - 1}, "leaves no room for 5 repeats"),
        (("auto", "lshade"), {"seconds": 3.0}, "strategy lshade shrinks its population with the evaluations"),
    ],
)
def test_settings_that_no_strategy_takes_are_refused(names: tuple[str, ...], given: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        compared_settings(names, {"data": "iris"} | given)

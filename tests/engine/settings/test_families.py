"""Families of optimizers as settings know them: names, members, and what they refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.families.registry import family_named, local_family_named
from nnsize_engine.settings.auto_strategy import family_defaults, recommended
from nnsize_engine.settings.budget import members_left, plan_of, shrinking_plan
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import AUTO, FAMILIES, STRATEGIES, STRATEGY_COLUMNS, columns_of, strategy_named


@pytest.mark.parametrize("name", FAMILIES)
def test_settings_know_what_the_file_of_a_family_says(name: str) -> None:
    facts = FAMILIES[name]
    family = local_family_named(name) if facts.changes_one_weight else family_named(name)

    def count(weights: int, members: int | None) -> int:
        if facts.changes_one_weight:
            return local_family_named(name).evaluations_of_generation(members)
        return family_named(name).member_count(weights, members)

    assert family.name == name
    assert family.step > 0
    assert facts.shows <= STRATEGY_COLUMNS
    for weights in (1, 2, 7, 35, 100, 1000, facts.max_weights or 4097):
        assert count(weights, None) == facts.usual_members(weights) >= facts.min_members
    least = facts.min_members
    assert count(35, least) == least
    with pytest.raises(SettingsError, match="members"):
        count(35, least - 1)
    for given_members in (least - 1, *(() if facts.max_members is None else (facts.max_members + 1,))):
        with pytest.raises(SettingsError, match="members"):
            EvolutionSettings(data="iris", layers="4", strategy=name, members=given_members)


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(SettingsError, match="'best1bin' is no family"):
        family_named("best1bin")
    with pytest.raises(SettingsError, match="'pso' is no family that changes one weight at a time"):
        local_family_named("pso")
    with pytest.raises(SettingsError, match="'hill-climbing' is no family"):
        family_named("hill-climbing")


def test_names_of_other_packages_are_found() -> None:
    assert strategy_named("Sep_CMA_ES") == strategy_named("SepCMA") == strategy_named("sep-cma-es") == "sep-cma-es"
    assert strategy_named("L-SHADE") == "lshade"
    others = {"random_hill_climb": "hill-climbing", "simulated_annealing": "simulated-annealing", "PSO": "pso"}
    others |= {"genetic_alg": "genetic", "SimpleGA": "genetic", "Open_ES": "openai-es", "LM_MA_ES": "lm-ma-es"}
    assert {name: strategy_named(name) for name in others} == others
    assert strategy_named("Best1Bin") == "best1bin"
    assert strategy_named("AUTO") == AUTO
    assert strategy_named("no such") == "no such"
    for name, facts in FAMILIES.items():
        assert all(strategy_named(alias) == name for alias in facts.aliases)
    plain = [strategy_named(name.upper().replace("-", "_")) for name in STRATEGIES]
    assert plain == list(STRATEGIES)


@pytest.mark.parametrize("name", FAMILIES)
def test_what_a_family_ignores_is_refused(name: str) -> None:
    for given_one in ({"mutation": 0.5}, {"recombination": 0.5}, {"popsize": 3}, {"p_best": 0.1}, {"memory": 6}):
        with pytest.raises(SettingsError, match=f"strategy {name} has no "):
            EvolutionSettings(data="iris", layers="4", strategy=name, **given_one)
    if (most := FAMILIES[name].max_weights) is not None:
        with pytest.raises(SettingsError, match=f"takes at most {most:,} weights, and this network has"):
            EvolutionSettings(layers=str(most), strategy=name)


def test_a_step_is_refused_where_there_is_none() -> None:
    for name in ("pso", "shade"):
        with pytest.raises(
            SettingsError, match=f"strategy {name} has no step; it is for sep-cma-es, .*, genetic. Leave"
        ):
            EvolutionSettings(data="iris", layers="4", strategy=name, step=0.1)


def test_a_limit_replaces_the_usual_limits() -> None:
    usual = {"init": "glorot", "bounds": "glorot:10", "tol": 0.0}
    assert family_defaults("sep-cma-es", {}) == {**usual, "evaluations": 20_000}
    assert family_defaults("sep-cma-es", {"seconds": 2.0}) == usual
    assert family_defaults("sep-cma-es", {"generations": 2, "init": "random"}) == {"bounds": "glorot:10", "tol": 0.0}
    assert family_defaults("shade", {}) == {}
    assert (recommended().evaluations, recommended().generations) == (100_000, None)
    assert (recommended(generations=3).evaluations, recommended(seconds=2.0).evaluations) == (None, None)
    assert recommended(evaluations=5000).total_steps == 49


def test_tables_show_what_a_strategy_has() -> None:
    assert columns_of("shade") == {"diversity", "accepted", "mutation", "recombination"}
    assert columns_of("sep-cma-es") == {"diversity", "step_size"}
    assert columns_of("simulated-annealing") == {"accepted", "step_size", "temperature"}


@given(st.integers(5, 500), st.integers(0, 300), st.integers(1, 100_000))
def test_the_plan_of_lshade_is_what_a_loop_finds(first: int, generations: int, evaluations: int) -> None:
    if evaluations < first:
        return
    plan = shrinking_plan(first, 10**7, evaluations)
    members, spent, done = first, first, 0
    while spent + members <= evaluations:
        spent, done = spent + members, done + 1
        members = min(members, members_left(first, evaluations, spent))
    assert (plan.generations, plan.evaluations) == (done, spent)
    assert shrinking_plan(first, generations, float("inf")).generations == generations


@given(st.integers(1, 500), st.integers(0, 300), st.integers(1, 100_000), st.none() | st.integers(1, 9))
def test_a_plan_keeps_within_both_limits(members: int, generations: int, evaluations: int, every: int | None) -> None:
    if evaluations < members:
        return
    plan = plan_of(members, generations, evaluations, reevaluated_every=every)
    assert plan.generations <= generations
    assert plan.evaluations <= evaluations
    if plan.generations < generations:
        assert plan.evaluations + members * (2 if every else 1) > evaluations - members

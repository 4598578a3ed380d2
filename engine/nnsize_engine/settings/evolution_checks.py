"""The checks of an evolution's settings, each alone and with those that it depends on."""

import math
from typing import TYPE_CHECKING

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.activations import EVOLVED_ACTIVATIONS
from nnsize_engine.settings.budget import MAX_GENERATIONS
from nnsize_engine.settings.first_population import check_init_name, check_sobol
from nnsize_engine.settings.fitness import check_fitness
from nnsize_engine.settings.fold_checks import check_test_rows
from nnsize_engine.settings.mutation import check_mutation_range
from nnsize_engine.settings.objective_checks import check_objective
from nnsize_engine.settings.precision import PRECISIONS
from nnsize_engine.settings.scorings import check_label_one, check_scoring
from nnsize_engine.settings.series import check_series
from nnsize_engine.settings.strategies import FAMILIES, check_strategy, is_shareable, min_members
from nnsize_engine.settings.target_scale import check_target_scale
from nnsize_engine.settings.validate import (
    MAX_SEED,
    check_choice,
    check_integer,
    check_jobs,
    check_real,
    check_split,
    check_switch,
)
from nnsize_engine.settings.weight_bounds import parse_bounds

if TYPE_CHECKING:  # the settings call these checks
    from nnsize_engine.settings.evolution import EvolutionSettings

MAX_MEMBERS = 100_000_000  # more fit into no memory

MAX_MEMORY = 10_000  # remembered means; each generation fills one, and more generations are unusual

MAX_EVALUATIONS = 10**15  # evaluations; more take years on any machine

MAX_STEP = 1000.0  # Glorot limits; a larger step leaves any sensible bounds at once

_DIFFERENTIAL = {"mutation": None, "recombination": None, "popsize": 5, "p_best": None, "archive": 1.0, "memory": 5}
"""Settings of differential evolution alone, and their defaults."""


def check_evolution(settings: "EvolutionSettings") -> None:
    """Check all settings of an evolution.

    Raises:
        SettingsError: a setting is out of range, does not suit the data or the strategy, or contradicts another one.
    """
    _check_data(settings)
    check_strategy(settings.strategy)
    _check_measures(settings)
    check_choice("activation", settings.activation, EVOLVED_ACTIVATIONS)
    check_choice("precision", settings.precision, PRECISIONS)
    parse_bounds(settings.bounds, settings.units, settings.activation)
    _check_variation(settings)
    _check_sizes(settings)
    check_integer("seed", settings.seed, 0, MAX_SEED)
    _check_rows(settings)
    for field in ("early_stopping", "scale", "reference"):
        check_switch(field, getattr(settings, field))
    check_jobs(settings.jobs, "threads")
    check_init_name(settings.init)
    check_sobol(settings.init, settings.weights)
    check_family(settings)
    check_series(settings)
    _check_cluster(settings)
    check_budget(settings)
    check_real("validation_fraction", settings.validation_fraction, 0, 1, below=True)
    if settings.early_stopping and settings.validation_fraction == 0:
        raise SettingsError(
            "early-stopping watches held-out rows; give a validation-fraction above 0 too", field="early_stopping"
        )


def _check_cluster(settings: "EvolutionSettings") -> None:
    """Refuse a cluster for a strategy that it cannot help."""
    if settings.cluster is not None and not settings.is_comparison and not is_shareable(settings.strategy):
        raise SettingsError(
            f"strategy {settings.strategy} changes one weight after the other, which several machines cannot share; "
            "leave cluster out, or choose another strategy such as sep-cma-es",
            field="cluster",
        )


def _check_data(settings: "EvolutionSettings") -> None:
    """Check that an evolution can predict the target."""
    data = settings.known
    if data.task == "multilabel":
        raise SettingsError(
            f"an evolution predicts classes or numbers, and {data.name} has {data.targets} labels at once; search "
            "sizes for them with nnsize size, or name one target",
            field="target",
        )


def _check_measures(settings: "EvolutionSettings") -> None:
    """Check the fitness and the scoring."""
    data = settings.known
    check_fitness(settings.fitness, data.task, data.targets)
    check_objective(settings)
    check_scoring(settings.final_scoring, data.task, data.targets)
    if settings.table is not None and not settings.table.has_label_one:
        check_label_one(settings.fitness, data, "fitness")
        check_label_one(settings.final_scoring, data)


def _check_rows(settings: "EvolutionSettings") -> None:
    """Check the test rows, the scaling of the target and the columns about rows."""
    check_split(settings.test_size, settings.split_seed, settings.stratify)
    choice = None if settings.table is None else settings.table.choice
    check_test_rows(settings.stratify, choice, takes_last_rows=settings.takes_last_rows)
    check_target_scale(settings.target_scale, settings.known)
    if choice is not None and choice.sample_weight is not None:
        raise SettingsError(
            "sample-weight is for a search; in an evolution every row counts the same. Leave it out, and ignore "
            "the column if it is no input",
            field="sample_weight",
        )


def _check_variation(settings: "EvolutionSettings") -> None:
    """Check the settings of trials and of convergence."""
    if settings.is_adaptive and (settings.mutation is not None or settings.recombination is not None):
        raise SettingsError(
            f"strategy {settings.strategy} finds mutation and recombination by itself; leave them out", field="strategy"
        )
    check_mutation_range(*settings.mutation_range)
    check_real("recombination", settings.crossover_rate, 0, 1)
    check_real("p_best", settings.p_best_share, 0, 1, above=True)
    check_real("archive", settings.archive, 0, 100)
    check_integer("memory", settings.memory, 1, MAX_MEMORY, "means")
    check_real("weight_decay", settings.weight_decay, 0, math.inf, below=True)
    check_real("tol", settings.tol, 0, math.inf, below=True)
    check_real("atol", settings.atol, 0, math.inf, below=True)


def _check_sizes(settings: "EvolutionSettings") -> None:
    """Check the numbers of members, generations and rows."""
    least = min_members(settings.strategy)
    if settings.members is not None:
        check_integer("members", settings.members, least, MAX_MEMBERS, f"(strategy {settings.strategy} needs {least})")
    check_integer("popsize", settings.popsize, 1, MAX_MEMBERS, "members per weight")
    if settings.member_count < least:
        raise SettingsError(
            f"popsize {settings.popsize} makes {settings.member_count} members; strategy {settings.strategy} needs "
            f"{least}",
            field="popsize",
        )
    check_integer("generations", settings.generations_allowed, 0, MAX_GENERATIONS)
    if settings.batch_size is not None:
        check_integer("batch_size", settings.batch_size, 1, settings.known.rows, "rows")
    check_integer("batch_generations", settings.batch_generations, 1, MAX_GENERATIONS)
    if settings.restart_after is not None:
        check_integer("restart_after", settings.restart_after, 1, MAX_GENERATIONS, "generations")
    check_integer("n_iter_no_change", settings.n_iter_no_change, 1, MAX_GENERATIONS, "generations")


def check_family(settings: "EvolutionSettings") -> None:
    """Check what a family of optimizers takes, and that other strategies have no step.

    Raises:
        SettingsError: a setting is given that the strategy ignores, or it cannot take as many weights or members.
    """
    strategy = settings.strategy
    if strategy not in FAMILIES:
        _check_step(settings)
        return
    for field, usual in _DIFFERENTIAL.items():
        if getattr(settings, field) != usual:
            name = field.replace("_", "-")
            raise SettingsError(f"strategy {strategy} has no {name}; leave it out", field=field)
    _check_step(settings)
    facts = FAMILIES[strategy]
    if facts.max_weights is not None and settings.weights > facts.max_weights:
        raise SettingsError(
            f"strategy {strategy} takes at most {facts.max_weights:,} weights, and this network has "
            f"{settings.weights:,}; choose {facts.instead}, or smaller layers",
            field="strategy",
        )
    if facts.draws_pairs and settings.member_count % 2:
        raise SettingsError(
            f"members is {settings.members}; strategy {strategy} draws pairs of trials; give an even number such as "
            f"{settings.member_count + 1}",
            field="members",
        )
    if facts.max_members is not None and settings.member_count > facts.max_members:
        raise SettingsError(
            f"strategy {strategy} has at most {facts.max_members} members, and members is {settings.members}; "
            "leave it out",
            field="members",
        )


def _check_step(settings: "EvolutionSettings") -> None:
    """Check the first step size of a strategy that has one."""
    if settings.step is None:
        return
    with_step = [name for name, facts in FAMILIES.items() if facts.has_step]
    if settings.strategy not in with_step:
        raise SettingsError(
            f"strategy {settings.strategy} has no step; it is for {', '.join(with_step)}. Leave it out", field="step"
        )
    check_real("step", settings.step, 0, MAX_STEP, above=True)


def check_budget(settings: "EvolutionSettings") -> None:
    """Check evaluations and seconds.

    Raises:
        SettingsError: one is out of range, does not suffice for the first population, or does not suit the strategy.
    """
    if settings.seconds is not None:
        check_real("seconds", settings.seconds, 0, math.inf, above=True, below=True)
    if settings.strategy == "lshade" and settings.ends_by_seconds_alone:
        raise SettingsError(
            "strategy lshade shrinks its population with the evaluations; seconds alone do not say how many there "
            "will be: give evaluations or generations too",
            field="seconds",
        )
    if settings.evaluations is None:
        return
    check_integer("evaluations", settings.evaluations, 1, MAX_EVALUATIONS)
    if settings.init.endswith(".npy") and settings.members is None and settings.strategy not in FAMILIES:
        raise SettingsError("with evaluations, give members too: as many as the array of init has", field="members")
    if settings.evaluations < settings.member_count:
        raise SettingsError(
            f"evaluations is {settings.evaluations:,}, and the first population has {settings.member_count:,} members; "
            "give more evaluations, or fewer members",
            field="evaluations",
        )

"""The checks of a search's settings, each alone and with those that it depends on."""

import math
from typing import TYPE_CHECKING

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.class_weight import check_class_weight
from nnsize_engine.settings.fold_checks import check_group_count, check_row_columns, check_splitter, check_test_rows
from nnsize_engine.settings.layer_sizes import MAX_NEURONS, MIN_AUTO_NEURONS
from nnsize_engine.settings.parameter_grid import DEFAULTS, check_grid
from nnsize_engine.settings.precision import PRECISIONS
from nnsize_engine.settings.scaler import check_scaler
from nnsize_engine.settings.scorings import check_scorings
from nnsize_engine.settings.target_scale import check_target_scale
from nnsize_engine.settings.validate import MAX_SEED, check_integer, check_jobs, check_split, check_switch

if TYPE_CHECKING:  # the settings call these checks
    from nnsize_engine.settings.search import SizeSettings

MAX_EPOCHS = 1_000_000_000  # years of training

MAX_REPEATS = 1000  # seeds of one fit; they reduce the standard error to 3 % of the deviation

MAX_FOLD_ROUNDS = 1000  # rounds of folds; as many as repeats

MAX_FITS = 10_000_000  # as many rows as a run's database keeps


def check_search(settings: "SizeSettings") -> None:
    """Check all settings of a search.

    Raises:
        SettingsError: a setting is out of range, does not suit the data, or contradicts another one.
    """
    if settings.precision not in PRECISIONS:
        raise SettingsError(f"precision is {settings.precision!r}; it must be float64 or float32", field="precision")
    data = settings.known
    check_scorings(settings.scorings, data, has_label_one=settings.table is None or settings.table.has_label_one)
    check_integer("cv", settings.cv, 2, data.rows, "folds")
    check_integer("fold_rounds", settings.fold_rounds, 1, MAX_FOLD_ROUNDS)
    check_integer("seed", settings.seed, 0, MAX_SEED)
    check_jobs(settings.jobs, "fits at a time")
    check_split(settings.test_size, settings.split_seed, settings.stratify)
    _check_folds(settings)
    check_target_scale(settings.target_scale, data, settings.losses)
    check_scaler(settings.scaler)
    check_class_weight(settings.class_weight, data)
    check_switch("race", settings.race)
    check_switch("references", settings.references)
    if settings.max_neurons is not None:
        check_integer("max_neurons", settings.max_neurons, MIN_AUTO_NEURONS, MAX_NEURONS, "neurons")
    networks = settings.candidates
    _check_parameters(settings, len(networks))
    _check_repeats(settings, len(networks))
    if settings.finds_sizes:
        _check_found_seeds(settings)


def _check_folds(settings: "SizeSettings") -> None:
    """Check the splitter, and that the table has the columns that it needs."""
    choice = None if settings.table is None else settings.table.choice
    check_splitter(settings.splitter, settings.cv, settings.fold_rounds, task=settings.task, name=settings.known.name)
    check_row_columns(settings.splitter, settings.cv, choice)
    if choice is not None and choice.fitness_groups is not None:
        raise SettingsError(
            "fitness-groups is for an evolution, whose fitness it averages; a search tests groups with --groups",
            field="fitness_groups",
        )
    check_test_rows(settings.stratify, choice, takes_last_rows=settings.takes_last_rows)
    if settings.table is not None and settings.table.group_count:
        check_group_count(
            settings.folds_text, settings.cv, settings.table.group_count, settings.test_size, settings.known.name
        )


def _check_parameters(settings: "SizeSettings", networks: int) -> None:
    """Check the parameters of the networks."""
    check_grid(settings.grid, settings.network, networks)
    for epochs in dict(settings.grid).get("max_iter", (settings.network.max_iter,)):
        check_integer("max_iter", epochs, 1, MAX_EPOCHS, "epochs")
    if settings.task != "regression" and ("loss" in dict(settings.grid) or settings.network.loss != DEFAULTS["loss"]):
        raise SettingsError(
            f"loss is for regression, and {settings.data} has classes, where it is always log loss; leave it out",
            field="loss",
        )


def _check_repeats(settings: "SizeSettings", networks: int) -> None:
    check_integer("repeats", settings.repeats, 1, MAX_REPEATS)
    if settings.seed + settings.repeats - 1 > MAX_SEED:
        raise SettingsError(
            f"seed {settings.seed} with {settings.repeats} repeats goes beyond the largest seed, {MAX_SEED}; "
            f"use at most {MAX_SEED - settings.repeats + 1}",
            field="seed",
        )
    fits = networks * math.prod(len(values) for _, values in settings.grid) * settings.splits
    if fits > MAX_FITS:
        raise SettingsError(f"the search has {fits:,} fits; at most {MAX_FITS:,} can be kept, search fewer")


def _check_found_seeds(settings: "SizeSettings") -> None:
    """Check that every fold of every repeat has a seed of its own."""
    largest = settings.seed_offset_of(settings.splits - 1)
    if settings.seed + largest > MAX_SEED:
        raise SettingsError(
            "neurons auto trains with a seed of its own on each fold of each repeat; "
            f"use a seed of at most {MAX_SEED - largest}",
            field="seed",
        )

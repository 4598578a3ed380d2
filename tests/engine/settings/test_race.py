"""What a search that drops or finds sizes accepts, and what old settings mean."""

import json
from dataclasses import replace
from typing import Any

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.stored_settings import settings_from_json, settings_to_json
from nnsize_engine.settings.validate import MAX_SEED


def test_auto_may_try_as_many_neurons_as_there_are_training_rows() -> None:
    assert SizeSettings(neurons="auto").candidates[-1] == (362,)  # 381 training rows
    assert SizeSettings(neurons="auto", data="digits", scoring="accuracy").candidates[-1] == (512,)  # of 1,203
    assert SizeSettings(neurons="auto", data="iris", scoring="accuracy").candidates[-1] == (128,)  # of 100
    assert SizeSettings(neurons="auto", max_neurons=1000).candidates[-1] == (724,)
    assert SizeSettings(neurons=" auto ", max_neurons=2).candidates == ((2,),)


def test_seeds_differ_by_fold_where_sizes_are_found_and_only_there() -> None:
    auto = SizeSettings(neurons="auto", cv=3)
    assert [auto.seed_offset_of(split) for split in range(4)] == [0, 1, 2, 0]
    auto = replace(auto, repeats=2)
    assert [auto.seed_offset_of(split) for split in range(7)] == [0, 1, 2, 10_000, 10_001, 10_002, 0]
    grid = SizeSettings(race=True, cv=3)
    assert [grid.seed_offset_of(split) for split in range(4)] == [0, 0, 0, 0]
    assert [SizeSettings(cv=2, repeats=2).seed_offset_of(split) for split in range(5)] == [0, 0, 1, 1, 0]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"neurons": "auto,8"}, "neurons", "neither a whole number nor a range"),
        ({"neurons": "auto", "max_neurons": 1}, "max_neurons", "at least 2|between 2"),
        ({"neurons": "auto", "seed": MAX_SEED - 3}, "seed", "use a seed of at most"),
        (
            {"neurons": "auto", "repeats": 3, "seed": MAX_SEED - 20_003},
            "seed",
            f"use a seed of at most {MAX_SEED - 20_004}",
        ),
    ],
)
def test_what_cannot_be_raced_is_refused_with_a_way_out(fields: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        SizeSettings(**fields)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "fields",
    [
        {"neurons": "auto", "grid": (("alpha", (0.1, 0.2)),)},
        {"race": True, "grid": (("alpha", (0.1, 0.2)),)},
        {"neurons": "auto", "repeats": 2},
        {"race": True, "repeats": 2, "seed": MAX_SEED - 1},
        {"race": True, "neurons": "8,64x32"},
        {"neurons": "auto", "repeats": 3, "seed": MAX_SEED - 20_004},
    ],
)
def test_other_parameters_repeats_and_several_layers_may_race(fields: dict[str, Any]) -> None:
    assert SizeSettings(**fields).is_race


def test_scikit_learns_solver_may_race() -> None:
    assert SizeSettings(neurons="auto", network=NetworkParameters(solver="lbfgs")).is_race


def test_settings_of_earlier_releases_do_not_race() -> None:
    stored = json.loads(settings_to_json(SizeSettings()))
    for name in ("race", "max_neurons"):
        stored.pop(name)
    assert settings_from_json(json.dumps(stored), "size") == SizeSettings()
    assert not SizeSettings().is_race


def test_settings_of_a_race_come_back_from_json() -> None:
    for settings in (SizeSettings(neurons="auto", max_neurons=100), SizeSettings(race=True)):
        assert settings_from_json(settings_to_json(settings), "size") == settings

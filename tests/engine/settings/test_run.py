"""The kinds of runs: what is registered for each, and what is said of others."""

from dataclasses import replace

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.run import KINDS, SETTINGS, RunSettings, by_kind, by_started_kind, known_kind
from nnsize_engine.settings.stored_settings import settings_from_json, settings_to_json
from nnsize_engine.settings.watched import WatchedSettings

WATCHED = WatchedSettings(
    name="my search",
    search="GridSearchCV",
    estimator="SVC",
    searched=("C",),
    splits=5,
    scorings=("roc_auc",),
    score_names=("score",),
    planned=3,
)


@pytest.mark.parametrize("kind", KINDS)
def test_settings_of_every_kind_know_it_and_are_read_back(kind: str) -> None:
    settings: RunSettings = WATCHED if kind == "watched" else SETTINGS[known_kind(kind)]()
    assert settings.kind == kind
    assert settings.total_steps > 0
    assert settings_from_json(settings_to_json(settings), kind) == settings


def test_a_registry_says_which_kinds_there_are() -> None:
    registry = by_kind(size=1, evolution=2, watched=3)
    assert list(registry) == list(KINDS)
    with pytest.raises(SettingsError, match="kind 'forest'; this nnsize knows size, evolution and watched"):
        registry["forest"]  # type: ignore[index]


def test_what_nnsize_starts_has_nothing_for_a_watched_search() -> None:
    registry = by_started_kind(size=1, evolution=2)
    with pytest.raises(SettingsError, match="a watched search is started in Python"):
        registry["watched"]


def test_a_watched_search_without_splits_is_refused() -> None:
    with pytest.raises(SettingsError, match="has 0 splits and the scores roc_auc"):
        replace(WATCHED, splits=0)


def test_settings_of_an_unknown_kind_are_refused() -> None:
    with pytest.raises(SettingsError, match="kind 'forest'; this nnsize knows size, evolution and watched"):
        settings_from_json("{}", "forest")

"""The kinds of runs: what is registered for each, and what is said of others."""

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.run import KINDS, SETTINGS, by_kind, known_kind
from nnsize_engine.settings.stored_settings import settings_from_json, settings_to_json


@pytest.mark.parametrize("kind", KINDS)
def test_settings_of_every_kind_know_it_and_are_read_back(kind: str) -> None:
    settings = SETTINGS[known_kind(kind)]()
    assert settings.kind == kind
    assert settings.total_steps > 0
    assert settings_from_json(settings_to_json(settings), kind) == settings


def test_a_registry_says_which_kinds_there_are() -> None:
    registry = by_kind(size=1, evolution=2)
    assert list(registry) == list(KINDS)
    with pytest.raises(SettingsError, match="the run is of kind 'forest'; this nnsize knows size and evolution"):
        registry["forest"]  # type: ignore[index]


def test_settings_of_an_unknown_kind_are_refused() -> None:
    with pytest.raises(SettingsError, match="the run is of kind 'forest'; this nnsize knows size and evolution"):
        settings_from_json("{}", "forest")

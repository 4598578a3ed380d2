"""Every strategy becomes numbers that compiled code knows; a kernel would take unknown ones for another strategy."""

import numpy as np
import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.evolution.adaptation import learn
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.population import fill_part
from nnsize_engine.evolution.trial_settings import BINOMIAL, CURRENT_TO_PBEST1, STRATEGY_CODES, trial_settings_for
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import ADAPTIVE_STRATEGIES, DIFFERENTIAL_STRATEGIES, min_members


def test_compiled_code_has_numbers_for_every_strategy() -> None:
    assert set(STRATEGY_CODES) == set(DIFFERENTIAL_STRATEGIES)
    plain = {name: codes for name, codes in STRATEGY_CODES.items() if name not in ADAPTIVE_STRATEGIES}
    assert len(set(plain.values())) == len(plain)
    assert {STRATEGY_CODES[name] for name in ADAPTIVE_STRATEGIES} == {(CURRENT_TO_PBEST1, BINOMIAL)}


def test_a_strategy_without_compiled_code_is_refused_and_not_taken_for_another() -> None:
    settings = EvolutionSettings()
    object.__setattr__(settings, "strategy", "best3bin")  # as if it had been added to the settings alone
    with pytest.raises(SettingsError, match=r"^strategy is 'best3bin'; compiled code knows") as caught:
        trial_settings_for(settings, generation=1, scale=0.5, best=0, members=10, archived=0)
    assert caught.value.field == "strategy"
    with pytest.raises(SettingsError, match="unknown strategy 'best3bin'"):
        min_members("best3bin")
    with pytest.raises(SettingsError, match="best3bin learns nothing"):
        learn("best3bin", np.full((1, 2), 0.5), 0, np.full((1, 2), 0.5), np.ones(1))


def test_an_unknown_way_to_draw_the_first_population_is_refused_and_not_drawn_uniformly() -> None:
    settings = EvolutionSettings(layers="1")
    object.__setattr__(settings, "init", "hammersley")
    space = bounds_of(settings)
    with pytest.raises(SettingsError, match="init hammersley draws no population"):
        fill_part(settings, space, 0, (0, 5), np.empty((5, space.weights)))

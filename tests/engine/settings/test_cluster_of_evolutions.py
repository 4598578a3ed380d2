"""Which evolutions a cluster can share."""

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.cluster import ClusterSettings
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.series import series_of
from nnsize_engine.settings.strategies import FAMILIES, STRATEGIES, is_shareable

LOCAL = ClusterSettings(where="local:2")


@pytest.mark.parametrize("strategy", [name for name, facts in FAMILIES.items() if facts.changes_one_weight])
def test_a_strategy_that_changes_one_weight_after_the_other_is_refused(strategy: str) -> None:
    with pytest.raises(SettingsError, match=f"strategy {strategy} changes one weight .*; leave cluster out") as caught:
        EvolutionSettings(data="iris", layers="2", strategy=strategy, cluster=LOCAL)
    assert caught.value.field == "cluster"


@pytest.mark.parametrize("strategy", [name for name in STRATEGIES if is_shareable(name)])
def test_every_other_strategy_is_accepted(strategy: str) -> None:
    settings = EvolutionSettings(data="iris", layers="2", strategy=strategy, cluster=LOCAL)
    assert settings.cluster == LOCAL


def test_series_that_no_cluster_can_share_are_evaluated_by_the_machine_of_the_run() -> None:
    settings = EvolutionSettings(data="iris", layers="2", strategy="hill-climbing", repeats=2, cluster=LOCAL)
    assert [one.settings.cluster for one in series_of(settings)] == [None, None]
    settings = EvolutionSettings(data="iris", layers="2", strategy="snes", repeats=2, cluster=LOCAL)
    assert [one.settings.cluster for one in series_of(settings)] == [LOCAL, LOCAL]

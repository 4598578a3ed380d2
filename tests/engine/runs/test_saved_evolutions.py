"""Saved runs of evolutions: what only families and comparisons of strategies store."""

import shutil
from pathlib import Path

from support.views import evolution_view

SAVED_RUNS = Path(__file__).parents[2] / "saved_runs"


def test_a_saved_evolution_of_a_family_has_the_columns_of_families(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SAVED_RUNS / "version-3-evolution", tmp_path / "family"))
    first, *others = evolution_view(folder).generations
    assert first.step_size is None
    assert [one.number for one in others] == list(range(1, 13))
    for one in others:
        assert one.step_size is not None
        assert one.step_size > 0
        assert (one.mutation, one.recombination, one.temperature) == (None, None, None)


def test_a_saved_comparison_has_all_its_series_and_the_network_of_the_best(tmp_path: Path) -> None:
    view = evolution_view(Path(shutil.copytree(SAVED_RUNS / "version-3-comparison", tmp_path / "comparison")))
    assert [(one.series.name, one.series.settings.seed) for one in view.series] == [
        ("lm-ma-es", 0),
        ("hill-climbing", 0),
        ("lm-ma-es", 1),
        ("hill-climbing", 1),
    ]
    values = [one.result.value for one in view.series if one.result is not None]
    assert view.best_series == 1
    assert values[1] == min(value for value in values if value is not None)
    best = view.series[1]
    assert view.generations == best.generations
    assert view.evolved == best.scores
    assert view.gradient is not None
    assert all(one.generations[-1].evaluations <= 600 for one in view.series)

"""Run.importances and Run.effects, against the same numbers by pandas."""

from pathlib import Path

import pytest

from nnsize import Run
from support.made_runs import GRID, SMALL, made_run, make_evolution


def test_importances_are_those_of_an_anova_of_the_fits(run_home: Path) -> None:
    run = Run(made_run(run_home, "grid", GRID, is_surface=True))
    found = run.importances().set_index("part")
    fits = run.fits()
    means = fits.groupby(["hidden_layer_sizes", "activation", "alpha"])["test_score"].mean()
    by_fold = fits.groupby(["alpha", "fold"])["test_score"].mean().unstack()
    effect = by_fold - by_fold.mean()  # of each fold
    variance = (effect.mean(axis=1) ** 2).mean() - (effect.var(axis=1) / 3).mean()
    assert found.loc["alpha", "share"] == pytest.approx(variance / means.var(ddof=0), rel=1e-9)
    assert found["share"].sum() == pytest.approx(1, abs=1e-3)
    assert found.loc["alpha", "share_low"] <= found.loc["alpha", "share"] <= found.loc["alpha", "share_high"]
    assert found.loc["noise", "kind"] == "noise"


def test_effects_are_means_over_the_other_parameters(run_home: Path) -> None:
    run = Run(made_run(run_home, "grid", GRID, is_surface=True))
    effects = run.effects()
    fits = run.fits()
    alphas = effects[effects["parameter"] == "alpha"]
    assert alphas["value"].tolist() == ["1e-05", "0.001", "0.1"]
    by_fold = fits.groupby(["alpha", "fold"])["test_score"].mean().unstack()
    assert alphas["mean_score"].tolist() == pytest.approx(by_fold.mean(axis=1).tolist())
    apart = (by_fold - by_fold.mean()).std(axis=1) / 3**0.5
    assert alphas["standard_error"].tolist() == pytest.approx(apart.tolist())
    assert alphas["score_beside_best"].max() == pytest.approx(run.results()["mean_test_score"].max())


def test_runs_without_importances_say_why(run_home: Path) -> None:
    with pytest.raises(RuntimeError, match="varies only neurons"):
        Run(made_run(run_home, "small", SMALL)).importances()
    with pytest.raises(ValueError, match="which has no table 'importances'"):
        Run(make_evolution(run_home, "evo")).importances()

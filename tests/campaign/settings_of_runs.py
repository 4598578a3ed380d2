"""Settings of short runs: every kind of search, every strategy, comparisons of strategies."""

from random import Random

from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.network import NetworkParameters
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.strategies import DIFFERENTIAL_STRATEGIES, FAMILIES
from nnsize_engine.settings.strategy_comparison import compared_settings

EPOCHS = NetworkParameters(max_iter=1000, tol=0)

SEARCHES: dict[str, StartedSettings] = {
    "grid": SizeSettings(data="breast_cancer", neurons="4:28:3", cv=3, jobs=2, network=EPOCHS, references=False),
    "parameters": SizeSettings(
        data="iris", neurons="4:20:4", cv=3, scoring="accuracy", further_scorings=("f1_macro",), jobs=2,
        network=EPOCHS, grid=(("activation", ("relu", "tanh")), ("alpha", (1e-4, 1e-1))), references=False,
    ),
    "repeats": SizeSettings(
        data="wine", neurons="3,9", cv=2, scoring="accuracy", repeats=6, precision="float32", network=EPOCHS,
        references=False,
    ),
    "long": SizeSettings(
        data="digits", neurons="40", cv=2, scoring="accuracy", jobs=2, references=False,
        network=NetworkParameters(max_iter=300, tol=0),
    ),
    "race": SizeSettings(
        data="breast_cancer", neurons="2:18:4", cv=3, race=True, jobs=2, network=EPOCHS, references=False
    ),
    "auto": SizeSettings(
        data="iris", neurons="auto", max_neurons=24, cv=3, scoring="accuracy", network=EPOCHS, references=False
    ),
    "regression": SizeSettings(
        data="diabetes", neurons="4:20:4", cv=3, scoring="r2", network=EPOCHS, references=False
    ),
    "references": SizeSettings(data="iris", neurons="4,8", cv=3, scoring="accuracy", network=EPOCHS),
    "lbfgs": SizeSettings(
        data="wine", neurons="4,8", cv=3, scoring="accuracy", jobs=2, references=False,
        network=NetworkParameters(solver="lbfgs", max_iter=300, tol=0),
    ),
}  # fmt: skip

EVALUATIONS = 60_000  # of a usual strategy: about a second of a processor

FEWER_EVALUATIONS = {
    "lshade": 30_000, "sep-cma-es": 36_000, "lm-ma-es": 16_000, "cma-es": 9_000, "snes": 36_000, "pgpe": 30_000,
    "openai-es": 36_000, "one-plus-one-es": 6_000, "genetic": 24_000, "hill-climbing": 150_000,
}  # fmt: skip
"""Evaluations of strategies that compute more, or less, between two of them."""


def _evolution(strategy: str) -> EvolutionSettings:
    is_family = strategy in FAMILIES
    return EvolutionSettings(
        data="breast_cancer", layers="6", strategy=strategy, fitness="log_loss", init="glorot",
        bounds="glorot:10" if is_family else "-1:1", members=None if is_family else 30,
        tol=0, batch_size=150, batch_generations=7, restart_after=25, reference=False,
        evaluations=FEWER_EVALUATIONS.get(strategy, EVALUATIONS), jobs=2,
    )  # fmt: skip


EVOLUTIONS: dict[str, StartedSettings] = {
    **{strategy: _evolution(strategy) for strategy in (*DIFFERENTIAL_STRATEGIES, *FAMILIES)},
    "held-out": EvolutionSettings(
        data="breast_cancer", layers="8,4", strategy="shade", fitness="log_loss", members=40, generations=800,
        init="glorot", tol=0, batch_size=200, batch_generations=5, restart_after=40, validation_fraction=0.2,
        early_stopping=True, n_iter_no_change=5000, jobs=2,
    ),
    "accuracy": EvolutionSettings(data="iris", layers="6", members=40, generations=2000, tol=0, reference=False),
}  # fmt: skip

COMPARISONS: dict[str, StartedSettings] = {
    "comparison": compared_settings(
        ("shade", "sep-cma-es", "hill-climbing"),
        {"data": "iris", "layers": "6", "fitness": "log_loss", "evaluations": 12_000, "repeats": 2, "tol": 0.0},
    ),
}


def run_settings(chance: Random) -> tuple[str, StartedSettings]:
    """Choose the settings of a run, and return them with their name."""
    (kind,) = chance.choices((SEARCHES, EVOLUTIONS, COMPARISONS), (8, 10, 2))
    return chance.choice(list(kind.items()))

"""Compilation of everything that an evolution calls, before several threads need it."""

from typing import Any

from nnsize_engine.network.train import prepare_compiled_code
from nnsize_engine.processes.code_cache import clear_cache, compiling, needs_compiling
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.strategies import FAMILIES

_WARM_UP_SETTINGS: tuple[dict[str, Any], ...] = (
    {"strategy": "shade", "init": "glorot", "batch_size": 100},
    {"init": "latinhypercube", "fitness": "log_loss"},
    *({"strategy": family, "init": "glorot"} for family in FAMILIES),
)
"""Settings that together call every compiled function."""


def needs_compiling_evolution(precision: str) -> bool:
    """Return whether the first evolution on this machine has to wait for the compiler."""
    return needs_compiling("float64") or needs_compiling(f"evolution-{precision}")


def prepare_evolution(precision: str) -> None:
    """Compile or load what evolution and training by gradient call: seconds once per machine, then a moment."""
    prepare_compiled_code("float64")
    with compiling(f"evolution-{precision}"):
        try:
            _evolve_a_little(precision)
        except Exception:  # damaged machine code, after a full disk or a crash, fails to load in many ways
            clear_cache()
            _evolve_a_little(precision)


def _evolve_a_little(precision: str) -> None:
    import threading

    from nnsize_engine.data.split import load_split
    from nnsize_engine.evolution.evolve import Evolution
    from nnsize_engine.evolution.problem import make_problem
    from nnsize_engine.processes.parallel import ThreadPool

    for given in _WARM_UP_SETTINGS:
        members = None if given.get("strategy") in FAMILIES else 6
        settings = EvolutionSettings(data="iris", layers="1", **{"members": members, "precision": precision, **given})
        evolution = Evolution(make_problem(settings, load_split(settings)), None, lambda _: None)
        with ThreadPool(1) as pool:
            for _ in range(2):
                evolution.next_generation(pool, threading.Event())

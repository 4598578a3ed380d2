"""Compilation of what an evolution calls, before several threads need it.

An evolution compiles what its own strategy and fitness call: to compile all of them would take minutes.
"""

from typing import Any

from nnsize_engine.network.train import prepare_compiled_code
from nnsize_engine.processes.code_cache import clear_cache, compiling, needs_compiling
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.first_population import INITS
from nnsize_engine.settings.fitness import default_loss, parse_fitness
from nnsize_engine.settings.strategies import FAMILIES

_SMALL_DATA = {"binary": "breast_cancer", "multiclass": "iris", "regression": "diabetes"}
_COSTS = {"binary": "0,1;1,0", "multiclass": "0,1,1;1,0,1;1,1,0"}
_MEMBERS = 6  # enough for every strategy of differential evolution
_BATCH_SIZE = 50


def needs_compiling_evolution(settings: EvolutionSettings) -> bool:
    """Return whether such an evolution has to wait for the compiler: once on a machine."""
    return needs_compiling("float64") or needs_compiling(_part_of(small_settings(settings)))


def prepare_evolution(settings: EvolutionSettings) -> None:
    """Compile or load what such an evolution and training by gradient call: seconds once, then a moment."""
    prepare_compiled_code("float64")
    small = small_settings(settings)
    with compiling(_part_of(small)):
        try:
            _evolve_a_little(small)
        except Exception:  # damaged machine code, after a full disk or a crash, fails to load in many ways
            clear_cache()
            _evolve_a_little(small)


def small_settings(settings: EvolutionSettings) -> EvolutionSettings:
    """Return settings of a tiny evolution on built-in data that calls the same compiled functions."""
    kind = parse_fitness(settings.fitness).kind
    given: dict[str, Any] = {
        "data": _SMALL_DATA[settings.task],
        "layers": "1",
        "strategy": settings.strategy,
        "fitness": default_loss(settings.task) if kind == "function" else settings.fitness,
        "members": None if settings.strategy in FAMILIES else _MEMBERS,
        "init": settings.init if settings.init in INITS else "glorot",
        "batch_size": None if settings.batch_size is None else _BATCH_SIZE,
        "bits": settings.bits,
        "cost": _COSTS[settings.task] if kind == "cost" else None,
        "precision": settings.precision,
        "reference": False,
    }
    return EvolutionSettings(**given)


def _part_of(small: EvolutionSettings) -> str:
    """Return the name of what is compiled together."""
    strategy = small.strategy if small.strategy in FAMILIES else "differential"
    fitness = small.fitness.replace(":", "-")
    extras = [name for name, is_used in (("bits", small.bits), ("batches", small.batch_size)) if is_used]
    return "-".join(["evolution", small.precision, small.task, strategy, small.init, fitness, *extras])


def _evolve_a_little(small: EvolutionSettings) -> None:
    import threading

    from nnsize_engine.data.split import load_split
    from nnsize_engine.evolution.evolve import Evolution
    from nnsize_engine.evolution.problem import make_problem
    from nnsize_engine.processes.parallel import ThreadPool

    evolution = Evolution(make_problem(small, load_split(small)), None, lambda _: None)
    with ThreadPool(1) as pool:
        for _ in range(2):
            evolution.next_generation(pool, threading.Event())

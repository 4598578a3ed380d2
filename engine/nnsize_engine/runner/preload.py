"""Loading of the libraries and of the compiled code that a run needs, before there is a run."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from nnsize_engine.settings.run import Kind, by_started_kind


def preload(kind: Kind) -> None:
    """Load what a run of this kind needs; it compiles nothing.

    An error is left to the run, which meets it again and says what is wrong.
    """
    with suppress(Exception):
        _LOADERS[kind]()


def _load_for_search() -> None:
    """Run a tiny search on the built-in data, which loads all that searches load on their way to the first fit."""
    from nnsize_engine.data.split import load_split
    from nnsize_engine.network.train import prepare_compiled_code
    from nnsize_engine.processes.code_cache import needs_compiling
    from nnsize_engine.search.search import plan, run_fits
    from nnsize_engine.settings.search import SizeSettings

    settings = SizeSettings(neurons="1", cv=2)
    search = plan(settings, load_split(settings))
    if not needs_compiling(settings.precision):
        prepare_compiled_code(settings.precision)
        for _ in run_fits(search, (), {}, workers=1, halt=threading.Event(), emit=lambda _: None):
            pass


def _load_for_evolution() -> None:
    """Load what the built-in evolution and the recommended one call; another strategy loads the rest at its start."""
    from nnsize_engine.evolution.warm_up import needs_compiling_evolution, prepare_evolution
    from nnsize_engine.runner import evolution_worker as evolution_worker
    from nnsize_engine.settings.auto_strategy import recommended
    from nnsize_engine.settings.evolution import EvolutionSettings

    for settings in (EvolutionSettings(), recommended()):
        if not needs_compiling_evolution(settings):
            prepare_evolution(settings)


_LOADERS: Mapping[Kind, Callable[[], None]] = by_started_kind(size=_load_for_search, evolution=_load_for_evolution)

"""Compilation in the background while an explorer opens: ``python -m nnsize_engine.preflight.compile_ahead``."""

import os
from contextlib import suppress

from nnsize_engine.evolution.warm_up import prepare_evolution
from nnsize_engine.processes.code_cache import COMPILED_AHEAD, mark_compiled
from nnsize_engine.settings.auto_strategy import recommended
from nnsize_engine.settings.evolution import EvolutionSettings

if __name__ == "__main__":
    with suppress(OSError):
        os.nice(10)
    for settings in (EvolutionSettings(), recommended()):
        prepare_evolution(settings)  # compiles training by gradient too
    mark_compiled(COMPILED_AHEAD)

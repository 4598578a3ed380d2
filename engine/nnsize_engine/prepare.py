"""Compile ahead, in the background while an explorer opens: ``python -m nnsize_engine.prepare``."""

import os
from contextlib import suppress

from nnsize_engine.evolution.prepare import prepare_evolution
from nnsize_engine.evolution_settings import EvolutionSettings

if __name__ == "__main__":
    with suppress(OSError):
        os.nice(10)
    prepare_evolution(EvolutionSettings().precision)  # training by gradient included

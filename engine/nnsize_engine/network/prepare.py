"""Compile ahead, in the background while an explorer opens: ``python -m nnsize_engine.network.prepare``."""

import os
from contextlib import suppress

from nnsize_engine.network.train import prepare_compiled_code

if __name__ == "__main__":
    with suppress(OSError):
        os.nice(10)
    prepare_compiled_code()

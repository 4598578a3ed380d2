"""Compile ahead, in a process of its own: ``python -m nnsize_engine.network.prepare``; started by an explorer that opens."""

import os
from contextlib import suppress

from nnsize_engine.network.train import prepare_compiled_code

if __name__ == "__main__":
    with suppress(OSError):
        os.nice(10)
    prepare_compiled_code()

"""Keep large results cheap once they are read: no collector walks through them, and spare memory goes back."""

import gc
import sys


def settle_memory() -> None:
    """Leave all objects made so far to their reference counts, and return free memory to the system.

    A full collection walks through every result: with a hundred thousand of them, a key waits for it. What reading
    them took lies between them in the heap, which the C library keeps until it is asked.
    """
    gc.unfreeze()  # a screen that was open the last time, and is closed since, would stay for good
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        import ctypes  # here, because it would delay the first frame

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries than glibc lack it
        if trim is not None:
            trim(0)

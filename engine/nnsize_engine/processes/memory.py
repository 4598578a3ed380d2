"""Memory that a new process may take on this machine."""

import contextlib
import errno
import resource

from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes import containers


def amount_text(count: int) -> str:
    """Return an amount of memory in words, ``840 MB`` or ``3.3 TB``, from a number of bytes."""
    size, units = count / 1e6, ["MB", "GB", "TB", "PB", "EB"]
    while size >= 999.5 and len(units) > 1:
        size, units = size / 1000, units[1:]
    if size >= 999.5:
        return f"more than 999 {units[0]}"
    return f"{size:.1f} {units[0]}" if size < 10 else f"{size:.0f} {units[0]}"


_LOADING_WORDS = ("failed to map segment", "annot allocate memory", "find/load shared object file 'libllvmlite")
"""What loaders of libraries say when there is no memory for one."""

MIN_ADDRESSES_BYTES = 4_000_000_000  # that a run takes at most for its libraries, most of them never used


def lacks_memory(error: BaseException) -> bool:
    """Return whether an error, whatever its type, comes from a lack of memory."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    return isinstance(error, OSError | ImportError) and any(words in str(error) for words in _LOADING_WORDS)


def limit_words() -> str:
    """Return in words that this process may take little memory, and what to do; empty if it may take enough."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft >= MIN_ADDRESSES_BYTES:
        return ""
    needed = amount_text(MIN_ADDRESSES_BYTES)
    return f"the limit on it here is {amount_text(soft)}, and a run takes up to {needed}: ulimit -v unlimited"


MIN_START_BYTES = 600_000_000  # below which NumPy's libraries may wait for memory for ever while they are loaded


def check_limit() -> None:
    """Accept the limit on the memory of this process, which those that it starts inherit.

    Raises:
        NnsizeError: they could not even start.
    """
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY and soft < MIN_START_BYTES:
        raise NnsizeError(f"there is too little memory: {limit_words()}")


def available_bytes() -> int | None:
    """Return the bytes that a new process may take; None if the system does not tell.

    This is the smallest of what the machine has available, what each container leaves of its limit, and the limit on
    the address space of this process (``ulimit -v``).
    """
    limits = list(containers.memory_left())
    machine = _machine_bytes()
    if machine is not None:
        limits.append(machine)
    with contextlib.suppress(OSError, ValueError):
        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            limits.append(soft)
    return min((limit for limit in limits if limit < containers.MAX_LIMIT_BYTES), default=None)


def _machine_bytes() -> int | None:
    """Return the bytes that the whole machine has available; None if the system does not tell."""
    import psutil  # not at the top: the explorer imports this module before its first frame

    try:
        return psutil.virtual_memory().available
    except (psutil.Error, OSError, LookupError, ValueError):  # the last two come from a damaged /proc/meminfo
        return None

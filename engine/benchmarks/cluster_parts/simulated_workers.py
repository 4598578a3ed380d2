"""Many workers of Dask in one process, whose fits sleep: ``python -m benchmarks.cluster_parts.simulated_workers``.

A worker costs the process a few milliseconds a second, so a machine with two processors can hold more than a hundred of
them. A fit trains its network, and then sleeps until it took as long as it should.
"""

import argparse
import asyncio
import time
from typing import Any

from distributed import Worker

from nnsize_engine.cluster import worker_fits
from nnsize_engine.search.search import train


def padded(seconds: float) -> Any:
    """Return a trainer that takes so many seconds."""

    def trainer(*arguments: Any) -> Any:
        end = time.monotonic() + seconds
        outcome = train(*arguments)
        time.sleep(max(0.0, end - time.monotonic()))
        return outcome

    return trainer


async def host(address: str, numbers: range) -> None:
    """Connect workers to a scheduler, and serve until it ends."""
    started = [
        Worker(address, nthreads=1, name=f"simulated-{number}", memory_limit=0, dashboard=False, silence_logs=40)
        for number in numbers
    ]
    await asyncio.gather(*started)
    finished: list[Any] = [worker.finished() for worker in started]  # type: ignore[no-untyped-call]
    await asyncio.gather(*finished)


def main() -> None:
    """Host workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("workers", type=int)
    parser.add_argument("--first", type=int, default=0, help="number of the first worker")
    parser.add_argument("--seconds", type=float, default=0.0, help="of a fit")
    arguments = parser.parse_args()
    setattr(worker_fits, "train", padded(arguments.seconds))  # noqa: B010  # the module exports no such name
    numbers = range(arguments.first, arguments.first + arguments.workers)
    asyncio.run(host(arguments.address, numbers))


if __name__ == "__main__":
    main()

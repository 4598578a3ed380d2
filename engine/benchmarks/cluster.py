"""A cluster on this machine: ``python engine/benchmarks/cluster.py``.

Article 1: its time and scores beside those of this machine alone. Fits: what one costs beside its training, how many
workers one run keeps busy with fits that sleep, and where dispatch saturates. Generations: what travels, and from where
on a cluster pays. Fits of simulated workers sleep, so 128 of them are like 128 machines for the run.
"""

import argparse
from collections.abc import Callable
from typing import Any

from benchmarks.cluster_parts.article import measure_article
from benchmarks.cluster_parts.fits import measure_fits
from benchmarks.cluster_parts.generations import measure_generations
from benchmarks.report import machine, save_report

PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "article": measure_article,
    "fits": measure_fits,
    "generations": measure_generations,
}


def main() -> None:
    """Measure the parts, print their tables and save them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument(
        "--short", action="store_true", help="leave out fits of ten seconds and article 2; save nothing"
    )
    arguments = parser.parse_args()
    facts = machine()
    found = {name: PARTS[name](is_short=arguments.short) for name in arguments.parts}
    if not arguments.short:
        save_report("cluster", {"machine": facts, **found})


if __name__ == "__main__":
    main()

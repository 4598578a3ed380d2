"""One generation of article 2's evolution, against SciPy and pymoo."""

import statistics
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from benchmarks.evolution_parts import evolvers
from benchmarks.evolution_parts.part import Part, Run, Runs, median, table
from benchmarks.measure import measure
from benchmarks.products import MemberProducts
from nnsize_engine.evolution.problem import Problem
from nnsize_engine.processes.parallel import ThreadPool, worker_count
from nnsize_engine.settings.evolution import EvolutionSettings

GENERATIONS = 2
"""Timed generations after the first population, with 20,485 members."""

FIFTH = ", a fifth of the members"
"""Suffix of rows with fewer members: the time of pymoo's generation grows with the square of the members."""

MIN_RATIO, MAX_MEGABYTES = 20, 1000
"""Targets: times that SciPy takes as long as ours, and our memory."""


def _generation(of: Callable[[Problem], list[float]], **given: Any) -> Run:
    def run(seed: int) -> dict[str, Any]:
        problem = evolvers.problem_for(EvolutionSettings(seed=seed, **given))
        measured = measure(lambda: of(problem))
        seconds = statistics.median(measured.result)
        found = {
            "seconds": seconds,
            "megabytes": measured.peak_megabytes,
            "evaluations_per_second": problem.settings.member_count / seconds,
        }
        if of is _ours:
            found["products"] = _seconds_of_products(problem, 3)
        return found

    return run


def _ours(problem: Problem) -> list[float]:
    seconds: list[float] = evolvers.generations_of_ours(problem, GENERATIONS)
    return seconds


def _scipy(vectorized: bool, generations: int) -> Callable[[Problem], list[float]]:
    return lambda problem: evolvers.generations_of_scipy(problem, generations + 1, vectorized=vectorized)


def _seconds_of_products(problem: Problem, times: int) -> float:
    """Return the shortest time of a generation's matrix products on all cores, which is the limit."""
    products = MemberProducts(problem)
    with ThreadPool(worker_count(None)) as pool:
        shortest: float = min(products.seconds(pool) for _ in range(times))
    return shortest


ROWS: Mapping[str, Run] = MappingProxyType(
    {"ours float32": _generation(_ours), "SciPy vectorized": _generation(_scipy(True, 1))}
)

FURTHER_ROWS: Mapping[str, Run] = MappingProxyType(
    {
        "ours float32": _generation(_ours),
        "ours float64": _generation(_ours, precision="float64"),
        "SciPy workers=-1": _generation(_scipy(False, GENERATIONS)),
        "pymoo DE" + FIFTH: _generation(lambda problem: evolvers.generations_of_pymoo(problem, 1), popsize=1),
        "ours float32" + FIFTH: _generation(_ours, popsize=1),
    }
)


def _lines(found: Runs) -> list[str]:
    """Return a table of the cost of one generation, also as a multiple of ours."""
    rows = []
    for subject, runs in found.items():
        seconds = median(runs, "seconds")
        of_fifth = FIFTH if subject.endswith(FIFTH) else ""
        ours = median(found["ours float32" + of_fifth], "seconds")
        rows.append(
            [
                subject,
                f"{seconds:.2f}",
                f"{seconds / ours:.1f}",
                f"{median(runs, 'evaluations_per_second'):,.0f}",
                f"{median(runs, 'megabytes'):,.0f}",
                f"{median(runs, 'products') / seconds:.0%}" if "products" in runs[0] else "",
            ]
        )
    return [
        "One generation of article 2: 20,485 members x 4,097 weights, 398 rows. Medians. Targets: SciPy at least "
        f"{MIN_RATIO} times ours; ours at most {MAX_MEGABYTES:,} MB.",
        "",
        *table("|s a generation|times ours|evaluations/s|peak MB|share of the products' limit", rows),
    ]


PART = Part(rows=ROWS, seeds=2, lines=_lines)

FURTHER = Part(rows=FURTHER_ROWS, seeds=3, lines=_lines, packages={"pymoo": "pymoo"}, is_usual=False)
"""Further settings and packages."""

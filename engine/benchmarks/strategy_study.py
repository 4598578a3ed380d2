"""Study of strategies: `python engine/benchmarks/strategy_study.py` runs what is not saved, and prints tables.

Only training rows are used. Each repetition holds out another quarter of them, on which the network of each strategy is
judged by the fitness after 5,000, 20,000 and 100,000 evaluations. A cell is one run of one part, and it is saved as a
line of a file, so that a study that was ended goes on where it was. `--show` prints the tables of the file.

==============  =====================================================================================
strategies      12 tasks, with the weight decay of the base; 20,000 evaluations
long            the two best: 100,000 evaluations, but for the largest network
steps           the two best: a third of the first step, and three times it
decay           weight decays from 0 to .1: of hill climbing for a smooth loss, of LM-MA-ES for the others
stopping        hill climbing, for a smooth loss: held-out rows end the evolution, with several weight decays
==============  =====================================================================================
"""

import argparse
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from benchmarks.report import RESULTS, say
from benchmarks.study_tasks import TASKS, Task, inner_split
from nnsize_engine.data.split import Split
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.families import hill_climbing, lm_ma_es
from nnsize_engine.evolution.problem import fill_losses, make_problem, network_of
from nnsize_engine.evolution.scores import final_scores
from nnsize_engine.processes.parallel import ThreadPool
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import is_minimised

CELLS = RESULTS / "strategy-study.jsonl"

LOOKS = (5_000, 20_000, 100_000)
"""Numbers of evaluations after which the network is judged."""

STRATEGIES = ("hill-climbing", "lm-ma-es", "snes", "sep-cma-es", "shade")
USUAL_STEPS: Mapping[str, float] = MappingProxyType(
    {"hill-climbing": hill_climbing.FAMILY.step, "lm-ma-es": lm_ma_es.FAMILY.step}
)
FINALISTS = tuple(USUAL_STEPS)
DECAYS = (0.0, 0.003, 0.01, 0.03, 0.1)
STOPPING: Mapping[str, Any] = MappingProxyType({"validation_fraction": 0.2, "early_stopping": True})

BASE: Mapping[str, Any] = MappingProxyType(
    {"init": "glorot", "bounds": "glorot:10", "weight_decay": 0.01, "tol": 0.0, "jobs": 1}
)
"""The settings that every variant changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One run of the study."""

    part: str
    task: str
    strategy: str
    repetition: int
    evaluations: int
    variant: str = ""
    """The differences from the base, in words."""

    given: Mapping[str, Any] = field(default_factory=dict)
    """The same as settings."""

    @property
    def key(self) -> str:
        """The name of the cell in the file."""
        words = (self.part, self.task, self.strategy, self.variant, str(self.repetition), str(self.evaluations))
        return " | ".join(words)


def cells(repetitions: int) -> Iterator[Cell]:
    """Return the cells of all parts, in the order in which they are run."""
    for part in PARTS:
        for repetition in range(repetitions):
            for name, task in TASKS.items():
                yield from _cells_of(part, name, task, repetition)


def _cells_of(part: str, name: str, task: Task, repetition: int) -> Iterator[Cell]:
    if (task.is_large and part != "strategies") or (part == "stopping" and not task.is_smooth):
        return
    for strategy, evaluations, variant, given in _VARIANTS[part](task):
        yield Cell(
            part=part,
            task=name,
            repetition=repetition,
            strategy=strategy,
            evaluations=evaluations,
            variant=variant,
            given=given,
        )


Variant = tuple[str, int, str, dict[str, Any]]
"""A strategy, its evaluations, what differs from the base in words, and the same as settings."""


def _strategies(_: Task) -> list[Variant]:
    return [(strategy, 20_000, "", {}) for strategy in STRATEGIES]


def _decays(task: Task) -> list[Variant]:
    strategy, most = ("hill-climbing", 100_000) if task.is_smooth else ("lm-ma-es", 20_000)
    return [(strategy, most, f"decay {decay:g}", {"weight_decay": decay}) for decay in DECAYS]


def _long(_: Task) -> list[Variant]:
    return [(strategy, 100_000, "", {}) for strategy in FINALISTS]


def _steps(_: Task) -> list[Variant]:
    factors = (("step x 1/3", 1 / 3), ("step x 3", 3.0))
    return [
        (strategy, 20_000, words, {"step": USUAL_STEPS[strategy] * factor})
        for strategy in FINALISTS
        for words, factor in factors
    ]


def _stopping(_: Task) -> list[Variant]:
    return [
        ("hill-climbing", 100_000, f"stop, decay {decay:g}", {**STOPPING, "weight_decay": decay})
        for decay in (0.003, 0.01, 0.03)
    ]


_VARIANTS: Mapping[str, Callable[[Task], list[Variant]]] = MappingProxyType(
    {"strategies": _strategies, "decay": _decays, "long": _long, "steps": _steps, "stopping": _stopping}
)
PARTS = tuple(_VARIANTS)


def run(cell: Cell, split: Split) -> dict[str, Any]:
    """Evolve; return the held-out fitness, the loss and the evaluations at each of :data:`LOOKS`."""
    task = TASKS[cell.task]
    members = {"members": 100} if cell.strategy == "shade" else {}
    chosen = {**BASE, **members, **task.given, **cell.given}
    settings = EvolutionSettings(
        data=task.data,
        layers=task.layers,
        fitness=task.fitness,
        strategy=cell.strategy,
        seed=cell.repetition,
        evaluations=cell.evaluations,
        **chosen,
    )
    evolution = Evolution(make_problem(settings, split), None, lambda _: None)
    looks = [look for look in LOOKS if look <= cell.evaluations]
    found: list[dict[str, float]] = []
    began = time.process_time()
    with ThreadPool(1) as pool:
        while evolution.reason_to_end is None:
            state = evolution.state
            if state is not None and state.population.evaluations + settings.member_count > looks[len(found)]:
                found.append(_look(evolution))
            evolution.next_generation(pool, threading.Event())
    last = _look(evolution)
    found += [last] * (len(looks) - len(found))  # an evolution that ended early has its last network
    return {"looks": found, "seconds": round(time.process_time() - began, 2), "evaluations": last["evaluations"]}


def _look(evolution: Evolution) -> dict[str, float]:
    assert evolution.state is not None
    weights, generation = evolution.chosen()
    losses = np.empty(1)
    fill_losses(evolution.problem, evolution.problem.training, weights[np.newaxis], losses)
    scores = final_scores(evolution.problem, network_of(evolution.problem, "evolved", weights, steps=generation), 0.0)
    fitness = float("nan") if scores.test_fitness is None else scores.test_fitness
    return {
        "held_out": float(f"{fitness:.5g}"),
        "score": float(f"{scores.test_score or 0:.5g}"),
        "objective": float(f"{losses[0]:.5g}"),
        "evaluations": evolution.state.population.evaluations,
    }


def load() -> dict[str, dict[str, Any]]:
    """Return all saved cells by their keys."""
    if not CELLS.exists():
        return {}
    lines = [json.loads(line) for line in CELLS.read_text().splitlines()]
    return {line["cell"]: line for line in lines}


def study(repetitions: int, parts: list[str], tasks: list[str]) -> None:
    """Run the cells that are not saved yet, and save each as a line."""
    done = load()
    splits: dict[tuple[str, int], Split] = {}
    for cell in cells(repetitions):
        if cell.key in done or cell.part not in parts or cell.task not in tasks:
            continue
        place = (cell.task, cell.repetition)
        if place not in splits:
            splits[place] = inner_split(TASKS[cell.task], cell.repetition)
        line = {"cell": cell.key, **run(cell, splits[place])}
        RESULTS.mkdir(exist_ok=True)
        with CELLS.open("a") as file:
            file.write(json.dumps(line) + "\n")
        say(f"{cell.key}: {line['looks'][-1]} in {line['seconds']} s")


# Tables.


def show() -> None:
    """Print the median held-out fitness of each strategy and variant, and its mean rank over the tasks."""
    rows: dict[tuple[str, int], dict[str, dict[str, list[float]]]] = {}
    for key, line in load().items():
        part, task, strategy, variant, _, evaluations = key.split(" | ")
        for look, found in zip(LOOKS, line["looks"], strict=False):
            if part == "long" and look < int(evaluations):
                continue
            part_of = f"{part} of {strategy}" if part == "decay" else part
            table = rows.setdefault((part_of, look), {})
            table.setdefault(f"{strategy} {variant}".strip(), {}).setdefault(task, []).append(found["held_out"])
    for (part, look), table in sorted(rows.items(), key=lambda one: (PARTS.index(one[0][0].split()[0]), one[0])):
        medians = {
            name: {task: float(np.median(values)) for task, values in tasks.items()} for name, tasks in table.items()
        }
        _print_table(f"{part}, {look:,} evaluations", medians)


def _print_table(title: str, medians: Mapping[str, Mapping[str, float]]) -> None:
    tasks = [task for task in TASKS if all(task in values for values in medians.values())]
    ranks = {name: [_rank(medians, name, task) for task in tasks] for name in medians}
    say(f"\n{title}\n\n|  | {' | '.join(tasks)} | mean rank |\n|{' --- |' * (len(tasks) + 2)}")
    for name in sorted(medians, key=lambda one: float(np.mean(ranks[one]))):
        values = " | ".join(f"{medians[name][task]:.3f}" for task in tasks)
        say(f"| {name} | {values} | {np.mean(ranks[name]):.1f} |")


def _rank(medians: Mapping[str, Mapping[str, float]], name: str, task: str) -> float:
    """Return the place of a row among all rows; equal values share their places."""
    sign = 1 if is_minimised(TASKS[task].fitness) else -1
    values = [sign * row[task] for row in medians.values()]
    own = sign * medians[name][task]
    return sum(value < own for value in values) + (1 + sum(value == own for value in values)) / 2


def main() -> None:
    """Run the cells that are not saved, and print the tables."""
    parser = argparse.ArgumentParser(description="Study which strategy is best as auto.")
    parser.add_argument("--parts", nargs="*", default=list(PARTS), choices=PARTS)
    parser.add_argument("--tasks", nargs="*", default=list(TASKS), choices=list(TASKS))
    parser.add_argument("--repetitions", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="run nothing")
    arguments = parser.parse_args()
    if not arguments.show:
        study(arguments.repetitions, arguments.parts, arguments.tasks)
    show()


if __name__ == "__main__":
    main()

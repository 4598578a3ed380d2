"""Study of the recommended settings of an evolution: `python engine/benchmarks/evolution_settings_study.py`.

Only training rows are used. Each repetition holds out another quarter of them, on which the final network of a setting
is scored. The same network is trained by gradient on the same rows, and the loss of a setting is shown as a multiple of
the loss of gradient training. These calls led to the recommended settings:

    --cases wine breast_cancer --repetitions 4 --budget 100000
    --cases iris diabetes synthetic digits --repetitions 2 --budget 100000 --variants base "decay 5e-3" "decay 1e-2"
    --cases wine breast_cancer --repetitions 6 --budget 225000 --variants "decay 5e-3" "decay 7e-3" "decay 1e-2"

Variants that were worse after one repetition were not repeated; `--show` shows them. All runs are saved in one file and
are not run again, so that variants can be added one by one.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

from benchmarks.report import RESULTS, say
from nnsize_engine.data.split import Split, load_split
from nnsize_engine.errors import FitError
from nnsize_engine.evolution.ask_tell import Population
from nnsize_engine.evolution.bounds import bounds_of
from nnsize_engine.evolution.evolve import Evolution
from nnsize_engine.evolution.problem import make_problem, network_of
from nnsize_engine.evolution.scores import final_scores, train_by_gradient
from nnsize_engine.processes.parallel import ThreadPool
from nnsize_engine.results.records import NetworkScores
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.fitness import default_loss

RUNS = RESULTS / "evolution-settings-study.json"

CASES: Mapping[str, str] = MappingProxyType(
    {"breast_cancer": "64,32", "wine": "64,32", "iris": "16", "digits": "32", "diabetes": "16", "synthetic": "32"}
)
"""The data sets, with the hidden layers that are evolved."""

LOOKS = (5_000, 10_000, 20_000, 40_000, 60_000, 100_000, 150_000, 225_000, 500_000, 1_000_000)
"""Numbers of evaluations after which the best network is scored on the held-out rows."""

BASE: Mapping[str, Any] = MappingProxyType(
    {
        "strategy": "shade",
        "members": 100,
        "init": "glorot",
        "bounds": "glorot:10",
        "weight_decay": 1e-3,
        "tol": 0.0,
    }
)
"""The settings that every variant changes."""

VARIANTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "base": {},
        "decay 0": {"weight_decay": 0.0},
        "decay 1e-4": {"weight_decay": 1e-4},
        "decay 3e-3": {"weight_decay": 3e-3},
        "decay 1e-2": {"weight_decay": 1e-2},
        "stop": {"validation_fraction": 0.2, "early_stopping": True},
        "decay 3e-3, stop": {"weight_decay": 3e-3, "validation_fraction": 0.2, "early_stopping": True},
        "decay 3e-3, stop 0.1": {"weight_decay": 3e-3, "validation_fraction": 0.1, "early_stopping": True},
        "decay 3e-3, members 50": {"weight_decay": 3e-3, "members": 50},
        "decay 3e-3, members 200": {"weight_decay": 3e-3, "members": 200},
        "decay 3e-3, p 0.1": {"weight_decay": 3e-3, "p_best": 0.1},
        "decay 3e-3, p 0.2": {"weight_decay": 3e-3, "p_best": 0.2},
        "decay 3e-3, jade": {"weight_decay": 3e-3, "strategy": "jade"},
        "decay 3e-3, lshade": {"weight_decay": 3e-3, "strategy": "lshade"},
        "decay 3e-3, best1bin": {"weight_decay": 3e-3, "strategy": "best1bin"},
        "decay 3e-3, best1bin 50": {"weight_decay": 3e-3, "strategy": "best1bin", "members": 50},
        "decay 3e-3, best1bin 200": {"weight_decay": 3e-3, "strategy": "best1bin", "members": 200},
        "decay 3e-3, memory 20": {"weight_decay": 3e-3, "memory": 20},
        "decay 3e-3, archive 0": {"weight_decay": 3e-3, "archive": 0.0},
        "decay 3e-3, bounds 3": {"weight_decay": 3e-3, "bounds": "glorot:3"},
        "decay 3e-3, bounds -1:1": {"weight_decay": 3e-3, "bounds": "-1:1"},
        "decay 3e-3, batch 64": {"weight_decay": 3e-3, "batch_size": 64, "batch_generations": 10},
        "decay 3e-3, restart": {"weight_decay": 3e-3, "restart_after": 200},
        "decay 3e-3, start 0.3": {"weight_decay": 3e-3, "start": 0.3},
        "decay 3e-3, start 0.1": {"weight_decay": 3e-3, "start": 0.1},
        "decay 5e-3": {"weight_decay": 5e-3},
        "decay 7e-3": {"weight_decay": 7e-3},
        "decay 5e-3, jade": {"weight_decay": 5e-3, "strategy": "jade"},
        "decay 5e-3, best1bin": {"weight_decay": 5e-3, "strategy": "best1bin"},
        "decay 5e-3, members 50": {"weight_decay": 5e-3, "members": 50},
        "decay 5e-3, members 200": {"weight_decay": 5e-3, "members": 200},
        "decay 5e-3, p 0.1": {"weight_decay": 5e-3, "p_best": 0.1},
        "decay 5e-3, memory 20": {"weight_decay": 5e-3, "memory": 20},
        "decay 5e-3, archive 0": {"weight_decay": 5e-3, "archive": 0.0},
        "decay 5e-3, bounds 30": {"weight_decay": 5e-3, "bounds": "glorot:30"},
        "decay 5e-3, batch 256": {"weight_decay": 5e-3, "batch_size": 256, "batch_generations": 10},
        "decay 5e-3, stop": {"weight_decay": 5e-3, "validation_fraction": 0.2, "early_stopping": True},
        "decay 5e-3, start 0.3": {"weight_decay": 5e-3, "start": 0.3},
        "decay 1e-2, jade": {"weight_decay": 1e-2, "strategy": "jade"},
        "decay 1e-2, best1bin": {"weight_decay": 1e-2, "strategy": "best1bin"},
        "decay 1e-2, stop": {"weight_decay": 1e-2, "validation_fraction": 0.2, "early_stopping": True},
    }
)


def inner_split(case: str, repetition: int) -> Split:
    """Return a split of the training rows, with a quarter of them as the test rows."""
    split = load_split(settings_for(case, {}, 0, 0))
    stratify = None if split.facts.task == "regression" else split.y_train
    X_train, X_held, y_train, y_held = train_test_split(
        split.X_train, split.y_train, test_size=0.25, random_state=repetition, stratify=stratify
    )
    return replace(split, X_train=X_train, y_train=y_train, X_test=X_held, y_test=y_held)


def settings_for(case: str, given: Mapping[str, Any], seed: int, budget: int) -> EvolutionSettings:
    """Return the settings of a variant for a data set; ``budget`` is the number of evaluations."""
    chosen = {**BASE, **given}
    start = chosen.pop("start", None)
    members = chosen["members"]
    mean_members = (members + 4) / 2 if chosen["strategy"] == "lshade" else members
    settings = EvolutionSettings(
        data=case,
        layers=CASES[case],
        fitness=default_loss(builtin_data(case).task),
        seed=seed,
        generations=max(0, int(budget / mean_members) - 1),
        **chosen,
    )
    return settings if start is None else replace(settings, init=_smaller_start(settings, start))


def _smaller_start(settings: EvolutionSettings, factor: float) -> str:
    """Write a first population of Glorot's initial weights times a factor; return the path of the file."""
    space = bounds_of(settings)
    random = np.random.default_rng(settings.seed)
    members = random.uniform(space.first_low, space.first_high, (settings.member_count, settings.weights)) * factor
    path = Path(tempfile.gettempdir()) / "nnsize-study-start.npy"
    np.save(path, members.astype(settings.precision))
    return str(path)


def evolve(settings: EvolutionSettings, split: Split, budget: int) -> dict[str, Any]:
    """Evolve; return the losses on the held-out rows at each of :data:`LOOKS`, and all scores of the last."""
    problem = make_problem(settings, split)
    evolution = Evolution(problem, None, lambda _: None)
    found: list[dict[str, float]] = []
    looks = [look for look in LOOKS if look <= budget]
    with ThreadPool(1) as pool:
        while evolution.reason_to_end is None and len(found) < len(looks):
            evolution.next_generation(pool, threading.Event())
            assert evolution.state is not None
            population = evolution.state.population
            if population.evaluations + len(population.losses) > looks[len(found)]:
                found.append(_look(evolution))
    if len(found) < len(looks):  # the evolution ended early, so the network stays the same
        found += [_look(evolution)] * (len(looks) - len(found))
    return {"losses": [look["loss"] for look in found], **found[-1]}


def _look(evolution: Evolution) -> dict[str, float]:
    assert evolution.state is not None
    weights, generation = evolution.chosen()
    stored = network_of(evolution.problem, "evolved", weights, steps=generation)
    scores = _rounded(final_scores(evolution.problem, stored, 0.0))
    # The mean of all members is scored as a further network.
    population = evolution.state.population
    assert isinstance(population, Population), "the study compares strategies of differential evolution"
    mean = population.members.mean(axis=0, dtype=np.float64)
    of_mean = _rounded(final_scores(evolution.problem, network_of(evolution.problem, "evolved", mean, steps=0), 0.0))
    return {
        "evaluations": evolution.state.population.evaluations,
        **scores,
        "mean_loss": of_mean["loss"],
        "seconds": round(evolution.state.elapsed, 1),
    }


def _rounded(scores: NetworkScores) -> dict[str, float]:
    values = {
        "loss": scores.test_loss,
        "score": scores.test_score,
        "train_loss": scores.train_loss,
        "train_score": scores.train_score,
    }
    return {name: float("inf") if value is None else float(f"{value:.4g}") for name, value in values.items()}


def gradient(settings: EvolutionSettings, split: Split) -> dict[str, float]:
    """Return the scores of the same network trained by gradient on the same rows."""
    problem = make_problem(replace(settings, validation_fraction=0.0, early_stopping=False), split)
    trained = train_by_gradient(problem, threading.Event())
    assert trained is not None
    return _rounded(final_scores(problem, trained[0], trained[1].seconds))


def load() -> dict[str, Any]:
    """Return all saved runs, by variant, case, repetition and budget."""
    return json.loads(RUNS.read_text()) if RUNS.exists() else {"gradient": {}, "runs": {}}


def save(found: dict[str, Any]) -> None:
    """Save all runs, one per line."""
    RESULTS.mkdir(exist_ok=True)
    lines = [f"  {json.dumps(name)}: {json.dumps(run)}" for name, run in sorted(found["runs"].items())]
    references = [f"  {json.dumps(name)}: {json.dumps(scores)}" for name, scores in sorted(found["gradient"].items())]
    RUNS.write_text(
        '{\n "gradient": {\n' + ",\n".join(references) + '\n },\n "runs": {\n' + ",\n".join(lines) + "\n }\n}\n"
    )


def study(variants: list[str], cases: list[str], repetitions: int, budget: int) -> None:
    """Run the variants that are not saved yet."""
    for repetition in range(repetitions):
        for case in cases:
            split = inner_split(case, repetition)
            for variant in variants:
                found = load()
                name = f"{variant} | {case} | {repetition} | {budget}"
                settings = settings_for(case, VARIANTS[variant], repetition, budget)
                if f"{case} | {repetition}" not in found["gradient"]:
                    found["gradient"][f"{case} | {repetition}"] = gradient(settings, split)
                if name in found["runs"]:
                    continue
                began = time.perf_counter()
                try:
                    run = evolve(settings, split, budget)
                except FitError as error:
                    say(f"{name}: {error}")
                    continue
                found["runs"][name] = run
                save(found)
                say(f"{name}: {run} in {time.perf_counter() - began:.0f} s")


def show(budget: int, repetitions: int, cases: list[str]) -> None:
    """Print one line per variant: its mean loss as a multiple of gradient training's, and its scores by data set."""
    found = load()
    looks = [look for look in LOOKS if look <= budget]
    by_variant: dict[str, dict[str, list[list[float]]]] = {}
    for name, run in found["runs"].items():
        variant, case, repetition, of_budget = name.split(" | ")
        if int(of_budget) == budget and int(repetition) < repetitions and case in cases:
            reference = found["gradient"][f"{case} | {repetition}"]["loss"]
            losses = [*run["losses"], run["mean_loss"], reference]
            by_variant.setdefault(variant, {}).setdefault(case, []).append([*losses, run["train_score"], run["score"]])
    scores = {
        case: np.mean([found["gradient"][f"{case} | {n}"]["score"] for n in range(repetitions)]) for case in cases
    }
    rows = []
    for variant, of_cases in by_variant.items():
        if set(of_cases) != set(cases):
            continue
        means = {case: np.mean(np.array(runs), axis=0) for case, runs in of_cases.items()}
        for values in means.values():
            values[:-2] /= values[-3]  # the loss of gradient training on the same rows
        overall = np.exp(np.mean([np.log(values[:-3]) for values in means.values()], axis=0))
        rows.append((float(overall[-2]), variant, overall, means, min(len(runs) for runs in of_cases.values())))
    say(f"Loss over gradient training's, geometric mean over {', '.join(cases)}; means of {repetitions}.")
    head = "".join(f"{look:>9,}" for look in looks) + f"{'of mean':>9}    "
    say(f"{'':26}" + head + "".join(f"{f'{case} {scores[case]:.3f}':26}" for case in cases))
    for _, variant, overall, means, count in sorted(rows, key=lambda row: row[0]):
        line = f"{variant:26}" + "".join(f"{value:9.3f}" for value in overall) + f" {count:2} "
        for case in cases:
            values = means[case]
            line += f"{values[: len(looks)].min():7.2f}{values[len(looks) - 1]:6.2f}{values[-2]:6.3f}{values[-1]:6.3f} "
        say(line)


def main() -> None:
    """Run the named variants and print the comparison."""
    parser = argparse.ArgumentParser(description="Study the recommended settings of an evolution.")
    parser.add_argument("--variants", nargs="*", default=list(VARIANTS), choices=list(VARIANTS))
    parser.add_argument("--cases", nargs="*", default=list(CASES), choices=list(CASES))
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--budget", type=int, default=40_000, help="evaluations")
    parser.add_argument("--show", action="store_true", help="run nothing")
    arguments = parser.parse_args()
    if not arguments.show:
        study(arguments.variants, arguments.cases, arguments.repetitions, arguments.budget)
    show(arguments.budget, arguments.repetitions, arguments.cases)


if __name__ == "__main__":
    main()

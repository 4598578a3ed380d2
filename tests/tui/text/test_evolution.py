"""The answer of an evolution in words, honest about what held-out rows say."""

from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.answers.evolution_answer import evolution_answer
from nnsize_engine.results.generations import Generations
from nnsize_engine.results.records import State
from nnsize_engine.results.trend import trend_of
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.text import count_text, rate_text, share_text
from nnsize_tui.text.evolution import (
    evaluation_rate,
    facts,
    fraction,
)
from support.made_runs import EVOLUTION, made_generation, make_evolution
from support.views import evolution_view


def view_of(home: Path, state: State, generations: int | None = None, **changed: object) -> EvolutionView:
    """A look at a made-up evolution; ``changed`` replaces settings."""
    settings = replace(EVOLUTION, **changed)  # type: ignore[arg-type]
    return evolution_view(make_evolution(home, "zelodo", settings, state=state, generations=generations))


def test_a_finished_evolution_says_what_it_reached_and_what_gradient_training_did(home: Path) -> None:
    assert evolution_answer(view_of(home, "finished")) == (
        "Evolved 4-6-3-3 for 40 generations (1,230 evaluations) in 20s: accuracy 0.9650 on training rows, "
        "0.9510 on test rows. By gradient, the same network reaches 0.9750 / 0.9610 in 0.40s."
    )


def test_without_test_rows_no_test_score_is_claimed(home: Path) -> None:
    assert evolution_answer(view_of(home, "finished", test_size=0)) == (
        "Evolved 4-6-3-3 for 40 generations (1,230 evaluations) in 20s: accuracy 0.9650 on training rows. "
        "By gradient, the same network reaches 0.9750 in 0.40s. By log_loss on training rows gradient training wins, "
        "0.0900 against 0.1000."
    )


def test_an_early_end_and_a_network_of_an_earlier_generation_are_said(home: Path) -> None:
    view = view_of(home, "finished", 30)
    assert view.evolved is not None
    view = replace(view, evolved=replace(view.evolved, steps=12))
    answer = evolution_answer(view)
    assert "for 30 of at most 40 generations" in answer
    assert "The network is that of generation 12, the best on held-out rows." in answer


def test_while_it_runs_the_best_so_far_and_whether_it_improves_are_said(home: Path) -> None:
    answer = evolution_answer(view_of(home, "running", 8))
    assert answer.startswith("Best so far (generation 8 of 40): log_loss 0.5421, held-out 0.5721. Still improving. By")
    assert answer.endswith("By gradient, the same network reaches 0.0900 / 0.0920 in 0.40s.")


def test_no_progress_and_overfitting_are_said(home: Path) -> None:
    view = view_of(home, "running", 30)
    last = view.generations[-1]
    same = [replace(last, number=number) for number in range(31, 41)]
    assert "No better for 10 generations." in evolution_answer(
        replace(view, generations=Generations([*view.generations, *same]))
    )
    worse = [replace(last, number=number, best=0.05 / number, held_out=0.5 + number / 100) for number in range(31, 41)]
    answer = evolution_answer(replace(view, generations=Generations([*view.generations, *worse])))
    best = min(view.generations, key=lambda one: one.held_out or 0.0).number
    assert f"Overfitting: held-out rows were best in generation {best} " in answer
    assert f"have been worse for {40 - best} generations." in answer
    assert "Still improving" not in answer
    hardly = [replace(one, held_out=(view.generations[best].held_out or 0.0) * 1.01) for one in worse]
    answer = evolution_answer(replace(view, generations=Generations([*view.generations, *hardly])))
    assert "Overfitting" not in answer
    assert f"and not better for {40 - best} generations." in answer


def test_on_mini_batches_nothing_is_said_about_progress(home: Path) -> None:
    assert "Still improving" not in evolution_answer(view_of(home, "running", 8, batch_size=10))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("failed", "No answer: the disk is full."),
        ("stopped", "No answer yet: not even the first population is evaluated."),
        ("running", "No answer yet: evaluating the first population, 10 of 30 members."),
    ],
)
def test_before_the_first_population_it_is_said_what_is_awaited(home: Path, state: State, words: str) -> None:
    folder = make_evolution(home, "zelodo", state=state, generations=-1, reason="the disk is full")
    assert evolution_answer(evolution_view(folder)) == words


def test_a_failed_evolution_says_why_and_what_it_has(home: Path) -> None:
    folder = make_evolution(home, "zelodo", state="failed", generations=3, reason="the disk is full")
    answer = evolution_answer(evolution_view(folder))
    assert answer.startswith("The run failed: the disk is full. Best so far (generation 3 of 40)")


def test_a_failed_gradient_training_is_said(home: Path) -> None:
    view = view_of(home, "running", 3)
    assert view.gradient is not None
    view = replace(view, gradient=replace(view.gradient, error="the loss became infinite"))
    assert evolution_answer(view).endswith("Training it by gradient failed: the loss became infinite.")


def test_the_first_population_counts_like_a_generation(home: Path) -> None:
    view = view_of(home, "running", 8)
    assert fraction(view) == pytest.approx((9 + 1 / 3) / 41)
    assert evaluation_rate(view) == pytest.approx(60)
    assert fraction(replace(view, state="finished")) == 1.0


def test_a_trend_is_the_same_however_the_generations_came() -> None:
    settings = replace(EVOLUTION, fitness="accuracy")
    generations = Generations(made_generation(number, settings) for number in range(20))
    trend = trend_of(generations, "accuracy")
    grown = trend_of(Generations(generations[:7]), "accuracy")
    grown.take(generations, 7)
    assert vars(grown) == vars(trend)
    assert (trend.best_at, trend.stalled_for) == (19, 0)


def test_settings_are_told_the_most_important_first_and_the_usual_ones_not() -> None:
    assert facts(EvolutionSettings()) == [
        "breast_cancer", "30-64-32-1 = 4,097 weights", "best1bin", "accuracy", "20,485 members", "seed 0",
    ]  # fmt: skip
    unusual = EvolutionSettings(weight_decay=1e-3, mutation=(0.4, 0.9), scale=False, init="mine.npy")
    assert facts(unusual)[4:] == ["seed 0", "weight-decay 0.001", "mutation 0.4:0.9", "init mine.npy", "no scale"]


def test_counts_rates_and_shares_are_short() -> None:
    assert [count_text(count) for count in (0, 225_335, 9_999_999, 12_340_000, 5e9, 2.5e10)] == [
        "0", "225,335", "9,999,999", "12.3M", "5000M", "25.0G",
    ]  # fmt: skip
    assert [rate_text(rate) for rate in (None, 0.25, 812, 45_678)] == ["-", "0.25", "812", "45,678"]
    assert [share_text(*pair) for pair in ((0, 30), (1, 30), (12, 30), (30, 30))] == ["0%", "3.3%", "40%", "100%"]

"""Who wins by the fitness of an evolution is said honestly."""

from dataclasses import replace

import pytest

from nnsize_engine.results.records import NetworkScores
from nnsize_engine.results.verdict import quantized_words, verdict, verdict_words
from nnsize_engine.settings.evolution import EvolutionSettings


def scores(fitness: float | None, test_fitness: float | None) -> NetworkScores:
    return NetworkScores(
        name="evolved", fitness=fitness, held_out=None, train_score=0.9, test_score=0.9, train_loss=0.1, test_loss=0.1,
        seconds=1.0, steps=1, test_fitness=test_fitness,
    )  # fmt: skip


COST = EvolutionSettings(fitness="cost", cost="0,1;5,0")
AUC = EvolutionSettings(fitness="roc_auc")


@pytest.mark.parametrize(
    ("settings", "evolved", "gradient", "words"),
    [
        (
            AUC, scores(0.99, 0.97), scores(0.98, 0.96),
            "By roc_auc on test rows the evolved network wins, 0.9700 against 0.9600 (on training rows evolved 0.9900, "
            "by gradient 0.9800). Gradient training minimised log_loss.",
        ),
        (
            COST, scores(0.1, 0.4), scores(0.2, 0.3),
            "By cost on test rows gradient training wins, 0.3000 against 0.4000 (but on training rows evolved 0.1000, "
            "by gradient 0.2000). Gradient training minimised log_loss.",
        ),
        (
            replace(AUC, test_size=0), scores(0.99, None), scores(0.99, None),
            "By roc_auc on training rows neither wins, 0.9900 against 0.9900. Gradient training minimised log_loss.",
        ),
        (
            EvolutionSettings(fitness="log_loss"), scores(0.1, 0.3), scores(0.05, 0.2),
            "By log_loss on test rows gradient training wins, 0.2000 against 0.3000 (on training rows evolved 0.1000, "
            "by gradient 0.0500).",
        ),
        (AUC, scores(0.99, None), scores(0.98, 0.9), ""),
        (AUC, scores(0.99, None), scores(0.98, None), ""),
    ],
)  # fmt: skip
def test_the_fitness_on_test_rows_decides(
    settings: EvolutionSettings, evolved: NetworkScores, gradient: NetworkScores, words: str
) -> None:
    assert verdict_words(settings, evolved, gradient, None) == words


def test_a_rounded_network_is_compared_with_one_that_is_rounded_too() -> None:
    settings = EvolutionSettings(fitness="roc_auc", bits=2, activation="step")
    assert quantized_words(settings) == "rounded to 2 bits, with steps"
    assert quantized_words(replace(settings, bits=1, activation="relu")) == "rounded to 1 bit"
    words = verdict_words(settings, scores(0.95, 0.9), scores(0.99, 0.98), scores(0.7, 0.6))
    assert words == (
        "By roc_auc on test rows the evolved network wins, 0.9000 against 0.6000 (on training rows evolved 0.9500, by "
        "gradient 0.7000); as it was trained, the gradient-trained network had 0.9800. Gradient training minimised "
        "log_loss."
    )
    other = verdict_words(settings, scores(0.5, 0.5), scores(0.99, 0.98), scores(0.7, 0.6))
    assert "the gradient-trained network, rounded to 2 bits, with steps, wins, 0.6000 against 0.5000" in other


def test_runs_of_earlier_versions_have_no_verdict() -> None:
    assert verdict(AUC, scores(0.9, None), scores(0.8, None)) is None

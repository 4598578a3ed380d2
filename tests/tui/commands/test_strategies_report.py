"""Commands print a run that compares strategies."""

import json
from pathlib import Path

from click.testing import CliRunner

from nnsize_engine.answers.strategies_answer import strategies_answer
from nnsize_engine.settings.strategy_comparison import compared_settings
from nnsize_tui.commands import cli
from support.made_comparisons import COMPARISON, comparison_view, make_comparison
from support.made_runs import EVOLUTION, make_evolution


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_the_strategies_are_a_table_the_best_first(run_home: Path) -> None:
    make_comparison(run_home, "bagote")
    lines = [" ".join(line.split()) for line in printed("show", "bagote").splitlines()]
    rows = lines[lines.index("strategy seeds best 25% 75% test evals evals/s time") + 1 :]
    assert rows[0].startswith("sep-cma-es 2/2 0.0982 0.0965 0.0999")
    assert rows[1].startswith("shade 2/2 0.1705")
    assert rows[2].startswith("gradient 0.0900")


def test_two_runs_are_compared_by_the_names_of_their_strategies(run_home: Path) -> None:
    make_comparison(run_home, "bagote")
    other = compared_settings(
        ("shade", "pso", "snes"), {"data": "iris", "layers": "6,3", "evaluations": 4000, "repeats": 2, "step": 0.5}
    )
    make_comparison(run_home, "zelodo", other)
    words = printed("compare", "bagote", "zelodo")
    lines = [" ".join(line.split()) for line in words.splitlines()]
    assert {"strategy shade,sep-cma-es shade,pso,snes", "step - 0.5"} <= set(lines)
    assert "network of sep-cma-es pso" in lines
    assert "Strategy(" not in words
    assert "compared" not in words
    totals = [COMPARISON.total_steps, other.total_steps]
    assert f"generations of all 160 of {totals[0]} 240 of {totals[1]}" in lines


def test_a_comparison_and_one_evolution_are_compared(run_home: Path) -> None:
    make_comparison(run_home, "bagote")
    make_evolution(run_home, "zelodo", EVOLUTION)
    found = json.loads(printed("compare", "bagote", "zelodo", "--json"))
    assert found["different_settings"]["strategy"] == {
        "bagote": "shade,sep-cma-es",
        "zelodo": EVOLUTION.strategy,
    }
    assert "compared" not in found["different_settings"]


def test_the_answer_names_auto_with_its_strategy_and_no_strategy_twice() -> None:
    names = ("shade", "auto", "hill-climbing")
    settings = compared_settings(names, {"data": "iris", "evaluations": 4000, "repeats": 2})
    words = strategies_answer(comparison_view(over=6, settings=settings))
    assert words.startswith("auto (hill-climbing) reaches a log_loss with weight decay of 0.")
    assert words.count("hill-climbing") == 1
    assert ", shade 0." in words

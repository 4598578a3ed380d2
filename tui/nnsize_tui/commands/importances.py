"""``nnsize importances``: which parameters of a search matter, and by how much."""

from collections.abc import Sequence

import click

from nnsize_engine.charts.importances_of import importances_of
from nnsize_engine.errors import RunError
from nnsize_engine.export.importance_tables import kind_of
from nnsize_engine.results.importances import (
    Importances,
    ParameterEffect,
    Share,
    importance_notes,
    importance_sentence,
    percent_text,
)
from nnsize_engine.runs.folders import find_run, home
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import EvolutionView
from nnsize_engine.settings.run import KIND_WORDS
from nnsize_engine.text import NONE, score_text
from nnsize_tui.commands.output import JsonObject, echo, has_unicode, print_json, print_table
from nnsize_tui.text.sentences import broken_words


@click.command(short_help="Say which parameters of a search matter most.")
@click.argument("run")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with every digit.")
def importances(run: str, as_json: bool) -> None:
    """Say how much each parameter of a search matters: its share of the variance between the candidates' mean scores.

    It takes a search over two or more parameters, also while it goes on, such as nnsize size --neurons 4:40:6
    --alpha 1e-5,1e-3,1e-1. Shares of parameters alone, of pairs, and of noise add up to 100 %; the noise of the folds
    is taken out of all others. "total" is the share of a parameter with all pairs that it is part of. In parentheses
    are 95 % intervals. Tables of effects give the mean score for each value of a parameter.
    """
    view = RunFollower(find_run(run, home())).look()
    if isinstance(view, EvolutionView):
        raise RunError(f"run {view.folder.name} is {KIND_WORDS[view.kind]}, which has no importances; name a search")
    found = importances_of(view)
    words = broken_words(view.folder.name, view.broken)
    if words:
        echo(words, err=True)
    if as_json:
        print_json(importances_object(view.folder.name, found))
    else:
        _print(found)


def importances_object(run: str, found: Importances) -> JsonObject:
    """Return importances as a JSON object."""
    return {
        "run": run,
        "scoring": found.scoring,
        "answer": importance_sentence(found),
        "folds": found.folds,
        "candidates": found.candidates,
        "is_grid": found.is_grid,
        "standard_deviation": found.deviation,
        "parts": [_part(one) for one in found.rows],
        "totals": [_part(one) for one in found.total],
        "effects": [_effect(one) for one in found.effects],
    }


def _part(share: Share) -> JsonObject:
    return {
        "parameters": list(share.parameters),
        "kind": kind_of(share),
        "share": share.share,
        "low": share.low,
        "high": share.high,
    }


def _effect(effect: ParameterEffect) -> JsonObject:
    errors = effect.errors or (None,) * len(effect.means)
    rows = zip(effect.labels, effect.means, errors, effect.best, strict=True)
    return {
        "parameter": effect.parameter,
        "values": [
            {"value": label, "mean_score": mean, "standard_error": error, "score_beside_best": best}
            for label, mean, error, best in rows
        ],
    }


def _print(found: Importances) -> None:
    is_plain = not has_unicode()
    echo(_spelt(importance_sentence(found), is_plain=is_plain))
    totals = {one.parameters: percent_text(one) for one in found.total}
    rows = [(one.name, percent_text(one), totals.get(one.parameters, "")) for one in found.rows]
    print_table(("part", "share", "total"), _spelt_rows(rows, is_plain=is_plain), left=frozenset({0, 1, 2}))
    deviation = (
        f"The standard deviation between the mean {found.scoring} of candidates is {score_text(found.deviation)}."
    )
    for note in (deviation, *importance_notes(found)):
        echo(_spelt(note, is_plain=is_plain))
    for place in found.ranked:
        _print_effect(found.effects[place], found.scoring, is_plain=is_plain)


def _print_effect(effect: ParameterEffect, scoring: str, *, is_plain: bool) -> None:
    echo(f"effect of {effect.parameter}:")
    errors = effect.errors or (None,) * len(effect.means)
    rows = [
        (label, score_text(mean), NONE if error is None else score_text(error), score_text(best))
        for label, mean, error, best in zip(effect.labels, effect.means, errors, effect.best, strict=True)
    ]
    headings = (effect.parameter, f"mean {scoring}", "std error", "others as in the best")
    print_table(headings, _spelt_rows(rows, is_plain=is_plain))


def _spelt(text: str, *, is_plain: bool) -> str:
    """Return text in signs that the output has."""
    return text.replace("×", "x").replace("–", "-") if is_plain else text


def _spelt_rows(rows: Sequence[Sequence[str]], *, is_plain: bool) -> list[tuple[str, ...]]:
    return [tuple(_spelt(cell, is_plain=is_plain) for cell in row) for row in rows]

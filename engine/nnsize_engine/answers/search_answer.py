"""The answer of a size search as it stands, also while it goes on, and shorter ones."""

from nnsize_engine.results.answer import Results, joined, recommendation, remarks
from nnsize_engine.results.by_repeat import seeds_text
from nnsize_engine.results.candidates import candidate_words, split_words
from nnsize_engine.results.choice import Choice
from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.runs.view import SizeView


def answer_text(view: SizeView) -> str:
    """Return the answer of a size search so far, in words: at most two sentences."""
    return answers(view)[0]


def answers(view: SizeView) -> list[str]:
    """Return the answer, and shorter and shorter ones: each leaves out the least important remark of the one before."""
    results = results_of(view)
    if results is None:
        if view.state in ("failed", "refused"):
            return [f"No answer: {(view.header.reason or 'it failed').rstrip('.')}."]
        return [f"No answer yet: {_awaited(view)}."]
    choice = results.choice
    first, said = recommendation(results), remarks(results)
    if view.final_of_best is None:
        first = f"So far ({_basis(view, choice)}), {first}"
    if view.state == "running" and view.header.done == view.header.total:
        said += _tested_now(view, choice)
    return [" ".join([first, *joined(said[:count])]) for count in range(len(said), -1, -1)]


def results_of(view: SizeView) -> Results | None:
    """Return what the answer of a search is about; None before there is a choice."""
    if view.choice is None:
        return None
    return Results(
        settings=view.settings,
        summaries=view.summaries,
        shared=view.shared,
        choice=view.choice,
        finals=view.finals,
        references=view.references,
    )


def _tested_now(view: SizeView, choice: Choice) -> list[str]:
    """Return a remark on what follows the fits and is under way now."""
    names = {choice.best.number: "the best", choice.recommended.number: "the recommended"}
    left = [name for number, name in names.items() if number not in view.finals]
    if left:
        return [f"now training {' and '.join(left)} on all training rows"]
    return ["the references are still being fitted"] if view.settings.references else []


def answer_details(view: SizeView) -> list[str]:
    """Return further facts on the answer, as sentences: how the recommendation moves with the seed."""
    words = "" if view.choice is None else seeds_text(view.by_repeat, view.choice)
    return [f"Recommended {words}."] if words else []


def _awaited(view: SizeView) -> str:
    """Return the state of a run without a finished fit."""
    if view.state not in LIVE_STATES:
        return "no fit is finished"
    if view.under_way:
        fit, candidate = view.under_way[0], view.summaries[view.under_way[0].candidate].candidate
        most = dict(candidate.parameters).get("max_iter", view.settings.network.max_iter)
        words = f"{candidate_words(candidate)} on {split_words(view.settings, fit.fold)}"
        return f"training {words}, epoch {fit.epochs} of {most}"
    if view.state == "starting" and view.log:
        return view.log[-1].text
    return "waiting for the first fit"


def _basis(view: SizeView, choice: Choice) -> str:
    return f"{len(choice.folds)} of {view.settings.splits} {'folds' if view.settings.repeats == 1 else 'fits'}"

"""A watched search as text. Pure functions; the screens and the commands share them."""

from nnsize_engine.results.records import LIVE_STATES
from nnsize_engine.results.watched_words import candidate_words, short_names
from nnsize_engine.runs.view import WatchedView
from nnsize_engine.settings.watched import WatchedSettings
from nnsize_engine.text import NONE, escape_text
from nnsize_tui.text.candidate_columns import CandidateColumn, result_columns

NUMBER = CandidateColumn(
    key="number",
    heading="number",
    title="#",
    value=lambda row: row.summary.candidate.number,
    text=lambda row, digits: str(row.summary.candidate.number),  # noqa: ARG005
)
"""The column that comes first: the row of ``cv_results_``."""


def columns(settings: WatchedSettings) -> tuple[CandidateColumn, ...]:
    """Return the columns after those of the searched parameters, in order."""
    return result_columns(settings)


def halving_facts(view: WatchedView, place: int) -> tuple[tuple[str, int], ...]:
    """Return iteration and resource of a candidate of a halving search, by name; nothing of other searches."""
    if not view.settings.is_halving:
        return ()
    one = view.candidates[place]
    return (("iter", one.iteration or 0), (view.settings.resource or "resource", one.resources or 0))


def facts(settings: WatchedSettings) -> list[str]:
    """Return the facts about a watched search, the most important first."""
    searched = ", ".join(short_names(settings.searched).values())
    return [
        f"{settings.estimator} {searched}".strip(),
        settings.measure,
        f"{settings.splits} folds",
        settings.search,
        settings.data,
        "watched: scikit-learn runs it",
    ]


def short_facts(settings: WatchedSettings) -> list[str]:
    """Return the same facts, shorter."""
    return [settings.estimator, settings.measure, f"{settings.splits} folds"]


def named_facts(settings: WatchedSettings) -> list[str]:
    """Return the facts with the words for what is searched."""
    return facts(settings)


def network(settings: WatchedSettings) -> str:
    """Return what the search fits."""
    return escape_text(settings.estimator)


def method(settings: WatchedSettings) -> str:
    """Return the class of the search."""
    return settings.search


def summary(settings: WatchedSettings) -> str:
    """Return what is fitted, and which class searches."""
    return f"{settings.search} of {settings.estimator}"


def fraction(view: WatchedView) -> float:
    """Return the finished share, from 0 to 1."""
    return min(1.0, view.header.done / max(1, view.header.total))


def done_text(view: WatchedView, width: int) -> str:
    """Return the number of finished fits; of a halving search the total is that of the iterations begun."""
    del width
    done, total = view.header.done, view.header.total
    percent = f" {100 * done // max(1, total):3d}%"
    return f"{done:>{len(str(total))}}/{total} fits{'' if _is_open(view) else percent}"


def _is_open(view: WatchedView) -> bool:
    """Return whether more fits may follow than are known of."""
    return view.settings.is_halving and view.state in LIVE_STATES


def steps_under_way(view: WatchedView) -> int:
    """Return the number of fits that are going on."""
    return len(view.under_way)


def best(view: WatchedView, room: int) -> tuple[str, float | None]:
    """Return the best candidate and its mean score; its number where its parameters have no room."""
    if view.best is None:
        return NONE, None
    candidate = view.summaries[view.best].candidate
    words = candidate_words(candidate)
    return (words if len(words) <= room else f"#{candidate.number}"), view.shared[view.best].mean


def best_number(view: WatchedView) -> float | None:
    """Return the number of the best candidate."""
    return None if view.best is None else float(view.summaries[view.best].candidate.number)

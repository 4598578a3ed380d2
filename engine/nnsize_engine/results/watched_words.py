"""A watched search in words: its candidates, its scores, its answer."""

from collections.abc import Sequence

from nnsize_engine.results.search_records import Candidate
from nnsize_engine.results.watched import NOT_SEARCHED
from nnsize_engine.settings.parameter_grid import Value, short_value

MAX_VALUE_LETTERS = 40  # of one value, such as the text of an estimator


def short_names(searched: Sequence[str]) -> dict[str, str]:
    """Return a short name of each searched parameter: its last part, ``C`` for ``svc__C``, where no other ends so."""
    last = [name.rpartition("__")[2] for name in searched]
    return {name: end if last.count(end) == 1 else name for name, end in zip(searched, last, strict=True)}


def value_words(value: Value) -> str:
    """Return a value in a few letters."""
    words = " ".join(short_value(value).split())
    return words if len(words) <= MAX_VALUE_LETTERS else f"{words[: MAX_VALUE_LETTERS - 3]}..."


def candidate_words(candidate: Candidate) -> str:
    """Return a candidate in words: ``C 0.1, kernel rbf``; parameters that it does not have are left out."""
    names = short_names([name for name, _ in candidate.parameters])
    words = [f"{names[name]} {value_words(value)}" for name, value in candidate.parameters if value != NOT_SEARCHED]
    return ", ".join(words) or f"candidate {candidate.number}"

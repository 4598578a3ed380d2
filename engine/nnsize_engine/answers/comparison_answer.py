"""The answer of a comparison of runs, and its cells as text."""

from collections.abc import Sequence
from typing import assert_never

from nnsize_engine.comparison.compare import Comparison, ResultRow
from nnsize_engine.comparison.run_results import TestedNetwork
from nnsize_engine.text import NONE, score_text, seconds_text

MAX_NAMED = 6
"""Networks that a sentence names at most."""


def cell_text(value: object, unit: str = "") -> str:
    """Return the text of a result or a setting of one run."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        if unit == "seconds":
            return seconds_text(value)
        if unit == "score":
            return score_text(value, 6)
        return f"{value:,}" if unit == "count" else f"{value:g}" if isinstance(value, float) else str(value)
    return str(value)


def shown_results(found: Comparison) -> list[ResultRow]:
    """Return the results that at least one run has."""
    return [row for row in found.results if any(value is not None for value in row.values)]


def same_text(found: Comparison) -> str:
    """Return the sentence on settings that are not listed."""
    settings = found.settings
    one = "setting is" if settings.same == 1 else "settings are"
    words = f"{settings.same} {one} the same"
    if settings.not_shared:
        words += f", {settings.not_shared} are of one kind of run alone"
    return words


def tests_text(found: Comparison) -> str:
    """Return the scores on the held-out rows, best first, or why they cannot be compared; empty if there are none."""
    known = [one for one in found.tested if one.test_score is not None]
    if found.unlike_tests or len(known) < 2:
        return found.unlike_tests
    known.sort(key=lambda one: -(one.test_score or 0.0))
    words = "; ".join(f"{_network(one, found.names)} {score_text(one.test_score)}" for one in known[:MAX_NAMED])
    if len(known) > MAX_NAMED:
        words += f"; and {len(known) - MAX_NAMED} more"
    return f"On the same held-out rows, {known[0].scoring}: {words}."


def _network(one: TestedNetwork, names: Sequence[str]) -> str:
    """Return the words for a network: ``zibiro (75 neurons)``, ``zelodo evolved``."""
    name = names[one.run]
    match one.name:
        case "best size" | "recommended size":
            return f"{name} ({one.network})"
        case "evolved":
            return f"{name} evolved"
        case "gradient":
            return f"{name} by gradient"
        case _:
            assert_never(one.name)


def comparison_answer(found: Comparison) -> str:
    """Return the answer of a comparison, in sentences."""
    sentences = dict.fromkeys(sentence for sentence in (tests_text(found), found.unlike_curves) if sentence)
    return " ".join(sentences) or "No test score yet: a run has its own when it ends."

"""The answer of a run of any kind."""

from collections.abc import Callable, Mapping
from typing import Any

from nnsize_engine.answers.evolution_answer import evolution_answer
from nnsize_engine.answers.search_answer import answer_details, answer_text
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import Kind, by_kind

_ANSWERS: Mapping[Kind, Callable[[Any], str]] = by_kind(size=answer_text, evolution=evolution_answer)

_DETAILS: Mapping[Kind, Callable[[Any], list[str]]] = by_kind(
    size=answer_details,
    evolution=lambda view: [],  # noqa: ARG005
)


def answer_of(view: AnyView) -> str:
    """Return the answer of a run as it stands."""
    return _ANSWERS[view.kind](view)


def details_of(view: AnyView) -> list[str]:
    """Return further sentences on the answer, for which a header has no room."""
    return _DETAILS[view.kind](view)

"""The parts of a report that depend on the kind of run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnsize_engine.report.evolution_report import evolution_figures, evolution_sections
from nnsize_engine.report.limits import Limits
from nnsize_engine.report.page import Section
from nnsize_engine.report.search_report import search_figures, search_sections
from nnsize_engine.report.watched_report import watched_figures, watched_sections
from nnsize_engine.settings.run import Kind, by_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind:
    """The functions of one kind of run; each takes its views."""

    name: str
    """What the run is called above its name."""

    figures: Callable[[Any], list[tuple[str, str]]]
    """Returns the numbers that matter most."""

    sections: Callable[[Any, Limits], list[Section]]
    """Returns the results."""


REPORTS: Mapping[Kind, ReportKind] = by_kind(
    size=ReportKind(name="Size search", figures=search_figures, sections=search_sections),
    evolution=ReportKind(name="Evolution", figures=evolution_figures, sections=evolution_sections),
    watched=ReportKind(name="Watched search", figures=watched_figures, sections=watched_sections),
)

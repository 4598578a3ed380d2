"""The report of each kind of run, for the commands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnsize_engine.settings.run import Kind, by_kind
from nnsize_tui.commands import evolution_report, search_report, watched_report
from nnsize_tui.commands.output import JsonObject
from nnsize_tui.commands.printed_table import PrintedTable, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind:
    """The report of one kind of run; each function takes the views or the settings of that kind."""

    data_key: str
    """Key of the facts about the data, in the JSON object that also has the result."""

    files: str
    """Files to export the results to, for a hint."""

    result: Callable[[Any], JsonObject]
    """The result as a JSON object."""

    settings: Callable[[Any], dict[str, object]]
    """Every setting with a value, by its name on the command line."""

    progress_parts: Callable[[Any], list[str]]
    """Parts of the progress line after the number of steps."""

    leading: Callable[[Any, int], tuple[Sequence[str], Rows]]
    """Headings and at most this number of rows, while the run goes on."""

    final: Callable[[Any, bool], list[PrintedTable]]
    """The tables at the end; the second argument is whether all rows are printed."""

    listed: Callable[[Any], tuple[str, ...]]
    """The cells in the list of all runs: network, scoring, best, score, test score."""


REPORTS: Mapping[Kind, ReportKind] = by_kind(
    size=ReportKind(
        data_key="data",
        files="sizes.csv",
        result=search_report.result_of,
        settings=search_report.shown_settings,
        progress_parts=search_report.progress_parts,
        leading=search_report.leading,
        final=search_report.final,
        listed=search_report.listed,
    ),
    evolution=ReportKind(
        data_key="data_facts",  # its result names its data
        files="network.skops (or generations.csv)",
        result=evolution_report.result_of,
        settings=evolution_report.shown_settings,
        progress_parts=evolution_report.progress_parts,
        leading=evolution_report.table,
        final=evolution_report.final,
        listed=evolution_report.listed,
    ),
    watched=ReportKind(
        data_key="data",
        files="candidates.csv",
        result=watched_report.result_of,
        settings=watched_report.shown_settings,
        progress_parts=watched_report.progress_parts,
        leading=watched_report.leading,
        final=watched_report.final,
        listed=watched_report.listed,
    ),
)

"""The results of compared runs that can be exported."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import cast

from nnsize_engine.export.cell_text import cell_text
from nnsize_engine.export.chart_file import PICTURE_FORMATS, export_compared_chart
from nnsize_engine.export.compared_tables import (
    ComparedTableName,
    compared_table,
    compared_tables_of,
    comparison_table,
    comparison_text,
    export_comparison,
)
from nnsize_engine.export.table_file import FORMATS, TABLE_FORMATS, Format, table_text
from nnsize_engine.report.html_file import write_report
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.runs.view import AnyView
from nnsize_engine.settings.run import Kind
from nnsize_tui.screens.export.offer import REPORT_WORDS, picture_words, table_preview
from nnsize_tui.screens.shared import copying
from nnsize_tui.screens.shared.steering import Copyable

CHART = "curve"
REPORT = "report"


class ComparisonOffer:
    """The joint tables of several runs, and their curves in one picture."""

    def __init__(self, folders: Sequence[Path], kinds: Collection[Kind], *, has_chart: bool) -> None:
        """``kinds`` are those of the runs; ``has_chart`` is True if their curves may share a picture."""
        self._folders = tuple(folders)
        self.source = f"{len(self._folders)} runs"
        self.title = f"the comparison of {self.source}"
        self.choices: Sequence[tuple[str, str]] = [
            *((name, name if name == "comparison" else f"all {name}") for name in compared_tables_of(kinds)),
            *([(CHART, "chart")] if has_chart else []),
            (REPORT, "report"),
        ]

    def formats_of(self, what: str) -> tuple[str, ...]:
        match what:
            case "curve":
                return PICTURE_FORMATS
            case "report":
                return ("html",)
            case _:
                return TABLE_FORMATS

    def is_text(self, what: str, ending: str) -> bool:
        return what not in (CHART, REPORT) and ending in FORMATS

    def usual_name(self, what: str, ending: str) -> str:
        suffix = "" if what in ("comparison", CHART) else f"-{what}"
        return f"nnsize-{'-'.join(folder.name for folder in self._folders)}{suffix}.{ending}"

    def text_of(self, what: str, ending: str) -> str:
        return comparison_text(self._folders, cast(Format, ending), cast(ComparedTableName, what))

    def preview_of(self, what: str, ending: str, name: str) -> tuple[str, Sequence[str]]:
        del name
        if what == CHART:
            return picture_words(ending), ()
        if what == REPORT:
            return REPORT_WORDS, ()
        views = [RunFollower(folder).look() for folder in self._folders]
        return table_preview(compared_table(views, cast(ComparedTableName, what)), ending)

    def write(self, what: str, to: Path, *, force: bool) -> None:
        if what == CHART:
            export_compared_chart(self._folders, to, force=force)
        elif what == REPORT:
            write_report(self._folders, to, force=force)
        else:
            export_comparison(self._folders, to, table=cast(ComparedTableName, what), force=force)


def copyable_of(views: Sequence[AnyView], answer: str) -> Copyable:
    """Return the exported table, the answer, and each result and differing setting of each run."""
    table = comparison_table(views)
    copyable = [("comparison", table_text(table, "tsv")), (copying.ANSWER, answer)]
    for place, (what, name) in enumerate(zip(table["what"], table["name"], strict=True)):
        words = name if what == "result" else f"{what} {name}"
        values = [(run, cell_text(cells[place])) for run, cells in table.items() if run not in ("what", "name")]
        copyable += [(f"{words} {run}", value) for run, value in values if value]
    return copyable

"""What can be exported of the marked runs: their comparison, or each of them whole."""

from collections.abc import Sequence
from pathlib import Path

from nnsize_engine.charts.description import MAX_LINES
from nnsize_engine.errors import ExportError
from nnsize_engine.export.atomic_file import named_format
from nnsize_engine.export.run_archive import export_archive
from nnsize_engine.report.html_file import write_report
from nnsize_engine.text import shell_word
from nnsize_tui.screens.compare.export_offer import ComparisonOffer
from nnsize_tui.screens.shared.target import Target

RUNS, REPORTS = "runs", "reports"
"""A file of its own for each run."""

PLACE = "{run}"
"""What stands for the run in the name of such a file."""


class MarkedOffer:
    """The joint tables of the marked runs, and files of each of them."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._folders = [target.folder for target in targets if target.state is not None]
        kinds = {target.kind for target in targets if target.state is not None}
        self._joint = ComparisonOffer(self._folders, kinds, has_chart=1 < len(self._folders) <= MAX_LINES)
        self.source = self._joint.source
        self.title = f"{len(self._folders)} marked runs"
        joint = self._joint.choices if len(self._folders) > 1 else ()
        self.choices: Sequence[tuple[str, str]] = [*joint, (REPORTS, "a report of each"), (RUNS, "whole runs")]

    def formats_of(self, what: str) -> tuple[str, ...]:
        match what:
            case "runs":
                return ("zip",)
            case "reports":
                return ("html",)
            case _:
                return self._joint.formats_of(what)

    def is_text(self, what: str, ending: str) -> bool:
        return what not in (RUNS, REPORTS) and self._joint.is_text(what, ending)

    def usual_name(self, what: str, ending: str) -> str:
        match what:
            case "runs":
                return f"nnsize-{PLACE}.{ending}"
            case "reports":
                return f"nnsize-{PLACE}-report.{ending}"
            case _ if len(self._folders) > MAX_LINES:
                return f"nnsize-{len(self._folders)}-runs-{what}.{ending}"
            case _:
                return self._joint.usual_name(what, ending)

    def text_of(self, what: str, ending: str) -> str:
        return self._joint.text_of(what, ending)

    def preview_of(self, what: str, ending: str, name: str) -> tuple[str, Sequence[str]]:
        match what:
            case "runs":
                return "A file for each run. To take one back, here or elsewhere:", [
                    f"nnsize import {shell_word(self._named(Path(name), folder).name)}" for folder in self._folders
                ]
            case "reports":
                return "A page for each run:", [self._named(Path(name), folder).name for folder in self._folders]
            case _:
                return self._joint.preview_of(what, ending, name)

    def write(self, what: str, to: Path, *, force: bool) -> None:
        match what:
            case "runs":
                for folder, path in self._places(to):
                    named_format(path, None, ("zip",))
                    export_archive(folder, path, force=force)
            case "reports":
                for folder, path in self._places(to):
                    write_report(folder, path, force=force)
            case _:
                self._joint.write(what, to, force=force)

    def _places(self, to: Path) -> list[tuple[Path, Path]]:
        """Return each run with its file.

        Raises:
            ExportError: several runs would be written to one file.
        """
        if PLACE not in to.name and len(self._folders) > 1:
            raise ExportError(f"{to.name} is one name for {len(self._folders)} files; put {PLACE} where they differ")
        return [(folder, self._named(to, folder)) for folder in self._folders]

    def _named(self, to: Path, folder: Path) -> Path:
        return to.with_name(to.name.replace(PLACE, folder.name))

"""Runs for reports, and what a reader finds in the HTML file."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_choice import TableChoice
from support.made_runs import SMALL, made_run

HOSTILE = "<script>alert(1)</script>\"'><img src=http://evil.example/x onerror=alert(2)>{{7*191}}"
"""A name that wants to be a script, to end an attribute, to load a picture, and to be a template."""

ENDS_SCRIPT = "</script></style></title><script>alert(3)</script>"
"""A name that wants to end every element that it might stand in."""

_TABLE = TableSettings(
    choice=TableChoice(source=f"data{HOSTILE}.csv", target=(HOSTILE,)),
    task="multiclass",
    rows=150,
    inputs=4,
    classes=3,
    labels=("<b>bold</b>", ENDS_SCRIPT, "\x1b[31mred\u202e"),
    sha256="ab" * 32,
    columns=((HOSTILE, "category"), (ENDS_SCRIPT, "number"), ("plain", "number")),
    left_out=(("<u>left</u>", HOSTILE),),
)

HOSTILE_SETTINGS: SizeSettings = replace(SMALL, neurons="4:65:8", data=HOSTILE, table=_TABLE)


def hostile_run(home: Path) -> Path:
    """Make a failed run whose own name and those of its columns, labels and file are hostile."""
    return made_run(
        home,
        "zibiro<svg onload=alert(9)>&lt;",
        HOSTILE_SETTINGS,
        state="failed",
        fits=14,
        reason=f"{HOSTILE} {ENDS_SCRIPT}",
    )


class PageReader(HTMLParser):
    """Reads the elements and the text of a page, as a browser would find them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        """Element, attribute and value."""

        self.words = ""
        self._inside: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self._inside):
            self.words += data

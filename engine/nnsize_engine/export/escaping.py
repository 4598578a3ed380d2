"""Text that nobody checked, such as names of folders and columns, inside the languages of exported files.

There is one function for each language. Code of programs takes texts as literals, by ``repr``, which needs none.
"""

import html
import re
from collections.abc import Mapping

from nnsize_engine.text import escape_lines, escape_text

_FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Signs with which the formula of a spreadsheet begins; the last four are their wide forms."""

_MARKDOWN = re.compile(r"[\\`*\[\]<>&|~]|(?<![^\W_])_|_(?![^\W_])")
"""Signs that mean something in a table of Markdown, or in HTML in it; an underscore within a word does not."""


def in_docstring(text: str) -> str:
    """Return text for the docstring of a program, so that it neither ends it nor forms an escape."""
    return text.encode("unicode_escape").decode("ascii").replace('"', "'").replace("\\", "\\\\")


def in_spreadsheet(text: str) -> str:
    """Return text for a cell of a CSV file, which no spreadsheet takes for a formula; a number stays one."""
    text = escape_lines(text)
    if not text.lstrip().startswith(_FORMULA_SIGNS) or _is_number(text):
        return text
    return f"'{text}"


def in_markdown(text: str) -> str:
    """Return text for a cell of a Markdown table."""
    return _MARKDOWN.sub(r"\\\g<0>", escape_text(text.replace("\n", " ")))


_TEX: Mapping[int, str] = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
        "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
        "|": r"\textbar{}", '"': r"\char34{}", "`": r"\textasciigrave{}", "'": r"\textquotesingle{}",
        "-": "{-}", "[": "{[}", "]": "{]}", "*": "{*}",
    }
)  # fmt: skip
"""Signs that mean something in TeX. Braces keep dashes from being joined, and brackets from being arguments."""


def in_tex(text: str) -> str:
    """Return text for a cell of a TeX table, where it is shown as it is."""
    return escape_text(text.replace("\n", " ")).translate(_TEX)


def in_html(text: str) -> str:
    """Return text for an element or an attribute of HTML."""
    return html.escape(escape_lines(text))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

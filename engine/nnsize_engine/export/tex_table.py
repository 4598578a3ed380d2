"""A table for LaTeX, with the rules of the package booktabs."""

import math

from nnsize_engine.export.cell_text import cell_text, is_number
from nnsize_engine.export.escaping import in_tex
from nnsize_engine.export.tables import Cell, Table

DIGITS = 6  # significant ones of a number: what a paper prints; other formats have them all

MAX_ROWS_OF_A_PAGE = 45  # a longer table is a longtable, which goes on on the next page


def tex_table(columns: Table) -> str:
    """Return the table as ``tabular`` or, if it is long, ``longtable``; the first line names the packages."""
    rows = [*zip(*columns.values(), strict=True)]
    is_long = len(rows) > MAX_ROWS_OF_A_PAGE
    name, packages = ("longtable", "booktabs,longtable") if is_long else ("tabular", "booktabs")
    kinds = "".join("r" if _is_numeric(cells) else "l" for cells in columns.values())
    heading = " & ".join(map(in_tex, columns)) + r" \\"
    lines = [rf"% needs \usepackage{{{packages}}}", rf"\begin{{{name}}}{{{kinds}}}", r"\toprule", heading, r"\midrule"]
    if is_long:
        lines += [r"\endhead", r"\bottomrule", r"\endfoot"]
    lines += [" & ".join(map(_cell, row)) + r" \\" for row in rows]
    lines += [] if is_long else [r"\bottomrule"]
    return "\n".join([*lines, rf"\end{{{name}}}"]) + "\n"


def _is_numeric(cells: list[Cell]) -> bool:
    known = [cell for cell in cells if cell is not None]
    return bool(known) and all(map(is_number, known))


def _cell(cell: Cell) -> str:
    if not isinstance(cell, float | int) or isinstance(cell, bool):
        return in_tex(cell_text(cell))
    if isinstance(cell, float) and not math.isfinite(cell):
        return {math.inf: r"$\infty$", -math.inf: r"$-\infty$"}.get(cell, "")
    text = f"{cell:.{DIGITS}g}" if isinstance(cell, float) else str(cell)
    mantissa, _, power = text.partition("e")
    words = rf"{mantissa} \cdot 10^{{{int(power)}}}" if power else mantissa
    return f"${words}$" if power or words.startswith("-") else words

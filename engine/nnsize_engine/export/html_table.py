"""A table as an HTML page of its own, which any browser shows and ``pandas.read_html`` reads."""

from nnsize_engine.export.cell_text import cell_text, is_number
from nnsize_engine.export.escaping import in_html
from nnsize_engine.export.tables import Cell, Table

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>nnsize</title>
<style>
body { margin: 2rem; font: 14px/1.4 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; }
th, td { padding: .25rem .75rem; border-bottom: 1px solid #8884; text-align: left; white-space: nowrap; }
thead th { border-bottom-color: currentColor; vertical-align: bottom; }
td.number { text-align: right; }
</style>
</head>
<body>
"""


def html_page(columns: Table) -> str:
    """Return a page with the table; numbers have all their digits."""
    heading = "".join(f'<th scope="col">{in_html(name)}</th>' for name in columns)
    rows = ["".join(map(_cell, row)) for row in zip(*columns.values(), strict=True)]
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    table = f"<table>\n<thead>\n<tr>{heading}</tr>\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    return f"{_HEAD}{table}\n</body>\n</html>\n"


def _cell(cell: Cell) -> str:
    kind = ' class="number"' if is_number(cell) else ""
    return f"<td{kind}>{in_html(cell_text(cell))}</td>"

"""Names of columns and values as they are typed in a command."""

import re


def quoted(name: str) -> str:
    """Return a column's name as it is typed in a command."""
    return name if re.fullmatch(r"[\w.:-]+", name) else f"'{name}'"

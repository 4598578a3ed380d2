"""Names of columns and values as they are typed in a command."""

import re


def quoted(name: str) -> str:
    """Return a column's name as it is typed in a command; a quote in it does not end the word."""
    if re.fullmatch(r"[\w.:-]+", name):
        return name
    return "'" + name.replace("'", "'\"'\"'") + "'"

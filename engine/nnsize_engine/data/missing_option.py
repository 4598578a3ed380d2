"""The option that takes texts as missing, written so that it keeps what is missing now."""

from collections.abc import Sequence

from nnsize_engine.data.quote_names import quoted
from nnsize_engine.text import escape_text


def missing_option(listed: Sequence[str], texts: Sequence[str]) -> str:
    """Return the options that take ``texts`` as missing, besides the texts ``listed`` that are missing already.

    The option names all texts, so those that a user gave before must be given again.
    """
    names = dict.fromkeys([*listed, *texts])
    return " ".join(f"--missing{'=' if name.startswith('-') else ' '}{quoted(escape_text(name))}" for name in names)

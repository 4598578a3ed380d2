"""A user's own defaults as the draft of a search to begin with."""

from types import MappingProxyType

from nnsize_engine.config import Options, read_defaults
from nnsize_engine.grid import value_text
from nnsize_tui.screens.setup_draft import Draft, join_names
from nnsize_tui.screens.setup_fields import BY_KEY

_KEYS = {"rows": "sample"}
_WORDS = {"decimal": {".": "point", ",": "comma"}, "separator": {"\t": "tab"}}


def usual_draft() -> Draft:
    """The draft of a search with the user's defaults; the built-in search where there are none.

    Raises:
        SettingsError: the file with the defaults cannot be read, or holds something that is no setting.
    """
    return draft_from(read_defaults("size"))


def draft_from(options: Options) -> Draft:
    """The draft that options of the command line amount to."""
    texts = {}
    for name, value in options.items():
        key = _KEYS.get(name, name.replace("-", "_"))
        if key in BY_KEY:
            text = join_names([str(one) for one in value]) if isinstance(value, list) else value_text(value)
            texts[key] = _WORDS.get(key, {}).get(text, text)
    return Draft(values=MappingProxyType(texts))

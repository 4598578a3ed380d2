"""Drafts from the user's defaults or from a run's settings."""

from types import MappingProxyType

from nnsize_engine.settings.command_options import COMMANDS, Options
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.option_names import field_of_option
from nnsize_engine.settings.parameter_grid import value_text
from nnsize_engine.settings.run import Kind, RunSettings
from nnsize_engine.settings.separators import DECIMAL_WORDS, NO_COMMENT, SEPARATOR_WORDS, THOUSANDS_WORDS, WHITESPACE
from nnsize_engine.settings.toml import options_of, read_defaults
from nnsize_tui.screens.setup.draft import Draft
from nnsize_tui.screens.setup.form import FORMS
from nnsize_tui.screens.setup.parse import join_names

_WORDS = {
    "decimal": DECIMAL_WORDS,
    "thousands": THOUSANDS_WORDS,
    "separator": {sign: SEPARATOR_WORDS[sign] for sign in ("\t", WHITESPACE)},
    "comment": {"": NO_COMMENT},
}
"""Words for values that are hard to see in a field."""


def usual_draft(kind: Kind = "size") -> Draft:
    """Return the draft of a run with the user's defaults, or with what is recommended if there are none.

    Raises:
        SettingsError: the file with the defaults cannot be read, or holds an unknown setting.
    """
    return _draft(read_defaults(COMMANDS[kind]), kind)


def draft_of(settings: RunSettings) -> Draft:
    """Return the draft of these settings."""
    return draft_from(options_of(settings), settings.kind)


def draft_from(options: Options, kind: Kind = "size") -> Draft:
    """Return the draft of the run that these command-line options make."""
    built_in: Options = {"strategy": EvolutionSettings().strategy} if kind == "evolution" else {}
    return _draft({**built_in, **options}, kind)


def _draft(options: Options, kind: Kind) -> Draft:
    """Return the draft in which these options are changed."""
    texts, known = {}, FORMS[kind].by_key
    for name, value in options.items():
        key = field_of_option(name)
        if key in known:
            text = join_names([str(one) for one in value]) if isinstance(value, list) else value_text(value)
            texts[key] = _WORDS.get(key, {}).get(text, text)
    if "popsize" in texts and "members" not in texts:
        texts["members"] = ""  # strategy auto would fill in its own
    return Draft(kind=kind, values=MappingProxyType(texts))

"""A field in words, for the help: its meaning, its value, every value that a list offers, the terms in its words."""

import re

from nnsize_engine.settings.glossary import GLOSSARY
from nnsize_tui.screens.setup.choices import choices_of, takes_several
from nnsize_tui.screens.setup.fields import Field
from nnsize_tui.screens.setup.panes import WRITTEN, WRITTEN_OF_EVOLUTION
from nnsize_tui.screens.setup.state import SetupState
from nnsize_tui.text.column_words import Subject

_EXAMPLES = {"neurons": WRITTEN[:4], "bounds": WRITTEN_OF_EVOLUTION[1:4]}
"""Examples of the values of fields whose values are written in several ways."""


def field_subject(field: Field, state: SetupState) -> Subject:
    """Return a field in words."""
    draft, plan = state.draft, state.plan
    value, note = state.value(field), plan.notes.get(field.key, "")
    now = " ".join(filter(None, (value or field.empty or "empty", f"({note})" if note else "")))
    entries = [("meaning", field.help), ("now", now)]
    if draft.differs(field.key):
        entries.append(("usual", draft.usual(field.key) or field.empty or "empty"))
    if field.key in plan.problems:
        entries.append(("problem", plan.problems[field.key]))
    choices = choices_of(field, state)
    if choices:
        several = ", several of them joined by commas" if takes_several(field, state) else ""
        entries.append(("values", f"one of these{several}; enter shows them as a list"))
    entries += [(name or field.empty, words) for name, words in choices]
    entries += [one for one in _EXAMPLES.get(field.key, ()) if one[0] not in dict(choices)]
    entries += _terms(f"{field.label.replace('-', ' ')} {field.help}")
    return Subject(title=f"The field {field.label}", entries=entries)


def _terms(text: str) -> list[tuple[str, str]]:
    """Return the words of the glossary that a text has."""
    return [
        (term, words)
        for term, words in GLOSSARY
        if re.search(rf"\b{re.escape(term)}s?\b", text.lower().replace("-", " ")) is not None
    ]

"""The draft on the setup screen: the texts of all fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from nnsize_engine.settings.datasets import BUILTIN
from nnsize_engine.settings.layer_sizes import AUTO
from nnsize_engine.settings.run import Kind
from nnsize_engine.text import escape_text
from nnsize_tui.screens.setup.fields import TABLE_KEYS
from nnsize_tui.screens.setup.form import FORMS, Form, usual_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The texts of all fields of one kind of run."""

    kind: Kind = "size"

    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The texts of the changed fields."""

    real: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Paths whose names a terminal cannot show, by their escaped text."""

    def __getitem__(self, key: str) -> str:
        return self.values[key] if key in self.values else self.usual(key)

    def usual(self, key: str) -> str:
        """Return the text of a field before it is changed.

        A search in the user's own data finds its sizes; the built-in search is article 1's. An evolution takes the
        recommended strategy.
        """
        if key == "neurons" and not self.is_builtin:
            return AUTO
        return usual_text(self.kind, key, self.values)

    @property
    def form(self) -> Form:
        """The fields of this kind of run."""
        return FORMS[self.kind]

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts of all fields, changed or not."""
        return {field.key: self[field.key] for field in self.form.fields}

    @property
    def idle(self) -> frozenset[str]:
        """Fields that have no meaning now."""
        own = self.form.idle_keys(self.texts)
        return own | TABLE_KEYS if self.is_builtin else own

    def changed(self, key: str, text: str) -> "Draft":
        """Return the draft with another text in one field."""
        return replace(self, values=MappingProxyType({**self.values, key: text}))

    def at(self, path: str) -> "Draft":
        """Return the draft with another file."""
        spelt = escape_text(path)
        real = self.real if spelt == path else MappingProxyType({**self.real, spelt: path})
        return replace(self, values=MappingProxyType({**self.values, "data": spelt}), real=real)

    def differs(self, key: str) -> bool:
        """Return whether the text of a field differs from its usual one."""
        return self[key].strip() != self.usual(key)

    @property
    def is_builtin(self) -> bool:
        """Return whether the data is built in."""
        return self["data"].strip() in BUILTIN

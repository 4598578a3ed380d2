"""The sections of the help: keys, each shown once, then words."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from textual.binding import Binding

from nnsize_engine.settings.glossary import GLOSSARY
from nnsize_engine.settings.run import Kind
from nnsize_engine.settings.user_config import defaults_path
from nnsize_tui.terminal.glyphs import Glyphs
from nnsize_tui.text.column_words import (
    CANDIDATE_COLUMNS,
    GENERATION_COLUMNS,
    RUN_COLUMNS,
    STRATEGY_COLUMNS,
    Subject,
    Words,
)
from nnsize_tui.text.settings_help import ABOUT

KeySection = tuple[str, Sequence[Binding]]
WordSection = tuple[str, Words]

GLOSSARY_TITLE = "Words"

_ALONE = (("chart.", "The chart alone"), ("map.", "A heat map alone"))
"""Keys with an id that begins so are the same on every screen, and get a section of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A key, a sign or a word, and what it means: a line for each meaning."""

    sign: str
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A title and its entries."""

    title: str
    entries: tuple[Entry, ...]
    note: str = ""
    """A line below them."""


@dataclass(slots=True)
class _Keys:
    """Make sections of keys, and leave out what was listed before."""

    label: Callable[[str], str]
    """Returns a key as it is labelled on a keyboard."""

    _told: set[tuple[str, str]] = field(default_factory=set)
    """Keys with their meanings that are listed already."""

    def section(self, title: str, bindings: Iterable[Binding]) -> Section:
        """Return a section with each key once; keys with several meanings have a line for each.

        Keys of one binding of which some are new are listed by the new ones, so that no meaning is there twice.
        """
        meanings: dict[str, list[str]] = {}
        signs: dict[str, list[str]] = {}
        above: dict[str, None] = {}
        for binding in bindings:
            words = binding.tooltip or binding.description
            keys = binding.key.split(",")
            if (binding.key, words) in self._told:
                above[binding.description] = None
                continue
            self._told.add((binding.key, words))
            new = [key for key in keys if key not in signs]
            for key in keys:
                if not new and words not in meanings[signs[key][0]]:
                    meanings[signs[key][0]].append(words)
            if new:
                meanings[new[0]] = [words]
                signs |= dict.fromkeys(new, new)
        entries = [
            Entry(sign=" ".join(map(self.label, signs[first])), meanings=tuple(found))
            for first, found in meanings.items()
        ]
        note = f"As above: {', '.join(above)}." if above else ""
        return Section(title=title, entries=tuple(entries), note=note)


def key_sections(
    own: Sequence[KeySection], others: Sequence[KeySection], label: Callable[[str], str]
) -> tuple[list[Section], list[Section]]:
    """Return the sections of the own keys, and those of the keys of other parts.

    A key that means the same in several parts is listed in the first one; the others name it in a line.
    """
    keys = _Keys(label)
    first = [keys.section(title, bindings) for title, bindings in own]
    apart: dict[str, list[Binding]] = {title: [] for _, title in _ALONE}
    rest: list[KeySection] = []
    for title, bindings in others:
        kept: list[Binding] = []
        for binding in bindings:
            alone = next((name for start, name in _ALONE if str(binding.id).startswith(start)), None)
            (kept if alone is None else apart[alone]).append(binding)
        rest.append((title, kept))
    found = [keys.section(title, bindings) for title, bindings in (*rest, *apart.items())]
    return first, [section for section in found if section.entries or section.note]


def split_keys(title: str, bindings: Sequence[Binding]) -> list[KeySection]:
    """Return the keys of a screen, and those of a chart or a heat map that is alone in sections of their own."""
    apart = {name: [one for one in bindings if str(one.id).startswith(start)] for start, name in _ALONE}
    alone = {id(one) for found in apart.values() for one in found}
    own = [one for one in bindings if id(one) not in alone]
    return [(title, own), *((name, found) for name, found in apart.items() if found)]


def word_sections(words: Sequence[WordSection]) -> list[Section]:
    """Return sections of words."""
    return [
        Section(title=title, entries=tuple(Entry(sign=sign, meanings=(meaning,)) for sign, meaning in entries))
        for title, entries in words
    ]


def subject_section(subject: Subject) -> Section:
    """Return the section about what is under the cursor."""
    return word_sections([(subject.title, subject.entries)])[0]


def last_section() -> Section:
    """Return the glossary."""
    return word_sections([(GLOSSARY_TITLE, GLOSSARY)])[0]


def own_settings() -> WordSection:
    """Return the path of the user's settings, and the meaning of each setting."""
    where = f"the section [explorer] of {defaults_path()} is read at the start; ctrl+p, Settings file, writes it"
    keys = 'keys of your own below [explorer.keys], such as run.pause = "f5"'
    return "Settings of your own", [
        ("config.toml", where),
        *((name, words) for name, _, words in ABOUT),
        ("keys", keys),
    ]


def words_of(glyphs: Glyphs, kinds: Collection[Kind], *, has_runs: bool = False) -> list[WordSection]:
    """Return the columns and marks of screens about runs of these kinds, with their meanings.

    ``has_runs`` is true for the screen of all runs.
    """
    found: list[WordSection] = []
    if has_runs:
        found.append(("Columns of all runs", tuple(RUN_COLUMNS.items())))
    if "size" in kinds or "watched" in kinds:
        found += [("Columns of a search", tuple(CANDIDATE_COLUMNS.items())), ("Marks of a search", _marks(glyphs))]
    if "evolution" in kinds:
        found += [
            ("Columns of an evolution", tuple(GENERATION_COLUMNS.items())),
            ("Columns of compared strategies", tuple(STRATEGY_COLUMNS.items())),
        ]
    states = (
        ("interrupted", "the process that computed is gone; resume goes on from there"),
        ("stalled", "it is alive and cannot go on, as on a full disk"),
        ("watched", "a search of scikit-learn; it runs in your Python, and is steered there"),
    )
    return [*found, ("States of a run", states)]


def _marks(glyphs: Glyphs) -> Words:
    return (
        (glyphs.best, "best: the highest mean score over the folds that all candidates share"),
        (glyphs.recommended, "recommended: fewest weights with a smoothed score close to the best smoothed score"),
        (f"folds 2/5{glyphs.training}", "two of five folds are done, and another one is being trained right now"),
        ("[0.95]", "in a map: the selected candidate; of what is not in the map, all cells have its values"),
        ("200+", "epochs of a training that ended at its limit, still improving (settled: no)"),
    )

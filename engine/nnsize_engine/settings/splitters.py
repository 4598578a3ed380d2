"""Names of scikit-learn's splitters, which divide the training rows into folds: ``group:5``, ``repeated:5x3``.

A plain number of folds has no splitter: the folds are those of ``GridSearchCV(cv=5)``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, assert_never, get_args

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.closest_match import closest_match

SplitterName = Literal["kfold", "stratified", "repeated", "group", "stratified-group", "time", "given"]

GIVEN: SplitterName = "given"
"""The splits that a program gave when it started the run, which keeps them beside its data."""

SPLITTERS: tuple[SplitterName, ...] = tuple(name for name in get_args(SplitterName) if name != GIVEN)
"""The splitters that a user may name."""

SHUFFLE = "shuffle"

MAX_ROUNDS = 1000  # of repeated folds; as many as rounds of a plain number of folds

_EXAMPLES: Mapping[SplitterName, str] = MappingProxyType(
    {name: f"{name}:5x3" if name == "repeated" else f"{name}:5" for name in SPLITTERS}
)

_CAN_SHUFFLE: frozenset[SplitterName] = frozenset(("kfold", "stratified", "group", "stratified-group"))
"""Splitters that shuffle on request; repeated folds are always shuffled."""

_FORMS = f"a number of folds, or one of {', '.join(_EXAMPLES.values())}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Splitter:
    """A splitter of scikit-learn, without its number of folds."""

    name: SplitterName
    is_shuffled: bool = False
    """True if the rows (or the groups) are shuffled on request."""

    @property
    def text(self) -> str:
        """The stored text: ``kfold`` or ``kfold:shuffle``."""
        return f"{self.name}:{SHUFFLE}" if self.is_shuffled else self.name

    @property
    def is_for_classes(self) -> bool:
        """Return whether the splitter keeps the shares of classes on request."""
        return self.name in ("stratified", "stratified-group")

    @property
    def has_groups(self) -> bool:
        """Return whether the splitter keeps groups of rows together."""
        return self.name in ("group", "stratified-group")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldChoice:
    """The folds that a user chose with one text, such as ``repeated:5x3``."""

    cv: int
    splitter: str = ""
    fold_rounds: int | None = None
    """Rounds of repeated folds; None for folds that are not repeated."""


def splitter_of(text: str) -> Splitter | None:
    """Return the splitter of a stored text; None for a plain number of folds.

    Raises:
        SettingsError: there is no such splitter.
    """
    if text == "":
        return None
    name, _, rest = text.partition(":")
    known = next((one for one in (*SPLITTERS, GIVEN) if one == name), None)
    if known is None or rest not in ("", SHUFFLE) or (rest and known not in _CAN_SHUFFLE):
        raise SettingsError(f"splitter is {text!r}; it must be empty or one of {', '.join(SPLITTERS)}", field="cv")
    return Splitter(name=known, is_shuffled=bool(rest))


def parse_folds(text: str | int) -> FoldChoice:
    """Read a number of folds, or a splitter with its number of folds.

    Raises:
        SettingsError: the text is neither; the message names the nearest splitter.
    """
    words = str(text).strip().lower().replace("_", "-").split(":")
    plain = _whole(words[0]) if len(words) == 1 else None
    if plain is not None:
        return FoldChoice(cv=plain)
    known = next((one for one in SPLITTERS if one == words[0]), None)
    if known is None:
        raise _unknown(str(text), words)
    if len(words) < 2 or not words[1]:
        raise SettingsError(f"cv {text} names no number of folds; write for example {_EXAMPLES[known]}", field="cv")
    rest = words[2:]
    if rest not in ([], [SHUFFLE]):
        raise SettingsError(
            f"cv is {str(text)!r}; after the number of folds only :{SHUFFLE} may follow, as in kfold:5:{SHUFFLE}",
            field="cv",
        )
    if rest and known not in _CAN_SHUFFLE:
        reason = "always shuffles" if known == "repeated" else "keeps the order of the rows"
        raise SettingsError(f"cv {known} {reason}; leave out :{SHUFFLE}", field="cv")
    if known == "repeated":
        return _repeated(words[1], text)
    return FoldChoice(cv=_folds(words[1], text), splitter=Splitter(name=known, is_shuffled=bool(rest)).text)


def _repeated(numbers: str, text: str | int) -> FoldChoice:
    folds, cross, rounds = numbers.partition("x")
    if not cross:
        raise SettingsError(
            f"cv {text} names no rounds; write for example repeated:{folds}x3 for 3 rounds of {folds} folds", field="cv"
        )
    found = _whole(rounds)
    if found is None or not 1 <= found <= MAX_ROUNDS:
        raise SettingsError(
            f"cv is {str(text)!r}; the rounds after the x must be a whole number between 1 and {MAX_ROUNDS}", field="cv"
        )
    return FoldChoice(cv=_folds(folds, text), splitter="repeated", fold_rounds=found)


def _folds(number: str, text: str | int) -> int:
    """Return the number of folds of a named splitter."""
    found = _whole(number)
    if found is None or found < 2:
        raise SettingsError(
            f"cv is {str(text)!r}; its number of folds is {number!r}, and must be a whole number from 2 up", field="cv"
        )
    return found


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _unknown(text: str, words: list[str]) -> SettingsError:
    name = words[0].removesuffix("fold") if words[0] != "kfold" else words[0]
    match = closest_match(words[0], SPLITTERS) or closest_match(name, SPLITTERS)
    if match is None:
        return SettingsError(f"cv is {text!r}; it must be {_FORMS}", field="cv")
    nearest = ":".join([match, *words[1:]]) if len(words) > 1 else _EXAMPLES[next(o for o in SPLITTERS if o == match)]
    return SettingsError(f"cv is {text!r}; did you mean {nearest!r}? It must be {_FORMS}", field="cv")


def folds_text(cv: int, splitter: str, fold_rounds: int) -> str:
    """Return the text that :func:`parse_folds` reads: ``5``, ``kfold:5:shuffle`` or ``repeated:5x3``."""
    found = splitter_of(splitter)
    if found is None:
        return str(cv)
    if found.name == "repeated":
        return f"repeated:{cv}x{fold_rounds}"
    return f"{found.name}:{cv}:{SHUFFLE}" if found.is_shuffled else f"{found.name}:{cv}"


def folds_of_choice(text: str | int, fold_rounds: int | None) -> dict[str, int | str]:
    """Return the fields of a search's folds; ``fold_rounds`` are the rounds chosen besides, None if none are.

    Raises:
        SettingsError: the text cannot be read, or rounds are chosen for a named splitter.
    """
    found = parse_folds(text)
    if not found.splitter:
        rounds = {} if fold_rounds is None else {"fold_rounds": fold_rounds}
        return {"cv": found.cv, "splitter": "", **rounds}
    if fold_rounds is not None and fold_rounds != 1:
        raise rounds_refused(found.splitter, found.cv, found.fold_rounds or 1, fold_rounds)
    return {"cv": found.cv, "splitter": found.splitter, "fold_rounds": found.fold_rounds or 1}


def rounds_refused(splitter: str, cv: int, own: int, rounds: int) -> SettingsError:
    """Return the refusal of rounds beside a named splitter, which has ``own`` rounds."""
    text = folds_text(cv, splitter, own)
    is_alone = splitter in ("repeated", GIVEN)
    remedy = "leave fold-rounds out" if is_alone else f"leave it out, or use cv repeated:{cv}x{rounds}"
    return SettingsError(
        f"fold-rounds is {rounds}, which is for a plain number of folds, and cv is {text}; {remedy}",
        field="fold_rounds",
    )


def splitter_words(splitter: str) -> str:
    """Return the words around ``folds``: ``{} folds by group``, with the number of folds for the braces."""
    found = splitter_of(splitter)
    if found is None:
        return "{} folds"
    shuffled = "shuffled " if found.is_shuffled else ""
    match found.name:
        case "kfold":
            return f"{{}} {shuffled or 'unshuffled '}folds"
        case "stratified":
            return f"{{}} {shuffled}stratified folds"
        case "repeated":
            return "{} shuffled folds"
        case "group":
            return f"{{}} {shuffled}folds by group"
        case "stratified-group":
            return f"{{}} {shuffled}stratified folds by group"
        case "time":
            return "{} folds in time"
        case "given":
            return "{} given splits"
        case _:
            assert_never(found.name)

"""Words about texts that were read as numbers, dates or times: examples, and the refusal of two readings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from nnsize_engine.data.infer_types import shown
from nnsize_engine.data.notation import Notation, read_texts
from nnsize_engine.data.parse_dates import date_text
from nnsize_engine.data.quote_names import quoted
from nnsize_engine.data.readings import Reading
from nnsize_engine.errors import DataError

KIND_WORDS: Mapping[str, str] = MappingProxyType({"number": "numbers", "date": "dates", "time": "times of day"})
"""The word for the values of each kind of notation."""

MAX_NAMED_COLUMNS = 4  # columns of a kind that are named in a note; the others are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadExample:
    """A text of a column and the value that it was read as."""

    column: str
    notation: Notation
    text: str
    value: str
    misfit: str = ""
    """The options that the notation does not fit."""


def example_of(column: str, notation: Notation, texts: Sequence[str], misfit: str) -> ReadExample:
    """Return an example of a column: the first text that is not written plainly."""
    text = example_text(texts, notation)
    return ReadExample(
        column=column, notation=notation, text=text.strip(), value=value_words(text, notation), misfit=misfit
    )


def example_text(texts: Sequence[str], notation: Notation) -> str:
    """Return the first text that shows how a column is read: no plain number, and no midnight."""
    match notation[0]:
        case "number":
            return next((text for text in texts if not _is_plain(text)), texts[0])
        case "date":
            return texts[0]
        case "time":
            return next((text for text in texts if read_texts([text], notation)[0]), texts[0])
        case kind:
            raise ValueError(f"unknown kind of notation {kind!r}")


def value_words(text: str, notation: Notation) -> str:
    """Return the value that a text is read as, for a sentence."""
    value = float(read_texts([text], notation)[0])
    match notation[0]:
        case "date":
            return date_text(value)
        case "time":
            return f"{value:.6g} hours"
        case "number":
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
        case kind:
            raise ValueError(f"unknown kind of notation {kind!r}")


def notes_of_examples(examples: Iterable[ReadExample]) -> list[str]:
    """Return a sentence for each kind of notation: the columns, and what a text of each was read as."""
    by_kind: dict[str, list[ReadExample]] = {}
    for example in examples:
        by_kind.setdefault(example.notation[0], []).append(example)
    notes = []
    for kind, found in by_kind.items():
        named = [_example_words(example) for example in found[:MAX_NAMED_COLUMNS]]
        more = f", and {len(found) - MAX_NAMED_COLUMNS:,} more columns" if len(found) > MAX_NAMED_COLUMNS else ""
        notes.append(
            f"{KIND_WORDS[kind]} in texts: {', '.join(named)}{more}; --labels {quoted(found[0].column)} keeps the texts"
        )
    return notes


def _example_words(example: ReadExample) -> str:
    misfit = f" (which does not fit {example.misfit})" if example.misfit else ""
    return f"{shown(example.text)} read as {example.value} in '{example.column}'{misfit}"


def ambiguous_texts(name: str, readings: Sequence[Reading], texts: Sequence[str]) -> DataError:
    """Return the refusal of texts that can be read in several ways, with the option for each."""
    by_option = {_option_for(reading): reading.notation for reading in readings}
    text = next((text for text in texts if _has_several(text, list(by_option.values()))), texts[0])
    values = {option: value_words(text, notation) for option, notation in by_option.items()}
    first = readings[0].notation[0]
    ways = " or ".join(f"{option} for {value}" for option, value in values.items())
    return DataError(
        f"column '{name}' holds {KIND_WORDS[first]} such as {shown(text.strip())}, which may be "
        f"{' or '.join(values.values())}; say {ways}, or --labels {quoted(name)} to keep the texts",
        field="day_first" if first == "date" else "thousands",
        column=name,
    )


def _option_for(reading: Reading) -> str:
    """Return the option that leaves one of several readings."""
    match reading.notation:
        case ("number", decimal, thousands, _, _):
            return f"--thousands {_typed(thousands)}" if thousands else f"--decimal {_typed(decimal)}"
        case ("date", "dmy"):
            return "--day-first"
        case ("date", "mdy"):
            return "--month-first"
        case ("date", "short ymd"):
            return "--date-format %y-%m-%d"
        case _:
            return "--date-format"


def _typed(sign: str) -> str:
    return sign if sign in ".," else f"'{sign}'"


def _has_several(text: str, notations: Sequence[Notation]) -> bool:
    return len({float(read_texts([text], notation)[0]) for notation in notations}) == len(notations)


def _is_plain(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

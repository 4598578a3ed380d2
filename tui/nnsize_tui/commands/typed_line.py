"""A command line that is being typed, divided into words as a shell does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLine:
    """A command line up to the cursor."""

    words: tuple[str, ...]
    """The finished words, without quotes."""

    typed: str
    """The unfinished word, without quotes; empty after a blank."""

    raw: str
    """The unfinished word as it was typed."""

    quote: str
    """The quote that is still open; empty if none is."""


def read_line(line: str) -> TypedLine:
    """Divide a line into words; its quotes may be open."""
    words: list[str] = []
    typed = raw = quote = ""
    is_escaped = False
    for sign in line:
        if is_escaped:
            typed, raw, is_escaped = typed + sign, raw + sign, False
        elif sign == "\\" and quote != "'":
            raw, is_escaped = raw + sign, True
        elif quote:
            typed, raw, quote = typed + (sign if sign != quote else ""), raw + sign, "" if sign == quote else quote
        elif sign in "'\"":
            raw, quote = raw + sign, sign
        elif sign.isspace():
            words += [typed] if raw else []
            typed = raw = ""
        else:
            typed, raw = typed + sign, raw + sign
    return TypedLine(words=tuple(words), typed=typed, raw=raw, quote=quote)

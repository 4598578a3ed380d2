"""Text as a terminal can show it."""

_ASCII_SPELLING = str.maketrans({"±": "+/-", "×": "x", "−": "-", "–": "-", "·": "|", "…": "...", "≤": "<=", "≥": ">="})
"""Characters of our own texts, as a terminal without Unicode shows them."""


def plain_text(text: str, *, unicode: bool) -> str:
    """Return the text without characters that could control the terminal or that it cannot show."""
    if text.isascii() and text.isprintable():
        return text
    if not unicode:
        text = text.translate(_ASCII_SPELLING).encode("ascii", "replace").decode("ascii")
    return "".join(character if character.isprintable() else " " for character in text)

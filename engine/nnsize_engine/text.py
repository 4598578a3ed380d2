"""Text from files and file names, made harmless before it is shown."""


def escape_text(text: str) -> str:
    """Text as it may be shown on any terminal: control, format and unassigned characters become escapes."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)

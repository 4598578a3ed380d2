"""Text for the clipboard of the terminal, by OSC 52: over SSH it reaches the machine at which the user sits."""

import os
from collections.abc import Mapping

MAX_CLIPBOARD_BYTES = 74_994
"""Largest text: in base64 it fits into the 100,000 bytes of OSC 52 that terminals accept."""


def clipboard_part(text: str) -> str:
    """Return the whole lines of a text that the clipboard takes, or the beginning of a first line that is too long."""
    content = text.encode()
    if len(content) <= MAX_CLIPBOARD_BYTES:
        return text
    kept = content[:MAX_CLIPBOARD_BYTES]
    end = kept.rfind(b"\n") + 1
    return kept[: end or MAX_CLIPBOARD_BYTES].decode(errors="ignore")


def copied_words(what: str, text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the notice after copying: the name and size of the text, and the setting that tmux or screen needs."""
    kept = clipboard_part(text)
    lines = len(kept.splitlines())
    size = f"{lines:,} lines" if lines > 1 else f"{len(kept):,} characters" if len(kept) != 1 else "1 character"
    if kept == text:
        words = f"Copied {what}: {size}."
    else:
        words = f"Copied the first {size} of {what}, which has {len(text.splitlines()):,}: a terminal takes no more."
    if environment.get("TMUX"):
        words += " tmux needs: set -g set-clipboard on"
    elif environment.get("STY"):
        words += " screen does not pass it on."
    return words

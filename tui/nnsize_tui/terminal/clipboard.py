"""Text for the terminal's clipboard, by OSC 52: it reaches the machine that one sits at, also over SSH."""

import os
from collections.abc import Mapping

MOST_BYTES = 74_994
"""Terminals take 100,000 bytes of OSC 52, which are these in base64."""


def fitting(text: str) -> str:
    """As many whole lines of a text as the clipboard takes; of a first line that is too long, its beginning."""
    content = text.encode()
    if len(content) <= MOST_BYTES:
        return text
    kept = content[:MOST_BYTES]
    end = kept.rfind(b"\n") + 1
    return kept[: end or MOST_BYTES].decode(errors="ignore")


def copied_words(what: str, text: str, environment: Mapping[str, str] = os.environ) -> str:
    """What is said once a text is copied: what it was, how long, whether all of it, and what a multiplexer needs."""
    kept = fitting(text)
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

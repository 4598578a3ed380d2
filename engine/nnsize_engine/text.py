"""Text for people: escaped text, scores, counts, rates, shares, lengths of time and moments."""

import math
import shlex
import time


def escape_text(text: str) -> str:
    """Return text that any terminal can show: control, format and unassigned characters become escapes."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


def escape_lines(text: str) -> str:
    """Return lines that any terminal can show, escaped as by :func:`escape_text` but for their ends."""
    return text if text.isprintable() else "\n".join(map(escape_text, text.split("\n")))


def shell_word(text: str) -> str:
    """Return text as one word of a command that a user may paste into a shell; plain names stay as they are."""
    return shlex.quote(escape_text(text))


NONE = "-"
"""Placeholder of a value that is not known."""


def score_text(value: float | None, digits: int = 4) -> str:
    """Return a score with about five significant digits, and at most ``digits`` decimals."""
    if value is None:
        return NONE
    if value != 0 and not 1e-4 <= abs(value) < 1e5:
        return f"{value:.{digits - 1}e}"
    # An error in the hundreds needs no four decimals.
    whole = max(0, math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:.{max(0, digits - whole)}f}"


def score_in(value: float | None, room: int) -> str:
    """Return a score of at most ``room`` characters, with up to six decimals; digits are rounded, never cut."""
    texts = [score_text(value, digits) for digits in (6, 5, 4, 3, 2, 1)]
    if value is not None:
        texts.append(f"{value:.0e}")
    wide = room > 8
    return next((words for words in texts[0 if wide else 2 :] if len(words) <= room), texts[-1])


def seconds_text(seconds: float | None) -> str:
    """Return a length of time: ``4.1ms``, ``12ms``, ``0.15s``, ``12s``, ``3m05s``, ``2h07m``, ``3d04h``."""
    if seconds is None:
        return NONE
    if 0 < seconds < 0.00995:
        return f"{1000 * seconds:.1f}ms"
    if 0 < seconds < 0.0995:
        return f"{1000 * seconds:.0f}ms"
    if seconds < 9.95:
        return f"{seconds:.2f}s" if seconds < 0.995 else f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    if whole < 86400:
        return f"{whole // 3600}h{whole % 3600 // 60:02d}m"
    return f"{whole // 86400}d{whole % 86400 // 3600:02d}h"


def moment_text(moment: float, now: float | None = None) -> str:
    """Return a moment in local time: the time of a moment today, else date and time."""
    then, today = time.localtime(moment), time.localtime(now)
    same_day = then[:3] == today[:3]
    return time.strftime("%H:%M:%S" if same_day else "%Y-%m-%d %H:%M", then)


MAX_RECENT_SECONDS = 330 * 86400.0  # for which a day and a month need no year


def short_moment_text(moment: float, now: float | None = None) -> str:
    """Return a moment in at most 11 characters: today the time, within a year the day and the time, else the date."""
    present = time.time() if now is None else now
    then, today = time.localtime(moment), time.localtime(present)
    if then[:3] == today[:3]:
        return time.strftime("%H:%M:%S", then)
    is_recent = abs(present - moment) < MAX_RECENT_SECONDS
    return time.strftime("%m-%d %H:%M" if is_recent else "%Y-%m-%d", then)


def bytes_text(count: int) -> str:
    """Return an amount of storage: ``840 B``, ``12 kB``, ``1.2 MB``, ``3.4 GB``."""
    size, units = float(count), ["B", "kB", "MB", "GB", "TB", "PB"]
    while size >= 999.5 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.1f} {units[0]}" if size < 9.95 and units[0] not in ("B", "kB") else f"{size:.0f} {units[0]}"


def count_text(count: float) -> str:
    """Return a count with few digits: ``225,335``, ``12.3M``."""
    for unit, sign in ((1e9, "G"), (1e6, "M")):
        if count >= 10 * unit:
            digits = 1 if count < 100 * unit else 0
            return f"{count / unit:.{digits}f}{sign}"
    return f"{count:,.0f}"


def rate_text(rate: float | None) -> str:
    """Return evaluations per second as text: ``812``, ``45,678``, ``0.25``."""
    if rate is None or not math.isfinite(rate):
        return NONE
    return count_text(rate) if rate >= 9.5 else f"{rate:.2g}"


def share_text(accepted: int, members: int) -> str:
    """Return the share of accepted trials, such as ``28%``."""
    share = 100 * accepted / members if members else 0.0
    return f"{share:.1f}%" if 0 < share < 9.95 else f"{share:.0f}%"

"""Counts, rates and shares of an evolution as text."""

import math

from nnsize_engine.text import NONE


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

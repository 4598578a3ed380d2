"""Dates: texts that nearly all are dates, and the month, the weekday and the text of a day."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nnsize_engine.settings.date_patterns import ORDERS, PATTERNS, is_date

MAX_TRIED_TEXTS = 1_000  # texts of a column of which more than half must be dates before all are tried


def places_without_date(texts: Sequence[str]) -> list[int]:
    """Return the places of texts that are no dates if more than half are dates of one form; else an empty list."""
    most: list[bool] = []
    tried = texts[:MAX_TRIED_TEXTS]
    for order in ORDERS:
        for pattern in PATTERNS[order]:
            if sum(is_date(pattern, text) for text in tried) * 2 <= len(tried):
                continue
            are_dates = [is_date(pattern, text) for text in texts]
            if sum(are_dates) > max(sum(most), len(texts) // 2):
                most = are_dates
    return [place for place, found in enumerate(most) if not found]


def month_and_weekday(days: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return months, 1 to 12, and weekdays, 0 (Monday) to 6, both of shape (rows,); -1 where the day is missing."""
    is_missing = np.isnan(days)
    whole = np.floor(np.where(is_missing, 0.0, days)).astype("int64")
    months = whole.astype("datetime64[D]").astype("datetime64[M]").astype("int64") % 12 + 1
    weekdays = (whole + 3) % 7  # 1970-01-01 was a Thursday
    return np.where(is_missing, -1, months), np.where(is_missing, -1, weekdays)


def date_text(day: float) -> str:
    """Return days since 1970 as ISO 8601 text, with the time unless it is midnight."""
    seconds = round(day * 86_400)
    text = str(np.datetime64(seconds, "s"))
    return text.removesuffix("T00:00:00")

"""Tables as users have them, and their files as pandas reads them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Frame = Any


def mixed_frame(rows: int = 260, seed: int = 5) -> Frame:
    """Return numbers, integers, booleans, categories with rare levels, and dates; most columns have missing values."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": rng.normal(40, 12, rows).round(2),
            "city": rng.choice(["Paris", "Łódź", "Rome", "Oslo"], rows, p=[0.6, 0.3, 0.095, 0.005]),
            "member": rng.random(rows) < 0.4,
            "visits": rng.integers(0, 30, rows),
            "income": rng.lognormal(8, 1, rows),
            "when": pd.Timestamp("2021-03-01") + pd.to_timedelta(rng.integers(0, 700, rows), unit="D"),
            "plan": rng.choice(["basic", "plus", "pro"], rows),
        }
    )
    frame.loc[rng.random(rows) < 0.15, "city"] = None
    frame.loc[rng.random(rows) < 0.1, "age"] = np.nan
    frame.loc[rng.random(rows) < 0.2, "income"] = np.nan
    frame.loc[rng.random(rows) < 0.1, "when"] = pd.NaT
    return frame


def signal(frame: Frame, seed: int = 6) -> Any:
    """Return a signal of a mixed frame, with noise."""
    noise = np.random.default_rng(seed).normal(0, 0.7, len(frame))
    return (frame["visits"] - 15) / 8 + frame["member"] + (frame["plan"] == "pro") + noise


def labelled(edges: list[float], labels: list[Any]) -> Callable[[Frame], Frame]:
    """Return a target of these labels, by the position of the signal between edges."""
    return lambda frame: pd.DataFrame({"y": np.array(labels, dtype=object)[np.digitize(signal(frame), edges)]})


def two_numbers(frame: Frame) -> Frame:
    return pd.DataFrame({"y": signal(frame), "z": signal(frame, 7) * frame["visits"]})


def write(frame: Frame, path: Path) -> Path:
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    return path


def prepared(frame: Frame) -> tuple[Frame, list[str], list[str]]:
    """Return a file's frame as a user prepares it, with its columns of numbers and of categories."""
    frame = frame.copy()
    numbers, categories = [], []
    for name in list(frame):
        if name == "when":
            when = pd.to_datetime(frame[name])
            frame[name] = (when - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
            frame["when month"] = when.dt.month.map(lambda month: f"{month:.0f}", na_action="ignore")
            frame["when weekday"] = when.dt.day_of_week.map(lambda day: f"{day:.0f}", na_action="ignore")
            numbers.append(name)
            categories += ["when month", "when weekday"]
        elif name in ("city", "plan"):
            categories.append(name)
        else:
            numbers.append(name)
    return frame.astype(dict.fromkeys(numbers, float)), numbers, categories

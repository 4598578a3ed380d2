"""A made-up table as a user may have one: numbers, labels and dates, with gaps."""

from pathlib import Path

import numpy as np
import pandas as pd


def write_customers(table: Path) -> None:
    """Write 900 customers, of whom a quarter leave."""
    rng, rows = np.random.default_rng(0), 900
    months, bill = rng.gamma(2, 14, rows).round(), rng.lognormal(3.6, 0.5, rows).round(2)
    contract = rng.choice(["monthly", "yearly", "two years"], rows, p=[0.55, 0.3, 0.15])
    leaves = 0.02 * bill - 0.05 * months + 1.5 * (contract == "monthly") + rng.logistic(0, 0.8, rows) > 1.2
    frame = pd.DataFrame(
        {
            "customer_id": 10_000 + np.arange(rows),
            "joined": pd.Timestamp("2026-06-30") - pd.to_timedelta(months * 30.4, unit="D").round("D"),
            "months": months,
            "bill": np.where(rng.random(rows) < 0.06, np.nan, bill),
            "contract": np.where(rng.random(rows) < 0.03, "", contract),
            "city": rng.choice(["Basel", "Bern", "Chur", "Genf", "Thun"], rows, p=[0.3, 0.4, 0.02, 0.2, 0.08]),
            "paperless": rng.random(rows) < 0.6,
            "leaves": np.where(leaves, "yes", "no"),
        }
    )
    frame.to_csv(table, index=False, date_format="%Y-%m-%d")

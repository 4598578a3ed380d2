"""Made-up tables in the layout of well-known ones, with their quirks and a target that follows from the inputs."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Frame = Any

KNOWN = {
    "house-prices": ("SalePrice", "r2", 0.6),
    "insurance": ("charges", "r2", 0.6),
    "diamonds": ("price", "r2", 0.8),
    "titanic": ("Survived", "roc_auc", 0.75),
    "adult": ("y", "roc_auc", 0.75),
    "wine-quality": ("quality", "accuracy", 0.5),
    "mushrooms": ("x0", "roc_auc", 0.95),
}
"""The target of each table, the scoring that nnsize chooses, and a score that a network should reach."""


def write_known_table(name: str, folder: Path, rows: int = 600, seed: int = 0) -> Path:
    """Write one of the tables as its publishers do; return its path."""
    rng = np.random.default_rng(seed)
    path = folder / f"{name}.csv"
    match name:
        case "house-prices":
            _house_prices(rng, rows).to_csv(path, index=False, na_rep="NA")
        case "insurance":
            _insurance(rng, rows).to_csv(path, index=False)
        case "diamonds":
            _diamonds(rng, rows).to_csv(path)
        case "titanic":
            _titanic(rng, rows).to_csv(path, index=False)
        case "adult":
            text = _adult(rng, rows).to_csv(index=False, header=False)
            path.write_text(text.replace(",", ", "))
        case "wine-quality":
            _wine_quality(rng, rows).to_csv(path, index=False, sep=";")
        case "mushrooms":
            _mushrooms(rng, rows).to_csv(path, index=False, header=False)
        case _:
            raise ValueError(f"unknown table {name!r}")
    return path


def _without(values: Any, is_missing: Any) -> Any:
    """Return values, a text or many, of which some are missing."""
    return np.where(is_missing, np.array(None, dtype=object), values)


def _house_prices(rng: np.random.Generator, rows: int) -> Frame:
    """Return a table as Kaggle's: an id, NA for "none of it", other missing values, prices of 35,000 and more."""
    area, quality, year = (
        rng.normal(1500, 450, rows).clip(400),
        rng.integers(3, 11, rows),
        rng.integers(1900, 2011, rows),
    )
    frame = pd.DataFrame(
        {
            "Id": np.arange(1, rows + 1),
            "MSSubClass": rng.choice([20, 60, 120], rows),
            "LotFrontage": np.where(rng.random(rows) < 0.18, np.nan, rng.normal(70, 20, rows).round()),
            "Neighborhood": rng.choice(["NAmes", "CollgCr", "OldTown", "Blueste"], rows, p=[0.5, 0.3, 0.195, 0.005]),
            "OverallQual": quality,
            "YearBuilt": year,
            "Alley": _without("Grvl", rng.random(rows) < 0.93),
            "GrLivArea": area.round().astype(int),
            "PoolQC": _without("Gd", rng.random(rows) < 0.995),
            "CentralAir": rng.choice(["Y", "N"], rows, p=[0.93, 0.07]),
        }
    )
    price = 15_000 + 55 * area + 14_000 * (quality - 5) + 250 * (year - 1950) + rng.normal(0, 12_000, rows)
    return frame.assign(SalePrice=price.clip(34_900).round().astype(int))


def _insurance(rng: np.random.Generator, rows: int) -> Frame:
    """Return a table of charges, which are skewed: smokers cost several times as much."""
    age, bmi, smokes = rng.integers(18, 65, rows), rng.normal(30, 6, rows), rng.random(rows) < 0.2
    charges = 250 * age + smokes * (20_000 + 600 * (bmi - 30)) + rng.exponential(2_000, rows)
    return pd.DataFrame(
        {
            "age": age,
            "sex": rng.choice(["female", "male"], rows),
            "bmi": bmi.round(3),
            "children": rng.integers(0, 6, rows),
            "smoker": np.where(smokes, "yes", "no"),
            "region": rng.choice(["southwest", "southeast", "northwest", "northeast"], rows),
            "charges": charges.round(5),
        }
    )


def _diamonds(rng: np.random.Generator, rows: int) -> Frame:
    """Return a table with the index of R in a nameless first column, and a few impossible zeros."""
    carat, clarity = rng.lognormal(-0.3, 0.5, rows).clip(0.2, 4), rng.integers(0, 8, rows)
    x = 6.5 * carat ** (1 / 3)
    x[rng.choice(rows, 3, replace=False)] = 0
    price = 4_000 * carat**1.6 * (1 + 0.08 * clarity) * rng.lognormal(0, 0.1, rows)
    return pd.DataFrame(
        {
            "carat": carat.round(2),
            "cut": rng.choice(["Ideal", "Premium", "Very Good", "Good", "Fair"], rows),
            "color": rng.choice(list("DEFGHIJ"), rows),
            "clarity": np.array(["I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"])[clarity],
            "depth": rng.normal(61.7, 1.4, rows).round(1),
            "price": price.round().astype(int),
            "x": x.round(2),
        },
        index=np.arange(1, rows + 1),
    )


def _titanic(rng: np.random.Generator, rows: int) -> Frame:
    """Return a table with ids, names with commas, tickets and mostly missing cabins; the target comes second."""
    sex, pclass = rng.choice(["male", "female"], rows, p=[0.65, 0.35]), rng.choice([1, 2, 3], rows, p=[0.25, 0.2, 0.55])
    logit = 2.6 * (sex == "female") - 0.9 * (pclass - 2) - 1.1
    return pd.DataFrame(
        {
            "PassengerId": np.arange(1, rows + 1),
            "Survived": (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(int),
            "Pclass": pclass,
            "Name": [f"Name{number}, Mr. John" for number in range(rows)],
            "Sex": sex,
            "Age": np.where(rng.random(rows) < 0.2, np.nan, rng.normal(30, 14, rows).clip(0.4).round(1)),
            "SibSp": rng.integers(0, 5, rows),
            "Ticket": [f"A/5 {number}" for number in rng.integers(1000, 9000, rows)],
            "Fare": rng.exponential(32, rows).round(4),
            "Cabin": [f"C{number}" if number % 5 == 0 else None for number in range(rows)],
            "Embarked": _without(rng.choice(["S", "C", "Q"], rows), rng.random(rows) < 0.01),
        }
    )


def _adult(rng: np.random.Generator, rows: int) -> Frame:
    """Return a table as the UCI's: no header, question marks for missing values; a blank follows each comma."""
    years, age, hours = rng.integers(1, 17, rows), rng.integers(17, 91, rows), rng.integers(10, 70, rows)
    logit = 0.45 * (years - 11) + 0.05 * (hours - 40) - 1 + 0.03 * (age - 40)
    return pd.DataFrame(
        {
            "age": age,
            "workclass": rng.choice(["Private", "State-gov", "?"], rows, p=[0.8, 0.14, 0.06]),
            "fnlwgt": rng.integers(12_285, 1_484_705, rows),
            "education-num": years,
            "race": rng.choice(["White", "Black", "Other"], rows),
            "hours-per-week": hours,
            "native-country": rng.choice(["United-States", "Mexico", "?"], rows, p=[0.9, 0.08, 0.02]),
            "income": np.where(rng.random(rows) < 1 / (1 + np.exp(-logit)), ">50K", "<=50K"),
        }
    )


def _wine_quality(rng: np.random.Generator, rows: int) -> Frame:
    """Return a table with semicolons, quoted names with blanks, and few wines of the best and the worst quality."""
    alcohol, acidity = rng.normal(10.4, 1.1, rows), rng.normal(0.53, 0.18, rows)
    quality = 5.6 + 0.7 * (alcohol - 10.4) - 1.8 * (acidity - 0.53) + rng.normal(0, 0.5, rows)
    return pd.DataFrame(
        {
            "fixed acidity": rng.normal(8.3, 1.7, rows).round(1),
            "volatile acidity": acidity.round(2),
            "total sulfur dioxide": rng.integers(6, 290, rows),
            "alcohol": alcohol.round(1),
            "quality": quality.round().clip(3, 8).astype(int),
        }
    )


def _mushrooms(rng: np.random.Generator, rows: int) -> Frame:
    """Return a table of single letters without a header; the class comes first, and one column is constant."""
    odor = rng.choice(list("nfaly"), rows)
    poisonous = (odor == "f") | (odor == "y")
    return pd.DataFrame(
        {
            "class": np.where(poisonous, "p", "e"),
            "cap-shape": rng.choice(list("bcxfks"), rows),
            "bruises": rng.choice(list("tf"), rows),
            "odor": odor,
            "stalk-root": rng.choice(["b", "c", "e", "r", "?"], rows),
            "veil-type": "p",
            "habitat": rng.choice(list("glmpuwd"), rows),
        }
    )

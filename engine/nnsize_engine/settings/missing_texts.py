"""The texts that mean "no value" in a table unless a user names others."""

USUAL_MISSING: tuple[str, ...] = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip
"""The texts that ``pandas.read_csv`` takes for missing; a test compares them with the installed release."""

QUESTION_MARK = "?"
"""A further usual text, which the tables of the UCI repository and ARFF files have."""

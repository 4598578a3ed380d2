"""The parts of a program that read texts as numbers, dates and times of day."""

from collections.abc import Iterable

from nnsize_engine.settings.date_patterns import ORDERS, PATTERNS
from nnsize_engine.settings.number_patterns import signs_of, spellings_of
from nnsize_engine.settings.table import TableSettings

_NUMBERS = '''def numbers(column, decimal, left_out):
    """Numbers of texts such as '$1,234.50', '(12 %)' and '5 kg'; a missing one stays missing."""
    texts = column.astype(object)
    for part in left_out:
        texts = texts.str.replace(part, "", regex=False)
    texts = texts.str.replace(r"[\\s)]", "", regex=True).str.replace(r"[(\\u2212]", "-", regex=True)
    return texts.str.replace(decimal, ".", regex=False).astype("float64")
'''

_HOURS = '''def hours(column):
    """Hours since midnight of times such as '18:30' and '6:30 pm'; a missing one stays missing."""
    parts = column.astype(object).str.extract(r"^\\s*(\\d+)(?::(\\d+))?(?::([\\d.]+))?\\s?([AaPp])?")
    hour, half = parts[0].astype("float64"), parts[3].str.lower()
    hour = hour.where(half.isna(), hour % 12 + 12 * half.eq("p"))
    return hour + parts[1].astype("float64").fillna(0) / 60 + parts[2].astype("float64").fillna(0) / 3600
'''

_DAYS = '''MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def iso(date):
    """A matched date as ISO 8601 text."""
    if date is None:
        raise ValueError
    parts = date.groupdict()
    year = parts["year"] or parts["short"]
    if len(year) == 2:
        year = ("19" if year >= "69" else "20") + year
    month = int(parts.get("month") or MONTHS.index(parts["name"][:3].lower()) + 1)
    text = f"{year}-{month:02}-{int(parts.get('day') or 1):02}"
    if parts.get("hour"):
        hour = int(parts["hour"])
        if parts["half"]:
            hour = hour % 12 + 12 * (parts["half"] in "pP")
        zone = (parts["zone"] or "").upper().replace("UTC", "Z").replace("GMT", "Z")
        text += f"T{hour:02}:{parts['minute']}:{parts['second'] or '00'}{zone}"
    return text


def days(column, *patterns):
    """Days since 1970-01-01 in UTC, with fractions for times; NaN where there is no date."""
    found = column.dropna()
    if found.dtype.kind != "M":
        for pattern in patterns:
            try:
                texts = [iso(re.fullmatch(pattern, text, re.IGNORECASE)) for text in found]
                moments = pd.to_datetime(texts, format="ISO8601", utc=True)
                break
            except ValueError:
                continue
        found = pd.Series(moments, index=found.index)
    found = pd.to_datetime(found, utc=True)
    since = found.dt.tz_localize(None).to_numpy().astype("datetime64[us]").astype("int64") / 86_400_000_000.0
    return pd.Series(since, index=found.index).reindex(column.index)
'''

_ANY_ORDER = ("ymd", "dmy", "mdy")
"""The orders of dates of a run whose notation was not stored: one of them fits."""


def functions_of(table: TableSettings) -> list[str]:
    """Return the functions that :func:`converted` calls for the columns of a table."""
    kinds = {notation[0] for notation in table.notation_of.values()}
    functions = []
    if "number" in kinds:
        functions.append(_NUMBERS)
    if "time" in kinds:
        functions.append(_HOURS)
    orders = {notation[1] for notation in table.notation_of.values() if notation[0] == "date"}
    if any(kind == "date" for _, kind in table.columns):
        if table.choice.separator is not None and _lacks_order(table):
            orders |= set(_ANY_ORDER)
        functions.append(_DAYS)
    if orders:
        functions.append(_patterns_code(order for order in ORDERS if order in orders))
    return functions


def converted(table: TableSettings, name: str) -> str:
    """Return code for the values of a column of texts or dates."""
    column = f"table[{name!r}]"
    match table.notation_of.get(name):
        case ("number", decimal, thousands, prefix, suffix):
            return f"numbers({column}, {decimal!r}, {_left_out(thousands, prefix, suffix)!r})"
        case ("time",):
            return f"hours({column})"
        case ("date", order) if "%" in order:
            return f"days(pd.to_datetime({column}, format={order!r}, utc=True))"
        case ("date", order):
            return f"days({column}, *DATES[{order!r}])"
        case None if table.choice.separator is None:
            return f"days({column})"
        case None:
            return f"days({column}, {', '.join(f'*DATES[{order!r}]' for order in _ANY_ORDER)})"
        case notation:
            raise ValueError(f"unknown notation {notation!r}")


def _left_out(thousands: str, prefix: str, suffix: str) -> list[str]:
    """Return the texts that are no part of a number, a plural before its singular."""
    return [*spellings_of(suffix), *spellings_of(prefix), *signs_of(thousands)]


def _lacks_order(table: TableSettings) -> bool:
    """Return whether the order of dates in texts was not stored for a column."""
    return any(kind == "date" and name not in table.notation_of for name, kind in table.columns)


def _patterns_code(orders: Iterable[str]) -> str:
    """Return code for the patterns of dates: the month as a number, and as a word."""
    lines = ["DATES = {"]
    for order in orders:
        lines += [f"    {order!r}: (", *(f'        r"{pattern.pattern}",' for pattern in PATTERNS[order]), "    ),"]
    return "\n".join([*lines, "}"])

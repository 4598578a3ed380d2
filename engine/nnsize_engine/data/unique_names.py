"""Names of columns made unique, as pandas makes them."""

from collections.abc import Sequence

from nnsize_engine.text import escape_text


def names_of_columns(fields: Sequence[str]) -> tuple[str, ...]:
    """Return the unique names of columns, escaped; a column without a name gets one by its place, as in pandas."""
    return unique_names(
        [escape_text(text) if text.strip() else f"Unnamed: {place}" for place, text in enumerate(fields)]
    )


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names, each repeated one with a suffix: ``year``, ``year.1``, ``year.2``; as ``read_csv`` does."""
    taken = set(names)
    counts: dict[str, int] = {}
    found: list[str] = []
    for name in names:
        count = counts.get(name, 0)
        counts[name] = count + 1
        unique = name
        while count > 0 and (unique in taken or unique == name):
            unique = f"{name}.{count}"
            count += 1
        if unique != name:
            counts[name] = count
            taken.add(unique)
            counts[unique] = counts.get(unique, 0) + 1
        found.append(unique)
    return tuple(found)

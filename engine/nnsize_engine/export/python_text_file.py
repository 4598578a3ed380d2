"""The part of a program that reads a delimited text file with pandas, by the layout that was found."""

import pprint
from collections.abc import Iterable, Mapping

from nnsize_engine.export.python_cleaning import converters_code, missing_arguments_code
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_address import local_path

_INFERRED = {"": "", ".gz": "gzip", ".bz2": "bz2", ".xz": "xz", ".zst": "zstd"}
"""The compression that pandas infers from the ending of a name."""


def text_file_code(table: TableSettings, kinds: Mapping[str, str], *, are_renamed: bool) -> str:
    """Return code that makes ``table`` of a text file.

    Args:
        table: the inspected table.
        kinds: the kind of each column.
        are_renamed: whether names hold control characters or are made up, so that ``escape_text`` must make them.
    """
    choice, facts = table.choice, table.file
    texts = _texts(table, kinds)
    how = _layout_arguments(table, has_units=True)
    path = _path_code(table)
    values = [
        f"decimal={choice.plain_decimal!r}",
        *missing_arguments_code(table, kinds),
        *converters_code(table, kinds),
        *([f"dtype=dict.fromkeys({listed(texts)}, str)"] if texts else []),
        "low_memory=False",
    ]
    if "repeated" in dict(facts.left_out):
        how = _layout_arguments(table, has_units=False)
        return _without_repeated(path, how, values, table)
    if facts.names:
        lines = [] if choice.header == "none" else ["header=0"]
        names = [*(lines or ["header=None"]), f"names={listed(facts.names)}", "index_col=False"]
        return _call("table", path, [*how, *values, *names])
    has_row_names = "row names" in dict(facts.left_out)
    rest = [] if has_row_names else ["index_col=False"]
    code = ""
    if are_renamed:
        code = f"names = escape_text(pd.read_csv({', '.join((path, *how, 'nrows=0'))}).columns)\n"
        rest = ["header=0", "names=names", *rest]
    code += _call("table", path, [*how, *values, *rest])
    return f"{code}\ntable = table.reset_index(drop=True)" if has_row_names else code


def _texts(table: TableSettings, kinds: Mapping[str, str]) -> list[str]:
    """Return the names of the columns to read as text; cleaned ones have a converter, which reads texts."""
    choice = table.choice
    joined = choice.target if table.joined_class is not None else ()  # whole numbers are joined without their points
    return [
        name
        for name, kind in kinds.items()
        if (kind in ("category", "date") or name in table.notation_of)
        and name not in table.cleaned
        and (name not in joined or name in choice.categorical)
    ]


def _layout_arguments(table: TableSettings, *, has_units: bool) -> list[str]:
    """Return the arguments that tell how the lines of a file are divided, and which are skipped.

    ``has_units`` tells whether the line of units is one of them.
    """
    choice, facts = table.choice, table.file
    skipped = []
    if has_units and facts.units_line is not None:
        skipped = [f"skiprows={listed(map(str, [*range(choice.skip or 0), facts.units_line])).replace(chr(39), '')}"]
    elif choice.skip:
        skipped = [f"skiprows={choice.skip}"]
    ending = next((end for end in _INFERRED if end and choice.source.lower().endswith(end)), "")
    is_named = facts.compression in ("", "zip") or _INFERRED[ending] == facts.compression
    return [
        f"sep={choice.separator!r}",
        f"encoding={choice.encoding!r}",
        *([] if is_named else [f"compression={facts.compression!r}"]),
        *skipped,
        *([f"comment={choice.comment!r}"] if choice.comment else []),
        *(["skipinitialspace=True"] if facts.skips_blanks else []),
    ]


def _path_code(table: TableSettings) -> str:
    if table.file.compression == "zip":
        return f"zipfile.ZipFile({str(local_path(table.choice.source))!r}).open({table.file.member!r})"
    return repr(table.choice.source)


def _without_repeated(path: str, how: list[str], values: list[str], table: TableSettings) -> str:
    """Return code that reads all texts, leaves out the lines of names and units, and reads the rest."""
    names = listed(table.file.names)
    first = [*how, f"names={names}", "header=None", "dtype=str", "na_filter=False", "index_col=False"]
    above = "2" if table.file.units_line is not None else "1"
    return (
        _call("texts", path, first)
        + "\nstripped = texts.apply(lambda column: column.str.strip())\n"
        + f"for line in range({above}):  # leave out every line that repeats the names"
        + (", or the units\n" if above == "2" else "\n")
        + "    texts = texts[(stripped.loc[texts.index] != stripped.loc[line]).any(axis=1)]\n"
        + _call(
            "table",
            "io.StringIO(texts.to_csv(index=False, header=False))",
            [*values, "header=None", "names=list(texts)", "index_col=False"],
        )
    )


def _call(name: str, path: str, arguments: Iterable[str]) -> str:
    return f"{name} = pd.read_csv(\n    {path},\n" + "".join(f"    {text},\n" for text in arguments) + ")"


def listed(names: Iterable[str]) -> str:
    """Return a list of names as code."""
    return pprint.pformat(list(names), width=100, compact=True)

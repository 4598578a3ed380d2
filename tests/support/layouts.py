"""Tables written in the layouts of real files, each with what is expected of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

ROWS = 30


@dataclass(frozen=True, kw_only=True)
class Case:
    """A file, the choices that pandas needs to read it, and what nnsize leaves out of it."""

    content: bytes
    name: str = "table.csv"

    said: Mapping[str, Any] = field(default_factory=dict)
    """Choices without which the file is not read."""

    pandas: Mapping[str, Any]
    """The options of ``read_csv`` that give the same frame."""

    left_out: Mapping[str, int] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    """Columns of the frame that are left out."""

    rows: int = ROWS


def _random() -> np.random.Generator:
    return np.random.default_rng(3)


def _rows(separator: str = ",", decimal: str = ".") -> list[str]:
    random = _random()
    return [
        separator.join((f"{random.normal():.3f}".replace(".", decimal), f"{random.integers(10, 99)}", "pq"[place % 2]))
        for place in range(ROWS)
    ]


def _text(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _aligned(*, has_header: bool) -> bytes:
    random = _random()
    lines = ["name         mcg    gvh  site"] if has_header else []
    lines += [
        f"  P{place:<10} {random.normal():7.3f} {random.integers(1, 2000):6d}   {'im' if place % 3 else 'cytoplasm':>9}"
        for place in range(ROWS)
    ]
    return _text(*lines)


def _r_style() -> bytes:
    return _text('"a","b","y"', *(f'"{place}",{row}' for place, row in enumerate(_rows(), start=1)))


def _units() -> bytes:
    return _text("temp,load,y", "°C,kW,", *_rows())


NONE = {"header": None}

CASES: Mapping[str, Case] = {
    "no header": Case(
        content=_text(*_rows()),
        pandas=NONE | {"names": ["x0", "x1", "y"]},
    ),
    "no header, numbers": Case(
        content=_text(*(row.rpartition(",")[0] for row in _rows())), pandas=NONE | {"names": ["x0", "y"]}
    ),
    "no header, labels": Case(
        content=_text(
            *(f"{'ab'[place % 2]},{'uvw'[place % 3]},{'yes' if place % 5 else 'no'}" for place in range(ROWS))
        ),
        pandas=NONE | {"names": ["x0", "x1", "y"]},
    ),
    "no header, trailing separators": Case(
        content=_text(*(f"{row},," for row in _rows())),
        pandas=NONE | {"names": ["x0", "x1", "y", "a", "b"]},
        dropped=("a", "b"),
        left_out={"nameless": 2},
    ),
    "equal names": Case(content=_text("year,year,y", *_rows()), pandas={}),
    "comment lines": Case(
        content=_text("# made by hand", "# 2014", "#", "a,b,y", *_rows()),
        pandas={"comment": "#"},
        left_out={"comment": 3},
    ),
    "comment lines among the rows": Case(
        content=_text("% one", "% two", "a,b,y", *_rows()[:9], "% x,y", *_rows()[9:]),
        pandas={"comment": "%"},
        left_out={"comment": 3},
    ),
    "names behind a comment sign": Case(content=_text("#a,b,y", *_rows()), pandas={}),
    "sep line": Case(
        content=b"sep=;\r\n" + _text("a;b;y", *_rows(";")),
        pandas={"sep": ";", "skiprows": 1},
        left_out={"separator": 1},
    ),
    "sep line with a tab": Case(
        content=_text('"sep=\t"', "a\tb\ty", *_rows("\t")),
        pandas={"sep": "\t", "skiprows": 1},
        left_out={"separator": 1},
    ),
    "title lines": Case(
        content=_text("Sales of 2020", "", '"all, of them",x', "a,b,y", *_rows()),
        pandas={"skiprows": 3},
        left_out={"title": 2},
    ),
    "padded title lines": Case(
        content=_text("Sales of 2020,,", ",,", "a,b,y", *_rows()), pandas={"skiprows": 2}, left_out={"title": 2}
    ),
    "aligned with blanks": Case(content=_aligned(has_header=True), name="t.data", pandas={"sep": r"\s+"}),
    "aligned with blanks, no header": Case(
        content=_aligned(has_header=False),
        name="t.data",
        pandas=NONE | {"sep": r"\s+", "names": ["x0", "x1", "x2", "y"]},
    ),
    "trailing separators": Case(
        content=_text("a;b;y;;", *(f"{row};;" for row in _rows(";", ","))),
        said={"decimal": ","},
        pandas={"sep": ";", "decimal": ","},
        dropped=("Unnamed: 3", "Unnamed: 4"),
        left_out={"nameless": 2},
    ),
    "trailing separators of values": Case(
        content=_text("a,b,y", *(f"{row}," for row in _rows())),
        pandas={"names": ["a", "b", "y", "z"], "header": 0},
        dropped=("z",),
        left_out={"nameless": 1},
    ),
    "trailing separators of names": Case(
        content=_text("a,b,y,", *_rows()), pandas={}, dropped=("Unnamed: 3",), left_out={"nameless": 1}
    ),
    "row names": Case(content=_r_style(), pandas={"index_col": None}, left_out={"row names": 1}),
    "row names of R with blanks": Case(
        content=_r_style().replace(b",", b" "), pandas={"sep": " ", "index_col": None}, left_out={"row names": 1}
    ),
    "units": Case(content=_units(), pandas={"skiprows": [1]}, left_out={"units": 1}),
    "units below comments": Case(
        content=_text("# one", "# two") + _units(),
        pandas={"skiprows": [3], "comment": "#"},
        left_out={"comment": 2, "units": 1},
    ),
    "blanks after commas": Case(
        content=_text("a, b, y", *(row.replace(",", ", ") for row in _rows())), pandas={"skipinitialspace": True}
    ),
    "quotes after blanks": Case(
        content=_text(
            'a, "b, c", y', *(f'{place}.5, "{place % 4}, or {place % 3}", {place % 2}' for place in range(ROWS))
        ),
        pandas={"skipinitialspace": True},
    ),
    "line ends of Windows": Case(
        content=_text("Sales", "", "a,b,y", *_rows()).replace(b"\n", b"\r\n"),
        pandas={"skiprows": 2},
        left_out={"title": 1},
    ),
    "line ends of old Macs": Case(
        content=_text("# one", "# two", "a,b,y", *_rows()).replace(b"\n", b"\r"),
        pandas={"comment": "#"},
        left_out={"comment": 2},
    ),
    "utf-16": Case(
        content=_text("sep=;", "a;b;y", *_rows(";")).decode().encode("utf-16"),
        pandas={"sep": ";", "skiprows": 1, "encoding": "utf-16"},
        left_out={"separator": 1},
    ),
    "repeated header": Case(
        content=_text("a,b,y", *_rows()[:5], "a,b,y", *_rows()[5:], "a,b,y"),
        pandas={"skiprows": [6, ROWS + 2]},
        left_out={"repeated": 2},
    ),
    "repeated equal names below a title": Case(
        content=_text("Sales", "a,a,y", *_rows()[:5], "a,a,y", *_rows()[5:]),
        pandas={"skiprows": [0, 7]},
        left_out={"title": 1, "repeated": 1},
    ),
    "units repeated with the names": Case(
        content=_text("a,b,y", "m,kg,", *_rows()[:5], "a,b,y", "m,kg,", *_rows()[5:]),
        pandas={"skiprows": [1, 7, 8]},
        left_out={"units": 2, "repeated": 1},
    ),
    "a title with several fields": Case(
        content=_text("Device,X200,", "a,b,y", *_rows()), pandas={"skiprows": 1}, left_out={"title": 1}
    ),
    "skipped lines": Case(
        content=_text("1,2,3", "4,5,6", "a,b,y", *_rows()),
        said={"skip": 2},
        pandas={"skiprows": 2},
        left_out={"skipped": 2},
    ),
    "chosen comments in lines": Case(
        content=_text("a,b,y", *(f"{row} ; checked" if place % 4 == 0 else row for place, row in enumerate(_rows()))),
        said={"comment": ";"},
        pandas={"comment": ";"},
    ),
    "a comment sign in cells": Case(
        content=_text(
            "# colours",
            "# of shirts",
            "a,b,colour,y",
            *(f"1,2,#ff{place % 3}0,{'pq'[place % 2]}" for place in range(ROWS)),
        ),
        pandas={"skiprows": 2},
        left_out={"comment": 2},
    ),
}
"""Files, each named by its layout."""

"""One table in every format and compression that can be read."""

import bz2
import gzip
import json
import lzma
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import zstandard

from nnsize_engine.settings.table_choice import TableChoice

ROWS = 40


def frame() -> Any:
    """Return a table of numbers, whole numbers, labels and a target, with missing values."""
    random = np.random.default_rng(8)
    table = pd.DataFrame(
        {
            "size in m": random.normal(size=ROWS).round(4),
            "count": random.integers(0, 9, ROWS),
            "kind": random.choice(["a", "b c", "it's"], ROWS),
            "y": random.choice(["up", "down"], ROWS),
        }
    )
    table.loc[random.random(ROWS) < 0.2, "size in m"] = np.nan
    table.loc[random.random(ROWS) < 0.2, "kind"] = None
    return table


def _csv() -> bytes:
    return bytes(frame().to_csv(index=False).encode())


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("folder")
        archive.writestr("folder/table.csv", _csv())
        archive.writestr("__MACOSX/folder/._table.csv", b"\0\1")


def _lines(path: Path) -> None:
    rows = [{name: None if pd.isna(value) else value for name, value in row.items()} for row in _records()]
    rows[1] = {name: value for name, value in rows[1].items() if value is not None}  # a missing key is a missing value
    path.write_text("\n\n".join(json.dumps(row) for row in rows) + "\n")


def _records() -> list[dict[str, Any]]:
    return [dict(row) for row in frame().astype(object).to_dict("records")]


def _array(path: Path) -> None:
    frame().to_json(path, orient="records", double_precision=15)


def _arff(path: Path) -> None:
    lines = ["% a comment", "@RELATION 'a table'", "", "@attribute 'size in m' numeric", "@attribute count INTEGER"]
    lines += ["@attribute kind string", "@attribute y {up,down}", "", "@DATA"]
    for size, count, kind, y in frame().itertuples(index=False):
        kind = "?" if pd.isna(kind) else '"' + str(kind) + '"'
        lines.append(f"{'?' if pd.isna(size) else size},{count},{kind},{y}")
    path.write_text("\n".join([*lines, ""]))


def _gzipped_arff(path: Path) -> None:
    _arff(path)
    path.write_bytes(gzip.compress(path.read_bytes()))


def _excel(path: Path, **options: Any) -> None:
    frame().to_excel(path, index=False, **options)


def _excel_with_title(path: Path) -> None:
    with pd.ExcelWriter(path) as writer:
        frame().to_excel(writer, index=False, startrow=3, sheet_name="data")
        writer.sheets["data"]["A1"] = "Sales of 2020"
        frame().to_excel(writer, sheet_name="more")


def _write(pack: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(pack(_csv()))

    return write


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


FORMATS: Mapping[str, Callable[[Path], None]] = {
    "t.csv.bz2": _write(bz2.compress),
    "t.csv.xz": _write(lzma.compress),
    "t.csv.zst": _write(_zstd),
    "packed by gzip.csv": _write(gzip.compress),
    "t.zip": _zip,
    "t.jsonl": _lines,
    "t.json": _array,
    "t.arff": _arff,
    "t.arff.gz": _gzipped_arff,
    "t.xlsx": _excel,
    "title.xlsx": _excel_with_title,
}
"""Functions that write the table, by the name of the file."""


def choice(folder: Path, name: str) -> TableChoice:
    """Write the table into a folder and return it as a choice."""
    FORMATS[name](folder / name)
    return TableChoice(source=str(folder / name))

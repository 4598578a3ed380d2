"""The part of a program that reads an Excel, ARFF or JSON file."""

from collections.abc import Mapping

from nnsize_engine.errors import ExportError
from nnsize_engine.export.python_cleaning import missing_arguments_code
from nnsize_engine.export.python_text_file import listed
from nnsize_engine.settings.table import TableSettings
from nnsize_engine.settings.table_address import local_path

_DATES = r"(?im)^(\s*@attribute\s+(?:'[^']*'|\"[^\"]*\"|\S+)\s+)date\b.*$"

_DENSE = """table = pd.DataFrame(content["data"], columns=[name for name, _ in content["attributes"]])"""

_SPARSE = """attributes = content["attributes"]
zeros = [kind[0] if isinstance(kind, list) else None if kind == "STRING" else 0.0 for _, kind in attributes]
rows = [[row.get(place, zero) for place, zero in enumerate(zeros)] for row in content["data"]]
table = pd.DataFrame(rows, columns=[name for name, _ in attributes])"""


def format_code(table: TableSettings, kinds: Mapping[str, str]) -> str:
    """Return code that makes ``table`` of a file that is neither delimited text, Arrow nor NumPy.

    Raises:
        ExportError: the format is none of these.
    """
    match table.file.format:
        case "excel":
            return _excel_code(table, kinds)
        case "json lines":
            rows = "[json.loads(line) for line in file if line.strip()]"
            return f"with {_open_code(table)} as file:\n    table = pd.DataFrame({rows})"
        case "json array":
            return f"with {_open_code(table)} as file:\n    table = pd.DataFrame(json.load(file))"
        case "arff":
            return _arff_code(table)
        case "" | "text":
            raise ExportError(f"a program cannot read {table.choice.name}: its format is not known")


def _excel_code(table: TableSettings, kinds: Mapping[str, str]) -> str:
    choice, facts = table.choice, table.file
    arguments = []
    if facts.units_line is not None:
        arguments.append(f"skiprows={[*range(choice.skip or 0), facts.units_line]}")
    elif choice.skip:
        arguments.append(f"skiprows={choice.skip}")
    if facts.names:
        arguments += ["header=None", f"names={listed(facts.names)}"]
    arguments += missing_arguments_code(table, kinds)
    return f"table = pd.read_excel({', '.join((repr(choice.source), *arguments))})"


def _arff_code(table: TableSettings) -> str:
    read = "file.read()"
    if any(kind == "date" for _, kind in table.columns):
        read = f're.sub(r"""{_DATES}""", r"\\1string", {read})'
    kind = "arff.LOD" if table.file.is_sparse else "arff.DENSE"
    code = f"with {_open_code(table)} as file:\n    content = arff.loads({read}, return_type={kind})\n"
    return code + (_SPARSE if table.file.is_sparse else _DENSE)


def _open_code(table: TableSettings) -> str:
    """Return code that opens the file for its text."""
    path, facts = repr(str(local_path(table.choice.source))), table.file
    match facts.compression:
        case "":
            return f"open({path}, encoding={facts.encoding!r})"
        case "gzip" | "bz2":
            return f'{facts.compression}.open({path}, "rt", encoding={facts.encoding!r})'
        case "xz":
            return f'lzma.open({path}, "rt", encoding={facts.encoding!r})'
        case "zip":
            member = f"zipfile.ZipFile({path}).open({facts.member!r})"
            return f"io.TextIOWrapper({member}, encoding={facts.encoding!r})"
        case "zstd":
            return f'zstandard.open({path}, "rt", encoding={facts.encoding!r})'

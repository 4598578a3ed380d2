"""The parts of a program that clean the texts of a table: blanks, texts that mean a missing value, rare classes."""

import pprint
from collections.abc import Iterable, Mapping

from nnsize_engine.settings.file_facts import UNTYPED_FORMATS
from nnsize_engine.settings.missing_texts import QUESTION_MARK, USUAL_MISSING
from nnsize_engine.settings.table import TableSettings

_TEXT_WITHOUT = '''def text_without(missing):
    """A function that takes the blanks from a text; a text in ``missing`` becomes a missing value."""
    return lambda text: text if not isinstance(text, str) else np.nan if text.strip() in missing else text.strip()
'''


def missing_arguments_code(table: TableSettings, kinds: Mapping[str, str]) -> list[str]:
    """Return the arguments of ``read_csv`` that say which texts mean a missing value."""
    choice = table.choice
    if table.kept_labels:  # the target has its own, in its converter
        names = [name for name, kind in kinds.items() if kind not in ("month", "weekday") and name not in table.cleaned]
        by_name = f"dict.fromkeys({names!r}, {list(choice.missing_texts)!r})"
        return ["keep_default_na=False", f"na_values={by_name}"]
    if choice.has_old_reading:
        return [f"na_values={list(choice.missing)!r}"] if choice.missing else []
    if choice.missing or choice.keep_na:
        return ["keep_default_na=False", f"na_values={list(choice.missing_texts)!r}"]
    return [f"na_values={[QUESTION_MARK]!r}"]


def cleaning_functions(table: TableSettings) -> list[str]:
    """Return the functions that the cleaning needs."""
    return [_TEXT_WITHOUT] if table.cleaned else []


def converters_code(table: TableSettings, kinds: Mapping[str, str]) -> list[str]:
    """Return the argument of ``read_csv`` that cleans the texts of columns while they are read."""
    if not table.cleaned:
        return []
    lines = [f"        {name!r}: text_without({_missing_of(table, name, kinds)!r}),\n" for name in table.cleaned]
    return [f"converters={{\n{''.join(lines)}    }}"]


def _missing_of(table: TableSettings, name: str, kinds: Mapping[str, str]) -> list[str]:
    """Return the texts that mean a missing value in a column."""
    choice = table.choice
    if table.file.format not in UNTYPED_FORMATS and choice.separator is None:
        return list(choice.missing_texts) if choice.missing else []  # the file has types
    texts = dict.fromkeys(choice.missing_texts)
    if kinds[name] == "number":
        texts |= dict.fromkeys((*USUAL_MISSING, QUESTION_MARK))
    if name in choice.target:
        texts = {text: None for text in texts if text not in table.kept_labels}
    return list(texts)


def cleaning_code(table: TableSettings, kinds: Mapping[str, str]) -> str:
    """Return code that finishes the cleaning of columns after they are read."""
    lines = []
    if table.choice.separator is None:
        lines += [
            f"table[{name!r}] = table[{name!r}].astype(object).map(text_without({_missing_of(table, name, kinds)!r}))"
            for name in table.cleaned
        ]
    numbers = [name for name in table.cleaned if kinds[name] == "number" and name not in table.notation_of]
    if numbers:
        comma = ".str.replace(',', '.')" if table.choice.plain_decimal == "," else ""
        lines.append(
            f'for name in {_listed(numbers)}:\n    table[name] = table[name].astype(object){comma}.astype("float64")'
        )
        values = [float(text) for text in table.choice.missing if _is_number(text)]
        if values:
            lines[-1] += f"\n    table[name] = table[name].mask(table[name].isin({values!r}))"
    truths = [name for name in table.cleaned if kinds[name] == "boolean"]
    if truths:
        lines.append(
            f"for name in {_listed(truths)}:\n"
            '    table[name] = table[name].map(lambda text: text.lower() == "true", na_action="ignore").astype(object)'
        )
    return "\n".join(lines)


def rare_classes_code(table: TableSettings) -> str:
    """Return code that counts the rows of each class and leaves out rare ones; nothing without rare classes."""
    if not table.rare_classes:
        return ""
    column = f"table[{table.choice.target[0]!r}]"
    code = f"rows_of_class = {column}.map({column}.value_counts())"
    if table.joined_class is None:
        code += f"\ntable = table[rows_of_class >= {table.choice.class_limit}]"
    return code


def joined_code(table: TableSettings) -> str:
    """Return the end of an expression of labels that joins the rare classes."""
    if table.joined_class is None:
        return ""
    return f".where(rows_of_class >= {table.choice.class_limit}, {table.joined_class!r})"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _listed(names: Iterable[str]) -> str:
    return pprint.pformat(list(names), width=100, compact=True)

"""The preflight worker: ``python -m nnsize_engine.preflight QUESTION PARENT`` reads JSON and writes JSON.

It ends with the process whose id is PARENT.

Exit code 2 means that the data or the settings are refused. Standard output then holds one JSON object: the sentence as
``message``, and the ``field`` and the ``column`` that it is about, each null if there is none.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes.memory import lacks_memory, limit_words
from nnsize_engine.processes.parent_watch import be_killed_with
from nnsize_engine.text import escape_text


def answer_inspection(given: Mapping[str, Any]) -> str:
    """Answer :func:`nnsize_engine.preflight.client.look_at_table`: its arguments in, the summary as JSON text out.

    Raises:
        DataError: the table cannot be opened.
    """
    from nnsize_engine.data.inspect import look_at_table
    from nnsize_engine.results.table_summary import summary_to_json
    from nnsize_engine.settings.table import choice_from

    return summary_to_json(look_at_table(**{**given, "choice": choice_from(given["choice"])}))


def answer_builtin_inspection(given: Mapping[str, Any]) -> str:
    """Answer :func:`nnsize_engine.preflight.client.inspect_builtin`: the name of the data in, JSON text out.

    Raises:
        SettingsError: there is no built-in data of that name.
    """
    from nnsize_engine.data.builtin_table import inspect_builtin
    from nnsize_engine.results.table_summary import summary_to_json

    return summary_to_json(inspect_builtin(given["name"]))


def _estimate(given: Mapping[str, Any]) -> str:
    from nnsize_engine.preflight.kinds import MEASURES
    from nnsize_engine.results.estimates import estimate_to_json
    from nnsize_engine.settings.stored_settings import settings_from_json

    _lower_priority()
    settings = settings_from_json(json.dumps(given["settings"]), given["kind"])
    return estimate_to_json(MEASURES[settings.kind](settings))


def _lower_priority() -> None:
    """Lower the priority to that of a runner, so that a busy machine slows both equally."""
    with contextlib.suppress(OSError):
        os.nice(10)


_ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "inspect table": answer_inspection,
    "inspect built-in": answer_builtin_inspection,
    "estimate": _estimate,
}
"""The function that answers each question; it takes the JSON object on standard input and returns JSON text."""


def main(arguments: Sequence[str]) -> int:
    """Answer one question and return the exit code; end early if the process that asked ends."""
    be_killed_with(int(arguments[2]))  # not getppid: the parent may be gone already
    try:
        answer = _ANSWERS[arguments[1]](json.load(sys.stdin))
    except NnsizeError as error:
        _refuse(str(error), field=getattr(error, "field", None), column=getattr(error, "column", None))
        return 2
    except (MemoryError, OSError, ImportError) as error:
        if not lacks_memory(error):
            raise
        advice = limit_words() or "take a part of the rows (rows) or leave columns out (ignore)"
        _refuse(f"the data does not fit into memory; {advice}")
        return 2
    sys.stdout.write(answer)
    return 0


def _refuse(message: str, *, field: str | None = None, column: str | None = None) -> None:
    json.dump({"message": escape_text(message), "field": field, "column": column}, sys.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv))

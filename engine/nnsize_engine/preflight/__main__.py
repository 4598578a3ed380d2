"""The worker of `client`: ``python -m nnsize_engine.preflight QUESTION``, JSON in, JSON out.

Exit code 2 means that what was given cannot be used. Standard output then holds one JSON object: the sentence as
``message``, and the ``field`` and the ``column`` that it is about, each null where there is none.
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nnsize_engine.errors import NnsizeError
from nnsize_engine.processes.parent_watch import end_with
from nnsize_engine.text import escape_text


def _inspect_table(given: Any) -> str:
    from nnsize_engine.data.inspect import answer_inspection

    return answer_inspection(given)


def _inspect_builtin(given: Any) -> str:
    from nnsize_engine.data.builtin_table import answer_builtin_inspection

    return answer_builtin_inspection(given)


def _estimate(given: Any) -> str:
    from nnsize_engine.preflight.kinds import MEASURES
    from nnsize_engine.results.estimates import estimate_to_json
    from nnsize_engine.settings.run import settings_from_json

    _lower_priority()
    settings = settings_from_json(json.dumps(given["settings"]), given["kind"])
    return estimate_to_json(MEASURES[settings.kind](settings))


def _lower_priority() -> None:
    """Lower the priority to the runner's, so that a busy machine measures alike."""
    with contextlib.suppress(OSError):
        os.nice(10)


_QUESTIONS: Mapping[str, Callable[[Any], str]] = {
    "inspect table": _inspect_table,
    "inspect built-in": _inspect_builtin,
    "estimate": _estimate,
}
"""What answers each question: takes the JSON value that was given, returns the JSON text of the answer."""


def main(arguments: Sequence[str]) -> int:
    """Answer one question, as long as the process that asked is there."""
    end_with(os.getppid())
    try:
        answer = _QUESTIONS[arguments[1]](json.load(sys.stdin))
    except NnsizeError as error:
        _refuse(str(error), field=getattr(error, "field", None), column=getattr(error, "column", None))
        return 2
    except MemoryError:
        _refuse("the data does not fit into memory; take a part of the rows (rows) or leave columns out (ignore)")
        return 2
    sys.stdout.write(answer)
    return 0


def _refuse(message: str, *, field: str | None = None, column: str | None = None) -> None:
    json.dump({"message": escape_text(message), "field": field, "column": column}, sys.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv))

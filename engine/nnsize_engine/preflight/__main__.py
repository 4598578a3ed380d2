"""Answers what `client` asks: ``python -m nnsize_engine.preflight QUESTION``, JSON in, JSON out.

Exit code 2 with one sentence on standard output when what was given cannot be used.
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


def _look(given: Any) -> str:
    from nnsize_engine.data.inspect import answer_inspection

    return answer_inspection(given)


def _look_at_builtin(given: Any) -> str:
    from nnsize_engine.data.builtin_table import answer_builtin_inspection

    return answer_builtin_inspection(given)


def _estimate(given: Any) -> str:
    from nnsize_engine.preflight.kinds import MEASURES
    from nnsize_engine.results.estimates import estimate_to_json
    from nnsize_engine.settings.run import settings_from_json

    _give_way()
    settings = settings_from_json(json.dumps(given["settings"]), given["kind"])
    return estimate_to_json(MEASURES[settings.kind](settings))


def _give_way() -> None:
    """Measure with the priority that the runner has: on a busy machine it matters."""
    with contextlib.suppress(OSError):
        os.nice(10)


_QUESTIONS: Mapping[str, Callable[[Any], str]] = {
    "look": _look,
    "look at built-in": _look_at_builtin,
    "estimate": _estimate,
}
"""What answers each question: takes the JSON value that was given, returns the JSON text of the answer."""


def main(arguments: Sequence[str]) -> int:
    """Answer one question, as long as whoever asked is there."""
    end_with(os.getppid())
    try:
        answer = _QUESTIONS[arguments[1]](json.load(sys.stdin))
    except NnsizeError as error:
        sys.stdout.write(escape_text(str(error)))
        return 2
    except MemoryError:
        sys.stdout.write(
            "the data does not fit into memory; take a part of the rows (rows) or leave columns out (ignore)"
        )
        return 2
    sys.stdout.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))

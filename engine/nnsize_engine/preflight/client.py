"""The client of the preflight worker, which loads the libraries that a screen must not load."""

import dataclasses
import json
import os
import subprocess
import sys
import threading
from typing import Any, TypeVar

from nnsize_engine.errors import DataError, NnsizeError
from nnsize_engine.processes.memory import check_limit
from nnsize_engine.results.estimates import RunEstimate, estimate_from_json
from nnsize_engine.results.table_problems import all_problems
from nnsize_engine.results.table_summary import DataSummary, summary_from_json
from nnsize_engine.settings.datasets import builtin_data
from nnsize_engine.settings.run import StartedSettings
from nnsize_engine.settings.stored_settings import settings_to_json
from nnsize_engine.settings.table_choice import TableChoice

Given = TypeVar("Given", bound=StartedSettings)


class CancelledError(NnsizeError):
    """A question that was cancelled before its answer."""


class Question:
    """One question to the worker; another thread can cancel it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self.is_cancelled = False

    def cancel(self) -> None:
        """Cancel the question and end the process that works on it."""
        with self._lock:
            self.is_cancelled = True
            if self._process is not None and self._process.poll() is None:
                self._process.kill()

    def begin(self, arguments: list[str]) -> "subprocess.Popen[str]":
        """Start the process that answers.

        Raises:
            CancelledError: the question was cancelled before.
            OSError: the process cannot be started.
        """
        with self._lock:
            if self.is_cancelled:
                raise CancelledError("the question was cancelled")
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                arguments, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", errors="surrogateescape",
                env=os.environ | {"PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8:surrogateescape"},
            )  # fmt: skip
            return self._process


def inspect_table(
    choice: TableChoice,
    *,
    test_size: float | int = 0.33,
    split_seed: int = 42,
    stratify: bool = False,
    takes_last_rows: bool = False,
    question: Question | None = None,
) -> DataSummary:
    """Inspect a table as a run with this split would use it; the number of inputs depends on the split.

    Raises:
        DataError: the table cannot be used as it is; the error tells all its faults.
        CancelledError: the question was cancelled meanwhile.
    """
    return refuse_problems(
        look_at_table(
            choice,
            test_size=test_size,
            split_seed=split_seed,
            stratify=stratify,
            takes_last_rows=takes_last_rows,
            question=question,
        )
    )


def look_at_table(
    choice: TableChoice,
    *,
    test_size: float | int = 0.33,
    split_seed: int = 42,
    stratify: bool = False,
    takes_last_rows: bool = False,
    question: Question | None = None,
) -> DataSummary:
    """Inspect a table as :func:`inspect_table` does, but return one that cannot be used with its problems.

    Raises:
        DataError: the table cannot be opened.
        CancelledError: the question was cancelled meanwhile.
    """
    split = {"test_size": test_size, "split_seed": split_seed, "stratify": stratify, "takes_last_rows": takes_last_rows}
    return summary_from_json(_ask("inspect table", {"choice": dataclasses.asdict(choice), **split}, question))


def refuse_problems(summary: DataSummary) -> DataSummary:
    """Return the summary of a table that can be used.

    Raises:
        DataError: it has problems; the error tells all of them.
    """
    if summary.problems:
        raise all_problems(summary.problems)
    return summary


def inspect_builtin(name: str, question: Question | None = None) -> DataSummary:
    """Inspect built-in data as a table, with the default split of a search.

    Raises:
        SettingsError: there is no built-in data of that name.
        CancelledError: the question was cancelled meanwhile.
    """
    builtin_data(name)
    return summary_from_json(_ask("inspect built-in", {"name": name}, question))


def estimate(settings: Given, question: Question | None = None) -> RunEstimate[Given]:
    """Measure a few fits or small generations of a run and estimate the time of the whole run.

    Raises:
        NnsizeError: the data cannot be loaded, or does not allow these settings.
        CancelledError: the question was cancelled meanwhile.
    """
    given = {"kind": settings.kind, "settings": json.loads(settings_to_json(settings))}
    return estimate_from_json(_ask("estimate", given, question), settings.kind)


def _ask(name: str, given: Any, question: Question | None = None) -> str:
    """Run the worker and return the JSON text of its answer."""
    question = question or Question()
    check_limit()
    try:
        process = question.begin([sys.executable, "-m", "nnsize_engine.preflight", name, str(os.getpid())])
    except OSError as error:
        raise DataError(f"the data cannot be looked at: {error.strerror or error}") from error
    try:
        answer, errors = process.communicate(json.dumps(given))
    except BaseException:  # such as Ctrl-C: leave no process behind
        process.kill()
        process.wait()
        raise
    if question.is_cancelled:
        raise CancelledError("the question was cancelled")
    if process.returncode == 0:
        return answer
    if process.returncode == 2:
        refusal = json.loads(answer)
        raise DataError(refusal["message"], field=refusal["field"], column=refusal["column"])
    if process.returncode < 0:
        raise DataError(
            f"looking at the data was ended by signal {-process.returncode}; if memory ran out, take a part of the "
            "rows (rows) or leave columns out (ignore)"
        )
    last = errors.strip().splitlines()[-1:] or [f"its process ended with code {process.returncode}"]
    raise NnsizeError(f"the data could not be looked at: {last[0]}")
